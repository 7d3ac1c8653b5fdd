using LowLatencyMargin.MatchingBenchmark.Workload;

namespace LowLatencyMargin.MatchingBenchmark;

/// <summary>
/// Synthetic messages through a book of their own before the first real one, as an exchange does before it opens its gate: what is compiled when
/// it is first called, or again when it was called often, is compiled then. Once a process.
/// </summary>
internal static class WarmUp
{
    private const int Orders = 1_000;
    private const int Rounds = 12;
    private const int LadderTicks = 1 << 16;

    // The runtime looks for methods worth compiling again a tenth of a second after the last new one was called.
    private const int PauseMs = 40;

    private static bool _isDone;

    /// <summary>Runs it unless it has been run.</summary>
    public static void Once()
    {
        if (_isDone)
        {
            return;
        }

        _isDone = true;
        using ForeignQueue? queue = ForeignQueue.IsSupported ? new ForeignQueue(Orders * 8) : null;
        for (int round = 0; round < Rounds; round++)
        {
            foreach (Scenario scenario in Scenario.All)
            {
                Run(WorkloadGenerator.Generate(scenario, Orders, round), queue);
            }

            Thread.Sleep(PauseMs);
        }
    }

    private static void Run(Message[] messages, ForeignQueue? queue)
    {
        var ring = new ReportRing();
        var ringSink = new RingSink(ring);
        var reports = new Report[ReportRing.Slots];
        using (var session = new MatchingSession(Orders, LadderTicks))
        {
            session.ApplyAhead(messages, ref ringSink);
        }

        ring.Publish();
        ring.Drain(reports);
        if (queue is not null)
        {
            using var session = new MatchingSession(Orders, LadderTicks);
            var pushSink = PushSink.Into(queue);
            session.ApplyAll(messages, ref pushSink);
            queue.Drain(reports);
        }
    }
}
