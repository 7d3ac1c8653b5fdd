using LowLatencyMargin.Cli.Scenarios.Parameters;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Rules;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>How an account stands to its trader rules, and what its trading came to (R-1503 to R-1506).</summary>
internal static class RulesView
{
    internal static View Of(AccountName account, AssetName asset, ExchangeState state)
    {
        AccountRules rules = state.AccountRules[state.Accounts[account.Id].Rules];
        var fields = new Fields();
        AddStanding(fields, account, asset, state);
        fields.Add("base", HumanUnits.Money(rules.BaseUnits, asset));
        fields.Add("flow", HumanUnits.Money(rules.FlowUnits, asset));
        fields.Add("loss", HumanUnits.Money(LossOf(in rules, account, state), asset));
        fields.Add("drawdown-level", rules.DrawdownLevel);
        foreach ((string name, Value value) in TraderParameter.Print(rules.Rules))
        {
            fields.Add(name, value);
        }

        return new View("rules", account.Name, fields);
    }

    /// <summary>The fields that 'show account' has as well.</summary>
    internal static void AddStanding(Fields fields, AccountName account, AssetName asset, ExchangeState state)
    {
        ref readonly Account owner = ref state.Accounts[account.Id];
        AccountRules rules = state.AccountRules[owner.Rules];
        AccountFigures cross = AccountFigures.Of(state, account.Id);
        bool isToday = rules.Day == UtcCalendar.DayOf(state.TimeNs);
        fields.Add("margin-level", LevelOf(cross.EquityUnits, cross.RequirementUnits));
        fields.Add("band", BandOf(rules.Rules.WatchesLevel, rules.CrossBand));
        fields.Add("trading", rules.IsPaused != 0 ? "paused" : "on");
        fields.Add("trades-today", isToday ? rules.TradesToday : 0);
        bool measured = rules.Rules.WatchesDrawdown && rules.BaseUnits > 0;
        fields.Add("drawdown", measured
            ? Value.Percent(new ExactNumber(Math.Max(0, LossOf(in rules, account, state)), rules.BaseUnits))
            : Value.None);
    }

    /// <summary>Equity over requirement.</summary>
    internal static Value LevelOf(long equityUnits, long requirementUnits) =>
        requirementUnits == 0 ? Value.None : Value.Of(new ExactNumber(equityUnits, requirementUnits));

    internal static Value BandOf(bool watched, LevelBand band) => watched ? Value.Of(WordStyle.Kebab(band.ToString())) : Value.None;

    /// <summary>Everything that 'set ACCOUNT' can change.</summary>
    internal static View Parameters(AccountName account, ExchangeState state)
    {
        int leverage = state.AccountControls[account.Id].PortfolioLeverage;
        var fields = new Fields();
        fields.Add("margin", Value.Of((state.Accounts[account.Id].Traits & AccountTraits.SpotOnly) == 0));
        fields.Add("positions", Value.Of(WordStyle.Kebab((state.IsHedge(account.Id) ? PositionMode.Hedge : PositionMode.OneWay).ToString())));
        fields.Add(AccountParameters.PortfolioLeverage, leverage == 0 ? Value.Of("off") : Value.Of(leverage));
        foreach ((string name, Value value) in TraderParameter.Print(state.AccountRules[state.Accounts[account.Id].Rules].Rules))
        {
            fields.Add(name, value);
        }

        return new View("params", account.Name, fields);
    }

    internal static View Performance(AccountName account, AssetName asset, ExchangeState state)
    {
        ref readonly Account owner = ref state.Accounts[account.Id];
        AccountRules rules = state.AccountRules[owner.Rules];
        PeriodFigures day = rules.OfDay.Period == UtcCalendar.DayOf(state.TimeNs) ? rules.OfDay : default;
        PeriodFigures month = rules.OfMonth.Period == UtcCalendar.MonthOf(state.TimeNs) ? rules.OfMonth : default;
        var fields = new Fields();
        fields.Add("tracked", Value.Of(owner.Rules != 0));
        AddPeriod(fields, string.Empty, in rules.OfAll, asset);
        AddPeriod(fields, "day-", in day, asset);
        AddPeriod(fields, "month-", in month, asset);
        AddExit(fields, "stop", in rules.ByStop, asset);
        AddExit(fields, "target", in rules.ByTarget, asset);
        AddExit(fields, "other", in rules.ByOther, asset);
        AddExit(fields, "liquidation", in rules.ByLiquidation, asset);
        fields.Add("upnl", HumanUnits.Money(UnrealizedOf(account.Id, state), asset));
        fields.Add("month-total", rules.Rules.WatchesDrawdown ? HumanUnits.Money(-LossOf(in rules, account, state), asset) : Value.None);
        return new View("performance", account.Name, fields);
    }

    private static long LossOf(in AccountRules rules, AccountName account, ExchangeState state) =>
        Drawdown.Loss(in rules, Drawdown.Equity(state, account.Id));

    private static long UnrealizedOf(int account, ExchangeState state)
    {
        long sum = 0;
        for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            ref readonly Position position = ref state.Positions[row];
            sum += position.SizeLots == 0 ? 0 : Requirements.UnrealizedPnl(in position, in state.Markets[position.Market]);
        }

        return sum;
    }

    private static void AddPeriod(Fields fields, string prefix, in PeriodFigures figures, AssetName asset)
    {
        fields.Add(prefix + "realised-pnl", HumanUnits.Money(figures.RealizedPnlUnits, asset));
        fields.Add(prefix + "fees", HumanUnits.Money(figures.FeeUnits, asset));
        fields.Add(prefix + "funding", HumanUnits.Money(figures.FundingUnits, asset));
        fields.Add(prefix + "pnl", HumanUnits.Money((Int128)figures.RealizedPnlUnits - figures.FeeUnits - figures.FundingUnits, asset));
        fields.Add(prefix + "closed", figures.Closed);
        fields.Add(prefix + "won", figures.Won);
        fields.Add(prefix + "lost", figures.Lost);
        fields.Add(prefix + "win-rate", figures.Closed == 0 ? Value.None : Value.Percent(new ExactNumber(figures.Won, figures.Closed)));
    }

    private static void AddExit(Fields fields, string kind, in ExitFigures figures, AssetName asset)
    {
        fields.Add(kind + "-pnl", HumanUnits.Money(figures.RealizedPnlUnits, asset));
        fields.Add(kind + "-closed", figures.Closed);
    }
}
