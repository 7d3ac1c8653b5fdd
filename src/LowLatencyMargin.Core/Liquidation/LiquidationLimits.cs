using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>How much of a position may go to the book now: the limits of a second (R-1113), and those of a stage (R-1106).</summary>
[method: ColdPath]
public sealed class LiquidationLimits(ExchangeState state)
{
    private const long SecondNs = 1_000_000_000;

    /// <summary>Levels of the book that a stage counts.</summary>
    private const int StageLevels = 64;

    /// <summary>When the next second begins.</summary>
    public long NextSecondNs => ((state.TimeNs / SecondNs) + 1) * SecondNs;

    /// <summary>Lots of a position that may be closed on the book in this second; all if there is no limit.</summary>
    public long LotsNow(int index)
    {
        ref readonly Position position = ref state.Positions[index];
        ref readonly MarketLiquidations market = ref state.Liquidations[position.Market];
        long lots = position.AbsoluteLots;
        if ((market.Rules.AccountLimitUnits | market.Rules.MarketLimitUnits) == 0)
        {
            return lots;
        }

        ref readonly LiquidationProgress own = ref state.LiquidationProgress[HeadOf(index)];
        long second = state.TimeNs / SecondNs;
        long ownUsed = own.LimitSecond == second ? own.LimitUsedUnits : 0;
        long used = market.LimitSecond == second ? market.LimitUsedUnits : 0;
        return Math.Min(
            Lots(in position, market.Rules.AccountLimitUnits, ownUsed, isFirst: ownUsed == 0),
            Lots(in position, market.Rules.MarketLimitUnits, used, isFirst: used == 0));
    }

    /// <summary>Counts what was closed.</summary>
    public void Count(int index, long lots)
    {
        int marketId = state.Positions[index].Market;
        ref readonly LiquidationRules rules = ref state.Liquidations[marketId].Rules;
        if ((rules.AccountLimitUnits | rules.MarketLimitUnits) == 0 || lots == 0)
        {
            return;
        }

        long second = state.TimeNs / SecondNs;
        ref readonly Market row = ref state.Markets[marketId];
        long units = Requirements.Notional(lots, row.MarkTicks, in row);
        ref MarketLiquidations market = ref state.Liquidations.Edit(marketId);
        market.LimitUsedUnits = units + (market.LimitSecond == second ? market.LimitUsedUnits : 0);
        market.LimitSecond = second;
        ref LiquidationProgress own = ref state.LiquidationProgress.Edit(HeadOf(index));
        own.LimitUsedUnits = units + (own.LimitSecond == second ? own.LimitUsedUnits : 0);
        own.LimitSecond = second;
    }

    /// <summary>Lots of a stage: a fraction of the position, and a share of what the best levels of the book have at the price or better.</summary>
    public long LotsOfStage(int index, long limitTicks)
    {
        ref readonly Position position = ref state.Positions[index];
        ref readonly LiquidationRules rules = ref state.Liquidations[position.Market].Rules;
        long fraction = Math.Max(1, Exact.MultiplyDivideDown(position.AbsoluteLots, rules.DisposalFractionRate, Rate.Scale));
        bool sells = position.SizeLots > 0;
        PriceLadder ladder = state.Books[position.Market].Of(sells ? Side.Buy : Side.Sell);
        long depth = 0;
        int levels = 0;
        for (long ticks = ladder.BestTicks; ticks != 0 && levels < StageLevels; ticks = ladder.NextWorse(ticks))
        {
            if (sells ? ticks < limitTicks : ticks > limitTicks)
            {
                break;
            }

            depth += ladder.At(ticks).Lots;
            levels++;
        }

        return Math.Min(fraction, Exact.MultiplyDivideDown(depth, rules.DisposalShareRate, Rate.Scale));
    }

    private int HeadOf(int index) => state.FindPosition(state.Positions[index].Account, state.Positions[index].Market);

    private long Lots(in Position position, long limitUnits, long usedUnits, bool isFirst)
    {
        if (limitUnits == 0)
        {
            return position.AbsoluteLots;
        }

        ref readonly Market market = ref state.Markets[position.Market];
        long lots = Math.Max(0, limitUnits - usedUnits) / Requirements.Notional(1, market.MarkTicks, in market);
        return isFirst ? Math.Max(lots, (position.AbsoluteLots + 9) / 10) : lots;
    }
}
