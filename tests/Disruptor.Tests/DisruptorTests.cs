using Disruptor.Dsl;
using Disruptor.Processing;
using Disruptor.Tests.Support;

namespace Disruptor.Tests;

[TestFixture]
[Description("The wiring: who waits for whom, exceptions, start, halt, shutdown.")]
public sealed class DisruptorTests
{
    [Test]
    public void ChainsDependOnTheirPredecessors()
    {
        using var disruptor = Rings.Disruptor(ProducerType.Single, 8);
        var (a, b, c, d) = (new CheckingHandler(), new CheckingHandler(), new CheckingHandler(), new CheckingHandler());
        disruptor.HandleEventsWith(a, b).Then(c);
        disruptor.After(a).HandleEventsWith(d);
        Assert.That(disruptor.GetDependentSequencesFor(a).DependsOnCursor, Is.True);
        Assert.That(disruptor.GetDependentSequencesFor(a).HasSameDependencies(disruptor.GetDependentSequencesFor(b)), Is.True);
        Assert.That(disruptor.GetDependentSequencesFor(c).DependentSequenceCount, Is.EqualTo(2));
        Assert.That(disruptor.GetDependentSequencesFor(c).DependsOnCursor, Is.False);
        Assert.That(disruptor.GetDependentSequencesFor(d).DependentSequenceCount, Is.EqualTo(1));
    }

    [Test]
    public void GroupsCanBeJoined()
    {
        using var disruptor = Rings.Disruptor(ProducerType.Single, 8);
        var (a, b, c) = (new CheckingHandler(), new CheckingHandler(), new CheckingHandler());
        disruptor.HandleEventsWith(a).And(disruptor.HandleEventsWith(b)).Then(c);
        Assert.That(disruptor.GetDependentSequencesFor(c).DependentSequenceCount, Is.EqualTo(2));
        using var barrier = disruptor.After(a, b).AsSequenceBarrier();
        Assert.That(barrier.DependentSequences.HasSameDependencies(disruptor.GetDependentSequencesFor(c)), Is.True);
    }

    [Test]
    public void ForeignProcessorsAreStartedAndWaitedFor()
    {
        using var disruptor = Rings.Disruptor(ProducerType.Single, 8);
        IValueRingBuffer<Slot> ring = disruptor.RingBuffer;
        var (a, b, c, d) = (new CheckingHandler(), new CheckingHandler(), new CheckingHandler(), new CheckingHandler());
        var first = ring.CreateEventProcessor(ring.NewBarrier(SequenceWaiterOwner.Unknown), a);
        var second = ring.CreateEventProcessor(ring.NewBarrier(SequenceWaiterOwner.Unknown), b);
        disruptor.HandleEventsWith(first).And(second).Then(c);
        disruptor.After([first]).HandleEventsWith(d);
        Await.Done(disruptor.Start(), "all started");
        disruptor.RingBuffer.PublishMany(20);
        Await.Done(disruptor.Shutdown(), "the disruptor shut down");
        Assert.That(new[] { a.Count, b.Count, c.Count, d.Count }, Is.All.EqualTo(20));
        Assert.That(a.Faults + b.Faults + c.Faults + d.Faults, Is.Zero);
    }

    [Test]
    public void AHandlerHasOneProcessorOnly()
    {
        using var disruptor = Rings.Disruptor(ProducerType.Single, 8);
        var handler = new CheckingHandler();
        disruptor.HandleEventsWith(handler);
        Assert.That(() => disruptor.HandleEventsWith(handler), Throws.ArgumentException);
        Assert.That(() => disruptor.After(new CheckingHandler()), Throws.ArgumentException);
        Assert.That(() => disruptor.GetSequenceValueFor(new CheckingHandler()), Throws.ArgumentException);
    }

