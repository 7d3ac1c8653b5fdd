namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>An event as the reference book expects it: six words like the exchange's, orders by object because their ids are learned.</summary>
internal sealed record BookEvent(EventType Type, long Market)
{
    public int Detail { get; init; }

    public EventFlags Flags { get; init; }

    public long A { get; init; }

    public long B { get; init; }

    public long C { get; init; }

    public long D { get; init; }

    public long E { get; init; }

    public long F { get; init; }

    /// <summary>One of several in no order that the text gives.</summary>
    public bool IsUnordered { get; init; }

    /// <summary>What the text allows in place of <see cref="F"/>; 0: nothing.</summary>
    public long OrF { get; init; }

    /// <summary>The order, or the taker.</summary>
    public BookOrder? Order { get; init; }

    /// <summary>The other order, or the maker.</summary>
    public BookOrder? Other { get; init; }
}
