using Disruptor.Dsl;
using Disruptor.Tests.Support;

namespace Disruptor.Tests;

[TestFixture]
[Description("Many laps over small rings with more threads than cores: no event lost, doubled, torn, reordered or overtaken.")]
public sealed class StressTests
{
    [Test]
    public void OneProducerManyLaps(
        [ValueSource(typeof(Strategies), nameof(Strategies.All))] string strategy,
        [Values(ProducerType.Single, ProducerType.Multi)] ProducerType type,
        [Values(1, 16, 1024)] int size)
    {
        // A ring of one slot hands over every single event between two threads.
        var events = size == 1 ? 2_000 : 100_000;
        using var disruptor = Rings.Disruptor(type, size, Strategies.Make(strategy));
        var handler = new CheckingHandler();
        disruptor.HandleEventsWith(handler);
        disruptor.Start();
        disruptor.RingBuffer.PublishMany(events);
        Await.Done(disruptor.Shutdown(Await.Limit), "all was handled");
        Assert.That((handler.Count, handler.Faults), Is.EqualTo(((long)events, 0L)));
    }

    [TestCase(1, 1)]
    [TestCase(7, 3)]
    [TestCase(16, null)]
    [TestCase(64, 5)]
    public void BatchesOfOneProducer(int batch, int? maxBatchSize)
    {
        const int Batches = 10_000;
        using var disruptor = Rings.Disruptor(ProducerType.Single, 64);
        var handler = new CheckingHandler { MaxBatchSize = maxBatchSize };
        disruptor.HandleEventsWith(handler);
        disruptor.Start();
        for (var i = 0; i < Batches; i++)
        {
            using var scope = disruptor.PublishEvents(batch);
            for (var j = 0; j < batch; j++)
                scope.Event(j).Fill(scope.StartSequence + j);
        }

        Await.Done(disruptor.Shutdown(Await.Limit), "all was handled");
        Assert.That((handler.Count, handler.Faults), Is.EqualTo(((long)batch * Batches, 0L)));
    }

    [Test]
    public void ASlowConsumerHoldsTheProducerBack()
    {
        const int Size = 16;
        const int Events = 20_000;
        using var disruptor = Rings.Disruptor(ProducerType.Single, Size);
        var (slow, fast) = (new CheckingHandler { PauseEvery = 1 }, new CheckingHandler());
        disruptor.HandleEventsWith(slow, fast);
        disruptor.Start();
        var ahead = 0L;
        for (var i = 0L; i < Events; i++)
        {
            var sequence = disruptor.RingBuffer.Next();
            ahead = Math.Max(ahead, sequence - disruptor.RingBuffer.GetMinimumGatingSequence());
            disruptor[sequence].Fill(sequence);
            disruptor.RingBuffer.Publish(sequence);
        }

        Await.Done(disruptor.Shutdown(Await.Limit), "all was handled");
        Assert.That(ahead, Is.InRange(1, Size), "never more than a ring ahead of the slowest");
        Assert.That(slow.Faults + fast.Faults, Is.Zero);
        Assert.That(slow.Count, Is.EqualTo(Events));
    }

    [Test]
    public void SeveralProducers(
        [ValueSource(typeof(Strategies), nameof(Strategies.All))] string strategy,
        [Values(8, 512)] int size)
    {
        const int Producers = 3;
        var perProducer = Strategies.Scaled(strategy, 20_000);
        using var disruptor = Rings.Disruptor(ProducerType.Multi, size, Strategies.Make(strategy));
        var order = new ProducerOrderHandler(Producers);
        var check = new CheckingHandler { ValueIsSequence = false };
        disruptor.HandleEventsWith(order).Then(check);
        disruptor.Start();
        var ring = disruptor.RingBuffer;
        var producers = Enumerable.Range(0, Producers).Select(producer => Await.Run(() =>
        {
            for (var i = 0L; i < perProducer;)
            {
                switch (i % 3)
                {
                    case 0:
                        var one = ring.Next();
                        ring[one].Fill(i++, producer);
                        ring.Publish(one);
                        break;
                    case 1 when i + 3 <= perProducer:
                        var hi = ring.Next(3);
                        for (var sequence = hi - 2; sequence <= hi; sequence++)
                            ring[sequence].Fill(i++, producer);
                        ring.Publish(hi - 2, hi);
                        break;
                    default:
                        if (!ring.TryNext(out var tried))
                        {
                            Thread.Yield();
                            break;
                        }

                        ring[tried].Fill(i++, producer);
                        ring.Publish(tried);
                        break;
                }
            }
        })).ToArray();
        foreach (var producer in producers)
            Await.Done(producer, "the producers ended");

        Await.Done(disruptor.Shutdown(Await.Limit), "all was handled");
        Assert.That(order.Faults, Is.Zero, "each producer's events come in its order, each once");
        Assert.That(order.Next, Is.All.EqualTo(perProducer));
        Assert.That((check.Count, check.Faults), Is.EqualTo(((long)Producers * perProducer, 0L)));
    }

    [Test]
    public void InADiamondTheLastIsNeverBeforeEitherOfTheFirst(
        [ValueSource(typeof(Strategies), nameof(Strategies.All))] string strategy,
        [Values(ProducerType.Single, ProducerType.Multi)] ProducerType type)
    {
        var events = Strategies.Scaled(strategy, 30_000);
        using var disruptor = Rings.Disruptor(type, 32, Strategies.Make(strategy));
        var (left, right) = (new MarkingHandler((ref slot) => ref slot.B), new MarkingHandler((ref slot) => ref slot.C));
        var last = new JoinHandler();
        disruptor.HandleEventsWith(left, right).Then(last);
        disruptor.Start();
        for (var i = 0; i < events; i++)
        {
            using var scope = disruptor.PublishEvent();
            scope.Event() = new Slot { Value = scope.Sequence, B = -1, C = -1 };
        }

        Await.Done(disruptor.Shutdown(Await.Limit), "all was handled");
        Assert.That((last.Count, last.Faults), Is.EqualTo(((long)events, 0L)));
    }

    private delegate ref long Field(ref Slot slot);

    /// <summary>Leaves a mark in a field of its own.</summary>
    private sealed class MarkingHandler(Field field) : IValueEventHandler<Slot>
    {
        public void OnEvent(ref Slot data, long sequence, bool endOfBatch) => field(ref data) = sequence;
    }

    /// <summary>Needs both marks.</summary>
    private sealed class JoinHandler : IValueEventHandler<Slot>
    {
        public long Count { get; private set; }

        public long Faults { get; private set; }

        public void OnEvent(ref Slot data, long sequence, bool endOfBatch)
        {
            if (data.Value != sequence || data.B != sequence || data.C != sequence)
                Faults++;
            Count++;
        }
    }

    private sealed class ProducerOrderHandler(int producers) : IValueEventHandler<Slot>
    {
        public long[] Next { get; } = new long[producers];

        public long Faults { get; private set; }

        public void OnEvent(ref Slot data, long sequence, bool endOfBatch)
        {
            if (!data.IsWhole || data.Value != Next[data.Producer]++)
                Faults++;
        }
    }
}
