using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace LowLatencyMargin.Journal.Format;

/// <summary>CRC-32C (Castagnoli) over 8-byte words, by the processor's own instruction where there is one.</summary>
internal static unsafe class Crc32C
{
    internal const uint Seed = uint.MaxValue;

    /// <summary>Checksum of a byte range; its length is a multiple of 4.</summary>
    internal static uint Of(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* pointer = bytes)
        {
            uint crc = Words(Seed, pointer, bytes.Length & ~7);
            return ~((bytes.Length & 4) == 0 ? crc : Word(crc, Unsafe.ReadUnaligned<uint>(pointer + (bytes.Length & ~7))));
        }
    }

    /// <summary>Adds four bytes to a running checksum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Word(uint crc, uint word)
    {
        if (Sse42.IsSupported)
            return Sse42.Crc32(crc, word);
        if (Crc32.IsSupported)
            return Crc32.ComputeCrc32C(crc, word);
        return BitOperations.Crc32C(crc, word);
    }

    /// <summary>Adds a multiple of eight bytes to a running checksum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Words(uint crc, byte* from, long lengthBytes)
    {
        byte* end = from + lengthBytes;
        if (Sse42.X64.IsSupported)
        {
            // the running value stays in a 64-bit register: BitOperations narrows it at each step, 20-40 % slower here
            ulong wide = crc;
            for (; from < end; from += 8)
                wide = Sse42.X64.Crc32(wide, Unsafe.ReadUnaligned<ulong>(from));
            return (uint)wide;
        }

        if (Crc32.Arm64.IsSupported)
        {
            for (; from < end; from += 8)
                crc = Crc32.Arm64.ComputeCrc32C(crc, Unsafe.ReadUnaligned<ulong>(from));
            return crc;
        }

        for (; from < end; from += 8)
            crc = BitOperations.Crc32C(crc, Unsafe.ReadUnaligned<ulong>(from));
        return crc;
    }

    /// <summary>Copies a multiple of eight bytes and adds them to a running checksum in the same pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint CopyWords(uint crc, byte* from, byte* to, long lengthBytes)
    {
        byte* end = from + lengthBytes;
        if (Sse42.X64.IsSupported)
        {
            ulong wide = crc;
            for (; from < end; from += 8, to += 8)
            {
                ulong word = Unsafe.ReadUnaligned<ulong>(from);
                Unsafe.WriteUnaligned(to, word);
                wide = Sse42.X64.Crc32(wide, word);
            }

            return (uint)wide;
        }

        for (; from < end; from += 8, to += 8)
        {
            ulong word = Unsafe.ReadUnaligned<ulong>(from);
            Unsafe.WriteUnaligned(to, word);
            crc = Crc32.Arm64.IsSupported ? Crc32.Arm64.ComputeCrc32C(crc, word) : BitOperations.Crc32C(crc, word);
        }

        return crc;
    }
}
