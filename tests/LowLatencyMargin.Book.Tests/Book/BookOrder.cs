namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>An order of the reference book, from its acceptance to its end.</summary>
internal sealed class BookOrder
{
    /// <summary>The exchange's id, learned from OrderAccepted.</summary>
    public long Id { get; set; }

    /// <summary>The step that placed it, by which later steps name it.</summary>
    public int Tag { get; init; }

    public required BookRow Row { get; init; }

    public long ClientId { get; init; }

    public Side Side { get; init; }

    public OrderType Type { get; init; }

    public TimeInForce TimeInForce { get; init; }

    public SelfTradePrevention SelfTrade { get; init; }

    public OrderFlags Flags { get; init; }

    public int Slippage { get; init; }

    /// <summary>The limit that was asked for, before repricing.</summary>
    public long GivenPrice { get; init; }

    public long Price { get; set; }

    /// <summary>The quantity that was asked for, before a cut.</summary>
    public long GivenQuantity { get; init; }

    public long Quantity { get; set; }

    public long Leaves { get; set; }

    public long Display { get; set; }

    /// <summary>What the book shows of it: its turn ends when these have traded.</summary>
    public long Shown { get; set; }

    public long Expires { get; init; }

    /// <summary>Place of its expiry among the timers.</summary>
    public (long Due, long Set) Timer { get; set; }

    public TriggerKind Kind { get; init; }

    public TriggerSource Source { get; init; }

    /// <summary>What sets it off; 0: a trailing order that does not follow yet.</summary>
    public long Trigger { get; set; }

    public long TrailTicks { get; init; }

    public int TrailRate { get; init; }

    /// <summary>Price at which it begins to follow; 0: it follows.</summary>
    public long Activation { get; set; }

    public long Step { get; init; }

    /// <summary>The best price that it has seen.</summary>
    public long Best { get; set; }

    /// <summary>Turn among the orders of one trigger price.</summary>
    public long TriggerTurn { get; set; }

    /// <summary>Turn among the trailing orders of one threshold.</summary>
    public long FollowTurn { get; set; }

    public bool IsWaiting { get; set; }

    public bool WasTriggered { get; set; }

    public BookOrder? Linked { get; set; }

    public bool IsBracket { get; init; }

    /// <summary>A level of a mass quote.</summary>
    public bool IsQuote { get; init; }

    /// <summary>Its partner has traded or was triggered: it is cancelled when met, or after the trades.</summary>
    public bool IsDoomed { get; set; }

    /// <summary>In a book, or waiting.</summary>
    public bool IsOpen { get; set; }

    public OrderStatus Ending { get; set; }

    public BookAccount Account => Row.Account;

    public BookMarket Market => Row.Market;

    public long Filled => Quantity - Leaves;

    public bool IsBuy => Side == Side.Buy;

    public bool IsMarket => Type == OrderType.Market;

    public bool IsReduceOnly => Flags.HasFlag(OrderFlags.ReduceOnly);

    public bool IsPostOnly => Flags.HasFlag(OrderFlags.PostOnly);

    public bool Reprices => Flags.HasFlag(OrderFlags.Reprice);

    public bool IsProtected => Flags.HasFlag(OrderFlags.MakerProtected);

    public bool IsWhole => Flags.HasFlag(OrderFlags.WholePosition);

    public bool IsImmediate => IsMarket || TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill;

    public bool Trails => Kind is TriggerKind.TrailingStop or TriggerKind.TrailingTakeProfit;

    /// <summary>Set off by a price at or above its trigger; otherwise at or below.</summary>
    public bool TriggersRising => Kind == TriggerKind.TakeProfit ? !IsBuy : IsBuy;

    /// <summary>Whether its trigger lies at a price or on the far side of it.</summary>
    public bool IsReachedBy(long price) => Trigger != 0 && (TriggersRising ? price >= Trigger : price <= Trigger);

    /// <summary>A trailing sell follows rising prices, a buy falling ones.</summary>
    public long FollowsAt =>
        Activation != 0 ? Activation : IsBuy ? Best - Math.Max(1, Step) : Best + Math.Max(1, Step);

    /// <summary>Where the trigger stands at a best price.</summary>
    public long TriggerAt(long best)
    {
        long distance = TrailTicks != 0 ? TrailTicks : Math.Max(1, (long)(new Big(best) * TrailRate / Core.Numerics.Rate.Scale));
        return IsBuy ? best + distance : best - distance;
    }
}
