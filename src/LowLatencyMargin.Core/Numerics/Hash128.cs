using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Numerics;

/// <summary>
/// A 128-bit running hash of 64-bit words by folded multiplication. It finds divergence, it does not resist an adversary. The same on every
/// machine: no seed, no hardware instruction that another lacks.
/// </summary>
public struct Hash128 : IEquatable<Hash128>
{
    private const ulong Secret0 = 0xA076_1D64_78BD_642F;
    private const ulong Secret1 = 0xE703_7ED1_A0B4_28DB;
    private const ulong Secret2 = 0x8EBC_6AF0_9C88_C6E3;
    private const ulong Secret3 = 0x5899_65CC_7537_4CC3;

    /// <summary>The low half.</summary>
    public ulong Low;

    /// <summary>The high half.</summary>
    public ulong High;

    /// <summary>Takes in 64 bytes, eight words: one event.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add64(ReadOnlySpan<ulong> words)
    {
        _ = words[7];
        ulong a = Fold(words[0] ^ Low, words[1] ^ Secret0);
        ulong b = Fold(words[2] ^ High, words[3] ^ Secret1);
        ulong c = Fold(words[4] ^ Low ^ Secret2, words[5] ^ High);
        ulong d = Fold(words[6] ^ High ^ Secret3, words[7] ^ Low);
        Low = a ^ Rotate(c);
        High = b ^ Rotate(d);
    }

    /// <summary>Takes in one word.</summary>
    public void Add(ulong word)
    {
        ulong low = Fold(Low ^ word, Secret0);
        High = Fold(High ^ Rotate(word), Secret3) ^ low;
        Low = low ^ word;
    }

    /// <summary>Takes in bytes; their number is part of the hash.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        int i = 0;
        for (; i + 8 <= words.Length; i += 8)
        {
            Add64(words.Slice(i, 8));
        }

        for (; i < words.Length; i++)
        {
            Add(words[i]);
        }

        ulong rest = 0;
        for (int j = words.Length * sizeof(ulong); j < bytes.Length; j++)
        {
            rest = (rest << 8) | bytes[j];
        }

        Add(rest);
        Add((ulong)bytes.Length);
    }

    /// <summary>Same 128 bits.</summary>
    public readonly bool Equals(Hash128 other) => Low == other.Low && High == other.High;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is Hash128 other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => unchecked((int)Low);

    /// <summary>32 hexadecimal digits.</summary>
    [ColdPath]
    public override readonly string ToString() => High.ToString("x16", null) + Low.ToString("x16", null);

    /// <summary>Same 128 bits.</summary>
    public static bool operator ==(Hash128 left, Hash128 right) => left.Equals(right);

    /// <summary>Other 128 bits.</summary>
    public static bool operator !=(Hash128 left, Hash128 right) => !left.Equals(right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong left, ulong right)
    {
        ulong high = Wide.Multiply(left, right, out ulong low);
        return high ^ low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Rotate(ulong value) => (value << 29) | (value >> 35);
}
