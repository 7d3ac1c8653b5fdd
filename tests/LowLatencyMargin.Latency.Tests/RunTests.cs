using LowLatencyMargin.Journal;
using LowLatencyMargin.Latency.CommandLine;
using LowLatencyMargin.Latency.Flow;
using LowLatencyMargin.Latency.Runs;
using LowLatencyMargin.Pipeline;
using LowLatencyMargin.Pipeline.Threads;

namespace LowLatencyMargin.Latency.Tests;

internal sealed class RunTests
{
    [Test]
    [Description("An open loop records every command after the warm-up once, and the exchange does what it did while the flow was built")]
    public void TheOpenLoopRecordsEveryCommand()
    {
        using var folder = new TemporaryFolder();
        using Workload mix = Workloads.Mix(2, 10_000);
        var run = new PipelineRun(mix, DurabilityMode.Buffered, LayoutText.Parse(Outcome.Layout, 1), folder.PathOf("journal"));
        PipelineResult exchange = run.Exchange(50_000, 10_000, unrecorded: 1_000);
        PipelineResult control = run.Control(50_000, 10_000, unrecorded: 1_000);

        Assert.That(exchange.EndToEnd.TotalCount, Is.EqualTo(9_000));
        Assert.That(control.EndToEnd.TotalCount, Is.EqualTo(9_000));
        Assert.That(exchange.ToCore.TotalCount, Is.EqualTo(9_000 / 16).Within(1));
        Assert.That(exchange.Trades, Is.EqualTo(mix.Counts.Trades));
        Assert.That(exchange.Rejected, Is.EqualTo(mix.Counts.Rejected));
        Assert.That(exchange.Seconds, Is.GreaterThan(0.19), "no faster than the rate");
    }

    [Test]
    [Description("Runs taken together add up")]
    public void RunsAddUp()
    {
        using var folder = new TemporaryFolder();
        using Workload mix = Workloads.Mix(2, 2_000);
        var run = new PipelineRun(mix, null, LayoutText.Parse(Outcome.Layout, 1), folder.PathOf("journal"));
        PipelineResult both = run.Exchange(100_000, 2_000).With(run.Exchange(100_000, 2_000));

        Assert.That(both.Commands, Is.EqualTo(4_000));
        Assert.That(both.EndToEnd.TotalCount, Is.EqualTo(4_000));
        Assert.That(both.Trades, Is.EqualTo(2 * mix.Counts.Trades));
    }

    [Test]
    [Description("Mark moves open the positions they say and liquidate nothing")]
    public void MarkMovesLiquidateNothing()
    {
        MarkMoves.Result few = MarkMoves.Run(100, 1_000);

        Assert.That(few.OpenPositions, Is.EqualTo(100));
        Assert.That(few.LiquidatedNothing, Is.True);
        Assert.That(few.MedianNs, Is.GreaterThan(0));
    }

    [Test]
    [Description("1 M resting orders, 100 k accounts and 100 k positions are bounded below 2 GB")]
    public void TheStateIsBounded() => Assert.That(MemoryBound.Bytes(), Is.InRange(50_000_000, MemoryBound.LimitBytes));

    [Test]
    [Description("A layout is read as it is written: stages, processor, how to wait")]
    public void LayoutsAreRead()
    {
        var layout = LayoutText.Parse("core=core@1:spin,io=gateway+journal+publish@0:yield", 2);

        Assert.That(layout.ToString(), Is.EqualTo(ThreadLayout.For(2).ToString()));
        Assert.That(layout.Threads[1].Stages, Is.EqualTo(new[] { StageKind.Gateway, StageKind.Journal, StageKind.Publish }));
        Assert.That(LayoutText.Parse("2", 4).ToString(), Is.EqualTo(layout.ToString()));
    }
}
