using System.Diagnostics;

namespace Disruptor.Tests.Support;

/// <summary>Waiting that ends: a limit far above what any machine needs, so that a defect fails instead of hanging.</summary>
internal static class Await
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static void Until(Func<bool> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Limit)
                Assert.Fail($"Waited in vain until {what}.");
            Thread.Yield();
        }
    }

    public static void Done(Task task, string what)
    {
        if (!task.Wait(Limit))
            Assert.Fail($"Waited in vain until {what}.");
    }

    public static void Done(Thread thread, string what)
    {
        if (!thread.Join(Limit))
            Assert.Fail($"Waited in vain until {what}.");
    }

    public static Thread Run(Action body)
    {
        var thread = new Thread(() => body()) { IsBackground = true };
        thread.Start();
        return thread;
    }
}
