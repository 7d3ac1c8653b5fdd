using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.MarketData;

namespace LowLatencyMargin.Core.Tests.MarketData;

/// <summary>Snapshots: whole or the best levels, in pieces, stale when the market moves on; and a view's limits.</summary>
[TestFixture]
internal sealed class SnapshotTests
{
    private MarketDataRig _rig = null!;
    private int _market;
    private int _maker;

    [SetUp]
    public void SetUp()
    {
        _rig = new MarketDataRig();
        _market = _rig.Market(TestExchange.Simple);
        _maker = _rig.Account(10_000_000);
        for (int i = 0; i < 5; i++)
        {
            _rig.Do(_rig.X.Buy(_maker, _market, 2 + i, 990 - i));
            _rig.Do(_rig.X.Buy(_maker, _market, 1, 990 - i));
            _rig.Do(_rig.X.Sell(_maker, _market, 3 + i, 1_010 + i));
        }
    }

    [TearDown]
    public void TearDown() => _rig.Dispose();

    [Test]
    [Description("R-1704: a snapshot is the same in pieces of any size, and says at which number it is exact and how many entries follow")]
    public void PiecesMakeTheWhole([Values] BookContent content)
    {
        Increment[] whole = Take(content, 0, 1_000);
        Assert.That(whole, Has.Length.EqualTo(content == BookContent.Orders ? 16 : 11));
        Assert.That(whole[0].Snapshot.Entries, Is.EqualTo(whole.Length - 1));
        Assert.That(whole[0].Snapshot.MarkTicks, Is.EqualTo(1_000));
        Assert.That(whole.Select(slot => slot.Header.Sequence), Is.All.EqualTo(_rig.Feed.SequenceOf(_market)));
        Assert.That(whole.Select(slot => slot.Header.Previous), Is.EqualTo(Enumerable.Range(0, whole.Length)));
        Assert.That(whole.Select(slot => (slot.Header.Flags & IncrementFlags.Last) != 0), Is.EqualTo(whole.Select((_, i) => i == whole.Length - 1)));
        for (int size = 1; size < whole.Length; size++)
        {
            Assert.That(Take(content, 0, size), Is.EqualTo(whole));
        }
    }

    [Test]
    [Description("R-1704: the best levels alone are a picture: right, and never continued by increments")]
    public void TheBestLevels()
    {
        Increment[] best = Take(BookContent.Levels, 2, 3);
        Assert.That(best.Skip(1).Select(slot => (slot.Header.Side, slot.Level.PriceTicks, slot.Level.Lots, slot.Level.Orders)), Is.EqualTo(new[]
        {
            (Side.Buy, 990L, 3L, 2), (Side.Buy, 989L, 4L, 2), (Side.Sell, 1_010L, 3L, 1), (Side.Sell, 1_011L, 4L, 1),
        }));
        using var view = new BookView(_market, orders: 8);
        foreach (Increment slot in best)
        {
            Assert.That(view.Apply(in slot), Is.EqualTo(ViewOutcome.Applied));
        }

        Assert.That(view.State, Is.EqualTo(ViewState.Part));
        Assert.That(view.BestTicks(Side.Sell), Is.EqualTo(1_010));
        _rig.Do(_rig.X.Buy(_maker, _market, 1, 995));
        Increment next = _rig.Increments[0];
        Assert.That(view.Apply(in next), Is.EqualTo(ViewOutcome.NotLive));
    }

    [Test]
    [Description("R-1704: a snapshot of an empty book is whole with its first slot; there is none of a market that isn't listed")]
    public void AnEmptyBook()
    {
        int empty = _rig.Market(TestExchange.Simple);
        Assert.That(_rig.Feed.TryBegin(empty, BookContent.Orders, 0, out BookSnapshot snapshot), Is.True);
        Increment[] slots = new Increment[4];
        Assert.That(_rig.Feed.Write(ref snapshot, []), Is.Zero);
        Assert.That(snapshot.IsWhole, Is.False);
        Assert.That(_rig.Feed.Write(ref snapshot, slots), Is.EqualTo(1));
        Assert.That(snapshot.IsWhole, Is.True);
        Assert.That(_rig.Feed.Write(ref snapshot, slots), Is.Zero);
        using var view = new BookView(empty, orders: 1);
        Assert.That(view.Apply(in slots[0]), Is.EqualTo(ViewOutcome.Applied));
        Assert.That(view.State, Is.EqualTo(ViewState.Live));
        Assert.That(_rig.Feed.TryBegin(empty + 1, BookContent.Orders, 0, out _), Is.False);
        Assert.That(_rig.Feed.TryBegin(0, BookContent.Orders, 0, out _), Is.False);
        Assert.That(_rig.Feed.TryBegin(-1, BookContent.Orders, 0, out _), Is.False);
        Assert.That(_rig.Feed.TryBegin(int.MaxValue, BookContent.Orders, 0, out _), Is.False);
    }

