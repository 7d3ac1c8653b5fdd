using System.Runtime.CompilerServices;

namespace LowLatencyMargin.Architecture.Tests.Canaries;

/// <summary>One method for each thing that the core may not do: the scan has to find every one of them. None is ever called.</summary>
internal sealed class HotCanaries
{
    private readonly double _ratio = 2;
    private long _count;

    public static object Boxes(long value) => value;

    public static long[] MakesAnArray(int length) => new long[length];

    public static object MakesAnObject() => new HotCanaries();

    public static List<long> MakesAList() => [];

    public static Func<long> MakesAClosure(long captured) => () => captured + 1;

    public static Action MakesADelegate() => Nothing;

    public static bool ComparesThroughAnInterface(IComparable<long> left) => left.CompareTo(1) > 0;

    public static int SumsThroughAnInterface(IEnumerable<int> numbers)
    {
        int sum = 0;
        foreach (int number in numbers)
        {
            sum += number;
        }

        return sum;
    }

    public static long MultipliesByADouble(long value) => (long)(value * 1.5);

    public static double ReturnsADouble() => default;

    public static void TakesASingle(float value) => _ = value;

    public static bool UsesADecimal(decimal value) => value > 0;

    public static string Concatenates(string left, string right) => left + right;

    public static string Interpolates(long value) => $"value {value}";

    public static string MakesText(long value) => value.ToString();

    public static long ReadsTheClock() => DateTime.UtcNow.Ticks;

    public static long ReadsTheStopwatch() => System.Diagnostics.Stopwatch.GetTimestamp();

    public static int DrawsARandomNumber() => Random.Shared.Next();

    public static Guid DrawsAGuid() => Guid.NewGuid();

    public static string? ReadsTheEnvironment() => Environment.GetEnvironmentVariable("PATH");

    public static bool ReadsAFile() => File.Exists("file");

    public static int UsesLinq(int[] numbers) => numbers.Sum();

    public static void Writes() => Console.WriteLine("text");

    public static int HashesWithAProcessSeed(long value) => HashCode.Combine(value);

    public static void Throws() => throw new InvalidOperationException();

    public static async Task Awaits() => await Task.Yield();

    public static T MakesAnything<T>()
        where T : new() => new();

    public static void CallsWhatIsCold() => ColdCanaries.MakesAnArray(1);

    public void Locks()
    {
        lock (this)
        {
            _count++;
        }
    }

    public long Interlocks() => Interlocked.Increment(ref _count);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool KeepsADouble() => _ratio > _count;

    private static void Nothing()
    {
    }
}
