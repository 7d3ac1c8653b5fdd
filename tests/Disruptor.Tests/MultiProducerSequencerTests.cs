using Disruptor.Tests.Support;

namespace Disruptor.Tests;

[TestFixture]
[Description("What only several producers bring: gaps between published events, which no consumer may pass.")]
public sealed class MultiProducerSequencerTests
{
    [Test]
    public void AGapEndsWhatIsPublished()
    {
        var sequencer = new MultiProducerSequencer(8, new YieldingWaitStrategy());
        var (first, second, third) = (sequencer.Next(), sequencer.Next(), sequencer.Next());
        sequencer.Publish(third);
        Assert.That(sequencer.Cursor, Is.EqualTo(third), "the cursor counts claims");
        Assert.That(sequencer.GetHighestPublishedSequence(first, third), Is.EqualTo(-1));
        sequencer.Publish(first);
        Assert.That(sequencer.GetHighestPublishedSequence(first, third), Is.EqualTo(first));
        sequencer.Publish(second);
        Assert.That(sequencer.GetHighestPublishedSequence(first, third), Is.EqualTo(third));
    }

    [Test]
    public void NothingIsAvailableBeforeTheFirstEvent()
    {
        var sequencer = new MultiProducerSequencer(8, new YieldingWaitStrategy());
        for (var sequence = -8L; sequence < 16; sequence++)
            Assert.That(sequencer.IsAvailable(sequence), Is.False);
    }

    [Test]
    public void AnEventOfTheLastLapIsNotTakenForOneOfThis()
    {
        var sequencer = new MultiProducerSequencer(4, new YieldingWaitStrategy());
        for (var i = 0; i < 4; i++)
            sequencer.Publish(sequencer.Next());
        var claimed = sequencer.Next();
        Assert.That(sequencer.IsAvailable(claimed), Is.False);
        Assert.That(sequencer.GetHighestPublishedSequence(claimed, claimed), Is.EqualTo(claimed - 1));
    }

    [Test]
    public void BarrierWaitsForPublicationNotForTheClaim()
    {
        var sequencer = new MultiProducerSequencer(8, new BusySpinWaitStrategy());
        var barrier = sequencer.NewBarrier(SequenceWaiterOwner.Unknown);
        var (first, second) = (sequencer.Next(), sequencer.Next());
        sequencer.Publish(second);
        Assert.That(barrier.WaitFor(first).UnsafeAvailableSequence, Is.EqualTo(second), "claimed");

        var published = -1L;
        var waiter = Await.Run(() => Volatile.Write(ref published, barrier.WaitForPublishedSequence(first).UnsafeAvailableSequence));
        Assert.That(waiter.Join(20), Is.False);
        sequencer.Publish(first);
        Await.Done(waiter, "the gap was closed");
        Assert.That(published, Is.EqualTo(second));
    }

    [Test]
    public void ClaimsOfSeveralThreadsNeverOverlap()
    {
        const int Threads = 4;
        const int PerThread = 50_000;
        var sequencer = new MultiProducerSequencer(1 << 18, new YieldingWaitStrategy());
        var owners = new int[Threads * PerThread * 2];
        var threads = Enumerable.Range(0, Threads).Select(_ => Await.Run(() =>
        {
            for (var i = 0; i < PerThread; i++)
            {
                var size = 1 + (i & 1);
                long hi;
                if ((i & 2) == 0)
                    hi = sequencer.Next(size);
                else if (!sequencer.TryNext(size, out hi))
                    continue;
                for (var sequence = hi - size + 1; sequence <= hi; sequence++)
                    Interlocked.Increment(ref owners[sequence]);
            }
        })).ToArray();
        foreach (var thread in threads)
            Await.Done(thread, "the claims were made");

        Assert.That(owners.Take((int)sequencer.Cursor + 1), Is.All.EqualTo(1));
        Assert.That(sequencer.Cursor + 1, Is.EqualTo(Threads * PerThread * 3 / 2));
    }
}
