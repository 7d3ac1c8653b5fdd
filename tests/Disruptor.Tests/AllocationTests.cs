using Disruptor.Dsl;
using Disruptor.Tests.Support;

namespace Disruptor.Tests;

[TestFixture]
[Description("Neither publishing nor consuming allocates once everything has started, whatever the wait strategy.")]
public sealed class AllocationTests
{

    [Test]
    public void PublishingAndConsumingAllocateNothing(
        [ValueSource(typeof(Strategies), nameof(Strategies.All))] string strategy,
        [Values(ProducerType.Single, ProducerType.Multi)] ProducerType type)
    {
        using var disruptor = Rings.Disruptor(type, 256, Strategies.Make(strategy));
        var (warmUp, counted) = (Strategies.Scaled(strategy, 20_000), Strategies.Scaled(strategy, 100_000));
        var (first, second) = (new MeasuringHandler(warmUp, counted), new MeasuringHandler(warmUp, counted));
        disruptor.HandleEventsWith(first).Then(second);
        disruptor.Start();
        Publish(disruptor.RingBuffer, warmUp);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Publish(disruptor.RingBuffer, counted);
        var published = GC.GetAllocatedBytesForCurrentThread() - before;
        Await.Done(disruptor.Shutdown(Await.Limit), "all was handled");
        Assert.That(published, Is.Zero, "publishing");
        Assert.That((first.Allocated, second.Allocated), Is.EqualTo((0L, 0L)), "consuming");
    }

    [Test]
    public void PollingAllocatesNothing()
    {
        var ring = Rings.Single(256);
        var poller = ring.NewPoller();
        ring.AddGatingSequences(poller.Sequence);
        var sum = 0L;
        EventPoller.ValueHandler<Slot> handler = (ref slot, _, _) =>
        {
            sum += slot.Value;
            return true;
        };
        PublishAndPoll(1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        PublishAndPoll(50_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(sum, Is.Positive);

        void PublishAndPoll(int count)
        {
            for (var i = 0; i < count; i++)
            {
                ring.PublishOne();
                poller.Poll(handler);
            }
        }
    }

    private static void Publish(ValueRingBuffer<Slot> ring, int count)
    {
        for (var i = 0; i < count / 4; i++)
        {
            ring.PublishOne();
            using (var scope = ring.PublishEvent())
                scope.Event().Fill(scope.Sequence);
            using (var scope = ring.PublishEvents(2))
                scope.Event(1).Fill(scope.EndSequence);
        }
    }

    /// <summary>What its thread allocates between the end of the warm-up and the last event.</summary>
    private sealed class MeasuringHandler(int warmUp, int counted) : IValueEventHandler<Slot>
    {
        private long _before;

        public long Allocated { get; private set; } = -1;

        public void OnEvent(ref Slot data, long sequence, bool endOfBatch)
        {
            if (sequence == warmUp)
                _before = GC.GetAllocatedBytesForCurrentThread();
            else if (sequence == warmUp + counted - 1)
                Allocated = GC.GetAllocatedBytesForCurrentThread() - _before;
        }
    }
}
