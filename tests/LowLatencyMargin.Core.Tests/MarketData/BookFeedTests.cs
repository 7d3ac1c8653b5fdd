using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.MarketData;

namespace LowLatencyMargin.Core.Tests.MarketData;

/// <summary>What a few commands make of market data, increment by increment; and what the feed promises about itself.</summary>
[TestFixture]
internal sealed class BookFeedTests
{
    private MarketDataRig _rig = null!;
    private int _market;
    private int _maker;
    private int _taker;

    [SetUp]
    public void SetUp()
    {
        _rig = new MarketDataRig();
        _market = _rig.Market(TestExchange.Simple);
        _maker = _rig.Account(10_000_000);
        _taker = _rig.Account(10_000_000);
    }

    [TearDown]
    public void TearDown() => _rig.Dispose();

    [Test]
    [Description("R-1704: numbers begin at 1 with the listing and have no gaps; the last increment of a command is marked; links lead back by kind")]
    public void NumbersHaveNoGaps()
    {
        Assert.That(_rig.Feed.SequenceOf(_market), Is.EqualTo(2), "listed, marked");
        _rig.Do(_rig.X.Buy(_maker, _market, 5, 990));
        long id = _rig.X.LastOrderId;
        Assert.That(Told(), Is.EqualTo(new[] { $"3<0 Order Buy Add {id} 5 at 990", "4<0 Level Buy 5 in 1 at 990 Last" }));
        _rig.Do(_rig.X.Buy(_maker, _market, 7, 990));
        Assert.That(Told(), Is.EqualTo(new[] { $"5<3 Order Buy Add {_rig.X.LastOrderId} 7 at 990", "6<4 Level Buy 12 in 2 at 990 Last" }));
        _rig.Do(_rig.X.Mark(_market, 1_001));
        Assert.That(Told(), Is.EqualTo(new[] { "7<2 Status 1001 1001 Open Last" }));
        _rig.Do(_rig.X.Cancel(_maker, id));
        Assert.That(Told(), Is.EqualTo(new[] { $"8<5 Order Buy Remove {id} 0 at 990", "9<6 Level Buy 7 in 1 at 990 Last" }));
    }

    [Test]
    [Description("R-1301, R-1704: a sweep prints each trade, takes the makers out one by one, tells each level once, and then the rest of the taker")]
    public void ASweep()
    {
        _rig.Do(_rig.X.Sell(_maker, _market, 5, 1_000));
        long first = _rig.X.LastOrderId;
        _rig.Do(_rig.X.Sell(_maker, _market, 3, 1_000));
        long second = _rig.X.LastOrderId;
        _rig.Do(_rig.X.Sell(_maker, _market, 9, 1_001));
        long third = _rig.X.LastOrderId;
        _rig.Do(_rig.X.Buy(_taker, _market, 12, 1_001));
        Assert.That(Bodies(), Is.EqualTo(new[]
        {
            "Trade Buy 1 5 at 1000", $"Order Sell Remove {first} 0 at 1000", "Trade Buy 2 3 at 1000", $"Order Sell Remove {second} 0 at 1000",
            "Trade Buy 3 4 at 1001", $"Order Sell Change {third} 5 at 1001", "Level Sell 0 in 0 at 1000", "Level Sell 5 in 1 at 1001 Last",
        }));
        _rig.Do(_rig.X.Buy(_taker, _market, 8, 1_001));
        Assert.That(Bodies(), Is.EqualTo(new[]
        {
            "Trade Buy 4 5 at 1001", $"Order Sell Remove {third} 0 at 1001", $"Order Buy Add {_rig.X.LastOrderId} 3 at 1001",
            "Level Sell 0 in 0 at 1001", "Level Buy 3 in 1 at 1001 Last",
        }));
    }

    [Test]
    [Description("R-1305, R-1704: a decrease changes the order where it stands; an increase or another price puts it behind the queue")]
    public void Modifications()
    {
        _rig.Do(_rig.X.Buy(_maker, _market, 5, 990));
        long first = _rig.X.LastOrderId;
        _rig.Do(_rig.X.Buy(_maker, _market, 5, 990));
        BookView view = _rig.Follow(_market, BookContent.Orders);
        _rig.Do(_rig.X.Modify(_maker, first, 4, 0));
        Assert.That(Bodies(), Is.EqualTo(new[] { $"Order Buy Change {first} 4 at 990", "Level Buy 9 in 2 at 990 Last" }));
        Assert.That(view.OrderAt(view.FirstInQueue(Side.Buy, 990)).OrderId, Is.EqualTo(first));
        _rig.Do(_rig.X.Modify(_maker, first, 6, 0));
        Assert.That(Bodies(), Is.EqualTo(new[]
        {
            $"Order Buy Remove {first} 0 at 990", $"Order Buy Add {first} 6 at 990", "Level Buy 11 in 2 at 990 Last",
        }));
        Assert.That(view.OrderAt(view.FirstInQueue(Side.Buy, 990)).OrderId, Is.Not.EqualTo(first));
        _rig.Do(_rig.X.Modify(_maker, first, 0, 991));
        Assert.That(Bodies(), Is.EqualTo(new[]
        {
            $"Order Buy Remove {first} 0 at 990", $"Order Buy Add {first} 6 at 991", "Level Buy 5 in 1 at 990", "Level Buy 6 in 1 at 991 Last",
        }));
        Assert.That(_rig.Difference(), Is.Null);
    }

