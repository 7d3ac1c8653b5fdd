using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Events;

/// <summary>PositionOpened, PositionUpdated, PositionClosed: a position as the command, or a step of a liquidation within it, left it.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct PositionChanged
{
    /// <summary>Header; its detail is the status.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Id of the position, new each time one opens from flat.</summary>
    public long PositionId;

    /// <summary>Size, negative when short.</summary>
    public long SizeLots;

    /// <summary>What it was entered for: with the size, the exact average entry .</summary>
    public long EntryCostUnits;

    /// <summary>Isolated margin.</summary>
    public long MarginUnits;

    /// <summary>Liquidation price, 0 when there is none.</summary>
    public long LiquidationPriceTicks;
}

/// <summary>Where a position stands; it only moves forward.</summary>
public enum PositionStatus : byte
{
    /// <summary>There is none.</summary>
    None = 0,

    /// <summary>Hedge mode: its first order has not filled yet.</summary>
    Pending = 1,

    /// <summary>Open.</summary>
    Open = 2,

    /// <summary>Open, and a close command's order for all of it has rested.</summary>
    Closing = 3,

    /// <summary>Closed by its owner.</summary>
    Closed = 4,

    /// <summary>Closed by an order that was set off as stop or trailing stop.</summary>
    StoppedOut = 5,

    /// <summary>Closed by a liquidation.</summary>
    Liquidated = 6,
}

/// <summary>The order accepted just before is for a hedge position.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct OrderAssigned
{
    /// <summary>Header; its detail is the position's status.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Order.</summary>
    public long OrderId;

    /// <summary>Position.</summary>
    public long PositionId;
}

/// <summary>PositionSplit, PositionsMerged: what went from one position of an account to another .</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct PositionDivided
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>The position that was split, or that stays.</summary>
    public long PositionId;

    /// <summary>The new position, or the one that ended.</summary>
    public long OtherPositionId;

    /// <summary>Size of the other one, negative when short.</summary>
    public long SizeLots;

    /// <summary>Its cost.</summary>
    public long EntryCostUnits;

    /// <summary>Its isolated margin.</summary>
    public long MarginUnits;
}

/// <summary>A position, or a part of it, went to another account at the mark .</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct PositionTransferred
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account that gave.</summary>
    public long AccountId;

    /// <summary>Account that received.</summary>
    public long ToAccountId;

    /// <summary>The giver's position.</summary>
    public long PositionId;

    /// <summary>Size moved, negative when short.</summary>
    public long SizeLots;

    /// <summary>Mark.</summary>
    public long PriceTicks;

    /// <summary>Profit that the giver realised.</summary>
    public long RealizedPnlUnits;
}

/// <summary>A scope fell below its requirement.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct LiquidationStarted
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Id of the liquidation.</summary>
    public long LiquidationId;

    /// <summary>Mark that set it off.</summary>
    public long MarkTicks;

    /// <summary>Size to close.</summary>
    public long SizeLots;

    /// <summary>Equity of the scope.</summary>
    public long EquityUnits;

    /// <summary>What it should have been.</summary>
    public long RequirementUnits;
}

/// <summary>What the book did not take at the bankruptcy price or better went to the liquidation account at that price.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct LiquidationTakeover
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account that was liquidated.</summary>
    public long AccountId;

    /// <summary>Id of the liquidation.</summary>
    public long LiquidationId;

    /// <summary>Size taken over, negative when short.</summary>
    public long SizeLots;

    /// <summary>What the liquidation account paid for it (received, for a short).</summary>
    public long CostUnits;

    /// <summary>Bankruptcy price, to the tick.</summary>
    public long BankruptcyPriceTicks;

    /// <summary>Profit booked to the owner.</summary>
    public long RealizedPnlUnits;
}

/// <summary>What a liquidation cost its owner, and who got it. Fee and penalty together never exceed what was left (R-1108, R-1109).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct PenaltyPaid
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account that paid.</summary>
    public long AccountId;

    /// <summary>Taker fee of what was closed on the book.</summary>
    public long FeeUnits;

    /// <summary>Penalty to the keeper.</summary>
    public long KeeperUnits;

    /// <summary>Penalty to the protocol.</summary>
    public long ProtocolUnits;

    /// <summary>Penalty to the insurance fund.</summary>
    public long InsuranceUnits;

    /// <summary>Penalty to the makers.</summary>
    public long MakersUnits;
}

/// <summary>A loss beyond the owner's money, and who bore it (R-1202, R-1203).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct ShortfallCovered
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account that caused it.</summary>
    public long AccountId;

    /// <summary>The loss.</summary>
    public long ShortfallUnits;

    /// <summary>Paid by the market's fund.</summary>
    public long InsuranceUnits;

    /// <summary>Recorded as bad debt of the market.</summary>
    public long BadDebtUnits;

    /// <summary>The market's fund after it.</summary>
    public long InsuranceBalanceUnits;

    /// <summary>Paid by the global layer; what is neither paid nor bad debt is shared.</summary>
    public long GlobalUnits;
}

/// <summary>A liquidation came to its end (R-1111).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct LiquidationFinished
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Id of the liquidation.</summary>
    public long LiquidationId;

    /// <summary>Closed on the book.</summary>
    public long ClosedLots;

    /// <summary>What that came to at the prices traded.</summary>
    public long ClosedNotionalUnits;

    /// <summary>Taken over.</summary>
    public long TakenOverLots;

    /// <summary>What was left to the owner.</summary>
    public long ReturnedUnits;
}
