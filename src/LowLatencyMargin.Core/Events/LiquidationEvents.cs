using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Events;

/// <summary>A market has new rules for its liquidations; what does not fit follows in a second event whose detail is 1.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct LiquidationRulesSet
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Positions are closed in parts.</summary>
    public byte Partial;

    /// <summary>Who closes.</summary>
    public LiquidationStyle Style;

    /// <summary>Whose money follows isolated margin.</summary>
    public IsolatedRecourse Recourse;

    /// <summary>Who looks for scopes.</summary>
    public KeeperLoop KeeperLoop;

    /// <summary>Smallest part.</summary>
    public int PartialMinFractionRate;

    /// <summary>Target of a part.</summary>
    public int PartialTargetRate;

    /// <summary>Largest stage, of the position.</summary>
    public int DisposalFractionRate;

    /// <summary>Largest stage, of the book.</summary>
    public int DisposalShareRate;

    /// <summary>Time between stages.</summary>
    public int DisposalIntervalMs;

    /// <summary>Smallest notional closed in parts.</summary>
    public long PartialMinNotionalUnits;

    /// <summary>Limit of an account in a second.</summary>
    public long AccountLimitUnits;

    /// <summary>Limit of the market in a second.</summary>
    public long MarketLimitUnits;
}

/// <summary>The rest of a market's rules (detail 1).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct LiquidationRulesRest
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Refund of a keeper's cost.</summary>
    public long KeeperCostRefundUnits;
}

/// <summary>What a liquidation that has just started stands on (R-1111); right behind its <see cref="LiquidationStarted"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct LiquidationScope
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Id of the liquidation.</summary>
    public long LiquidationId;

    /// <summary>Id of the position.</summary>
    public long PositionId;

    /// <summary>What it was entered for.</summary>
    public long EntryCostUnits;

    /// <summary>The money that stands behind it.</summary>
    public long MarginUnits;

    /// <summary>Bankruptcy price, to the tick.</summary>
    public long BankruptcyPriceTicks;

    /// <summary>The keeper that commanded it, 0: the engine found it.</summary>
    public long KeeperId;
}

/// <summary>A step of a liquidation; the header's detail is its <see cref="LiquidationStepKind"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct LiquidationStep
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Id of the liquidation.</summary>
    public long LiquidationId;

    /// <summary>Lots that it was to close.</summary>
    public long MeantLots;

    /// <summary>Lots that it closed.</summary>
    public long ClosedLots;

    /// <summary>What they came to.</summary>
    public long ClosedUnits;

    /// <summary>Equity of the scope then.</summary>
    public long EquityUnits;

    /// <summary>Its requirement then.</summary>
    public long RequirementUnits;
}

/// <summary>What bounds a step of a liquidation.</summary>
public enum LiquidationStepKind : byte
{
    /// <summary>A part that reaches the target.</summary>
    Part = 0,

    /// <summary>The whole position.</summary>
    Whole = 1,

    /// <summary>A stage.</summary>
    Stage = 2,

    /// <summary>A keeper took it over at the mark.</summary>
    Keeper = 3,

    /// <summary>The limit of a second.</summary>
    Limit = 4,
}

/// <summary>A liquidation waits.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct LiquidationWaits
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Id of the liquidation.</summary>
    public long LiquidationId;

    /// <summary>Size that is left.</summary>
    public long SizeLots;

    /// <summary>When it goes on.</summary>
    public long UntilNs;

    /// <summary>Equity of the scope.</summary>
    public long EquityUnits;

    /// <summary>Its requirement.</summary>
    public long RequirementUnits;
}

/// <summary>An account joined the keepers' queue, or left it.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct KeeperRegistered
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>1: joined.</summary>
    public long On;
}

/// <summary>A keeper got its share of a penalty (R-1108, R-1110).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct KeeperRewarded
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>The keeper's account.</summary>
    public long KeeperId;

    /// <summary>Id of the liquidation.</summary>
    public long LiquidationId;

    /// <summary>Account that was liquidated.</summary>
    public long AccountId;

    /// <summary>The reward.</summary>
    public long RewardUnits;

    /// <summary>The refund in it.</summary>
    public long RefundUnits;

    /// <summary>Score of a registered keeper.</summary>
    public long Score;
}

/// <summary>A loss beyond isolated margin was taken from its owner's wallet (R-1201).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct RecourseTaken
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Id of the liquidation, 0: its owner closed it.</summary>
    public long LiquidationId;

    /// <summary>The loss.</summary>
    public long ShortfallUnits;

    /// <summary>The part taken.</summary>
    public long TakenUnits;

    /// <summary>The pool after it.</summary>
    public long BalanceUnits;
}

/// <summary>What fee and penalty of a liquidation were made of (R-1108, R-1109); right behind its <see cref="PenaltyPaid"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct PenaltyTerms
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Id of the liquidation.</summary>
    public long LiquidationId;

    /// <summary>All lots that it closed, at the mark.</summary>
    public long NotionalUnits;

    /// <summary>What fee and penalty could be taken from.</summary>
    public long LeftUnits;

    /// <summary>Smallest penalty.</summary>
    public long MinPenaltyUnits;

    /// <summary>What the keeper got before the penalty was shared out.</summary>
    public long RefundUnits;

    /// <summary>Fee rate of what was closed on the book.</summary>
    public int FeeRate;

    /// <summary>Penalty rate.</summary>
    public int PenaltyRate;
}
