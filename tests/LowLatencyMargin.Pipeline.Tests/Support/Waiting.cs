using System.Diagnostics;

namespace LowLatencyMargin.Pipeline.Tests.Support;

/// <summary>Waits for what must come; the limit is only there so that a test that fails ends.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    public static void Until(Func<bool> isSo, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(start) > Limit)
            {
                Assert.Fail($"not within {Limit.TotalSeconds} s: {what}");
            }

            Thread.Sleep(1);
        }
    }

    public static void UntilDrained<TEngine>(this ExchangePipeline<TEngine> pipeline, ListSource source)
        where TEngine : struct, IEngine
    {
        Until(() => pipeline.IsStopped || (source.IsDone && pipeline.IsDrained), $"drained; {source}");
        Assert.That(pipeline.Failure, Is.Null);
    }
}
