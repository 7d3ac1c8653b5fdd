using System.Runtime.InteropServices;
using LowLatencyMargin.Core.MarketData;

namespace LowLatencyMargin.Core.Tests.MarketData;

/// <summary>What a consumer notices when increments are lost, doubled or out of order.</summary>
[TestFixture]
internal sealed class GapTests
{
    private const int Market = 1;

    public enum Fault
    {
        Drop,
        Double,
        Swap,
    }

    /// <summary>Which kinds reach the consumer.</summary>
    public enum Channel
    {
        Whole,
        OrdersAlone,
        LevelsAlone,
        OrdersAndTrades,
    }

    [Test]
    [Description("R-1704: an increment lost or swapped is noticed at the next one of its kind, a doubled one changes nothing; wherever it happens")]
    public void FaultsAreNoticed([Values] Fault fault, [Values] Channel channel)
    {
        (Increment[] snapshot, Increment[] increments, List<(Commands.Side, long, long, long)> expected) = Record(channel);
        var random = new SplitMix(99);
        for (int trial = 0; trial < 150; trial++)
        {
            int at = random.Below(increments.Length - 40);
            List<Increment> received = [.. increments];
            switch (fault)
            {
                case Fault.Drop:
                    received.RemoveAt(at);
                    break;
                case Fault.Double:
                    received.Insert(at, received[at]);
                    break;
                default:
                    (received[at], received[at + 1]) = (received[at + 1], received[at]);
                    break;
            }

            using var view = new BookView(Market, orders: 2_048, filtered: channel != Channel.Whole);
            (int noticed, ViewOutcome outcome) = Play(view, snapshot, received);
            if (fault == Fault.Double)
            {
                Assert.That(noticed, Is.EqualTo(at + 1));
                Assert.That(outcome, Is.EqualTo(ViewOutcome.Repeated));
                Assert.That(view.State, Is.EqualTo(ViewState.Live));
                AssertIs(view, expected);
                continue;
            }

            Assert.That(outcome, Is.EqualTo(ViewOutcome.Gap));
            Assert.That(view.State, Is.EqualTo(ViewState.Lost));
            int latest = fault == Fault.Swap ? at + 1 : received.FindIndex(at, next => next.Header.Kind == increments[at].Header.Kind);
            Assert.That(noticed, Is.InRange(at, channel == Channel.Whole ? at : latest));
        }
    }

    [Test]
    [Description("R-1704: without a fault each channel ends at the core's book: the tests above notice faults, not themselves")]
    public void WithoutFaultNothingIsNoticed([Values] Channel channel)
    {
        (Increment[] snapshot, Increment[] increments, List<(Commands.Side, long, long, long)> expected) = Record(channel);
        using var view = new BookView(Market, orders: 2_048, filtered: channel != Channel.Whole);
        Assert.That(Play(view, snapshot, increments).Noticed, Is.EqualTo(-1));
        AssertIs(view, expected);
    }

    [Test]
    [Description("R-1704: an entry of a snapshot lost, doubled or swapped is noticed; a lost view comes back with the next snapshot")]
    public void FaultsInSnapshotsAreNoticed([Values] Fault fault)
    {
        (Increment[] snapshot, Increment[] increments, List<(Commands.Side, long, long, long)> expected) = Record(Channel.Whole);
        Assert.That(snapshot, Has.Length.GreaterThan(20));
        using var view = new BookView(Market, orders: 2_048);
        for (int at = 1; at < snapshot.Length - 1; at++)
        {
            List<Increment> received = [.. snapshot];
            switch (fault)
            {
                case Fault.Drop:
                    received.RemoveAt(at);
                    break;
                case Fault.Double:
                    received.Insert(at, received[at]);
                    break;
                default:
                    (received[at], received[at + 1]) = (received[at + 1], received[at]);
                    break;
            }

            (int noticed, ViewOutcome outcome) = Play(view, [], received);
            Assert.That(noticed, Is.EqualTo(fault == Fault.Double ? at + 1 : at));
            Assert.That(outcome, Is.EqualTo(ViewOutcome.Gap));
            Assert.That(view.Apply(in increments[0]), Is.EqualTo(ViewOutcome.NotLive));
        }

        Assert.That(Play(view, snapshot, increments).Noticed, Is.EqualTo(-1));
        AssertIs(view, expected);
    }

    [Test]
    [Description("R-1704: increments up to the snapshot's number are in it; whoever kept them while he waited for it may hand them over")]
    public void OlderIncrementsAreInTheSnapshot()
    {
        using var rig = new MarketDataRig();
        CommandMix mix = rig.Mix(seed: 3);
        List<Increment> kept = [];
        for (int i = 0; i < 200; i++)
        {
            mix.Step();
            rig.Publish();
            kept.AddRange(rig.Increments);
        }

        BookView view = rig.Follow(Market, BookContent.Orders);
        foreach (Increment increment in kept.Where(increment => increment.Header.MarketId == Market))
        {
            Assert.That(view.Apply(in increment), Is.EqualTo(ViewOutcome.Repeated));
        }

        Assert.That(rig.Difference(), Is.Null);
    }

