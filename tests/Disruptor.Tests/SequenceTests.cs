using System.Reflection;
using System.Runtime.InteropServices;

namespace Disruptor.Tests;

[TestFixture]
[Description("Sequence: its value, its atomic operations, its distance from its neighbours, and the order of what it publishes.")]
public sealed class SequenceTests
{
    [Test]
    public void StartsBeforeTheFirstEvent()
    {
        Assert.That(Sequence.InitialCursorValue, Is.EqualTo(-1));
        Assert.That(new Sequence().Value, Is.EqualTo(-1));
        Assert.That(new Sequence(7).Value, Is.EqualTo(7));
    }

    [Test]
    public void SetsAddsAndCompares()
    {
        var sequence = new Sequence();
        sequence.SetValue(5);
        Assert.That(sequence.Value, Is.EqualTo(5));
        sequence.SetValueVolatile(6);
        Assert.That(sequence.Value, Is.EqualTo(6));
        Assert.That(sequence.IncrementAndGet(), Is.EqualTo(7));
        Assert.That(sequence.AddAndGet(10), Is.EqualTo(17));
        Assert.That(sequence.CompareAndSet(16, 1), Is.False);
        Assert.That(sequence.CompareAndSet(17, 1), Is.True);
        Assert.That(sequence.ToString(), Is.EqualTo("1"));
    }

    [Test]
    public void HasItsCacheLinePairForItself()
    {
        var layout = typeof(Sequence).StructLayoutAttribute!;
        var field = typeof(Sequence).GetField("_value", BindingFlags.Instance | BindingFlags.NonPublic)!;
        var offset = field.GetCustomAttribute<FieldOffsetAttribute>()!.Value;

        // The object's header and the next object's take 8 bytes each: 120 and 8 make 128 on either side.
        Assert.That(offset, Is.GreaterThanOrEqualTo(120));
        Assert.That(layout.Size - offset - sizeof(long), Is.GreaterThanOrEqualTo(120));
    }

    [Test]
    public void AdditionsFromSeveralThreadsAreNotLost()
    {
        const int PerThread = 200_000;
        var sequence = new Sequence(0);
        Parallel.For(0, 4, _ =>
        {
            for (var i = 0; i < PerThread; i++)
                sequence.IncrementAndGet();
        });
        Assert.That(sequence.Value, Is.EqualTo(4 * PerThread));
    }

    [Test]
    public void WhatIsWrittenBeforeIsSeenAfter()
    {
        const long Rounds = 1_000_000;
        var sequence = new Sequence(0);
        var payload = new long[1];
        var late = 0L;
        var reader = new Thread(() =>
        {
            long seen;
            do
            {
                seen = sequence.Value;
                if (payload[0] < seen)
                    late++;
            }
            while (seen < Rounds);
        });
        reader.Start();
        for (var i = 1L; i <= Rounds; i++)
        {
            payload[0] = i;
            sequence.SetValue(i);
        }

        reader.Join();
        Assert.That(late, Is.Zero);
    }
}