    [Test]
    [Description("R-1302, R-1704: orders that never rest leave prints alone; a command that changes nothing visible leaves nothing")]
    public void NothingToSee()
    {
        _rig.Do(_rig.X.Buy(_taker, _market, 5, 990, TimeInForce.ImmediateOrCancel));
        Assert.That(Bodies(), Is.Empty);
        _rig.Do(_rig.X.Sell(_maker, _market, 2, 1_000));
        _rig.Do(_rig.X.MarketOrder(_taker, _market, Side.Buy, 9));
        Assert.That(Bodies(), Has.Length.EqualTo(3));
        Assert.That(Bodies()[0], Is.EqualTo("Trade Buy 1 2 at 1000"));
        _rig.Do(_rig.X.Deposit(_taker, 5));
        Assert.That(Bodies(), Is.Empty);
    }

    [Test]
    [Description("R-1104, R-1704: what a liquidation trades is marked as such")]
    public void LiquidationsAreMarked()
    {
        int poor = _rig.Account(2_000);
        _rig.Do(_rig.X.Sell(_maker, _market, 10, 1_000));
        _rig.Do(_rig.X.Buy(poor, _market, 10, 1_000));
        _rig.Do(_rig.X.Buy(_maker, _market, 10, 900));
        _rig.Do(_rig.X.Mark(_market, 820));
        Assert.That(
            Bodies().Where(body => body.StartsWith("Trade", StringComparison.Ordinal)), Is.EqualTo(new[] { "Trade Sell 2 10 at 900 Liquidation" }));
    }

