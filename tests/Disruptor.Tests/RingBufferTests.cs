using System.Runtime.CompilerServices;
using Disruptor.Dsl;
using Disruptor.Tests.Support;

namespace Disruptor.Tests;

[TestFixture]
[Description("The ring: its slots are the events, stay where they are, wrap around, and are published by scopes.")]
public sealed class RingBufferTests
{
    [Test]
    public void FactoryFillsEverySlotOnce()
    {
        var made = 0L;
        var ring = ValueRingBuffer<Slot>.CreateMultiProducer(() => new Slot { Value = made++ }, 16);
        Assert.That(made, Is.EqualTo(16));
        for (var i = 0L; i < 16; i++)
            Assert.That(ring[i].Value, Is.EqualTo(i));
    }

    [Test]
    public void IndexerWrapsAndReturnsTheSlotItself()
    {
        var ring = Rings.Single(8);
        ring[3].Value = 33;
        Assert.That(ring[11].Value, Is.EqualTo(33));
        Assert.That(ring[3 + (8L << 32)].Value, Is.EqualTo(33));
        Assert.That(Unsafe.AreSame(ref ring[3], ref ring[(8L * 1_000_000_007) + 3]), Is.True);
        Assert.That(Unsafe.AreSame(ref ring[3], ref ring[4]), Is.False);
    }

    [Test]
    public unsafe void SlotsOfACacheLineAreCacheLines()
    {
        var ring = Rings.Single(8);
        for (var i = 0; i < 8; i++)
            Assert.That((long)Unsafe.AsPointer(ref ring[i]) % 64, Is.Zero);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(64)]
    [TestCase(1 << 16)]
    public void SlotsDoNotOverlapWhateverTheirSize(int size)
    {
        CheckDistinct<byte>(size, i => (byte)i);
        CheckDistinct<Odd>(size, i => new Odd { A = (byte)i, B = (short)i });
        CheckDistinct(size, i => (A: (long)i, B: (object)i));
        CheckBig(size);
    }

