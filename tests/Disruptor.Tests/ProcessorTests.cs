using Disruptor.Processing;
using Disruptor.Tests.Support;

namespace Disruptor.Tests;

[TestFixture]
[Description("The batch event processor: life cycle, batches, limits, exceptions.")]
public sealed class ProcessorTests
{
    [Test]
    public void CallsComeInOrder()
    {
        var ring = Rings.Single();
        var handler = new RecordingHandler();
        using var processor = Make(ring, handler);
        ring.PublishMany(3);
        Assert.That(processor.IsRunning, Is.False);
        Await.Done(processor.Start(TaskScheduler.Default), "the processor started");
        Assert.That(processor.IsRunning, Is.True);
        Await.Until(() => processor.Sequence.Value == 2, "the events were handled");
        Await.Done(processor.Halt(), "the processor stopped");
        Assert.That(processor.IsRunning, Is.False);
        Assert.That(handler.Calls, Is.EqualTo(new[] { "start", "batch 3", "event 0", "event 1", "event 2 end", "shutdown" }));
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(8)]
    [TestCase(100)]
    public void BatchesKeepToTheHandlersLimit(int limit)
    {
        var ring = Rings.Single();
        var handler = new RecordingHandler { MaxBatchSize = limit };
        using var processor = Make(ring, handler);
        ring.PublishMany(8);
        processor.Start(TaskScheduler.Default);
        Await.Until(() => processor.Sequence.Value == 7, "the events were handled");
        Assert.That(handler.BatchSizes, Is.All.InRange(1, limit));
        Assert.That(handler.BatchSizes.Sum(), Is.EqualTo(8));
        Assert.That(handler.BatchSizes.First(), Is.EqualTo(Math.Min(limit, 8)));
        Assert.That(handler.Calls.Count(call => call.EndsWith("end", StringComparison.Ordinal)), Is.EqualTo(handler.BatchSizes.Count));
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void ImpossibleLimitsAreRefused(int limit)
        => Assert.That(
            () => Make(Rings.Single(), new RecordingHandler { MaxBatchSize = limit }),
            Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void SlotsAreReleasedAtTheEndOfABatchOnly()
    {
        var ring = Rings.Single();
        using var go = new ManualResetEventSlim();
        var handler = new RecordingHandler
        {
            OnEventAction = sequence =>
            {
                if (sequence == 2)
                    go.Wait(Await.Limit);
            },
        };
        using var processor = Make(ring, handler);
        ring.PublishMany(3);
        processor.Start(TaskScheduler.Default);
        Await.Until(() => handler.Values.Count == 2, "the third event is being handled");
        Assert.That(processor.Sequence.Value, Is.EqualTo(-1));
        go.Set();
        Await.Until(() => processor.Sequence.Value == 2, "the batch ended");
    }

    [Test]
    public void AHandlerThatKnowsItsSequenceCanReleaseEarly()
    {
        var ring = Rings.Single();
        var handler = new EarlyHandler();
        using var processor = Make(ring, handler);
        Assert.That(handler.Sequence, Is.SameAs(processor.Sequence));
    }

    [Test]
    public void StartingTwiceIsRefusedAndStartingAgainIsNot()
    {
        var ring = Rings.Single();
        var handler = new RecordingHandler();
        using var processor = Make(ring, handler);
        processor.Start(TaskScheduler.Default);
        Assert.That(() => processor.Start(TaskScheduler.Default), Throws.InvalidOperationException);
        ring.PublishOne();
        Await.Until(() => processor.Sequence.Value == 0, "the first event was handled");
        Await.Done(processor.Halt(), "the processor stopped");

        ring.PublishOne();
        Await.Done(processor.Start(TaskScheduler.Default), "the processor started again");
        Await.Until(() => processor.Sequence.Value == 1, "the second event was handled");
        Await.Done(processor.Halt(), "the processor stopped again");
        Assert.That(handler.Values, Is.EqualTo(new long[] { 0, 1 }), "no event twice, none left out");
    }

    [Test]
    public void HaltWithoutStartAndHaltTwiceAreHarmless()
    {
        using var processor = Make(Rings.Single(), new RecordingHandler());
        Assert.That(processor.Halt().IsCompletedSuccessfully, Is.True);
        processor.Start(TaskScheduler.Default);
        Await.Done(processor.Halt(), "the processor stopped");
        Await.Done(processor.Halt(), "the processor stopped");
        Assert.That(() => processor.Dispose(), Throws.Nothing);
    }

    [Test]
    public void AHandlerMayHaltAndDisposeItsOwnProcessor()
    {
        var ring = Rings.Single();
        IValueEventProcessor<Slot>? processor = null;
        var handler = new RecordingHandler { OnEventAction = _ => processor!.Dispose() };
        processor = Make(ring, handler);
        ring.PublishOne();
        processor.Start(TaskScheduler.Default);
        Await.Until(() => !processor.IsRunning, "the processor stopped");
        Assert.That(handler.Values, Has.Count.EqualTo(1), "the current batch is finished");
    }

    [Test]
    public void ProcessorsRunOnThreadsOfTheirOwn()
    {
        var pooled = true;
        var handler = new RecordingHandler { OnStartAction = () => pooled = Thread.CurrentThread.IsThreadPoolThread };
        using var processor = Make(Rings.Single(), handler);
        Await.Done(processor.Start(TaskScheduler.Default), "the processor started");
        Assert.That(pooled, Is.False);
    }

    [Test]
    public void AnExceptionHandlerThatReturnsMeansGoingOn()
    {
        var ring = Rings.Single();
        var exceptions = new RecordingExceptionHandler();
        var handler = new RecordingHandler
        {
            OnStartAction = () => throw new FormatException(),
            OnShutdownAction = () => throw new FormatException(),
            OnEventAction = sequence => _ = sequence is 1 or 2 ? throw new FormatException() : 0,
        };
        using var processor = Make(ring, handler);
        processor.SetExceptionHandler(exceptions);
        ring.PublishMany(5);
        Await.Done(processor.Start(TaskScheduler.Default), "the processor started");
        Await.Until(() => processor.Sequence.Value == 4, "the events were handled");
        Await.Done(processor.Halt(), "the processor stopped");
        Assert.That(handler.Values, Is.EqualTo(new long[] { 0, 3, 4 }));
        Assert.That(exceptions.Calls, Is.EqualTo(new[] { "start", "event 1 1", "event 2 2", "shutdown" }));
    }

    [Test]
    public void ACancellationOfTheHandlersOwnIsAnExceptionLikeOthers()
    {
        var ring = Rings.Single();
        var exceptions = new RecordingExceptionHandler();
        var handler = new RecordingHandler { OnEventAction = sequence => _ = sequence == 0 ? throw new OperationCanceledException() : 0 };
        using var processor = Make(ring, handler);
        processor.SetExceptionHandler(exceptions);
        ring.PublishMany(2);
        processor.Start(TaskScheduler.Default);
        Await.Until(() => processor.Sequence.Value == 1, "the processor went on");
        Assert.That(exceptions.Calls, Is.EqualTo(new[] { "event 0 0" }));
    }

    [Test]
    public void WithoutAnExceptionHandlerTheProcessorStopsAndTheSlotIsKept()
    {
        var ring = Rings.Single(4);
        var handler = new RecordingHandler { OnEventAction = sequence => _ = sequence == 1 ? throw new FormatException() : 0, MaxBatchSize = 1 };
        using var processor = Make(ring, handler);
        ring.AddGatingSequences(processor.Sequence);
        ring.PublishMany(3);
        using (new SilencedConsole())
        {
            processor.Start(TaskScheduler.Default);
            Await.Until(() => !processor.IsRunning, "the processor stopped");
        }

        Assert.That(processor.Sequence.Value, Is.Zero);
        Assert.That(handler.Calls, Does.Contain("shutdown"));
        Assert.That(ring.TryNext(3, out _), Is.False, "the failed event is not overwritten");
        Assert.That(ring.TryNext(2, out _), Is.True);
    }

    [Test]
    public void AFatalStartIsToldToWhoeverStarted()
    {
        var handler = new RecordingHandler { OnStartAction = () => throw new FormatException() };
        using var processor = Make(Rings.Single(), handler);
        using (new SilencedConsole())
        {
            var started = processor.Start(TaskScheduler.Default);
            Assert.That(
                () => started.Wait(Await.Limit),
                Throws.InnerException.InstanceOf<InvalidOperationException>().With.InnerException.InnerException.InstanceOf<FormatException>());
        }

        Await.Until(() => !processor.IsRunning, "the processor stopped");
    }

    private static IValueEventProcessor<Slot> Make(IValueRingBuffer<Slot> ring, IValueEventHandler<Slot> handler)
        => ring.CreateEventProcessor(ring.NewBarrier(SequenceWaiterOwner.EventHandler(handler)), handler);

    private sealed class EarlyHandler : IValueEventHandler<Slot>, IEventProcessorSequenceAware
    {
        public Sequence? Sequence { get; private set; }

        public void SetSequenceCallback(Sequence sequenceCallback) => Sequence = sequenceCallback;

        public void OnEvent(ref Slot data, long sequence, bool endOfBatch)
        {
        }
    }
}
