using System;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Timers;
using LowLatencyMargin.Core.Waterfall;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>Sells what liquidation accounts took over, part by part (R-1106 c), never at a price that would leave them short.</summary>
[method: ColdPath]
public sealed class InventoryDisposal(ExchangeState state, Settlement settlement, MatchingEngine matching, Takeovers takeovers)
{
    private const int ChunkTrades = 8;

    private readonly LiquidationLimits _limits = new(state);

    /// <summary>The inventory or the rules of a market changed: a timer runs as long as there is something to sell.</summary>
    public void Follow(int marketId)
    {
        ref readonly MarketLiquidations market = ref state.Liquidations[marketId];
        bool sells = market.Rules.DisposalIntervalMs != 0 && !state.Markets[marketId].IsSpot
            && state.Positions[RowOf(marketId)].SizeLots != 0;
        if (sells && market.TimerPlace == 0)
        {
            state.Timers.Start(TimerKind.Inventory, marketId, state.TimeNs + (market.Rules.DisposalIntervalMs * 1_000_000L));
        }
        else if (!sells)
        {
            state.Timers.Stop(TimerKind.Inventory, marketId);
        }
    }

    /// <summary>One part.</summary>
    public void Run(int marketId)
    {
        int row = RowOf(marketId);
        ref readonly Market market = ref state.Markets[marketId];
        if (state.Positions[row].SizeLots != 0 && market.MarkTicks != 0 && MarketRules.Liquidates(market.State))
        {
            LossKind kind = state.Positions[row].SizeLots > 0 ? LossKind.Longs : LossKind.Shorts;
            Sell(row, in market);
            CoverIfFlat(row, kind);
            takeovers.KeepSurplus(marketId);
        }

        Follow(marketId);
    }

    /// <summary>With nothing left to sell, what other assets of the account do not cover is a shortfall.</summary>
    private void CoverIfFlat(int row, LossKind kind)
    {
        ref readonly Position position = ref state.Positions[row];
        long equity = Takeover.EquityOf(state, position.Market);
        if (position.SizeLots == 0 && equity < 0)
        {
            state.Accounts.Edit(position.Account).BalanceUnits -= equity;
            settlement.CoverShortfall(position.Market, position.Account, -equity, kind);
        }
    }

    private int RowOf(int marketId) => state.FindPosition(state.Markets[marketId].LiquidationAccount, marketId);

    private void Sell(int row, in Market market)
    {
        ref readonly Position position = ref state.Positions[row];
        bool sells = position.SizeLots > 0;
        long own = new Bankruptcy(in position, settlement.MarginBehind(in position, lessOtherRequirements: false), in market).PriceTicks(in market);
        long slip = Rate.OfRoundedDown(market.MarkTicks, market.Parameters.MaxSlippageRate);
        long limit = sells
            ? Math.Max(own, Math.Max(1, market.MarkTicks - slip))
            : Math.Min(own, Math.Min(Exact.MaxPriceTicks, market.MarkTicks + slip));
        long lots = _limits.LotsOfStage(row, limit);
        long id = lots == 0 ? 0 : ++state.LastLiquidationId;
        state.Touch(row);
        while (lots > 0 && state.WorkLeft > 0)
        {
            int trades = ChunkTrades;
            lots -= matching.Liquidate(row, id, limit, lots, ref trades, out _);
            matching.RunAftermath();
            settlement.Refresh();
            if (trades > 0)
            {
                return;
            }
        }
    }
}