    [Test]
    [Description("R-1704: whatever bytes come, a view throws nothing; and a snapshot makes it the book again")]
    public void AnyBytes([Values(1UL, 2UL, 3UL)] ulong seed)
    {
        (Increment[] snapshot, Increment[] increments, List<(Commands.Side, long, long, long)> expected) = Record(Channel.Whole);
        var random = new SplitMix(seed);
        using var view = new BookView(Market, orders: 2_048);
        HashSet<ViewOutcome> seen = [];
        for (int trial = 0; trial < 300; trial++)
        {
            bool byLevel = random.Below(2) == 0;
            foreach (Increment slot in snapshot.Take(byLevel ? 1 : snapshot.Length).Concat(increments.Take(random.Below(60))))
            {
                Increment changed = slot;
                if (byLevel && slot.Header.Kind == IncrementKind.Snapshot)
                {
                    (changed.Snapshot.Content, changed.Snapshot.Entries) = (BookContent.Levels, 0);
                }

                if (random.Below(12) == 0)
                {
                    Span<byte> bytes = MemoryMarshal.AsBytes(new Span<Increment>(ref changed));
                    bytes[random.Below(bytes.Length)] ^= (byte)(1 << random.Below(8));
                }

                seen.Add(view.Apply(in changed));
            }
        }

        Assert.That(
            seen, Is.SupersetOf(new[] { ViewOutcome.Applied, ViewOutcome.Gap, ViewOutcome.Diverged, ViewOutcome.NotLive, ViewOutcome.OtherMarket }));
        Assert.That(Play(view, snapshot, increments).Noticed, Is.EqualTo(-1));
        AssertIs(view, expected);
    }

    /// <summary>A snapshot, all that came behind it, and the book at the end.</summary>
    private static (Increment[] Snapshot, Increment[] Increments, List<(Commands.Side, long, long, long)> Book) Record(Channel channel)
    {
        using var rig = new MarketDataRig();
        CommandMix mix = rig.Mix(seed: 5);
        for (int i = 0; i < 600; i++)
        {
            mix.Step();
            rig.Publish();
        }

        Increment[] slots = new Increment[1_024];
        BookContent content = channel == Channel.LevelsAlone ? BookContent.Levels : BookContent.Orders;
        Assert.That(rig.Feed.TryBegin(Market, content, 0, out BookSnapshot begun), Is.True);
        Increment[] snapshot = slots[..rig.Feed.Write(ref begun, slots)];
        List<Increment> increments = [];
        for (int i = 0; i < 1_500; i++)
        {
            mix.Step();
            rig.Publish();
            increments.AddRange(rig.Increments.Where(increment => increment.Header.MarketId == Market && IsIn(channel, increment.Header.Kind)));
        }

        List<(Commands.Side, long, long, long)> book = [];
        CoreBook.Orders(rig.X.State, Market, book);
        return (snapshot, [.. increments], book);
    }

    private static bool IsIn(Channel channel, IncrementKind kind) => channel switch
    {
        Channel.OrdersAlone => kind == IncrementKind.Order,
        Channel.LevelsAlone => kind == IncrementKind.Level,
        Channel.OrdersAndTrades => kind is IncrementKind.Order or IncrementKind.Trade,
        _ => true,
    };

    /// <summary>Where the first increment that was not applied stood, -1 when all were.</summary>
    private static (int Noticed, ViewOutcome Outcome) Play(BookView view, IEnumerable<Increment> snapshot, IEnumerable<Increment> received)
    {
        foreach (Increment slot in snapshot)
        {
            Assert.That(view.Apply(in slot), Is.EqualTo(ViewOutcome.Applied));
        }

        (int Noticed, ViewOutcome Outcome) first = (-1, ViewOutcome.Applied);
        int at = 0;
        foreach (Increment increment in received)
        {
            ViewOutcome outcome = view.Apply(in increment);
            if (outcome != ViewOutcome.Applied && first.Noticed < 0)
            {
                first = (at, outcome);
            }

            at++;
        }

        return first;
    }

    private static void AssertIs(BookView view, List<(Commands.Side, long, long, long)> expected)
    {
        Assert.That(CoreBook.Levels(view), Is.EqualTo(CoreBook.Levels(expected)));
        if (view.Content == BookContent.Orders)
        {
            List<(Commands.Side, long, long, long)> orders = [];
            CoreBook.Orders(view, orders);
            Assert.That(orders, Is.EqualTo(expected));
        }
    }
}
