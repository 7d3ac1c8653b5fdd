using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>
/// How far a sale of collateral is, or a step of a loan's liquidation: what a liquidation has to know of itself besides <see cref="LiquidationProgress"/> to
/// go on where its work ended. There is one at most.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct ForcedSale
{
    /// <summary>Lots that are still to be traded.</summary>
    public long Lots;

    /// <summary>Lots traded so far.</summary>
    public long TradedLots;

    /// <summary>What they were traded for: the fee is rounded over all of it.</summary>
    public long TradedUnits;

    /// <summary>Worst price.</summary>
    public long LimitTicks;

    /// <summary>The liquidation that its trades name.</summary>
    public long LiquidationId;

    /// <summary>Of a loan: what is to be repaid.</summary>
    public long PartUnits;

    /// <summary>Of a loan: the bonus for all of that.</summary>
    public long BonusUnits;

    /// <summary>Of other collateral for loans: what the pool is to have.</summary>
    public long WantedUnits;

    /// <summary>Of other collateral for loans: what the pool had before.</summary>
    public long BeforeUnits;

    /// <summary>The asset sold; of a loan, the asset owed. 0: nothing is being sold.</summary>
    public int Asset;

    /// <summary>Of a loan: its row.</summary>
    public int Row;

    /// <summary>1: of a loan, one of its two debts is left to be tried when nothing can be done about this one.</summary>
    public byte HasOther;

    /// <summary>1: other collateral is being sold for loans.</summary>
    public byte Raises;

    /// <summary>One holding is sold; what it is sold for stands.</summary>
    internal void EndLots() => (Asset, Lots, TradedUnits, LimitTicks, LiquidationId) = (0, 0, 0, 0, 0);

    /// <summary>Adds it to a state hash.</summary>
    internal readonly void AddTo(ref Hash128 hash)
    {
        hash.Add((ulong)Lots);
        hash.Add((ulong)TradedLots);
        hash.Add((ulong)TradedUnits);
        hash.Add((ulong)LimitTicks);
        hash.Add((ulong)LiquidationId);
        hash.Add((ulong)PartUnits);
        hash.Add((ulong)BonusUnits);
        hash.Add((ulong)WantedUnits);
        hash.Add((ulong)BeforeUnits);
        hash.Add(((ulong)(uint)Asset << 32) | (uint)Row);
        hash.Add(HasOther | ((ulong)Raises << 8));
    }
}
