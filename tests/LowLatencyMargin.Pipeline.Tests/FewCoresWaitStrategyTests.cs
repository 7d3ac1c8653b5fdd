using Disruptor;
using Disruptor.Dsl;
using LowLatencyMargin.Pipeline.Threads;

namespace LowLatencyMargin.Pipeline.Tests;

/// <summary>The wait strategy for few cores behind upstream's interface.</summary>
internal sealed class FewCoresWaitStrategyTests
{
    [Test]
    [Description("More consumers than processors, wired with HandleEventsWith and Then behind this strategy, get everything once, in order "
        + "and in their order")]
    public void ConsumersGetEverything([Values(0, 64)] int spins, [Values(0, 512)] int yields)
    {
        const int Count = 100_000;
        var disruptor = new ValueDisruptor<long>(() => 0, 1024, TaskScheduler.Default, ProducerType.Single, new FewCoresWaitStrategy(spins, yields));
        var first = new Summing(null);
        var second = new Summing(null);
        var third = new Summing(first);
        disruptor.HandleEventsWith(first, second).Then(third);
        disruptor.Start();
        for (int i = 1; i <= Count; i++)
        {
            long sequence = disruptor.RingBuffer.Next();
            disruptor.RingBuffer[sequence] = i;
            disruptor.RingBuffer.Publish(sequence);
            if (i % 25_000 == 0)
            {
                // long enough for the consumers to fall asleep
                Thread.Sleep(5);
            }
        }

        Assert.That(disruptor.Shutdown().Wait(TimeSpan.FromSeconds(40)), Is.True);
        foreach (Summing handler in (Summing[])[first, second, third])
        {
            Assert.That(handler.Seen, Is.EqualTo(Count));
            Assert.That(handler.OutOfOrder, Is.Zero);
        }
    }

    [Test]
    [Description("A consumer that waits and gets nothing is stopped by halting, in whatever phase of waiting it is")]
    public void WaitingEndsWhenHalted()
    {
        var disruptor = new ValueDisruptor<long>(() => 0, 64, TaskScheduler.Default, ProducerType.Single, new FewCoresWaitStrategy(1, 1));
        disruptor.HandleEventsWith(new Summing(null));
        disruptor.Start();
        Task halt = Task.Run(disruptor.Halt);
        Assert.That(halt.Wait(TimeSpan.FromSeconds(40)), Is.True);
    }

    [Test]
    [Description("It blocks on nothing, so a producer has nothing to signal")]
    public void DoesNotBlock()
    {
        var strategy = new FewCoresWaitStrategy();
        Assert.That(strategy.IsBlockingStrategy, Is.False);
        Assert.That(strategy.SignalAllWhenBlocking, Throws.Nothing);
    }

    private sealed class Summing(Summing? after) : IValueEventHandler<long>
    {
        private long _seen;

        public long Seen => Volatile.Read(ref _seen);

        public int OutOfOrder { get; private set; }

        public void OnEvent(ref long data, long sequence, bool endOfBatch)
        {
            bool isNext = data == _seen + 1 && sequence == _seen;
            bool isAfter = after is null || after.Seen >= data;
            OutOfOrder += isNext && isAfter ? 0 : 1;
            Volatile.Write(ref _seen, _seen + 1);
        }
    }
}
