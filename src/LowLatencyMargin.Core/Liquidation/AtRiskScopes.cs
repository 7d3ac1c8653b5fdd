using System;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>A position near its liquidation (R-1805).</summary>
/// <param name="row">Row of the position.</param>
/// <param name="equityUnits">Equity of its scope.</param>
/// <param name="requirementUnits">What that is held against.</param>
/// <param name="notionalUnits">The position at the mark.</param>
/// <param name="isLiquidatable">Whether it could be liquidated now.</param>
public readonly struct AtRiskScope(int row, long equityUnits, long requirementUnits, long notionalUnits, bool isLiquidatable)
{
    /// <summary>Row of the position.</summary>
    public int Row { get; } = row;

    /// <summary>Equity of its scope.</summary>
    public long EquityUnits { get; } = equityUnits;

    /// <summary>What that is held against.</summary>
    public long RequirementUnits { get; } = requirementUnits;

    /// <summary>The position at the mark.</summary>
    public long NotionalUnits { get; } = notionalUnits;

    /// <summary>Whether it could be liquidated now.</summary>
    public bool IsLiquidatable { get; } = isLiquidatable;

    /// <summary>What the scope has beyond its requirement.</summary>
    public long SpareUnits => EquityUnits - RequirementUnits;

    /// <summary>Whether it is nearer to its trigger than another one: less to spare for its notional, then the lower row.</summary>
    public bool IsNearer(in AtRiskScope other)
    {
        Int128 own = (Int128)SpareUnits * other.NotionalUnits;
        Int128 others = (Int128)other.SpareUnits * NotionalUnits;
        return own != others ? own < others : Row < other.Row;
    }
}

/// <summary>What keepers look at: the positions of a market whose scope would be liquidatable if the mark moved against them a little more.</summary>
public static class AtRiskScopes
{
    /// <summary>Fills in the nearest ones; how many there are room or reason for. A query: it walks all rows and changes nothing.</summary>
    /// <param name="state">State.</param>
    /// <param name="marketId">Market.</param>
    /// <param name="withinRate">How far the mark may be from the trigger, as a rate of the mark.</param>
    /// <param name="found">Room for them, the nearest first.</param>
    [ColdPath]
    public static int Find(ExchangeState state, int marketId, int withinRate, Span<AtRiskScope> found)
    {
        int count = 0;
        for (int row = 1; row <= state.Positions.HighWater; row++)
        {
            ref readonly Position position = ref state.Positions[row];
            bool isOpen = position.Market == marketId && position.SizeLots != 0 && state.Markets[marketId].MarkTicks != 0
                && state.Accounts[position.Account].IsLiquidationAccount == 0;
            if (isOpen && IsWithin(state, row, withinRate, out AtRiskScope scope))
            {
                count = Insert(in scope, count, found);
            }
        }

        return count;
    }

    private static bool IsWithin(ExchangeState state, int row, int withinRate, out AtRiskScope scope)
    {
        ref readonly Position position = ref state.Positions[row];
        ref readonly Market market = ref state.Markets[position.Market];
        long notional = Requirements.Notional(position.AbsoluteLots, market.MarkTicks, in market);
        long requirement = Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);
        long equity = position.MarginUnits + Requirements.UnrealizedPnl(in position, in market);
        bool mustExceed = market.Parameters.Trigger == Commands.LiquidationTrigger.Reaches;
        if (position.IsIsolated == 0)
        {
            AccountFigures figures = AccountFigures.Of(state, position.Account);
            equity = figures.BackingUnits;
            requirement = figures.RequirementUnits;
            mustExceed = figures.MustExceed;
        }

        long step = Rate.OfRoundedUp(market.MarkTicks, withinRate);
        long ticks = Math.Clamp(position.SizeLots > 0 ? market.MarkTicks - step : market.MarkTicks + step, 1, Exact.MaxPriceTicks);
        Int128 moved = (Int128)position.AbsoluteLots * ticks * market.TickValueUnits;
        Int128 loss = position.SizeLots > 0 ? notional - moved : moved - notional;
        long movedNotional = (long)Int128.Min(moved, Exact.MaxMoneyUnits);
        long change = Requirements.RequirementOf(movedNotional, position.EntryCostUnits, in market)
            - Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);
        scope = new AtRiskScope(row, equity, requirement, notional, equity < requirement + (mustExceed ? 1 : 0));
        return equity - loss < (Int128)requirement + change + (mustExceed ? 1 : 0);
    }

    private static int Insert(in AtRiskScope scope, int count, Span<AtRiskScope> found)
    {
        int at = count;
        while (at > 0 && scope.IsNearer(in found[at - 1]))
        {
            at--;
        }

        if (at == found.Length)
        {
            return count;
        }

        int kept = Math.Min(count, found.Length - 1);
        found[at..kept].CopyTo(found[(at + 1)..]);
        found[at] = scope;
        return kept + 1;
    }
}
