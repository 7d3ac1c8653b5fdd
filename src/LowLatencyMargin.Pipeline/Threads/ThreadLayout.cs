namespace LowLatencyMargin.Pipeline.Threads;

/// <summary>How a thread waits when none of its stages has work.</summary>
public enum IdlePolicy
{
    /// <summary>Looks again at once: lowest latency, takes a processor.</summary>
    Spin,

    /// <summary>Looks again after letting others run.</summary>
    Yield,

    /// <summary>Spins, then yields, then sleeps: costs next to nothing when idle.</summary>
    BackOff,
}

/// <summary>One thread: its stages in the order they are polled, the processor it is pinned to (none: -1), and how it waits.</summary>
public sealed record ThreadPlan(string Name, IReadOnlyList<StageKind> Stages, int Processor, IdlePolicy Idle);

/// <summary>Which stage runs on which thread. Checked as a whole: each stage once, never more spinning threads than processors.</summary>
public sealed record ThreadLayout
{
    /// <summary>A layout of these threads for a machine with that many processors.</summary>
    /// <exception cref="ArgumentException">A stage is missing or given twice, a processor is not there, or more threads spin than there are
    /// processors.</exception>
    public ThreadLayout(IReadOnlyList<ThreadPlan> threads, int processors)
    {
        ArgumentNullException.ThrowIfNull(threads);
        foreach (StageKind stage in Enum.GetValues<StageKind>())
        {
            int places = threads.Sum(thread => thread.Stages.Count(s => s == stage));
            if (places != 1)
            {
                throw new ArgumentException($"thread layout: stage {stage} is on {places} threads, expected one");
            }
        }

        if (threads.FirstOrDefault(thread => thread.Processor >= processors) is { } misplaced)
        {
            throw new ArgumentException($"thread layout: thread {misplaced.Name} is pinned to processor {misplaced.Processor}, this machine has {processors}");
        }

        int spinning = threads.Count(thread => thread.Idle == IdlePolicy.Spin);
        if (spinning > processors)
        {
            throw new ArgumentException($"thread layout: {spinning} spinning threads on {processors} processors, expected no more than there are processors");
        }

        Threads = threads;
    }

    /// <summary>The threads.</summary>
    public IReadOnlyList<ThreadPlan> Threads { get; }

    /// <summary>
    /// A sensible layout: one processor, one thread; two, the core alone and one loop for the rest; four, gateway, core, and journal with
    /// publishing; eight, each its own and processor 0 left to the system.
    /// </summary>
    public static ThreadLayout For(int processors) => processors switch
    {
        < 2 => new ThreadLayout(
            [new ThreadPlan("exchange", [StageKind.Gateway, StageKind.Core, StageKind.Journal, StageKind.Publish], -1, IdlePolicy.BackOff)], processors),
        < 4 => new ThreadLayout(
            [
                new ThreadPlan("core", [StageKind.Core], 1, IdlePolicy.Spin),
                new ThreadPlan("io", [StageKind.Gateway, StageKind.Journal, StageKind.Publish], 0, IdlePolicy.Yield),
            ],
            processors),
        < 8 => new ThreadLayout(
            [
                new ThreadPlan("gateway", [StageKind.Gateway], 1, IdlePolicy.Spin),
                new ThreadPlan("core", [StageKind.Core], 2, IdlePolicy.Spin),
                new ThreadPlan("journal+publish", [StageKind.Journal, StageKind.Publish], 3, IdlePolicy.Spin),
            ],
            processors),
        _ => new ThreadLayout(
            [
                new ThreadPlan("gateway", [StageKind.Gateway], 1, IdlePolicy.Spin),
                new ThreadPlan("core", [StageKind.Core], 2, IdlePolicy.Spin),
                new ThreadPlan("journal", [StageKind.Journal], 3, IdlePolicy.Spin),
                new ThreadPlan("publish", [StageKind.Publish], 4, IdlePolicy.Spin),
            ],
            processors),
    };

    /// <summary>One line that says which stage runs where.</summary>
    public override string ToString() => string.Join(
        "; ",
        Threads.Select(t => $"{t.Name}: {string.Join('+', t.Stages)}{PlaceOf(t)}, {t.Idle.ToString().ToLowerInvariant()}"));

    private static string PlaceOf(ThreadPlan thread) => thread.Processor < 0 ? string.Empty : $" on cpu {thread.Processor}";
}
