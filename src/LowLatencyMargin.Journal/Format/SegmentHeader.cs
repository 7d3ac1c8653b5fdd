using System.Runtime.InteropServices;

namespace LowLatencyMargin.Journal.Format;

/// <summary>
/// The first 512 bytes of a segment, which fit one disk sector so that they are there whole or not at all; zeros follow up to
/// <see cref="JournalFormat.SegmentHeaderBytes"/>.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = UsedBytes)]
internal struct SegmentHeader
{
    internal const int UsedBytes = 512;
    internal const int ChecksumOffsetBytes = UsedBytes - sizeof(uint);
    internal const ulong MagicValue = 0x4C4E524A_4D4C4C1A; // 1A "LLMJRNL", little-endian

    internal ulong Magic;
    internal uint Version;
    internal uint HeaderBytes;
    internal uint ShardId;

    /// <summary>Checksum of the last record of the segment before: the chain goes on across files.</summary>
    internal uint PreviousChecksum;
    internal long Epoch;
    internal long FirstSequence;
    internal long SegmentBytes;

    /// <summary>How many bytes were really written and synced before use; a file shorter than this was damaged.</summary>
    internal long PreparedBytes;

    /// <summary>The claim of <see cref="CommitBody.DurableUpTo"/>, when this segment was begun.</summary>
    internal long DurableUpTo;

    /// <summary>Epoch of the segment with the same first sequence that this one replaces after recovery; 0 for none.</summary>
    internal long ReplacesEpoch;
    internal ulong LimitsHash;

    /// <summary>Writes the header, checksum included, over a zeroed block.</summary>
    internal readonly void WriteTo(Span<byte> block)
    {
        block.Clear();
        MemoryMarshal.Write(block, in this);
        MemoryMarshal.Write(block[ChecksumOffsetBytes..], Crc32C.Of(block[..ChecksumOffsetBytes]));
    }

    /// <summary>Reads a header; null, or what is wrong with it.</summary>
    internal static string? Read(ReadOnlySpan<byte> block, out SegmentHeader header)
    {
        header = default;
        if (block.Length < JournalFormat.SegmentHeaderBytes)
            return $"a segment header of {JournalFormat.SegmentHeaderBytes} bytes was expected, the file has {block.Length}";
        header = MemoryMarshal.Read<SegmentHeader>(block);
        if (header.Magic != MagicValue)
            return $"not a journal segment: magic {header.Magic:x16}, expected {MagicValue:x16}";
        if (header.Version != JournalFormat.Version)
            return $"format version {header.Version}, this build reads version {JournalFormat.Version}";
        uint checksum = MemoryMarshal.Read<uint>(block[ChecksumOffsetBytes..]);
        if (checksum != Crc32C.Of(block[..ChecksumOffsetBytes]))
            return $"segment header checksum {checksum:x8}, expected {Crc32C.Of(block[..ChecksumOffsetBytes]):x8}";
        if (block[UsedBytes..JournalFormat.SegmentHeaderBytes].ContainsAnyExcept((byte)0))
            return "segment header padding is not zero";
        return null;
    }

    /// <summary>Whether a header's version is one that this build does not know, which is no damage but a refusal.</summary>
    internal readonly bool IsForeignVersion => Magic == MagicValue && Version != JournalFormat.Version;
}