    [Test]
    public void SlotsWithReferencesKeepThemAlive()
    {
        var ring = ValueRingBuffer<(long Number, string Text)>.CreateSingleProducer(() => (0, new string('x', 3)), 64);
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            for (var slot = 0; slot < 64; slot++)
            {
                Assert.That(ring[slot].Text, Is.EqualTo("xxx"));
                ring[slot].Text = new string('x', 3);
            }
        }
    }

    [TestCase(ProducerType.Single)]
    [TestCase(ProducerType.Multi)]
    public void CreateMakesTheKindOfRingAskedFor(ProducerType type)
    {
        var ring = Rings.Make(type, 8);
        Assert.That(ring.Sequencer, Is.InstanceOf(type == ProducerType.Single ? typeof(SingleProducerSequencer) : typeof(MultiProducerSequencer)));
        Assert.That(ring.BufferSize, Is.EqualTo(8));
        Assert.That(ring.ToString(), Does.Contain("Slot").And.Contain("8"));
    }

    [Test]
    public void CreateRefusesUnknownKinds()
        => Assert.That(() => Rings.Make((ProducerType)7, 8), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void ShortConstructorsWork()
    {
        Assert.That(new ValueRingBuffer<Slot>(new SingleProducerSequencer(4)).BufferSize, Is.EqualTo(4));
        Assert.That(new ValueRingBuffer<Slot>(() => default, 4).Sequencer, Is.InstanceOf<MultiProducerSequencer>());
        Assert.That(new ValueRingBuffer<Slot>(() => new Slot { Value = 1 }, new MultiProducerSequencer(4))[0].Value, Is.EqualTo(1));
        Assert.That(ValueRingBuffer<Slot>.CreateSingleProducer(() => default, 4).Cursor, Is.EqualTo(-1));
    }

    [TestCase(ProducerType.Single)]
    [TestCase(ProducerType.Multi)]
    public void RingPassesClaimsAndPublicationsOn(ProducerType type)
    {
        var ring = Rings.Make(type, 8);
        var gate = new Sequence();
        ring.AddGatingSequences(gate);
        Assert.That(ring.Next(), Is.Zero);
        Assert.That(ring.Next(2), Is.EqualTo(2));
        Assert.That(ring.TryNext(out var third), Is.True);
        Assert.That(third, Is.EqualTo(3));
        Assert.That(ring.TryNext(2, out var fifth), Is.True);
        Assert.That(fifth, Is.EqualTo(5));
        Assert.That(ring.HasAvailableCapacity(2), Is.True);
        Assert.That(ring.HasAvailableCapacity(3), Is.False);
        Assert.That(ring.GetRemainingCapacity(), Is.EqualTo(2));
        ring.Publish(0);
        ring.Publish(1, 5);
        Assert.That(ring.Cursor, Is.EqualTo(5));
        Assert.That(ring.IsAvailable(5), Is.True);
        Assert.That(ring.GetMinimumGatingSequence(), Is.EqualTo(-1));
        Assert.That(ring.RemoveGatingSequence(gate), Is.True);
    }

    [TestCase(ProducerType.Single)]
    [TestCase(ProducerType.Multi)]
    public void ScopesPublishWhenTheyEnd(ProducerType type)
    {
        var ring = Rings.Make(type, 8);
        using (var scope = ring.PublishEvent())
        {
            scope.Event().Fill(7);
            Assert.That(scope.Sequence, Is.Zero);
            Assert.That(ring.IsAvailable(0), Is.False);
        }

        Assert.That(ring.IsAvailable(0), Is.True);
        using (var scope = ring.PublishEvents(3))
        {
            Assert.That((scope.StartSequence, scope.EndSequence), Is.EqualTo((1L, 3L)));
            for (var i = 0; i < 3; i++)
                scope.Event(i).Fill(10 + i);
            Assert.That(ring.IsAvailable(1), Is.False);
        }

        Assert.That(ring.IsAvailable(3), Is.True);
        Assert.That(new[] { ring[0].Value, ring[1].Value, ring[2].Value, ring[3].Value }, Is.EqualTo(new long[] { 7, 10, 11, 12 }));
    }

    [Test]
    public void AScopeLeftByAnExceptionPublishesNevertheless()
    {
        var ring = Rings.Single();
        Assert.That(
            () =>
            {
                using var scope = ring.PublishEvent();
                throw new FormatException();
            },
            Throws.InstanceOf<FormatException>());
        Assert.That(ring.Cursor, Is.Zero, "a slot claimed and never published would stop the ring for good");
    }

    [Test]
    public void ClaimedSlotCanBeSetBeforeUse()
    {
        var ring = Rings.Single(8);
        ring.ClaimAndGetPreallocated(20).Value = 5;
        ring.Publish(20);
        Assert.That(ring[20].Value, Is.EqualTo(5));
        Assert.That(ring.Next(), Is.EqualTo(21));
    }

    private static void CheckDistinct<T>(int size, Func<int, T> make)
        where T : struct
    {
        var ring = new ValueRingBuffer<T>(new SingleProducerSequencer(size));
        for (var i = 0; i < size; i++)
            ring[i] = make(i);
        for (var i = 0; i < size; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(ring[i], make(i)))
                Assert.Fail($"{typeof(T)} slot {i} of {size} was overwritten.");
        }
    }

    private static void CheckBig(int size)
    {
        var ring = new ValueRingBuffer<Big>(new SingleProducerSequencer(size));
        for (var i = 0; i < size; i++)
        {
            ring[i].A = i;
            ring[i].Room[300] = (byte)i;
            ring[i].Z = ~i;
        }

        for (var i = 0; i < size; i++)
        {
            if (ring[i].A != i || ring[i].Room[300] != (byte)i || ring[i].Z != ~i)
                Assert.Fail($"Big slot {i} of {size} was overwritten.");
        }
    }

    private struct Odd
    {
        public byte A;
        public short B;
    }

    private struct Big
    {
        public long A;
        public Room Room;
        public long Z;
    }

    [InlineArray(301)]
    private struct Room
    {
        public byte First;
    }
}
