using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Events;

/// <summary>A position, or a part of it, was closed against a liquidation (R-1204).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct AutoDeleveraged
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>The holder.</summary>
    public long AccountId;

    /// <summary>The liquidation.</summary>
    public long LiquidationId;

    /// <summary>The holder's size before, negative when short.</summary>
    public long SizeLots;

    /// <summary>Lots closed.</summary>
    public long ClosedLots;

    /// <summary>What for.</summary>
    public long ValueUnits;

    /// <summary>Profit booked.</summary>
    public long RealizedPnlUnits;
}

/// <summary>What put the holder of the event before in its place: with that one all that the figures were made of (R-1208).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct AutoDeleverageInputs
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>The holder.</summary>
    public long AccountId;

    /// <summary>Mark.</summary>
    public long MarkTicks;

    /// <summary>Entry cost before.</summary>
    public long EntryCostUnits;

    /// <summary>Equity of the holder's scope before.</summary>
    public long EquityUnits;

    /// <summary>Score by these.</summary>
    public long Score;

    /// <summary>Place in the ranking, from 1.</summary>
    public long Place;
}

/// <summary>What the price of the event before was made of, and how many lots.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct AutoDeleveragePrice
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>The holder.</summary>
    public long AccountId;

    /// <summary>The holder's position.</summary>
    public long PositionId;

    /// <summary>The liquidation.</summary>
    public long LiquidationId;

    /// <summary>Value of the liquidated position, as far as it was left, at its bankruptcy price.</summary>
    public long BankruptcyUnits;

    /// <summary>Lots that were left of it.</summary>
    public long LeftLots;

    /// <summary>Lots of these that insurance carries.</summary>
    public long CarriedLots;
}

/// <summary>A loss is about to be shared: its detail says whose positions made it, 0: nobody's in particular (R-1206).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct LossSharingStarted
{
    /// <summary>Header; its detail is the kind of loss.</summary>
    public EventHeader Header;

    /// <summary>Mark.</summary>
    public long MarkTicks;

    /// <summary>The loss.</summary>
    public long LossUnits;

    /// <summary>Profits of all holders.</summary>
    public long TotalProfitUnits;

    /// <summary>Holders with profit.</summary>
    public long Holders;
}

/// <summary>A holder's share of a loss.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct LossSocialised
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>The holder.</summary>
    public long AccountId;

    /// <summary>The loss.</summary>
    public long LossUnits;

    /// <summary>Profits of all holders.</summary>
    public long TotalProfitUnits;

    /// <summary>The holder's own.</summary>
    public long ProfitUnits;

    /// <summary>What its scope has beyond its requirement.</summary>
    public long SlackUnits;

    /// <summary>Charged: the profit's part of the loss, no more than profit and slack.</summary>
    public long ChargedUnits;
}

/// <summary>A loss is shared.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct LossSharingEnded
{
    /// <summary>Header; its detail is the kind of loss.</summary>
    public EventHeader Header;

    /// <summary>Mark.</summary>
    public long MarkTicks;

    /// <summary>The loss.</summary>
    public long LossUnits;

    /// <summary>What the holders paid.</summary>
    public long CollectedUnits;

    /// <summary>What they did not.</summary>
    public long BadDebtUnits;

    /// <summary>What they paid more by roundings: the fund has it.</summary>
    public long InsuranceUnits;

    /// <summary>Holders charged.</summary>
    public long Holders;
}

/// <summary>The global layer paid for a market (R-1203); market 0 is nobody's.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct GlobalInsuranceUsed
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account that caused it.</summary>
    public long AccountId;

    /// <summary>Paid.</summary>
    public long AmountUnits;

    /// <summary>The global layer after it.</summary>
    public long BalanceUnits;
}

/// <summary>Profit of a liquidation account that went to its market's fund (R-1203).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct InsuranceSurplus
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>The liquidation account.</summary>
    public long AccountId;

    /// <summary>Its profit.</summary>
    public long AmountUnits;

    /// <summary>The fund after it.</summary>
    public long BalanceUnits;
}

/// <summary>A market has new loss rules.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct LossRulesSet
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>The rules.</summary>
    public LossRules Rules;
}
