namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>An account: a pool and its rows.</summary>
internal sealed partial class ModelAccount
{
    public required long Id { get; init; }

    public required bool IsLiquidation { get; init; }

    public long Owner { get; init; }

    public bool IsHedge { get; set; }

    /// <summary>Null: no trader rules.</summary>
    public ModelTrader? Trader { get; set; }

    /// <summary>R-505, 0: off.</summary>
    public long PortfolioLeverage { get; set; }

    public Big Pool { get; set; }

    public SortedDictionary<long, ModelRow> Rows { get; } = [];

    public IEnumerable<ModelRow> CrossPositions => Rows.Values.Where(row => !row.IsIsolated && !row.Size.IsZero);

    public Big PoolHolds => Rows.Values.Where(row => row.Purse == this).Aggregate(Big.Zero, (sum, row) => sum + row.PoolHold);

    public Big CrossProfit => CrossPositions.Aggregate(Big.Zero, (sum, row) => sum + row.Profit);

    /// <summary>Funding that they owe.</summary>
    public Big CrossOwed => CrossPositions.Aggregate(Big.Zero, (sum, row) => sum + row.Owed);

    public Big CrossKeptBack => CrossPositions.Aggregate(Big.Zero, (sum, row) => sum + row.KeptBack);

    public Big CrossRequirement => CrossPositions.Aggregate(LoanRequirement, (sum, row) => sum + row.Requirement);

    /// <summary>R-203; the assets as they count where liquidation is decided.</summary>
    public Big CrossEquity => Pool + Assets(Purpose.Maintenance) + CrossProfit + LoanBacking - LoanDebts;

    /// <summary>What an order may still take.</summary>
    public Big Available => Pool - PoolHolds + Assets(Purpose.Opening) + CrossProfit - CrossKeptBack - LoanCharge;

    /// <summary>What may leave the pool: each position's requirement as its market says, no unrealised profit.</summary>
    public Big Free => FreeWith(CrossOwed, row => row.PriceProfit);

    private Big FreeWith(Big owed, Func<ModelRow, Big> profit)
    {
        Big needed = CrossPositions.Aggregate(Big.Zero, (sum, row) => sum + row.WithdrawRequirement);
        Big gained = CrossPositions.Aggregate(Big.Zero, (sum, row) => sum + (row.MayTakeProfit ? Big.Max(0, profit(row)) : 0));
        return Pool - owed - PoolHolds + Assets(Purpose.Opening) - needed - LoanCharge + Big.Min(CrossProfit + owed, gained);
    }

    public IEnumerable<ModelRow> LoanRows => Rows.Values.Where(row => row.IsSpotMargin && !row.IsIsolated && row.HasLending);

    /// <summary>What cross scopes owe.</summary>
    public Big LoanDebts => LoanRows.Aggregate(Big.Zero, (sum, row) => sum + row.Debt);

    /// <summary>What their level of liquidation asks for beyond that.</summary>
    public Big LoanRequirement => LoanRows.Aggregate(Big.Zero, (sum, row) => sum + Rounding.RateUp(row.Debt, row.LiquidationLevel - Rounding.Scale));

    /// <summary>What backs the loans of its own market only, as far as there are loans.</summary>
    public Big LoanBacking => LoanRows.Aggregate(Big.Zero, (sum, row) => sum + row.Backed);

    /// <summary>Debts, and what they and promises ask for at the start, beyond what backs them.</summary>
    public Big LoanCharge => LoanRows.Aggregate(Big.Zero, (sum, row) => sum + row.AskedAtStart - row.BackedAtStart);

    public bool IsCrossLiquidatable(bool strictly)
    {
        if (IsLiquidation || !HasMargin)
        {
            return false;
        }

        Big slack = CrossEquity - SpotHolds - CrossRequirement;
        if (!CrossPositions.Any())
        {
            return slack.Sign < 0;
        }

        bool reaches = strictly
            ? CrossPositions.All(row => row.ReachesIsEnough)
            : CrossPositions.Any(row => row.ReachesIsEnough);
        return slack.Sign < 0 || (slack.IsZero && reaches);
    }
}
