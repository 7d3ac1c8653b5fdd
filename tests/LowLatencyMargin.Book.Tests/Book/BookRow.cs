namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>What an account has in a market.</summary>
internal sealed class BookRow(BookAccount account, BookMarket market)
{
    public BookAccount Account { get; } = account;

    public BookMarket Market { get; } = market;

    public long Size { get; private set; }

    public Big Cost { get; private set; }

    /// <summary>Open orders, resting and waiting, the oldest first.</summary>
    public List<BookOrder> Orders { get; } = [];

    public bool IsKilled { get; set; }

    public SetMakerProtection Protection { get; set; }

    public bool IsProtectionOn => Protection.QuantityLots != 0 || Protection.DeltaLots != 0 || Protection.Fills != 0;

    public long WindowStart { get; set; } = -1;

    public long WindowLots { get; set; }

    public long WindowDelta { get; set; }

    public long WindowFills { get; set; }

    public long FrozenUntil { get; set; }

    /// <summary>Protection was exceeded by this command: protected orders are passed over.</summary>
    public bool IsTripped { get; set; }

    /// <summary>What the position lets a reduce-only order of a side have.</summary>
    public long Reducible(Side side) => side == Side.Buy ? Math.Max(0, -Size) : Math.Max(0, Size);

    public long RestingLots(Side side) =>
        Orders.Where(order => !order.IsWaiting && !order.IsReduceOnly && order.Side == side).Sum(order => order.Leaves);

    public bool IsEmpty => Size == 0 && Orders.Count == 0 && !IsProtectionOn && !IsKilled;

    /// <summary>Books a trade: what closes takes its part of the cost, rounded against the owner; what opens adds its notional.</summary>
    public void Trade(Side side, long lots, long price)
    {
        long closing = Math.Min(lots, Reducible(side));
        if (closing > 0)
        {
            long held = Math.Abs(Size);
            Big released = closing == held ? Cost : Size > 0 ? ((Cost * closing) + held - 1) / held : Cost * closing / held;
            Cost -= released;
            Size += side == Side.Buy ? closing : -closing;
        }

        long opening = lots - closing;
        Cost += new Big(opening) * price * Market.TickValue;
        Size += side == Side.Buy ? opening : -opening;
    }
}
