using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Something that is due at a moment.</summary>
internal sealed record ModelTimer(long TimeNs, long Set, Action<Outcome> Run);

/// <summary>The sale of what a market's liquidation account holds.</summary>
internal sealed class ModelInventory
{
    /// <summary>The next sale; null: none.</summary>
    public long? SellsNs { get; set; }

    /// <summary>When that was set, counted over all timers.</summary>
    public long Set { get; set; }
}

/// <summary>Stages of a market.</summary>
internal sealed partial class ModelMarket
{
    private const int StageLevels = 64;

    public ModelInventory Inventory { get; } = new();

    public long StageNs => LiquidationRules.DisposalIntervalMs * 1_000_000L;

    /// <summary>Lots of a stage at a price or better: a fraction of the position, at least one, and a share of the book's best levels.</summary>
    public Big LotsOfStage(ModelRow row, Big limit)
    {
        bool sells = row.Size.Sign > 0;
        Big depth = Book(sells ? Side.Buy : Side.Sell)
            .Where(order => sells ? order.Price >= limit : order.Price <= limit)
            .GroupBy(order => order.Price)
            .OrderBy(level => sells ? -level.Key : level.Key)
            .Take(StageLevels)
            .Aggregate(Big.Zero, (sum, level) => sum + level.Sum(order => order.Leaves));
        Big fraction = Big.Max(1, Rounding.RateDown(row.Lots, LiquidationRules.DisposalFractionRate));
        return Big.Min(fraction, Rounding.RateDown(depth, LiquidationRules.DisposalShareRate));
    }
}

/// <summary>Style `staged`, and the sale of inventory by the same rule (R-1106 c, docs/liquidation.md).</summary>
internal sealed partial class ModelExchange
{
    /// <summary>Behind a takeover, a sale, or other rules: there is a timer as long as there is something to sell.</summary>
    private void FollowInventory(ModelMarket market)
    {
        ModelInventory inventory = market.Inventory;
        bool sells = market.StageNs != 0 && market.HasPositions && !market.LiquidationAccount.Rows[market.Id].Size.IsZero;
        if (!sells)
        {
            inventory.SellsNs = null;
        }
        else if (inventory.SellsNs is null)
        {
            (inventory.SellsNs, inventory.Set) = (Now + market.StageNs, ++_timersSet);
        }
    }

    private void SellInventory(ModelMarket market, Outcome outcome)
    {
        market.Inventory.SellsNs = null;
        ModelRow row = market.LiquidationAccount.Rows[market.Id];
        if (!row.Size.IsZero && market.Mark != 0 && market.Liquidates)
        {
            bool sells = row.Size.Sign > 0;
            LossKind kind = KindOf(row.Size);
            Big own = Bankruptcy.Of(row).Limit;
            Big slip = Rounding.RateDown(market.Mark, market.Parameters.MaxSlippageRate);
            Big limit = sells ? Big.Max(own, Big.Max(1, market.Mark - slip)) : Big.Min(own, Big.Min(MaxField, market.Mark + slip));
            Big lots = market.LotsOfStage(row, limit);
            List<ModelRow> touched = [];
            List<(ModelAccount Maker, Big Lots)> makers = [];
            Big sold = Match(row, null, sells ? Side.Sell : Side.Buy, limit, lots, isLiquidation: true, touched, makers, outcome);
            outcome.InventorySales += sold.IsZero ? 0 : 1;
            row.Refresh();
            FollowPositions([.. touched.Where(other => other != row)], outcome);
            CoverPools(makers.Select(maker => maker.Maker.Id), market, outcome);
            if (row.Size.IsZero && row.Account.CrossEquity.Sign < 0)
            {
                Big loss = -row.Account.CrossEquity;
                row.Account.Pool += loss;
                CoverShortfall(row.Account, market, loss, kind, outcome);
            }

            KeepSurplus(market, outcome);
            Look(market);
        }

        FollowInventory(market);
    }

    /// <summary>What was due before a command comes before what it led to.</summary>
    public void TakeDue(Outcome due, Outcome outcome)
    {
        outcome.Take(due);
        _tradesSeen += outcome == due ? 0 : due.Trades.Count;
    }
}
