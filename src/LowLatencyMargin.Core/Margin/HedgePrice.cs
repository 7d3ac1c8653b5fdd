using System;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Margin;

/// <summary>
/// The liquidation price that the cross positions of a hedge account share in a market: its mark moves all of them, so no single one has a
/// price of its own. Found by the equity test itself, tick by tick in halves; equity less requirement bends only one way over the price, so on each
/// side of a healthy mark the test flips at most once.
/// </summary>
internal static class HedgePrice
{
    /// <summary>Of the market of a cross position; 0: none.</summary>
    public static long Of(ExchangeState state, in Position position)
    {
        Market market = state.Markets[position.Market];
        long mark = market.MarkTicks;
        AccountFigures figures = AccountFigures.Of(state, position.Account);
        if (figures.IsLiquidatable)
        {
            return mark;
        }

        long size = 0;
        long lots = 0;
        long equity = figures.EquityUnits;
        long requirement = figures.RequirementUnits;
        int first = state.FirstHedge(position.Account, position.Market);
        for (int row = first; row != 0; row = state.NextHedge(row))
        {
            ref readonly Position held = ref state.Positions[row];
            if (held.IsIsolated == 0 && held.SizeLots != 0)
            {
                size += held.SizeLots;
                lots += held.AbsoluteLots;
                equity -= Requirements.UnrealizedPnl(in held, in market);
                requirement -= Requirements.Requirement(held.AbsoluteLots, held.EntryCostUnits, in market);
            }
        }

        // beyond this no mark is taken
        long highest = Math.Min(Exact.MaxPriceTicks, Exact.MaxNotionalUnits / (lots * market.TickValueUnits));
        var elsewhere = new Elsewhere(state, first, equity, requirement, figures.MustExceed);
        long below = elsewhere.IsLiquidatable(1, ref market) ? elsewhere.Flip(mark, 1, ref market) : 0;
        long above = highest > mark && elsewhere.IsLiquidatable(highest, ref market) ? elsewhere.Flip(mark, highest, ref market) : 0;
        long hurts = size > 0 ? below : above;
        return hurts != 0 ? hurts : below + above;
    }

    /// <summary>What the account has besides its positions in this market.</summary>
    private readonly struct Elsewhere(ExchangeState state, int first, long equityUnits, long requirementUnits, bool mustExceed)
    {
        /// <summary>Whether the account would be liquidated with the market's mark at a price.</summary>
        public bool IsLiquidatable(long ticks, ref Market market)
        {
            market.MarkTicks = ticks;
            long equity = equityUnits;
            long requirement = requirementUnits;
            for (int row = first; row != 0; row = state.NextHedge(row))
            {
                ref readonly Position held = ref state.Positions[row];
                if (held.IsIsolated == 0 && held.SizeLots != 0)
                {
                    equity += Requirements.UnrealizedPnl(in held, in market);
                    requirement += Requirements.Requirement(held.AbsoluteLots, held.EntryCostUnits, in market);
                }
            }

            return mustExceed ? equity <= requirement : equity < requirement;
        }

        /// <summary>The price nearest to a healthy one at which the account is liquidated.</summary>
        public long Flip(long healthy, long liquidated, ref Market market)
        {
            while (Math.Abs(liquidated - healthy) > 1)
            {
                long middle = healthy + ((liquidated - healthy) / 2);
                if (IsLiquidatable(middle, ref market))
                {
                    liquidated = middle;
                }
                else
                {
                    healthy = middle;
                }
            }

            return liquidated;
        }
    }
}
