using LowLatencyMargin.Core;

namespace LowLatencyMargin.Architecture.Tests.Canaries;

/// <summary>Marked as cold as a whole: may allocate and throw, may not count in floating point or read a clock.</summary>
[ColdPath]
internal static class ColdCanaries
{
    public static long[] MakesAnArray(int length) => new long[length];

    public static string Interpolates(long value) => $"value {value}";

    public static double MultipliesByADouble(long value) => value * 1.5;

    public static long ReadsTheClock() => DateTime.UtcNow.Ticks;

    internal sealed class Nested
    {
        public static object Boxes(long value) => value;
    }
}

/// <summary>Marked member by member.</summary>
internal sealed class HalfColdCanaries
{
    [ColdPath]
    public HalfColdCanaries()
    {
        Numbers = new long[16];
    }

    [ColdPath]
    public static object Property => new();

    public long[] Numbers { get; }

    [ColdPath]
    public static Func<long> MakesAClosure(long captured)
    {
        return () => Local(captured).Length;

        static long[] Local(long length) => new long[length];
    }

    public static object MakesAnObject() => new();
}
