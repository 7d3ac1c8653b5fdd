using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>A loss that is shared: what it is, and the profits of those who share it.</summary>
internal sealed record ModelSharing(long Market, LossKind Kind, Big Mark, Big Loss, Big Profits, long Holders);

/// <summary>What a holder gave.</summary>
internal sealed record ModelHaircut(long Account, long Market, Big Loss, Big Profits, Big Profit, Big Slack, Big Charged, bool IsIsolated);

/// <summary>What came together.</summary>
internal sealed record ModelSharingEnd(long Market, LossKind Kind, Big Mark, Big Loss, Big Collected, Big BadDebt, Big ToInsurance, long Charged);

/// <summary>Socialised loss (R-1206), after docs/waterfall.md.</summary>
internal sealed partial class ModelExchange
{
    /// <summary>Shares what waits in a market, of one kind; null, or why it should not have been.</summary>
    public string? ShareLoss(long marketId, LossKind kind, Outcome outcome)
    {
        ModelMarket market = Markets[(int)marketId - 1];
        Big loss = market.Pending[kind];
        if (loss.IsZero || (kind == LossKind.Shorts && !market.Pending[LossKind.Longs].IsZero)
            || (kind == LossKind.Any && !market.Pending[LossKind.Shorts].IsZero))
        {
            return $"losses of kind {kind} are not to be shared in market {marketId} now: {loss}";
        }

        List<List<ModelRow>> holders = [.. HoldersOf(market, kind).OrderBy(rows => rows.Min(PlaceOf))];
        Big profits = holders.Aggregate(Big.Zero, (sum, rows) => sum + ProfitOf(rows));
        outcome.Sharings.Add(new ModelSharing(marketId, kind, market.Mark, loss, profits, holders.Count(rows => ProfitOf(rows).Sign > 0)));
        Big collected = 0;
        long charged = 0;
        foreach (List<ModelRow> rows in holders)
        {
            Big profit = ProfitOf(rows);
            if (profit.IsZero)
            {
                continue;
            }

            Big slack = SlackOf(rows);
            Big charge = Big.Min(Big.Min(profit, slack), Rounding.Up(loss * profit, Big.Max(profits, profit)));
            Charge(rows, charge);
            collected += charge;
            charged += charge.IsZero ? 0 : 1;
            outcome.Haircuts.Add(new ModelHaircut(
                rows[0].Account.Id, marketId, loss, profits, profit, slack, charge, rows[0].IsIsolated));
            if (!charge.IsZero)
            {
                RequireHealthy(rows[0], "a socialised loss");
            }
        }

        Big bad = Positive(loss - collected);
        Big surplus = Positive(collected - loss);
        market.Pending[kind] = 0;
        market.BadDebt += bad;
        market.Insurance += surplus;
        market.Socialised += collected - surplus;
        outcome.SharingEnds.Add(new ModelSharingEnd(marketId, kind, market.Mark, loss, collected, bad, surplus, charged));
        return null;
    }

    /// <summary>A market with losses that should have been shared, or null.</summary>
    public ModelMarket? FindUnshared() => Markets.Find(market => !market.PendingLoss.IsZero);

    /// <summary>Scopes in the pool: isolated positions one by one, cross ones of an account together.</summary>
    private List<List<ModelRow>> HoldersOf(ModelMarket market, LossKind kind)
    {
        List<ModelRow> rows = [.. market.Rows.Where(row => !row.Account.IsLiquidation && !row.Size.IsZero && !IsBeingLiquidated(row)
            && (kind == LossKind.Any || (kind == LossKind.Longs ? row.Size.Sign < 0 : row.Size.Sign > 0)))];
        List<List<ModelRow>> holders = [.. rows.Where(row => row.IsIsolated).Select(row => new List<ModelRow> { row })];
        holders.AddRange(rows.Where(row => !row.IsIsolated).GroupBy(row => row.Account.Id).Select(group => group.ToList()));
        return holders;
    }

    private static Big ProfitOf(List<ModelRow> rows) => rows.Aggregate(Big.Zero, (sum, row) => sum + Big.Max(0, row.PriceProfit));

    /// <summary>What a scope can give and still cover its requirement; where that is of the entry cost it rises with the charge.</summary>
    private static Big SlackOf(List<ModelRow> rows)
    {
        ModelRow row = rows[0];
        ModelAccount account = row.Account;
        bool reaches = row.IsIsolated ? row.ReachesIsEnough : account.CrossPositions.Any(other => other.ReachesIsEnough);
        Big equity = row.IsIsolated ? row.IsolatedEquity : account.CrossEquity - account.SpotHolds;
        Big requirement = row.IsIsolated ? row.Requirement : account.CrossRequirement;
        Big slack = equity - requirement - (reaches ? 1 : 0);
        int longs = rows.Count(other => other.Size.Sign > 0);
        if (row.Market.Parameters.MaintenanceMarginBase == MarginBase.Entry && longs > 0)
        {
            slack = Rounding.Down(Positive(slack - longs) * Rounding.Scale, Rounding.Scale + row.Market.TopMaintenanceRate);
        }

        return Positive(slack);
    }

    private static void Charge(List<ModelRow> rows, Big charge)
    {
        if (charge.IsZero)
        {
            return;
        }

        // out of the profit of each position, the newest first: it counts no second time
        foreach (ModelRow row in rows.OrderByDescending(row => row.PositionId))
        {
            Big part = Big.Min(charge, Big.Max(0, row.PriceProfit));
            row.Cost += row.Size.Sign * part;
            charge -= part;
            row.Refresh();
        }
    }
}