    [Test]
    public void StartsOnceAndThenTakesNoMoreHandlers()
    {
        using var disruptor = Rings.Disruptor(ProducerType.Single, 8);
        disruptor.HandleEventsWith(new CheckingHandler());
        Assert.That((disruptor.HasStarted, disruptor.IsRunning), Is.EqualTo((false, false)));
        Await.Done(disruptor.Start(), "the handler started");
        Assert.That((disruptor.HasStarted, disruptor.IsRunning), Is.EqualTo((true, true)));
        Assert.That(disruptor.Start, Throws.InvalidOperationException);
        Assert.That(() => disruptor.HandleEventsWith(new CheckingHandler()), Throws.InvalidOperationException);
        Await.Done(disruptor.Halt(), "the handler stopped");
        Assert.That((disruptor.HasStarted, disruptor.IsRunning), Is.EqualTo((true, false)));
    }

    [Test]
    public void ConstructorsMakeTheRingsTheySay()
    {
        using var plain = new ValueDisruptor<Slot>(() => default, 8);
        using var waiting = new ValueDisruptor<Slot>(() => default, 8, new YieldingWaitStrategy());
        using var scheduled = new ValueDisruptor<Slot>(() => default, 8, TaskScheduler.Default);
        Assert.That(plain.RingBuffer.Sequencer, Is.InstanceOf<MultiProducerSequencer>());
        Assert.That(waiting.RingBuffer.Sequencer, Is.InstanceOf<MultiProducerSequencer>());
        Assert.That(scheduled.BufferSize, Is.EqualTo(8));
        Assert.That(((ValueTypeDisruptor<Slot>)plain).RingBuffer, Is.SameAs(plain.RingBuffer));
        Assert.That(plain.ToString(), Does.Contain("Slot"));
    }

    [Test]
    public void PublishesThroughTheDisruptor()
    {
        using var disruptor = Rings.Disruptor(ProducerType.Multi, 8);
        using (var scope = disruptor.PublishEvent())
            scope.Event().Fill(5);
        using (var scope = disruptor.PublishEvents(2))
            scope.Event(1).Fill(6);
        Assert.That(disruptor.Cursor, Is.EqualTo(2));
        Assert.That((disruptor[0].Value, disruptor[2].Value), Is.EqualTo((5L, 6L)));
    }

    [TestCaseSource(typeof(Strategies), nameof(Strategies.All))]
    public void ShutdownWaitsForWhatIsPublished(string strategy)
    {
        using var disruptor = Rings.Disruptor(ProducerType.Single, 64, Strategies.Make(strategy));
        var (first, second) = (new CheckingHandler { PauseEvery = 3 }, new CheckingHandler { PauseEvery = 2 });
        disruptor.HandleEventsWith(first).Then(second);
        Await.Done(disruptor.Start(), "the handlers started");
        disruptor.RingBuffer.PublishMany(500);
        Await.Done(disruptor.Shutdown(Await.Limit), "the disruptor shut down");
        Assert.That((first.Count, second.Count), Is.EqualTo((500L, 500L)));
        Assert.That(disruptor.GetSequenceValueFor(second), Is.EqualTo(499));
        Assert.That(disruptor.IsRunning, Is.False);
    }

    [Test]
    public void ShutdownThatTakesTooLongSaysSoAndStopsNothing()
    {
        using var go = new ManualResetEventSlim();
        using var disruptor = Rings.Disruptor(ProducerType.Single, 8);
        disruptor.HandleEventsWith(new RecordingHandler { OnEventAction = _ => go.Wait(Await.Limit) });
        disruptor.Start();
        disruptor.RingBuffer.PublishOne();
        Assert.That(() => disruptor.Shutdown(TimeSpan.FromMilliseconds(5)).Wait(Await.Limit), Throws.InnerException.InstanceOf<TimeoutException>());
        Assert.That(disruptor.IsRunning, Is.True);
        go.Set();
        Await.Done(disruptor.Shutdown(), "the disruptor shut down");
    }

