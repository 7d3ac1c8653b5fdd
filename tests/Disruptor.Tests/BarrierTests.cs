using Disruptor.Tests.Support;

namespace Disruptor.Tests;

[TestFixtureSource(typeof(Strategies), nameof(Strategies.All))]
[Description("A barrier with every wait strategy: it lets through what is there, waits for what is not, and can be cancelled.")]
public sealed class BarrierTests(string strategy)
{
    private SingleProducerSequencer _sequencer = null!;

    [SetUp]
    public void MakeSequencer() => _sequencer = new SingleProducerSequencer(64, Strategies.Make(strategy));

    [Test]
    public void WhatIsThereIsLetThroughAtOnce()
    {
        _sequencer.Publish(_sequencer.Next(10));
        using var barrier = _sequencer.NewBarrier(SequenceWaiterOwner.Unknown);
        Assert.That(barrier.WaitFor(3).UnsafeAvailableSequence, Is.EqualTo(9));
        Assert.That(barrier.WaitForPublishedSequence(9).AvailableSequence, Is.EqualTo(9));
        Assert.That(barrier.DependentSequences.DependsOnCursor, Is.True);
    }

    [Test]
    public void WaitsForTheCursor()
    {
        using var barrier = _sequencer.NewBarrier(SequenceWaiterOwner.Unknown);
        var waiter = Task.Run(() => WaitPatiently(barrier, 0));
        Assert.That(waiter.Wait(20), Is.False);
        _sequencer.Publish(_sequencer.Next());
        Await.Done(waiter, "the event came");
        Assert.That(waiter.Result, Is.Zero);
    }

    [Test]
    public void WaitsForTheSlowestOfItsDependencies()
    {
        var (fast, slow) = (new Sequence(), new Sequence());
        using var barrier = _sequencer.NewBarrier(SequenceWaiterOwner.Unknown, fast, slow);
        _sequencer.Publish(_sequencer.Next(10));
        fast.SetValue(9);
        var waiter = Task.Run(() => WaitPatiently(barrier, 4));
        slow.SetValue(3);
        Assert.That(waiter.Wait(20), Is.False);

        // Nobody signals here: a dependency need not be a processor.
        slow.SetValue(5);
        Await.Done(waiter, "the slower one arrived");
        Assert.That(waiter.Result, Is.EqualTo(5));
    }

    [Test]
    public void CancelEndsAWaitAndLaterOnes()
    {
        using var barrier = _sequencer.NewBarrier(SequenceWaiterOwner.Unknown);
        var waiter = Task.Run(() => WaitPatiently(barrier, 0));
        Assert.That(waiter.Wait(10), Is.False);
        barrier.CancelProcessing();
        Assert.That(() => waiter.Wait(Await.Limit), Throws.InnerException.InstanceOf<OperationCanceledException>());

        _sequencer.Publish(_sequencer.Next());
        Assert.That(() => barrier.WaitFor(0), Throws.InstanceOf<OperationCanceledException>(), "even for what is there");
        barrier.Reset();
        Assert.That(barrier.WaitFor(0).UnsafeAvailableSequence, Is.Zero);
    }

    [Test]
    public void TheCallersTokenEndsAWaitToo()
    {
        using var barrier = _sequencer.NewBarrier(SequenceWaiterOwner.Unknown);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.That(() => barrier.WaitForPublishedSequence(0, source.Token), Throws.InstanceOf<OperationCanceledException>());

        using var other = new CancellationTokenSource();
        var waiter = Task.Run(() => barrier.WaitFor(-1, other.Token));
        Await.Done(waiter, "the wait with a token ended");
        barrier.CancelProcessing();
        Assert.That(() => barrier.WaitFor(-1, other.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void BlockingIsSaidOfThoseThatBlock()
    {
        var made = Strategies.Make(strategy);
        Assert.That(made.IsBlockingStrategy, Is.EqualTo(strategy.EndsWith("Blocking", StringComparison.Ordinal)));
        Assert.That(made.SignalAllWhenBlocking, Throws.Nothing);
    }

    [Test]
    public void NoWakeUpIsLost()
    {
        // One event at a time between two threads that wait for each other: a lost signal would stop both.
        // The others have no signal to lose.
        var rounds = Strategies.Make(strategy).IsBlockingStrategy ? 2_000 : 100;
        var back = new SingleProducerSequencer(64, Strategies.Make(strategy));
        using var there = _sequencer.NewBarrier(SequenceWaiterOwner.Unknown);
        using var here = back.NewBarrier(SequenceWaiterOwner.Unknown);
        var other = Await.Run(() =>
        {
            for (var i = 0L; i < rounds; i++)
            {
                WaitPatiently(there, i);
                back.Publish(back.Next());
            }
        });
        for (var i = 0L; i < rounds; i++)
        {
            _sequencer.Publish(_sequencer.Next());
            WaitPatiently(here, i);
        }

        Await.Done(other, "all rounds were done");
        Assert.That(back.Cursor, Is.EqualTo(rounds - 1));
    }

    // A strategy with a timeout gives up; everybody else does not.
    private static long WaitPatiently(SequenceBarrier barrier, long sequence)
    {
        SequenceWaitResult result;
        do
        {
            result = barrier.WaitFor(sequence);
        }
        while (result.IsTimeout);

        return result.UnsafeAvailableSequence;
    }
}
