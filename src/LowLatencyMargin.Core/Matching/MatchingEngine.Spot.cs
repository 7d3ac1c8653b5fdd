using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Matching;

/// <summary>What trades of spot markets have beyond others: fees from what is free, loans, and sales for liquidations of loans.</summary>
public sealed partial class MatchingEngine
{
    /// <summary>
    /// Trades for a liquidation at once, as far as the book goes within a limit, paying the taker fee like anybody; with so many trades at most: a chunk,
    /// whatever work is left.
    /// </summary>
    /// <param name="index">Row that trades.</param>
    /// <param name="side">Its side.</param>
    /// <param name="lots">Lots to trade.</param>
    /// <param name="limitTicks">Worst price.</param>
    /// <param name="liquidationId">Id of the liquidation.</param>
    /// <param name="trades">Most trades; what is left of them.</param>
    /// <param name="tradedUnits">What earlier chunks traded for, and this one.</param>
    /// <returns>Lots traded.</returns>
    public long TradeAtOnce(int index, Side side, long lots, long limitTicks, long liquidationId, ref int trades, ref long tradedUnits)
    {
        ref readonly Position position = ref _positions[index];
        var taker = new IncomingOrder
        {
            Position = index,
            Account = position.Account,
            Side = side,
            SelfTrade = SelfTradePrevention.None,
            LimitTicks = limitTicks,
            LeavesLots = lots,
            TradedUnits = tradedUnits,
            OrderId = liquidationId,
            FeeRate = _markets[position.Market].Parameters.TakerFeeRate,
            Flags = EventFlags.Liquidation,
        };
        OrderBook book = _state.Books[position.Market];
        if (book.Crosses(side, limitTicks))
        {
            var handler = new ChunkHandler(this, position.Market, trades);
            book.Match(ref taker, ref handler);
            trades = handler.TradesLeft;
        }

        tradedUnits = taker.TradedUnits;
        return taker.TradedLots;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PrepareSpot(
        in Order maker, in IncomingOrder taker, SideEffect makerEffect, SideEffect takerEffect, long lots, long notional, int takerRate,
        ref long makerFee, ref long takerFee)
    {
        ref Position position = ref _positions.Edit(maker.Position);
        ref readonly Market market = ref _markets[position.Market];
        var trade = new SpotTrade
        {
            MakerRow = maker.Position,
            MakerSide = maker.Side,
            MakerEffect = makerEffect,
            TakerEffect = takerEffect,
            Lots = lots,
            NotionalUnits = notional,
            HoldUnits = maker.Side == Side.Buy ? lots * maker.HoldTicks * market.TickValueUnits : 0,
        };
        _settlement.Spot.Prepare(ref position, in trade, in taker, in market, takerRate, ref makerFee, ref takerFee);
    }

    /// <summary>What the fills of an order do to loans (R-1007).</summary>
    private SideEffect EffectOf(in Order order) => order.Has(OrderMarks.Loans) ? _state.OrderTerms[order.Terms].Effect : SideEffect.None;
}
