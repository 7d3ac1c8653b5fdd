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

    public Breaker Breaker { get; } = new();

    /// <summary>The end of the breaker's halt among the timers.</summary>
    public (long Due, long Set) Resumes { get; set; }

    public long OpenInterest { get; set; }

    public long Insurance { get; set; }

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

    public void SetPrice(TriggerSource source, long price)
    {
        int at = (int)source;
        Prices[at] = price;
        Moves[at] = Moves[at] is { } move ? (Math.Min(move.Low, price), Math.Max(move.High, price)) : (price, price);
    }
}
