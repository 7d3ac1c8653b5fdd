namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>An account of the reference book.</summary>
internal sealed class BookAccount(long id)
{
    public long Id { get; } = id;

    /// <summary>Its markets; the one it came to last stands last.</summary>
    public List<BookRow> Rows { get; } = [];

    public Dictionary<long, BookRow> All { get; } = [];

    public long Group { get; set; }

    public bool IsKilled { get; set; }

    /// <summary>By client id: open orders and those that ended lately.</summary>
    public Dictionary<long, BookOrder> Named { get; } = [];

    /// <summary>The limit of its own, when it has one.</summary>
    public SetRateLimit? OwnLimit { get; set; }

    public RateBudget Budget { get; } = new();

    /// <summary>The dead-man timer's place among the timers, 0 when it is stopped.</summary>
    public (long Due, long Set) DeadMan { get; set; }

    public bool DeadManSparesStops { get; set; }

    public BookRow Row(BookMarket market)
    {
        if (!All.TryGetValue(market.Id, out BookRow? row))
        {
            All.Add(market.Id, row = new BookRow(this, market));
        }

        return row;
    }

    public int OpenPositions => All.Values.Count(row => row.Size != 0);

    public bool IsSameOwner(BookAccount other) => this == other || (Group != 0 && Group == other.Group);
}
