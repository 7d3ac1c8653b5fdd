using Disruptor.Dsl;

namespace Disruptor.Tests.Support;

/// <summary>Shorthands for what nearly every test makes.</summary>
internal static class Rings
{
    public static ValueRingBuffer<Slot> Single(int size = 8) => Make(ProducerType.Single, size);

    public static ValueRingBuffer<Slot> Make(ProducerType type, int size, IWaitStrategy? strategy = null)
        => ValueRingBuffer<Slot>.Create(type, () => default, size, strategy ?? new YieldingWaitStrategy());

    public static ValueDisruptor<Slot> Disruptor(ProducerType type, int size, IWaitStrategy? strategy = null)
        => new(() => default, size, TaskScheduler.Default, type, strategy ?? new YieldingWaitStrategy());

    public static void PublishOne(this ValueRingBuffer<Slot> ring)
    {
        var sequence = ring.Next();
        ring[sequence].Fill(sequence);
        ring.Publish(sequence);
    }

    public static void PublishMany(this ValueRingBuffer<Slot> ring, long count)
    {
        for (var i = 0L; i < count; i++)
            ring.PublishOne();
    }
}
