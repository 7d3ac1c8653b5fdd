using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Journal.Format;

/// <summary>
/// Checksums of records. A record's checksum covers its length, then everything after the checksum field, so that the words to add are
/// all eight bytes wide and no field is left out.
/// </summary>
internal static unsafe class RecordCodec
{
    private const int CoveredFromBytes = 8;

    /// <summary>The checksum that a record should carry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Checksum(byte* record, uint lengthBytes) =>
        ~Crc32C.Words(Crc32C.Word(Crc32C.Seed, lengthBytes), record + CoveredFromBytes, lengthBytes - CoveredFromBytes);

    /// <summary>Copies a command, linking it to the record before it; returns its checksum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint CopyLinked(byte* from, byte* to, uint lengthBytes, uint previousChecksum)
    {
        ulong link = (Unsafe.ReadUnaligned<ulong>(from + 8) & 0xFFFFFFFF_00000000) | previousChecksum;
        Unsafe.WriteUnaligned(to + 8, link);
        uint crc = Crc32C.Word(Crc32C.Seed, lengthBytes);
        crc = Crc32C.Words(crc, to + 8, 8);
        crc = ~Crc32C.CopyWords(crc, from + 16, to + 16, lengthBytes - 16);
        Unsafe.WriteUnaligned(to, ((ulong)crc << 32) | lengthBytes);
        return crc;
    }

    /// <summary>Writes one of the journal's own records: header, body, zeros up to the length; returns its checksum.</summary>
    internal static uint WriteOwn<TBody>(
        byte* to, OwnRecordType type, in TBody body, uint lengthBytes, uint previousChecksum, long sequence, long timeNs)
        where TBody : unmanaged
    {
        new Span<byte>(to, (int)lengthBytes).Clear();
        var header = (CommandHeader*)to;
        header->LengthBytes = lengthBytes;
        header->PreviousChecksum = previousChecksum;
        header->Type = (CommandType)type;
        header->Version = 1;
        header->Sequence = sequence;
        header->TimeNs = timeNs;
        *(TBody*)(to + CommandHeader.SizeBytes) = body;
        header->Checksum = Checksum(to, lengthBytes);
        return header->Checksum;
    }

    /// <summary>Whether a length could be one: says nothing about the bytes that follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsLength(uint lengthBytes) =>
        lengthBytes - JournalFormat.MinRecordBytes <= JournalFormat.MaxRecordBytes - JournalFormat.MinRecordBytes && (lengthBytes & 7) == 0;
}
