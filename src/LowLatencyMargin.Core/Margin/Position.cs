using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Margin;

/// <summary>What one account has in one market: position, settings, and the sums of its orders. Two cache lines.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
public struct Position
{
    /// <summary>Account.</summary>
    public int Account;

    /// <summary>Market.</summary>
    public int Market;

    /// <summary>Size, negative when short.</summary>
    public long SizeLots;

    /// <summary>What it was entered for, 0 or more: with the size, the exact average entry .</summary>
    public long EntryCostUnits;

    /// <summary>What stands behind it: <see cref="MarginUnits"/> or <see cref="ShareUnits"/>, by its mode.</summary>
    private long _behindUnits;

    /// <summary>
    /// The market's funding index when it was settled last, in 10^-8 ticks; means nothing while it is flat. Spot: see <see cref="BaseHoldUnits"/>.
    /// </summary>
    public long FundingIndexE8;

    /// <summary>The sums of its orders.</summary>
    public OrderSums Orders;

    /// <summary>Order margin. Spot: what its buys hold of the quote asset.</summary>
    public long OrderMarginUnits;

    /// <summary>The part of it that is held from the pool.</summary>
    public long PoolHoldUnits;

    /// <summary>First of its orders.</summary>
    public int FirstOrder;

    /// <summary>Number of its orders.</summary>
    public int OpenOrders;

    /// <summary>Next row of the account.</summary>
    public int Next;

    /// <summary>Previous row of the account.</summary>
    public int Previous;

    /// <summary>Place in the liquidation index plus one; 0: not indexed.</summary>
    public int IndexPlace;

    /// <summary>1 / leverage rounded up, 0 when no leverage was set.</summary>
    public int LeverageRate;

    /// <summary>Leverage that was set, 0 for the market's own.</summary>
    public ushort Leverage;

    /// <summary>1: isolated.</summary>
    public byte IsIsolated;

    /// <summary>1: on the list of rows that this command touched.</summary>
    public byte IsTouched;

    /// <summary>Which heap of the index it is in: from 1 on longs and shorts of each tier in turn.</summary>
    public byte IndexSide;

    /// <summary>This command closed a position here: its <see cref="Events.PositionStatus"/>; else 0.</summary>
    public byte WasClosed;

    /// <summary>1: this command opened a position here; spot: it traded here.</summary>
    public byte WasOpened;

    /// <summary>What to look at before it trades; most have nothing.</summary>
    public Policy.Guards Guards;

    /// <summary>
    /// Isolated margin: money. Below zero only while profit of the position stands behind it. A cross row has none, and takes none: a row's mode is set
    /// before its margin.
    /// </summary>
    public long MarginUnits
    {
        readonly get => IsIsolated != 0 ? _behindUnits : 0;
        set => _behindUnits = IsIsolated != 0 ? value : _behindUnits;
    }

    /// <summary>
    /// Cross: the part of the pool that stands for this position. Not money: the shares add up to the pool, and while each covers its own
    /// position's requirement, the account's whole equity covers the whole requirement.
    /// </summary>
    public long ShareUnits
    {
        readonly get => _behindUnits;
        set => _behindUnits = value;
    }

    /// <summary>Spot: what its sells hold of the base asset.</summary>
    public long BaseHoldUnits
    {
        readonly get => FundingIndexE8;
        set => FundingIndexE8 = value;
    }

    /// <summary>Margin mode.</summary>
    public readonly MarginMode Mode => (MarginMode)IsIsolated;

    /// <summary>Size without sign.</summary>
    public readonly long AbsoluteLots => SizeLots < 0 ? -SizeLots : SizeLots;
}

/// <summary>What a position row needs seldom .</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public struct PositionDetail
{
    /// <summary>Id of the open position, or of the last one; of a pending hedge position from the start.</summary>
    public long PositionId;

    /// <summary>When it opened.</summary>
    public long OpenedNs;

    /// <summary>When it last traded.</summary>
    public long UpdatedNs;

    /// <summary>Profit booked since it opened.</summary>
    public long RealizedPnlUnits;

    /// <summary>Fees and penalties paid since it opened.</summary>
    public long FeeUnits;

    /// <summary>Liquidation that is under way, 0 when none is.</summary>
    public long LiquidationId;
}
