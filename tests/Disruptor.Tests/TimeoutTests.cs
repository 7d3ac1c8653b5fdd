using Disruptor.Dsl;
using Disruptor.Tests.Support;

namespace Disruptor.Tests;

[TestFixture]
[Description("A wait that gives up says so, at the cursor and behind another consumer, and the handler hears of it.")]
public sealed class TimeoutTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(2);

    [Test]
    public void WaitGivesUpAndCanBeRepeated()
    {
        var sequencer = new SingleProducerSequencer(8, new TimeoutBlockingWaitStrategy(Soon));
        using var barrier = sequencer.NewBarrier(SequenceWaiterOwner.Unknown);
        using var behind = sequencer.NewBarrier(SequenceWaiterOwner.Unknown, new Sequence());
        Assert.That(barrier.WaitForPublishedSequence(0).IsTimeout, Is.True);
        Assert.That(behind.WaitForPublishedSequence(0).IsTimeout, Is.True);
        sequencer.Publish(sequencer.Next());
        Assert.That(barrier.WaitForPublishedSequence(0).UnsafeAvailableSequence, Is.Zero);
        Assert.That(behind.WaitForPublishedSequence(0).IsTimeout, Is.True, "the consumer before has not moved");
    }

    [Test]
    public void HandlerIsToldTheLastSequence()
    {
        var told = -2L;
        var handler = new RecordingHandler { OnTimeoutAction = sequence => Volatile.Write(ref told, sequence) };
        using var disruptor = Rings.Disruptor(ProducerType.Single, 8, new TimeoutBlockingWaitStrategy(Soon));
        disruptor.HandleEventsWith(handler);
        Await.Done(disruptor.Start(), "the handler started");
        Await.Until(() => Volatile.Read(ref told) == -1, "the first timeout came");
        disruptor.RingBuffer.PublishOne();
        Await.Until(() => Volatile.Read(ref told) == 0, "a timeout after the event came");
        Assert.That(handler.Values, Is.EqualTo(new long[] { 0 }));
    }

    [Test]
    public void ExceptionFromOnTimeoutGoesToTheExceptionHandler()
    {
        var exceptions = new RecordingExceptionHandler();
        var handler = new RecordingHandler { OnTimeoutAction = _ => throw new FormatException() };
        using var disruptor = Rings.Disruptor(ProducerType.Single, 8, new TimeoutBlockingWaitStrategy(Soon));
        disruptor.HandleEventsWith(handler);
        disruptor.SetDefaultExceptionHandler(exceptions);
        Await.Done(disruptor.Start(), "the handler started");
        Await.Until(() => exceptions.Calls.Contains("timeout -1"), "the exception came");
        disruptor.RingBuffer.PublishOne();
        Await.Until(() => !handler.Values.IsEmpty, "the processor went on");
    }
}
