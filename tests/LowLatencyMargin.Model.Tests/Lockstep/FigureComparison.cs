using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Figures that neither side keeps but computes when asked: equity, requirement, what is available, liquidation prices.</summary>
internal sealed class FigureComparison(ExchangeState state)
{
    private readonly Settlement _settlement = new(state);
    private readonly MarginCheck _check = new(state);

    public void Compare(ModelAccount account)
    {
        if (account.IsLiquidation)
        {
            return;
        }

        AccountFigures figures = AccountFigures.Of(state, (int)account.Id);
        Same(figures.EquityUnits, account.CrossEquity, "equity", account);
        Same(figures.RequirementUnits, account.CrossRequirement, "requirement", account);
        Same(_check.Available((int)account.Id), account.Available, "available", account);

        // cross positions in one market share their price
        HashSet<long> shared = [];
        foreach (ModelRow row in account.Rows.Values)
        {
            if (!row.Size.IsZero && row.Market.Mark != 0 && (row.IsIsolated || shared.Add(row.Market.Id)))
            {
                ComparePrice(row, account);
            }
        }
    }

    private void ComparePrice(ModelRow row, ModelAccount account)
    {
        int index = PositionComparison.IndexOf(state, row);
        long price = _settlement.LiquidationPrice(in state.Positions[index], in state.Markets[(int)row.Market.Id]);
        if (!row.Shows(price))
        {
            Same(price, row.LiquidationPrice, $"liquidation price of position {row.PositionId} in market {row.Market.Id}", account);
        }
    }

    private static void Same(long actual, Big expected, string what, ModelAccount account)
    {
        if (actual != expected)
        {
            throw new DivergenceException($"{what} of account {account.Id}: exchange {actual}, model {expected}") { AccountId = account.Id };
        }
    }
}
