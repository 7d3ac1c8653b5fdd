using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>How far the liquidation of a position is; by the index of its row, zero for the many that are not being liquidated.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct LiquidationProgress
{
    /// <summary>Lots closed so far on the book.</summary>
    public long ClosedLots;

    /// <summary>What they came to.</summary>
    public long ClosedUnits;

    /// <summary>Lots that keepers took over so far.</summary>
    public long KeptLots;

    /// <summary>Lots that the step under way is to close, 0: none is.</summary>
    public long StepLots;

    /// <summary>Lots that it has closed.</summary>
    public long StepClosedLots;

    /// <summary>What they came to.</summary>
    public long StepClosedUnits;

    /// <summary>Bankruptcy price at the beginning of the step.</summary>
    public long StepLimitTicks;

    /// <summary>Lots of the position then.</summary>
    public long BankruptLots;

    /// <summary>What they were worth at that price, exactly.</summary>
    public long BankruptUnits;

    /// <summary>When it goes on, 0: it does not wait.</summary>
    public long DueNs;

    /// <summary>The second of UTC that the limit below is for (R-1113); of hedge positions in their head.</summary>
    public long LimitSecond;

    /// <summary>Notional closed on the book in it.</summary>
    public long LimitUsedUnits;

    /// <summary>The keeper that is paid, 0: nobody is, or the queue says who.</summary>
    public int Keeper;

    /// <summary>First of the makers that share the penalty.</summary>
    public int FirstMaker;

    /// <summary>Place of its timer in the timer queue plus one, 0: it does not run.</summary>
    public int TimerPlace;

    /// <summary>What bounds the step.</summary>
    public LiquidationStepKind StepKind;

    /// <summary>1: the book has nothing more for the step.</summary>
    public byte IsExhausted;

    /// <summary>1: found healthy in a run that goes on, and out of the index until it ends.</summary>
    public byte IsDeferred;
}

/// <summary>What the liquidations of a market go by.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MarketLiquidations
{
    /// <summary>The rules.</summary>
    public LiquidationRules Rules;

    /// <summary>The second of UTC that the limit below is for.</summary>
    public long LimitSecond;

    /// <summary>Notional closed on the book in it.</summary>
    public long LimitUsedUnits;

    /// <summary>What a keeper commanded here and waits for its turn.</summary>
    public KeeperOrder Commanded;

    /// <summary>Place of the timer of its inventory in the timer queue plus one, 0: it does not run.</summary>
    public int TimerPlace;
}

/// <summary>What a keeper commanded; it runs when the command's own part is done, or with a later tick.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct KeeperOrder
{
    /// <summary>The position.</summary>
    public long PositionId;

    /// <summary>Row of the position, 0: nothing was commanded.</summary>
    public int Row;

    /// <summary>Keeper.</summary>
    public int Keeper;
}

/// <summary>A maker that a liquidation met, for its share of the penalty.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PenaltyMaker
{
    /// <summary>Lots traded with it.</summary>
    public long Lots;

    /// <summary>Account.</summary>
    public int Account;

    /// <summary>The next one of the liquidation.</summary>
    public int Next;
}

/// <summary>A registered keeper (R-1110).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Keeper
{
    /// <summary>What it was paid so far.</summary>
    public long RewardUnits;

    /// <summary>How often.</summary>
    public long Rewards;

    /// <summary>Its turn in the queue: grows by its weight with every reward, falls when it gets one.</summary>
    public long Credit;

    /// <summary>Liquidations that it commanded lately.</summary>
    public long Score;

    /// <summary>When the score was halved last.</summary>
    public long ScoredNs;

    /// <summary>Account.</summary>
    public int Account;
}
