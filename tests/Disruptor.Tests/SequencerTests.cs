using Disruptor.Dsl;
using Disruptor.Tests.Support;

namespace Disruptor.Tests;

[TestFixture(ProducerType.Single)]
[TestFixture(ProducerType.Multi)]
[Description("Both sequencers keep the same promises: claims in order, never more than the ring holds ahead of the slowest consumer.")]
public sealed class SequencerTests(ProducerType type)
{
    private const int Size = 8;

    private ISequencer _sequencer = null!;

    [SetUp]
    public void MakeSequencer() => _sequencer = Make(Size);

    [TestCase(0)]
    [TestCase(-8)]
    [TestCase(3)]
    [TestCase(12)]
    public void SizeMustBeAPowerOfTwo(int size) => Assert.That(() => Make(size), Throws.ArgumentException);

    [Test]
    public void StartsEmpty()
    {
        Assert.That(_sequencer.BufferSize, Is.EqualTo(Size));
        Assert.That(_sequencer.Cursor, Is.EqualTo(-1));
        Assert.That(_sequencer.GetMinimumSequence(), Is.EqualTo(-1));
        Assert.That(_sequencer.GetRemainingCapacity(), Is.EqualTo(Size));
        Assert.That(_sequencer.IsAvailable(0), Is.False);
    }

    [Test]
    public void ClaimsFollowEachOther()
    {
        Gate(-1);
        Assert.That(_sequencer.Next(), Is.Zero);
        Assert.That(_sequencer.Next(3), Is.EqualTo(3));
        Assert.That(_sequencer.TryNext(out var fourth), Is.True);
        Assert.That(fourth, Is.EqualTo(4));
        Assert.That(_sequencer.TryNext(2, out var sixth), Is.True);
        Assert.That(sixth, Is.EqualTo(6));
        Assert.That(_sequencer.GetRemainingCapacity(), Is.EqualTo(1));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(Size + 1)]
    [TestCase(int.MinValue)]
    [TestCase(int.MaxValue)]
    public void ClaimsOfImpossibleSizeAreRefused(int n)
    {
        Assert.That(() => _sequencer.Next(n), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => _sequencer.TryNext(n, out _), Throws.InstanceOf<ArgumentException>());
        Assert.That(_sequencer.Next(), Is.Zero, "a refused claim takes nothing");
    }

    [Test]
    public void FullRingRefusesUntilTheSlowestConsumerMoves()
    {
        var fast = Gate(-1);
        var slow = Gate(-1);
        for (var i = 0; i < Size; i++)
            PublishNext();
        fast.SetValue(Size - 1);

        Assert.That(_sequencer.TryNext(out _), Is.False);
        Assert.That(_sequencer.HasAvailableCapacity(1), Is.False);
        Assert.That(_sequencer.GetRemainingCapacity(), Is.Zero);

        slow.SetValue(1);
        Assert.That(_sequencer.GetMinimumSequence(), Is.EqualTo(1));
        Assert.That(_sequencer.HasAvailableCapacity(2), Is.True);
        Assert.That(_sequencer.HasAvailableCapacity(3), Is.False);
        Assert.That(_sequencer.TryNext(3, out _), Is.False);
        Assert.That(_sequencer.TryNext(2, out var sequence), Is.True);
        Assert.That(sequence, Is.EqualTo(Size + 1));
        Assert.That(_sequencer.TryNext(out _), Is.False);
    }

    [Test]
    public void NextWaitsForTheSlowestConsumer()
    {
        var gate = Gate(-1);
        for (var i = 0; i < Size; i++)
            PublishNext();

        var claimed = -1L;
        var producer = Await.Run(() => Volatile.Write(ref claimed, _sequencer.Next()));
        Assert.That(producer.Join(20), Is.False, "no slot is free");
        gate.SetValue(0);
        Await.Done(producer, "the claim got through");
        Assert.That(claimed, Is.EqualTo(Size));
    }

    [Test]
    public void RangesBecomeAvailableWithTheirPublication()
    {
        Gate(-1);
        var hi = _sequencer.Next(4);
        Assert.That(_sequencer.IsAvailable(0), Is.False);
        _sequencer.Publish(0, hi);
        for (var sequence = 0L; sequence <= hi; sequence++)
            Assert.That(_sequencer.IsAvailable(sequence), Is.True);
        Assert.That(_sequencer.IsAvailable(hi + 1), Is.False);
        Assert.That(_sequencer.GetHighestPublishedSequence(0, hi), Is.EqualTo(hi));
        Assert.That(_sequencer.Cursor, Is.EqualTo(hi));
    }

    [Test]
    public void OverwrittenEventsAreNotAvailable()
    {
        for (var i = 0; i < Size + 2; i++)
            PublishNext();
        Assert.That(_sequencer.IsAvailable(0), Is.False);
        Assert.That(_sequencer.IsAvailable(1), Is.False);
        Assert.That(_sequencer.IsAvailable(2), Is.True);
        Assert.That(_sequencer.IsAvailable(Size + 1), Is.True);
    }

    [Test]
    public void GatesStartAtTheCursorAndCanBeRemoved()
    {
        PublishNext();
        PublishNext();
        var late = Gate(-1);
        Assert.That(late.Value, Is.EqualTo(1));
        Assert.That(_sequencer.RemoveGatingSequence(late), Is.True);
        Assert.That(_sequencer.RemoveGatingSequence(late), Is.False);
        for (var i = 0; i < 3 * Size; i++)
            PublishNext();
        Assert.That(_sequencer.Cursor, Is.EqualTo((3 * Size) + 1), "without gates nothing holds the producer");
    }

    [Test]
    public void AGateAddedLateHoldsTheProducerAtOnce()
    {
        // The producer has run without gates for laps: what it remembers of them must not let it pass this one.
        for (var i = 0; i < (5 * Size) + 3; i++)
            PublishNext();
        var gate = Gate(-1);
        var start = gate.Value;
        for (var i = 0; i < Size; i++)
        {
            Assert.That(_sequencer.TryNext(out var sequence), Is.True);
            _sequencer.Publish(sequence);
        }

        Assert.That(_sequencer.TryNext(out _), Is.False);
        Assert.That(_sequencer.Cursor, Is.EqualTo(start + Size));
    }

    [Test]
    public void ClaimSetsWhereTheNextClaimStarts()
    {
        _sequencer.Claim(9);
        _sequencer.Publish(9);
        Assert.That(_sequencer.Next(), Is.EqualTo(10));
    }

    private Sequence Gate(long value)
    {
        var gate = new Sequence(value);
        _sequencer.AddGatingSequences(gate);
        return gate;
    }

    private void PublishNext() => _sequencer.Publish(_sequencer.Next());

    private ISequencer Make(int size) => type == ProducerType.Single
        ? new SingleProducerSequencer(size, new YieldingWaitStrategy())
        : new MultiProducerSequencer(size, new YieldingWaitStrategy());
}
