using FsCheck;
using FsCheck.Fluent;

namespace LowLatencyMargin.Model.Tests.Properties;

/// <summary>Numbers of all magnitudes, the ends of their range more often than chance would.</summary>
internal static class Numbers
{
    public static Gen<long> Between(long low, long high) => Gen.OneOf(
        Gen.Elements(low, high, Math.Min(low + 1, high), Math.Max(high - 1, low)),
        Bits(high).Select(bits => Math.Clamp(bits, low, high)),
        Gen.Choose(0, 2000).Select(small => Math.Min(high, low + small)));

    private static Gen<long> Bits(long high) =>
        from shift in Gen.Choose(0, 62)
        from upper in Gen.Choose(0, int.MaxValue)
        from lower in Gen.Choose(0, int.MaxValue)
        select Math.Min(high, (((long)upper << 31) | (uint)lower) >> shift);
}
