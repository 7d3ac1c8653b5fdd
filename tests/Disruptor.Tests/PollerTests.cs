using Disruptor.Dsl;
using Disruptor.Tests.Support;

namespace Disruptor.Tests;

[TestFixture(ProducerType.Single)]
[TestFixture(ProducerType.Multi)]
[Description("Pollers: what a poll finds, where it stops, and that producers wait for a gating poller.")]
public sealed class PollerTests(ProducerType type)
{
    [Test]
    public void FindsNothingThenEventsThenNothing()
    {
        var ring = Rings.Make(type, 8);
        var poller = ring.NewPoller();
        var seen = new List<(long Value, long Sequence, bool End)>();
        Assert.That(Poll(), Is.EqualTo(EventPoller.PollState.Idle));
        ring.PublishMany(3);
        Assert.That(Poll(), Is.EqualTo(EventPoller.PollState.Processing));
        Assert.That(seen, Is.EqualTo(new[] { (0L, 0L, false), (1L, 1L, false), (2L, 2L, true) }));
        Assert.That(poller.Sequence.Value, Is.EqualTo(2));
        Assert.That(Poll(), Is.EqualTo(EventPoller.PollState.Idle));

        EventPoller.PollState Poll() => poller.Poll((ref slot, sequence, end) =>
        {
            seen.Add((slot.Value, sequence, end));
            return true;
        });
    }

    [Test]
    public void StopsWhereTheHandlerSaysSo()
    {
        var ring = Rings.Make(type, 8);
        var poller = ring.NewPoller();
        ring.PublishMany(5);
        Assert.That(poller.Poll((ref _, sequence, _) => sequence < 1), Is.EqualTo(EventPoller.PollState.Processing));
        Assert.That(poller.Sequence.Value, Is.EqualTo(1), "the event that made it stop is handled");
    }

    [Test]
    public void AnExceptionLeavesTheEventToTheNextPoll()
    {
        var ring = Rings.Make(type, 8);
        var poller = ring.NewPoller();
        ring.PublishMany(3);
        Assert.That(
            () => poller.Poll((ref _, sequence, _) => sequence == 2 ? throw new FormatException() : true),
            Throws.InstanceOf<FormatException>());
        Assert.That(poller.Sequence.Value, Is.EqualTo(1));
        Assert.That(poller.Poll((ref _, _, _) => true), Is.EqualTo(EventPoller.PollState.Processing));
        Assert.That(poller.Sequence.Value, Is.EqualTo(2));
    }

    [Test]
    public void DoesNotOvertakeTheConsumersBeforeIt()
    {
        var ring = Rings.Make(type, 8);
        var before = new Sequence();
        var poller = ring.NewPoller(before);
        ring.PublishMany(3);
        Assert.That(poller.Poll((ref _, _, _) => true), Is.EqualTo(EventPoller.PollState.Gating));
        before.SetValue(1);
        Assert.That(poller.Poll((ref _, _, _) => true), Is.EqualTo(EventPoller.PollState.Processing));
        Assert.That(poller.Sequence.Value, Is.EqualTo(1));
    }

    [Test]
    public void AClaimThatIsNotPublishedIsNotPolled()
    {
        var ring = Rings.Make(type, 8);
        var poller = ring.NewPoller();
        var claimed = ring.Next();
        var expected = type == ProducerType.Multi ? EventPoller.PollState.Gating : EventPoller.PollState.Idle;
        Assert.That(poller.Poll((ref _, _, _) => true), Is.EqualTo(expected));
        ring.Publish(claimed);
        Assert.That(poller.Poll((ref _, _, _) => true), Is.EqualTo(EventPoller.PollState.Processing));
    }

    [Test]
    public void ProducerAndPollerRunThroughTheRingManyTimes()
    {
        const int Events = 300_000;
        var ring = Rings.Make(type, 64);
        var poller = ring.NewPoller();
        ring.AddGatingSequences(poller.Sequence);
        var producer = Await.Run(() => ring.PublishMany(Events));
        var (next, faults) = (0L, 0L);
        while (next < Events)
        {
            var state = poller.Poll((ref slot, sequence, _) =>
            {
                if (!slot.IsWhole || slot.Value != next || sequence != next)
                    faults++;
                next++;
                return true;
            });
            if (state != EventPoller.PollState.Processing)
                Thread.Yield();
        }

        Await.Done(producer, "the producer ended");
        Assert.That(faults, Is.Zero);
    }

    [Test]
    public void CreateTakesTheSequencesGiven()
    {
        var ring = Rings.Make(type, 8);
        var own = new Sequence();
        var cursor = new Sequence(0);
        var poller = EventPoller.Create(ring, ring.Sequencer, own, cursor);
        ring.PublishOne();
        Assert.That(poller.Poll((ref _, _, _) => true), Is.EqualTo(EventPoller.PollState.Processing));
        Assert.That(poller.Sequence, Is.SameAs(own));
    }
}
