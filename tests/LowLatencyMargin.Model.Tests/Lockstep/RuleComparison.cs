using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Rules;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>What the trader rules of an account have counted, against the model's.</summary>
internal static class RuleComparison
{
    public static void Compare(ExchangeState state, ModelAccount account)
    {
        int index = state.Accounts[(int)account.Id].Rules;
        ModelTrader? trader = account.Trader;
        if (index == 0 || trader is null)
        {
            Same(index == 0 ? 0 : 1, trader is null ? 0 : 1, "rules", account);
            return;
        }

        ref readonly AccountRules row = ref state.AccountRules[index];
        Same(row.IsPaused, trader.IsPaused ? 1 : 0, "pause", account);
        if (trader.WatchesDrawdown)
        {
            Same(row.DrawdownLevel, trader.Told, "drawdown levels told", account);
            Same(row.BaseUnits, trader.Base, "base of the month", account);
            Same(row.FlowUnits, trader.Flow, "money in less money out", account);
        }

        Same((int)row.CrossBand, (int)trader.CrossBand, "band", account);
        Same(row.Day == trader.Day ? row.TradesToday : 0, row.Day == trader.Day ? trader.TradesToday : 0, "trades today", account);
        Compare(in row.OfDay, trader.OfDay, "day", account);
        Compare(in row.OfMonth, trader.OfMonth, "month", account);
        Compare(in row.OfAll, trader.OfAll, "all time", account);
        Compare(in row.ByOther, trader.ByOther, "other exits", account);
        Compare(in row.ByLiquidation, trader.ByLiquidation, "liquidations", account);
    }

    private static void Compare(in PeriodFigures row, ModelFigures figures, string what, ModelAccount account)
    {
        Same(row.RealizedPnlUnits, figures.Profit, "profit of the " + what, account);
        Same(row.FeeUnits, figures.Fees, "fees of the " + what, account);
        Same(row.FundingUnits, figures.Funding, "funding of the " + what, account);
        if (account.Trader!.IsClosedBlurred)
        {
            return;
        }

        Same(row.Closed, figures.Closed, "closed of the " + what, account);
        if (account.Trader.IsResultBlurred)
        {
            return;
        }

        Same(row.Won, figures.Won, "won of the " + what, account);
        Same(row.Lost, figures.Lost, "lost of the " + what, account);
    }

    private static void Compare(in ExitFigures row, ModelExits exits, string what, ModelAccount account)
    {
        Same(row.RealizedPnlUnits, exits.Profit, "profit by " + what, account);
        if (!account.Trader!.IsClosedBlurred)
        {
            Same(row.Closed, exits.Closed, "closed by " + what, account);
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
