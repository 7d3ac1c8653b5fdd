using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.MarketData;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests.MarketData;

/// <summary>
/// An exchange with two markets, a feed behind it from its first market on, and views behind the feed that begin with a snapshot at some moment
/// and are checked from there on.
/// </summary>
internal sealed class MarketDataRig : IDisposable
{
    private readonly List<Increment> _increments = [];
    private readonly List<Followed> _views = [];
    private readonly List<(Side, long, long, long)> _expected = [];
    private readonly List<(Side, long, long, long)> _actual = [];
    private readonly EventSlot[] _events;

    public MarketDataRig(int work = 1024, int maxOrders = 512)
    {
        X = new TestExchange(work, maxOrders);
        Feed = new BookFeed(X.State.Orders.Capacity, X.State.Limits.MaxMarkets);
        _events = new EventSlot[X.State.Events.Capacity];
    }

    public TestExchange X { get; }

    public BookFeed Feed { get; }

    /// <summary>Changes events on their way to the feed: returns how many are left. To plant faults.</summary>
    public Func<Memory<EventSlot>, int>? Tamper { get; set; }

    /// <summary>The first view that was followed.</summary>
    public BookView View => _views[0].View;

    /// <summary>The last command's increments.</summary>
    public IReadOnlyList<Increment> Increments => _increments;

    /// <summary>A new view of a market that begins with a snapshot of now.</summary>
    public BookView Follow(int market, BookContent content, bool filtered = false)
    {
        var view = new BookView(market, X.State.Orders.Capacity, filtered);
        Begin(view, content);
        _views.Add(new Followed(market, content, filtered, view));
        return view;
    }

    /// <summary>Gives a view a snapshot of now, in pieces of seven.</summary>
    public void Begin(BookView view, BookContent content)
    {
        Assert.That(Feed.TryBegin(view.MarketId, content, 0, out BookSnapshot snapshot), Is.True);
        Span<Increment> piece = new Increment[7];
        for (int count = Feed.Write(ref snapshot, piece); count > 0; count = Feed.Write(ref snapshot, piece))
        {
            foreach (ref readonly Increment slot in piece[..count])
            {
                Assert.That(view.Apply(in slot), Is.EqualTo(ViewOutcome.Applied));
            }
        }

        Assert.That(snapshot.IsWhole && !snapshot.IsStale, Is.True);
        Assert.That(view.State, Is.EqualTo(ViewState.Live));
        Assert.That(view.Sequence, Is.EqualTo(Feed.SequenceOf(view.MarketId)));
    }

    /// <summary>A market with a mark; its id.</summary>
    public int Market(MarketParameters parameters, long mark = 1_000)
    {
        ListMarket listing = TestExchange.Listing("M" + (X.State.Markets.HighWater + 1), parameters);
        Do(X.Send(ref listing, CommandType.ListMarket));
        int market = X.State.Markets.HighWater;
        Do(X.Liquidations(market, TestExchange.Whole));
        Do(X.FundingOff(market));
        Do(X.Mark(market, mark));
        return market;
    }

    /// <summary>An account with money; its id.</summary>
    public int Account(long deposit)
    {
        CreateAccount create = new() { OwnerId = 7 };
        Do(X.Send(ref create, CommandType.CreateAccount));
        int account = X.State.Accounts.HighWater;
        Do(X.Deposit(account, deposit));
        return account;
    }

    /// <summary>Two markets, accounts rich and poor, and a mix of commands for them.</summary>
    public CommandMix Mix(ulong seed, int accounts = 20)
    {
        MarketParameters parameters = MarketParameters.Default with { MaxOpenOrders = 60 };
        _ = Market(parameters);
        _ = Market(parameters with { MaintenanceMarginBase = MarginBase.Entry, SelfTrade = SelfTradePrevention.Decrement });
        X.TimeNs = CommandMix.StartNs;
        Do(X.Funding(1, FundingRules.Default with { CapRate = 10 * Rate.BasisPoint }));
        int first = X.State.Accounts.HighWater + 1;
        for (int i = 0; i < accounts; i++)
        {
            int account = Account(i % 2 == 1 ? 2_000_000 : 20_000);
            if (i % 4 == 0)
            {
                Do(X.Mode(account, 1, MarginMode.Isolated));
            }
        }

        return new CommandMix(X.Exchange, seed, first, accounts, 2);
    }

