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

    public Big PoolHolds => Rows.Values.Aggregate(Big.Zero, (sum, row) => sum + row.PoolHold);

    public Big CrossProfit => CrossPositions.Aggregate(Big.Zero, (sum, row) => sum + row.Profit);

    public Big CrossKeptBack => CrossPositions.Aggregate(Big.Zero, (sum, row) => sum + row.KeptBack);

    public Big CrossRequirement => CrossPositions.Aggregate(Big.Zero, (sum, row) => sum + row.Requirement);

    public Big CrossEquity => Pool + CrossProfit;

    /// <summary>What an order may still take.</summary>
    public Big Available => Pool + CrossProfit - CrossKeptBack - PoolHolds;

    /// <summary>What may leave the pool: each position's requirement as its market says, no unrealised profit.</summary>
    public Big Free
    {
        get
        {
            Big needed = CrossPositions.Aggregate(Big.Zero, (sum, row) => sum + row.WithdrawRequirement);
            return Pool - PoolHolds - needed + Big.Min(0, CrossProfit);
        }
    }

    public bool IsCrossLiquidatable(bool strictly)
    {
        if (IsLiquidation || !CrossPositions.Any())
        {
            return false;
        }

        Big slack = CrossEquity - CrossRequirement;
        bool reaches = strictly
            ? CrossPositions.All(row => row.ReachesIsEnough)
            : CrossPositions.Any(row => row.ReachesIsEnough);
        return slack.Sign < 0 || (slack.IsZero && reaches);
    }
}
