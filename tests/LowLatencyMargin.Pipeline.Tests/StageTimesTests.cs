using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Journal;
using LowLatencyMargin.Pipeline.Tests.Support;

namespace LowLatencyMargin.Pipeline.Tests;

/// <summary>The times that a latency harness reads.</summary>
internal sealed class StageTimesTests
{
    private const int Checkpoint = CheckpointInterval.Commands;

    [Test]
    [Description("When a consumer sees the events of a command, the time at which the core was done with it is there, not that of an earlier lap")]
    public void TheCoreIsDoneBeforeItsEventsAreShown()
    {
        const int EventsPerCommand = 64;
        var times = new StageTimes(every: 1, kept: 1 << 15);
        using var seen = new ManualResetEventSlim();
        var script = new Script
        {
            EventsPerCommand = EventsPerCommand,
            EventsOf = sequence => sequence == Checkpoint ? EventsPerCommand : 1,
            OnCheckpoint = () => seen.Wait(TimeSpan.FromSeconds(10)),
        };
        var consumer = new TimesConsumer(times, seen);
        var source = new ListSource([.. Enumerable.Range(0, Checkpoint + 1).Select(i => CommandFlow.Deposit(2, i + 1))]);
        using ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(Rig.Options("four") with { Times = times }, script, source, consumer);
        pipeline.Start();
        pipeline.UntilDrained(source);
        Assert.That(pipeline.Failure, Is.Null);
        Assert.That(seen.IsSet, Is.True, "the events were shown while the core waited");
        Assert.That(consumer.DoneNs, Is.Positive);
    }

    private sealed class TimesConsumer(StageTimes times, ManualResetEventSlim seen) : IEventConsumer
    {
        public long DoneNs { get; private set; }

        public void OnEvents(ReadOnlySpan<EventSlot> events)
        {
            foreach (ref readonly EventSlot slot in events)
            {
                if (slot.Header.CommandSequence == Checkpoint && !seen.IsSet)
                {
                    DoneNs = times.CoreDoneAt(Checkpoint);
                    seen.Set();
                }
            }
        }
    }
}