    [TestCaseSource(typeof(Strategies), nameof(Strategies.All))]
    public void HaltUnderLoadStopsEveryHandlerBetweenEvents(string strategy)
    {
        var disruptor = Rings.Disruptor(ProducerType.Single, 64, Strategies.Make(strategy));
        var (first, second) = (new CheckingHandler(), new CheckingHandler());
        disruptor.HandleEventsWith(first).Then(second);
        Await.Done(disruptor.Start(), "the handlers started");
        var stop = false;
        var producer = Await.Run(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                if (!disruptor.RingBuffer.TryNext(out var sequence))
                {
                    Thread.Yield();
                    continue;
                }

                disruptor[sequence].Fill(sequence);
                disruptor.RingBuffer.Publish(sequence);
            }
        });
        Await.Until(() => second.Count > 1_000, "events flow");
        Await.Done(disruptor.Halt(), "the handlers stopped");
        Volatile.Write(ref stop, true);
        Await.Done(producer, "the producer stopped");
        Assert.That(first.Faults + second.Faults, Is.Zero);
        Assert.That(disruptor.GetSequenceValueFor(first), Is.EqualTo(first.Count - 1));
        Assert.That(disruptor.GetSequenceValueFor(second), Is.EqualTo(second.Count - 1).And.LessThanOrEqualTo(first.Count - 1));
        disruptor.Dispose();
    }

    [Test]
    public void DisposeStopsAndCanBeRepeatedAndBeUnused()
    {
        var disruptor = Rings.Disruptor(ProducerType.Single, 8, new BlockingWaitStrategy());
        disruptor.HandleEventsWith(new CheckingHandler()).Then(new CheckingHandler());
        Await.Done(disruptor.Start(), "the handlers started");
        disruptor.Dispose();
        Assert.That(disruptor.IsRunning, Is.False);
        Assert.That(disruptor.Dispose, Throws.Nothing);

        var unused = Rings.Disruptor(ProducerType.Single, 8);
        unused.HandleEventsWith(new CheckingHandler());
        Assert.That(unused.Dispose, Throws.Nothing);
    }

    [Test]
    public void ShutdownDoesNotWaitForAHandlerThatDied()
    {
        using var disruptor = Rings.Disruptor(ProducerType.Single, 8);
        disruptor.HandleEventsWith(new RecordingHandler { OnEventAction = _ => throw new FormatException() });
        using (new SilencedConsole())
        {
            disruptor.Start();
            disruptor.RingBuffer.PublishMany(3);
            Await.Until(() => !disruptor.IsRunning, "the handler died");
        }

        Await.Done(disruptor.Shutdown(), "the disruptor shut down");
    }

    [Test]
    public void ExceptionHandlersForAllAndForOne()
    {
        var (forAll, forOne, forOther) = (new RecordingExceptionHandler(), new RecordingExceptionHandler(), new RecordingExceptionHandler());
        var handlers = Enumerable.Range(0, 4).Select(_ => new RecordingHandler { OnEventAction = _ => throw new FormatException() }).ToArray();
        using var disruptor = Rings.Disruptor(ProducerType.Single, 8);
        disruptor.HandleEventsWith(handlers[0], handlers[1], handlers[2]);
        disruptor.HandleExceptionsFor(handlers[1]).With(forOne);
        disruptor.SetExceptionHandler(handlers[2], forOther);
        disruptor.SetDefaultExceptionHandler(forAll);
        disruptor.HandleEventsWith(handlers[3]);
        disruptor.Start();
        disruptor.RingBuffer.PublishOne();
        Await.Done(disruptor.Shutdown(), "the disruptor shut down");
        Assert.That(forAll.Calls, Has.Count.EqualTo(2), "a handler added before and one added after");
        Assert.That(forOne.Calls, Has.Count.EqualTo(1));
        Assert.That(forOther.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public void EmptyDisruptorStartsAndStops()
    {
        using var disruptor = Rings.Disruptor(ProducerType.Single, 8);
        Await.Done(disruptor.Start(), "nothing started");
        Await.Done(disruptor.Shutdown(), "nothing stopped");
        Assert.That(() => disruptor.HandleEventsWith(Array.Empty<IEventProcessor>()), Throws.InvalidOperationException);
    }
}