    [Test]
    [Description("R-104, R-1704: the same events give the same increments, byte for byte, however they are cut into pieces")]
    public void PiecesMakeNoDifference()
    {
        using var rig = new MarketDataRig();
        List<EventSlot> events = [];
        rig.Tamper = slots =>
        {
            events.AddRange(slots.Span);
            return slots.Length;
        };
        CommandMix mix = rig.Mix(seed: 21);
        for (int i = 0; i < 6_000; i++)
        {
            mix.Step();
            rig.Publish();
        }

        using var whole = new BookFeed(rig.X.State.Orders.Capacity, rig.X.State.Limits.MaxMarkets);
        using var pieces = new BookFeed(rig.X.State.Orders.Capacity, rig.X.State.Limits.MaxMarkets);
        EventSlot[] kept = [.. events];
        List<Increment> fromWhole = [];
        List<Increment> fromPieces = [];
        var wholeSink = new KeepingSink(fromWhole);
        var pieceSink = new KeepingSink(fromPieces);
        whole.OnEvents(kept, ref wholeSink);
        var random = new SplitMix(4);
        for (int at = 0; at < kept.Length;)
        {
            int count = Math.Min(kept.Length - at, 1 + random.Below(9));
            pieces.OnEvents(kept.AsSpan(at, count), ref pieceSink);
            at += count;
        }

        Assert.That(fromWhole, Has.Count.GreaterThan(3_000));
        ReadOnlySpan<byte> expected = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(fromWhole));
        Assert.That(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(fromPieces)).SequenceEqual(expected), Is.True);
    }

    [Test]
    [NonParallelizable]
    [Description("R-1704, hot-path rules: after warm-up the feed and a view allocate not one byte, over 60,000 commands with snapshots in between")]
    public void NothingIsAllocated()
    {
        using var rig = new MarketDataRig();
        CommandMix mix = rig.Mix(seed: 12);
        using var view = new BookView(1, rig.X.State.Orders.Capacity);
        var sink = new ViewSink { View = view };
        var slots = new Increment[256];
        long allocated = 0;
        for (int i = 0; i < 80_000; i++)
        {
            mix.Step();
            ReadOnlySpan<EventSlot> events = rig.X.Exchange.Events.Span;
            long before = GC.GetAllocatedBytesForCurrentThread();
            rig.Feed.OnEvents(events, ref sink);
            if (i % 1_000 == 0 && rig.Feed.TryBegin(1, BookContent.Orders, 0, out BookSnapshot snapshot))
            {
                for (int count = rig.Feed.Write(ref snapshot, slots); count > 0; count = rig.Feed.Write(ref snapshot, slots))
                {
                    for (int entry = 0; entry < count; entry++)
                    {
                        view.Apply(in slots[entry]);
                    }
                }
            }

            allocated += i < 20_000 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.That(allocated, Is.Zero);
        Assert.That(view.State, Is.EqualTo(ViewState.Live));
        Assert.That(sink.Applied, Is.GreaterThan(10_000));
    }

    [Test]
    [Description("R-1310, R-1704: a batch that empties more levels than there are orders does not run the feed out of rows")]
    public void ManyLevelsComeAndGoInOneCommand()
    {
        using var rig = new MarketDataRig(maxOrders: 2);
        int market = rig.Market(TestExchange.Simple);
        int account = rig.Account(10_000_000);
        _ = rig.Follow(market, BookContent.Orders);
        _ = rig.Follow(market, BookContent.Levels);

        // place 1, place 2, cancel 1, place 3, cancel 2, ...: each at a price of its own
        BatchItem[] items = new BatchItem[OrderBatch.MaxItems];
        items[0] = Place(1, 901);
        for (int i = 1; i < items.Length; i++)
        {
            items[i] = i % 2 == 1
                ? Place((i / 2) + 2, 902 + (i / 2))
                : new BatchItem { Action = BatchAction.Cancel, ClientOrderId = i / 2 };
        }

        Assert.That(items.Length / 2, Is.GreaterThan(2 * rig.X.State.Orders.Capacity));
        byte[] bytes = new byte[CommandHeader.MaxCommandBytes];
        ref OrderBatch batch = ref MemoryMarshal.AsRef<OrderBatch>(bytes.AsSpan());
        batch.Header.LengthBytes = (uint)(Unsafe.SizeOf<OrderBatch>() + (items.Length * Unsafe.SizeOf<BatchItem>()));
        batch.Header.Type = CommandType.OrderBatch;
        batch.Header.Version = Exchange.CommandVersion;
        batch.Header.Sequence = rig.X.Exchange.Sequence + 1;
        (batch.AccountId, batch.MarketId, batch.Count) = (account, market, (ushort)items.Length);
        MemoryMarshal.AsBytes(items.AsSpan()).CopyTo(bytes.AsSpan(Unsafe.SizeOf<OrderBatch>()));
        rig.Do(rig.X.Apply(bytes.AsSpan(0, (int)batch.Header.LengthBytes)));
        Assert.That(rig.X.Events<BatchFinished>(EventType.BatchFinished).Single().Refused, Is.Zero);
        Assert.That(rig.Difference(), Is.Null);
        Assert.That(rig.View.Orders, Is.EqualTo(1));
    }

    [Test]
    [Description("R-1704: a feed that misses a command stops instead of telling a wrong book")]
    public void AMissingCommandStopsTheFeed()
    {
        _ = _rig.X.Buy(_maker, _market, 5, 990);
        _ = _rig.X.Buy(_maker, _market, 5, 991);
        Assert.That(_rig.Publish, Throws.TypeOf<InvariantBrokenException>());
    }

    private string[] Told() =>
        [.. _rig.Increments.Select(increment => $"{increment.Header.Sequence}<{increment.Header.Previous} {Body(in increment)}")];

    private static BatchItem Place(long clientId, long ticks) =>
        new() { Action = BatchAction.Place, ClientOrderId = clientId, PriceTicks = ticks, QuantityLots = 1, Side = Side.Buy };

    private string[] Bodies() => [.. _rig.Increments.Select(increment => Body(in increment))];

    private static string Body(ref readonly Increment increment)
    {
        string body = increment.Header.Kind switch
        {
            IncrementKind.Order => $"Order {increment.Header.Side} {increment.Order.Change} {increment.Order.OrderId} {increment.Order.Lots}"
                + $" at {increment.Order.PriceTicks}",
            IncrementKind.Level => $"Level {increment.Header.Side} {increment.Level.Lots} in {increment.Level.Orders}"
                + $" at {increment.Level.PriceTicks}",
            IncrementKind.Trade => $"Trade {increment.Header.Side} {increment.Trade.TradeId} {increment.Trade.Lots} at {increment.Trade.PriceTicks}",
            _ => $"Status {increment.Status.MarkTicks} {increment.Status.IndexTicks} {increment.Status.State}",
        };
        return increment.Header.Flags == IncrementFlags.None ? body : $"{body} {increment.Header.Flags}";
    }

    private struct ViewSink : IMarketDataSink
    {
        public BookView View;
        public long Applied;

        public void OnIncrement(ref readonly Increment increment) => Applied += View.Apply(in increment) == ViewOutcome.Applied ? 1 : 0;
    }
}
