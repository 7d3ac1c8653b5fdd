using Disruptor.Dsl;
using Disruptor.Tests.Support;

namespace Disruptor.Tests;

[TestFixture]
[Description("Neither publishing nor consuming allocates once everything has started, whatever the wait strategy.")]
public sealed class AllocationTests
{
    private const int WarmUp = 20_000;
    private const int Counted = 200_000;

    [Test]
    public void PublishingAndConsumingAllocateNothing(
        [ValueSource(typeof(Strategies), nameof(Strategies.All))] string strategy,
        [Values(ProducerType.Single, ProducerType.Multi)] ProducerType type)
    {
        using var disruptor = Rings.Disruptor(type, 256, Strategies.Make(strategy));
        var (first, second) = (new MeasuringHandler(), new MeasuringHandler());
        disruptor.HandleEventsWith(first).Then(second);
        disruptor.Start();
        Publish(disruptor.RingBuffer, WarmUp);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Publish(disruptor.RingBuffer, Counted);
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
    private sealed class MeasuringHandler : IValueEventHandler<Slot>
    {
        private long _before;

        public long Allocated { get; private set; } = -1;

        public void OnEvent(ref Slot data, long sequence, bool endOfBatch)
        {
            if (sequence == WarmUp)
                _before = GC.GetAllocatedBytesForCurrentThread();
            else if (sequence == WarmUp + Counted - 1)
                Allocated = GC.GetAllocatedBytesForCurrentThread() - _before;
        }
    }
}
