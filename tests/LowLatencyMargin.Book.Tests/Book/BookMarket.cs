namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>A market of the reference book: two sorted lists, the waiting orders, and prices.</summary>
internal sealed class BookMarket(long id, MarketParameters parameters, long tickValue)
{
    public const long MaxTicks = (1L << 40) - 1;

    public long Id { get; } = id;

    public MarketParameters Parameters { get; set; } = parameters;

    public long TickValue { get; } = tickValue;

    public MarketState State { get; set; }

    /// <summary>Buys, in the order in which they trade.</summary>
    public List<BookOrder> Bids { get; } = [];

    /// <summary>Sells, in the order in which they trade.</summary>
    public List<BookOrder> Asks { get; } = [];

    public List<BookOrder> Waiting { get; } = [];

    public bool IsKilled { get; set; }

    /// <summary>Prices by source: mark, last, index; 0: none yet.</summary>
    public long[] Prices { get; } = new long[3];

    /// <summary>The extremes of each price since triggers last looked at it.</summary>
    public (long Low, long High)?[] Moves { get; } = new (long Low, long High)?[3];

    /// <summary>The extremes that trailing orders have yet to follow.</summary>
    public (long Low, long High)?[] Unfollowed { get; } = new (long Low, long High)?[3];

    public Breaker Breaker { get; } = new();

    /// <summary>The end of the breaker's halt among the timers.</summary>
    public (long Due, long Set) Resumes { get; set; }

    public long OpenInterest { get; set; }

    public long Insurance { get; set; }

    /// <summary>Whether a mark was set; before that, the last trade serves as mark.</summary>
    public bool HasMark { get; set; }

    public long Mark => Prices[(int)TriggerSource.Mark];

    public List<BookOrder> SideOf(Side side) => side == Side.Buy ? Bids : Asks;

    public List<BookOrder> Against(Side side) => side == Side.Buy ? Asks : Bids;

    public bool Crosses(Side side, long price) =>
        Against(side) is [{ } best, ..] && (side == Side.Buy ? price >= best.Price : price <= best.Price);

    /// <summary>At the end of the queue of its price.</summary>
    public void Insert(BookOrder order)
    {
        List<BookOrder> queue = SideOf(order.Side);
        int low = 0;
        int high = queue.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            bool isAhead = order.IsBuy ? queue[middle].Price >= order.Price : queue[middle].Price <= order.Price;
            (low, high) = isAhead ? (middle + 1, high) : (low, middle);
        }

        queue.Insert(low, order);
    }

    /// <summary>When triggers were to be looked at first, among the markets of one command; 0: not now.</summary>
    public long MovedTurn { get; set; }

    /// <summary>Forgets a move that nothing may be set off by.</summary>
    public void Forget(TriggerSource source) => Moves[(int)source] = Unfollowed[(int)source] = null;

    /// <summary>Triggers are to be compared with the prices of this moment.</summary>
    public void CompareAgain()
    {
        for (int at = 0; at < Prices.Length; at++)
        {
            Moves[at] = Unfollowed[at] = Prices[at] == 0 ? null : (Prices[at], Prices[at]);
        }
    }

    public void SetPrice(TriggerSource source, long price)
    {
        int at = (int)source;
        Prices[at] = price;
        Moves[at] = Widened(Moves[at], price);
        Unfollowed[at] = Widened(Unfollowed[at], price);
    }

    private static (long Low, long High) Widened((long Low, long High)? move, long price) =>
        move is { } known ? (Math.Min(known.Low, price), Math.Max(known.High, price)) : (price, price);
}
