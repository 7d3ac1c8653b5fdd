using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Matching;

/// <summary>A new order that was checked, as matching takes it in.</summary>
public struct OrderPlan
{
    /// <summary>Account.</summary>
    public int Account;

    /// <summary>Market.</summary>
    public int Market;

    /// <summary>Row of both, 0 when there is none yet.</summary>
    public int Position;

    /// <summary>Buy or sell.</summary>
    public Side Side;

    /// <summary>Limit or market.</summary>
    public OrderType Type;

    /// <summary>How long it stands.</summary>
    public TimeInForce TimeInForce;

    /// <summary>Its marks, its own self-trade rule among them.</summary>
    public OrderMarks Marks;

    /// <summary>Slippage of a market order that waits.</summary>
    public int MaxSlippageRate;

    /// <summary>Limit; of a market order, the furthest price it may trade at; 0 while it waits.</summary>
    public long LimitTicks;

    /// <summary>Quantity.</summary>
    public long Lots;

    /// <summary>The client's name.</summary>
    public long ClientOrderId;

    /// <summary>What the order margin of the row becomes if it rests whole.</summary>
    public long OrderMarginUnits;

    /// <summary>When it ends, 0: never.</summary>
    public long ExpiresNs;

    /// <summary>Its terms, if it has some.</summary>
    public OrderTerms Terms;

    /// <summary>What its fills do to loans.</summary>
    public SideEffect Effect;

    /// <summary>Whether it trades with own funds when the pool can't lend.</summary>
    public bool OwnFundsIfNone;

    /// <summary>The row it is linked with, 0: none.</summary>
    public int Linked;

    /// <summary>Whether it is for a hedge position, or changes its row's mode or margin: <see cref="OrderScopes"/> knows more.</summary>
    public bool IsScoped;

    /// <summary>Whether it can only trade at once.</summary>
    public readonly bool IsImmediate =>
        Type == OrderType.Market || TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill;

    /// <summary>Whether it waits for a trigger.</summary>
    public readonly bool Waits => (Marks & OrderMarks.Waiting) != 0;

    /// <summary>Whether it needs a row of terms.</summary>
    public readonly bool HasTerms => (Marks & (OrderMarks.Waiting | OrderMarks.Expires | OrderMarks.Linked | OrderMarks.Iceberg | OrderMarks.Loans)) != 0;
}