    /// <summary>Takes a command that must be accepted through feed and views.</summary>
    public void Do(ResultCode code)
    {
        TestExchange.Expect(ResultCode.Accepted, code);
        Publish();
    }

    /// <summary>Takes the events of the last command through feed and views.</summary>
    public void Publish()
    {
        _increments.Clear();
        var sink = new KeepingSink(_increments);
        ReadOnlySpan<EventSlot> events = X.Exchange.Events.Span;
        if (Tamper is not null)
        {
            events.CopyTo(_events);
            events = _events.AsSpan(0, Tamper(_events.AsMemory(0, events.Length)));
        }

        Feed.OnEvents(events, ref sink);
        foreach (Increment increment in _increments)
        {
            foreach (Followed followed in _views)
            {
                Take(followed, in increment);
            }
        }
    }

    /// <summary>What is wrong with a view, null when it is the core's book.</summary>
    public string? Difference()
    {
        foreach (Followed followed in _views)
        {
            if (followed.Fault is not null)
            {
                return followed.Fault;
            }

            CoreBook.Orders(X.State, followed.Market, _expected);
            if (followed.Content == BookContent.Orders)
            {
                CoreBook.Orders(followed.View, _actual);
                if (!_expected.SequenceEqual(_actual))
                {
                    int same = _expected.Zip(_actual).TakeWhile(pair => pair.First == pair.Second).Count();
                    return $"command {X.Exchange.Sequence}, market {followed.Market}: orders, first of them that differ\n"
                        + $"expected {string.Join(' ', _expected.Skip(same).Take(5))}\nbut was  {string.Join(' ', _actual.Skip(same).Take(5))}\n"
                        + string.Join('\n', EventTexts());
                }
            }

            ref readonly Matching.Market row = ref X.State.Markets[followed.Market];
            if (!followed.Filtered && followed.View.Status is var status
                && (status.MarkTicks != row.MarkTicks || status.IndexTicks != row.IndexTicks || status.State != row.State))
            {
                return $"command {X.Exchange.Sequence}, market {followed.Market}: {status.State}, mark {status.MarkTicks}, index {status.IndexTicks}";
            }

            if (!CoreBook.Levels(_expected).SequenceEqual(CoreBook.Levels(followed.View)))
            {
                return $"command {X.Exchange.Sequence}, market {followed.Market}: levels of a view by {followed.Content}";
            }
        }

        return null;
    }

    public void Dispose()
    {
        Feed.Dispose();
        foreach (Followed followed in _views)
        {
            followed.View.Dispose();
        }

        X.Dispose();
    }

    /// <summary>The last command's events of orders.</summary>
    private List<string> EventTexts()
    {
        List<string> texts = [];
        foreach (ref readonly EventSlot slot in X.Exchange.Events.Span)
        {
            ref readonly OrderChanged order = ref EventSlot.As<OrderChanged>(in slot);
            texts.Add($"{slot.Header.Type} {slot.Header.Flags} {slot.Header.Detail}: {order.AccountId} {order.OrderId} {order.ClientOrderId}"
                + $" {order.PriceTicks} {order.QuantityLots} {order.LeavesLots}");
        }

        return texts;
    }

    private static void Take(Followed followed, ref readonly Increment increment)
    {
        if (followed.Filtered && increment.Header.Kind != (followed.Content == BookContent.Orders ? IncrementKind.Order : IncrementKind.Level))
        {
            return;
        }

        ViewOutcome outcome = followed.View.Apply(in increment);
        if (outcome != (increment.Header.MarketId == followed.Market ? ViewOutcome.Applied : ViewOutcome.OtherMarket))
        {
            followed.Fault ??= $"increment {increment.Header.Sequence} of market {increment.Header.MarketId}: {outcome}";
        }

        long bid = followed.View.BestTicks(Side.Buy);
        long ask = followed.View.BestTicks(Side.Sell);
        if (bid != 0 && ask != 0 && bid >= ask)
        {
            followed.Fault ??= $"increment {increment.Header.Sequence} of market {increment.Header.MarketId}: crossed, {bid} and {ask}";
        }
    }

    private sealed class Followed(int market, BookContent content, bool filtered, BookView view)
    {
        public int Market => market;

        public BookContent Content => content;

        public bool Filtered => filtered;

        public BookView View => view;

        public string? Fault { get; set; }
    }
}