    [Test]
    [Description("R-1704: when the market moves before a snapshot is whole, it says so and writes no more")]
    public void AStaleSnapshot()
    {
        Assert.That(_rig.Feed.TryBegin(_market, BookContent.Orders, 0, out BookSnapshot snapshot), Is.True);
        Increment[] slots = new Increment[4];
        Assert.That(_rig.Feed.Write(ref snapshot, slots), Is.EqualTo(4));
        _rig.Do(_rig.X.Deposit(_maker, 1));
        Assert.That(_rig.Feed.Write(ref snapshot, slots), Is.EqualTo(4), "other business doesn't matter");
        _rig.Do(_rig.X.Buy(_maker, _market, 1, 900));
        Assert.That(_rig.Feed.Write(ref snapshot, slots), Is.Zero);
        Assert.That(snapshot.IsStale, Is.True);
        Assert.That(snapshot.IsWhole, Is.False);
    }

    [Test]
    [Description("R-1704: while a command is half told there is no snapshot")]
    public void NoSnapshotWithinACommand()
    {
        _ = _rig.X.Buy(_maker, _market, 1, 900);
        EventSlot half = _rig.X.Exchange.Events.Span[0];
        half.Header.Flags &= ~EventFlags.Last;
        Assert.That(_rig.Feed.TryBegin(_market, BookContent.Orders, 0, out BookSnapshot before), Is.True);
        var sink = default(CountingSink);
        _rig.Feed.OnEvents(new ReadOnlySpan<EventSlot>(in half), ref sink);
        Assert.That(_rig.Feed.TryBegin(_market, BookContent.Orders, 0, out _), Is.False);
        Assert.That(_rig.Feed.Write(ref before, new Increment[4]), Is.Zero);
        Assert.That(before.IsStale, Is.True);
    }

    [Test]
    [Description("R-1704: a view without room, or told of an order that it doesn't have, says so and is no book any more")]
    public void AViewThatCannotFollow()
    {
        Increment[] whole = Take(BookContent.Orders, 0, 100);
        using var small = new BookView(_market, orders: 10);
        Assert.That(whole.Select(slot => small.Apply(in slot)).First(outcome => outcome != ViewOutcome.Applied), Is.EqualTo(ViewOutcome.Full));
        Assert.That(small.State, Is.EqualTo(ViewState.Lost));

        using var view = new BookView(_market, orders: 32);
        Assert.That(view.Apply(in whole[1]), Is.EqualTo(ViewOutcome.NotLive));
        foreach (Increment slot in whole)
        {
            view.Apply(in slot);
        }

        _rig.Do(_rig.X.Buy(_maker, _market, 1, 900));
        Increment add = _rig.Increments[0];
        Increment wrong = add;
        wrong.Order.OrderId = whole[1].Order.OrderId;
        Assert.That(view.Apply(in wrong), Is.EqualTo(ViewOutcome.Diverged), "an order twice");
        Assert.That(view.State, Is.EqualTo(ViewState.Lost));
        foreach (Increment slot in whole)
        {
            Assert.That(view.Apply(in slot), Is.EqualTo(ViewOutcome.Applied));
        }

        Assert.That(view.Apply(in add), Is.EqualTo(ViewOutcome.Applied));
        Increment level = _rig.Increments[1];
        level.Level.Lots++;
        Assert.That(view.Apply(in level), Is.EqualTo(ViewOutcome.Diverged), "a level that its orders don't make");
    }

    private Increment[] Take(BookContent content, int depth, int size)
    {
        List<Increment> slots = [];
        Assert.That(_rig.Feed.TryBegin(_market, content, depth, out BookSnapshot snapshot), Is.True);
        Increment[] piece = new Increment[size];
        while (!snapshot.IsWhole)
        {
            int count = _rig.Feed.Write(ref snapshot, piece);
            Assert.That(count, Is.GreaterThan(0));
            slots.AddRange(piece.AsSpan(0, count));
        }

        return [.. slots];
    }
}
