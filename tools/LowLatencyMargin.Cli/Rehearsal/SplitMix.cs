namespace LowLatencyMargin.Cli.Rehearsal;

/// <summary>SplitMix64: the same numbers on every machine and runtime.</summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    /// <summary>From 0 to below <paramref name="bound"/>.</summary>
    internal int Below(int bound)
    {
        unchecked
        {
            ulong z = _state += 0x9E37_79B9_7F4A_7C15;
            z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
            z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
            return (int)Math.BigMul(z ^ (z >> 31), (ulong)bound, out _);
        }
    }
}
