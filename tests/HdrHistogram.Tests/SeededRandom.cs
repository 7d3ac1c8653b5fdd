namespace HdrHistogram.Tests;

/// <summary>xorshift64*: the same numbers everywhere for the same seed.</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = (seed * 0x9E3779B97F4A7C15UL) | 1UL;

    public ulong Next()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return _state * 0x2545F4914F6CDD1DUL;
    }

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>A value from 0 to the limit with all magnitudes about equally likely.</summary>
    public long ValueUpTo(long limit)
    {
        int bits = Below(64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)limit)) + 1;
        return (long)Math.Min(Next() >> (64 - bits), (ulong)limit);
    }
}
