using LowLatencyMargin.Pipeline.Threads;

namespace LowLatencyMargin.Pipeline.Tests;

/// <summary>Stages are placed on threads by configuration, and a configuration that can't work is refused.</summary>
internal sealed class ThreadLayoutTests
{
    [TestCase(1, 1)]
    [TestCase(2, 2)]
    [TestCase(3, 2)]
    [TestCase(4, 3)]
    [TestCase(6, 3)]
    [TestCase(8, 4)]
    [TestCase(16, 4)]
    [Description("Each preset has every stage once, no more spinning threads than processors, no processor twice, and leaves one free from four on")]
    public void PresetsAreSound(int processors, int threads)
    {
        ThreadLayout layout = ThreadLayout.For(processors);
        Assert.That(layout.Threads, Has.Count.EqualTo(threads));
        Assert.That(layout.Threads.SelectMany(t => t.Stages), Is.EquivalentTo(Enum.GetValues<StageKind>()));
        Assert.That(layout.Threads.Count(t => t.Idle == IdlePolicy.Spin), Is.LessThanOrEqualTo(processors));
        int[] pinned = [.. layout.Threads.Where(t => t.Processor >= 0).Select(t => t.Processor)];
        Assert.That(pinned, Is.Unique);
        Assert.That(pinned, Is.All.LessThan(processors));
        Assert.That(pinned.Contains(0), Is.EqualTo(processors is 2 or 3), "processor 0 is the system's where there are enough");
        Assert.That(layout.ToString(), Does.Contain("Core").And.Contain(layout.Threads[0].Name));
    }

    [Test]
    [Description("With two processors the core alone spins: it shares its thread with nothing")]
    public void TheCoreIsAloneOnTwoProcessors()
    {
        ThreadPlan spinning = ThreadLayout.For(2).Threads.Single(t => t.Idle == IdlePolicy.Spin);
        Assert.That(spinning.Stages, Is.EqualTo(new[] { StageKind.Core }));
    }

    [Test]
    [Description("A layout without a stage is refused and names it")]
    public void MissingStageIsRefused()
    {
        Assert.That(
            () => new ThreadLayout([new ThreadPlan("a", [StageKind.Gateway, StageKind.Core, StageKind.Publish], -1, IdlePolicy.Yield)], 2),
            Throws.ArgumentException.With.Message.Contains("Journal").And.Message.Contains("0 threads"));
    }

    [Test]
    [Description("A layout with a stage twice is refused and names it")]
    public void RepeatedStageIsRefused()
    {
        Assert.That(
            () => new ThreadLayout(
                [
                    new ThreadPlan("a", [StageKind.Gateway, StageKind.Core, StageKind.Journal, StageKind.Publish], -1, IdlePolicy.Yield),
                    new ThreadPlan("b", [StageKind.Publish], -1, IdlePolicy.Yield),
                ],
                2),
            Throws.ArgumentException.With.Message.Contains("Publish").And.Message.Contains("2 threads"));
    }

    [Test]
    [Description("More spinning threads than processors are refused, with both numbers")]
    public void TooManySpinningThreadsAreRefused()
    {
        Assert.That(
            () => new ThreadLayout([.. Enum.GetValues<StageKind>().Select(s => new ThreadPlan(s.ToString(), [s], -1, IdlePolicy.Spin))], 2),
            Throws.ArgumentException.With.Message.Contains("4 spinning threads on 2 processors"));
    }

    [TestCase(2)]
    [TestCase(100)]
    [Description("A processor that the machine does not have is refused, with thread and number")]
    public void MissingProcessorIsRefused(int processor)
    {
        Assert.That(
            () => new ThreadLayout([new ThreadPlan("all", Enum.GetValues<StageKind>(), processor, IdlePolicy.Yield)], 2),
            Throws.ArgumentException.With.Message.Contains($"all is pinned to processor {processor}").And.Message.Contains("has 2"));
    }
}
