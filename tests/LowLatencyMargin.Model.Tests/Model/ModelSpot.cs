using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Spot orders: what they need, and what their fills move (docs/collateral.md).</summary>
internal sealed partial class ModelExchange
{
    /// <summary>Why an order can't be taken in, or null. The same for a changed order, whose old self is left out.</summary>
    private ResultCode? CheckSpot(ModelRow row, ModelOrder? replaced, Side side, Big lots, Big limit)
    {
        ModelAccount account = row.Account;
        ModelMarket market = row.Market;
        ModelAsset quote = Asset(market.QuoteAsset);
        ModelAsset goods = Asset(market.BaseAsset);
        Big notional = lots * limit * market.TickValue;
        Big loss;
        if (side == Side.Buy)
        {
            Big bought = row.Orders.Where(order => order.Side == Side.Buy && order != replaced)
                .Aggregate(notional, (sum, order) => sum + ((Big)order.Leaves * order.Price * market.TickValue));
            Big increase = row.QuoteHoldOf(bought) - row.QuoteHold;
            if (increase.Sign > 0 && increase > account.FreeOf(quote.Id))
            {
                return ResultCode.InsufficientBalance;
            }

            Big counted = account.CountedUnits(quote.Id);
            loss = increase.Sign <= 0 ? 0 : quote.Counted(counted, Purpose.Opening) - quote.Counted(counted - increase, Purpose.Opening);
        }
        else
        {
            Big added = (lots - (replaced?.Leaves ?? 0)) * market.BaseUnitsPerLot;
            if (added.Sign > 0 && added > account.FreeOf(goods.Id))
            {
                return ResultCode.InsufficientBalance;
            }

            Big units = lots * market.BaseUnitsPerLot;
            Big counted = account.CountedUnits(goods.Id);
            Big proceeds = notional - Rounding.RateUp(notional, market.Parameters.TakerFeeRate);
            Big held = account.CountedUnits(quote.Id);
            loss = goods.Counted(counted, Purpose.Opening) - goods.Counted(counted - units, Purpose.Opening)
                - (quote.Counted(held + proceeds, Purpose.Opening) - quote.Counted(held, Purpose.Opening));
        }

        return account.HasMargin && loss.Sign > 0 && loss > account.Available ? ResultCode.InsufficientMargin : null;
    }

    /// <summary>Moves base and quote of one side of a fill. What the incoming order may still need is kept from its fee.</summary>
    private static Big SettleSpot(ModelRow row, Side side, Big lots, Big units, Big feeRate, Big stillNeeded)
    {
        ModelAccount account = row.Account;
        ModelMarket market = row.Market;
        row.Refresh();
        Big moved = lots * market.BaseUnitsPerLot;
        Big fee = Rounding.RateUp(units, feeRate);
        if (side == Side.Buy)
        {
            account.Add(market.QuoteAsset, -units);
            fee = Big.Min(fee, Positive(account.FreeOf(market.QuoteAsset) - stillNeeded));
            account.Add(market.QuoteAsset, -fee);
            account.Add(market.BaseAsset, moved);
        }
        else
        {
            account.Add(market.BaseAsset, -moved);
            account.Add(market.QuoteAsset, units - fee);
        }

        market.Fees += fee;
        return fee;
    }
}
