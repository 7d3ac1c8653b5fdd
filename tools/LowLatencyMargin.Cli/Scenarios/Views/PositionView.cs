using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Policy;
using LowLatencyMargin.Core.Pricing;
using LowLatencyMargin.Core.Rules;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>What an account has in a market; a market that it never touched reads like a flat one.</summary>
internal static class PositionView
{
    /// <summary>A row as it is; a flat one with what is remembered of its last position.</summary>
    internal static View Of(AccountName account, MarketName name, int row, Figures figures)
    {
        ref readonly Position position = ref figures.State.Positions[row];
        ref readonly PositionDetail detail = ref figures.State.PositionDetails[row];
        ref readonly Market market = ref figures.State.Markets[name.Id];
        PositionStatus status = figures.State.StatusOf(row);
        bool open = position.SizeLots != 0;
        ClosedPosition? last = status == PositionStatus.None ? figures.Closed(account.Id, name.Id, 0) : null;
        var fields = new Fields();
        fields.Add("account", account.Name);
        fields.Add("market", name.Name);
        Value standing = last is { } closed ? Value.OfWord(closed.Status) : status == PositionStatus.None ? Value.Of("flat") : Value.OfWord(status);
        fields.Add("status", detail.LiquidationId != 0 ? Value.Of("liquidating") : standing);
        fields.Add("mode", position.IsIsolated != 0 ? "isolated" : "cross");
        fields.Add("leverage", Leverage(position.Leverage));
        fields.Add("side", Side(position.SizeLots));
        fields.Add("size", HumanUnits.Quantity(position.SizeLots, name));
        fields.Add("entry", HumanUnits.Average(position.EntryCostUnits, position.SizeLots, name));
        fields.Add("mark", HumanUnits.Price(market.MarkTicks, name));
        fields.Add("notional", HumanUnits.Money(Requirements.Notional(position.AbsoluteLots, market.MarkTicks, in market), name.Quote));
        long pnl = open ? Requirements.UnrealizedPnl(in position, in market) : 0;
        RateFields.Add(fields, in position, in market, name);
        long owed = open ? FundingCharge.Owed(in position, in market) : 0;
        long paid = last?.FundingUnits ?? (open && market.HasFunded != 0 ? figures.State.FundingPaid[row] : 0);
        AddProfit(fields, name, pnl + owed, last?.RealizedPnlUnits ?? detail.RealizedPnlUnits, last?.FeeUnits ?? detail.FeeUnits, owed, paid);
        fields.Add("funding-index", open ? FundingEvents.Index(position.FundingIndexE8, name) : Value.None);
        fields.Add("margin", HumanUnits.Money(position.MarginUnits, name.Quote));
        fields.Add("initial-margin", HumanUnits.Money(open ? Requirements.InitialMargin(in position, in market) : 0, name.Quote));
        long maintenance = Maintenance(in position, in market);
        fields.Add("maintenance-margin", HumanUnits.Money(maintenance, name.Quote));
        long requirement = open ? Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market) : 0;
        fields.Add("requirement", HumanUnits.Money(requirement, name.Quote));
        AddPrices(fields, in position, in market, name, figures);
        AddLevel(fields, row, in position, requirement, pnl, figures);
        AdlView.AddTo(fields, row, figures.State);
        Value health = open && maintenance != 0 ? Ratio(in position, pnl, maintenance, figures) : Value.None;
        fields.Add("margin-ratio", health);
        fields.Add("health", health);
        fields.Add("order-margin", HumanUnits.Money(position.OrderMarginUnits, name.Quote));
        fields.Add("pool-hold", HumanUnits.Money(position.PoolHoldUnits, name.Quote));
        fields.Add("open-orders", position.OpenOrders);
        ref readonly TradingGuard guard = ref figures.State.TradingGuards[row];
        fields.Add("stop-loss", TriggerOf(guard.StopLossOrder, name, figures));
        fields.Add("take-profit", TriggerOf(guard.TakeProfitOrder, name, figures));
        bool frozen = (position.Guards & Guards.MakerProtection) != 0 && guard.FrozenUntilNs > figures.State.TimeNs;
        fields.Add("frozen-until", ProtectionEvents.FrozenUntil(frozen ? guard.FrozenUntilNs : 0));
        long id = last?.PositionId ?? detail.PositionId;
        fields.Add("position-id", id == 0 ? Value.None : Value.Of(id));
        fields.Add("opened", Time(open ? detail.OpenedNs : last?.OpenedNs ?? 0));
        fields.Add("updated", Time(last?.ClosedNs ?? detail.UpdatedNs));
        fields.Add("closed", Time(last?.ClosedNs ?? 0));
        return new View("position", $"{account.Name}.{name.Name}", fields);
    }

    /// <summary>What is remembered of a position that closed; null when it is forgotten or never was.</summary>
    internal static View? Closed(AccountName account, MarketName name, long positionId, Figures figures)
    {
        if (figures.Closed(account.Id, name.Id, positionId) is not { } closed)
        {
            return null;
        }

        var fields = new Fields();
        fields.Add("account", account.Name);
        fields.Add("market", name.Name);
        fields.Add("status", Value.OfWord(closed.Status));
        fields.Add("mode", closed.IsIsolated != 0 ? "isolated" : "cross");
        fields.Add("leverage", Leverage(closed.Leverage));
        fields.Add("side", Side(0));
        fields.Add("size", HumanUnits.Quantity(0, name));
        AddProfit(fields, name, 0, closed.RealizedPnlUnits, closed.FeeUnits, 0, closed.FundingUnits);
        fields.Add("margin", HumanUnits.Money(0, name.Quote));
        fields.Add("position-id", closed.PositionId);
        fields.Add("opened", Time(closed.OpenedNs));
        fields.Add("updated", Time(closed.ClosedNs));
        fields.Add("closed", Time(closed.ClosedNs));
        return new View("position", $"{account.Name}.{name.Name}", fields);
    }

    /// <summary>R-407: what a position has come to, with what it owes of funding and has paid of it. A perpetual has no interest.</summary>
    private static void AddProfit(Fields fields, MarketName name, long unrealized, long realized, long fees, long owed, long paid)
    {
        fields.Add("upnl", HumanUnits.Money(unrealized, name.Quote));
        fields.Add("realised-pnl", HumanUnits.Money(realized, name.Quote));
        fields.Add("fees", HumanUnits.Money(fees, name.Quote));
        fields.Add("funding", HumanUnits.Money(owed, name.Quote));
        fields.Add("funding-paid", HumanUnits.Money(paid, name.Quote));
        fields.Add("total-pnl", HumanUnits.Money((Int128)unrealized + realized - fees - owed - paid, name.Quote));
    }

    private static Value Leverage(ushort leverage) => leverage == 0 ? Value.Of("default") : Value.Of(leverage);

    private static Value Side(long sizeLots) => sizeLots == 0 ? Value.None : Value.Of(sizeLots > 0 ? "long" : "short");

    private static Value Time(long timeNs) => timeNs == 0 ? Value.None : Value.Of(ScenarioTime.Format(timeNs));

    /// <summary>Equity of the scope over what liquidation holds it against, and its band (R-1503); a cross position shares its account's.</summary>
    private static void AddLevel(Fields fields, int row, in Position position, long requirement, long pnl, Figures figures)
    {
        if (position.SizeLots == 0)
        {
            fields.Add("margin-level", Value.None);
            fields.Add("band", Value.None);
            return;
        }

        AccountFigures cross = AccountFigures.Of(figures.State, position.Account);
        AccountRules rules = figures.State.AccountRules[figures.State.Accounts[position.Account].Rules];
        bool isolated = position.IsIsolated != 0;
        fields.Add("margin-level", isolated
            ? RulesView.LevelOf(position.MarginUnits + pnl, requirement)
            : RulesView.LevelOf(cross.EquityUnits, cross.RequirementUnits));
        LevelBand band = isolated ? figures.State.PositionRecords[figures.State.TradingGuards[row].Record].Band : rules.CrossBand;
        fields.Add("band", RulesView.BandOf(rules.Rules.WatchesLevel, band));
    }

    /// <summary>Where an order of the bracket is set off.</summary>
    private static Value TriggerOf(int slot, MarketName name, Figures figures) =>
        slot == 0 ? Value.None : HumanUnits.Price(figures.State.OrderTerms[figures.State.Orders[slot].Terms].TriggerTicks, name);

    internal static long Maintenance(in Position position, in Market market) => Requirements.MaintenanceMargin(
        Requirements.Notional(position.AbsoluteLots, market.MarkTicks, in market), position.EntryCostUnits, in market);

    private static void AddPrices(Fields fields, in Position position, in Market market, MarketName name, Figures figures)
    {
        if (position.SizeLots == 0 || figures.State.Accounts[position.Account].IsLiquidationAccount != 0)
        {
            fields.Add("liquidation-price", Value.None);
            fields.Add("bankruptcy-price", Value.None);
            return;
        }

        long liquidation = figures.LiquidationPrice(in position);
        long bankruptcy = new Bankruptcy(in position, figures.MarginBehind(in position, lessOtherRequirements: false), in market).PriceTicks(in market);
        fields.Add("liquidation-price", HumanUnits.Price(liquidation, name));
        fields.Add("bankruptcy-price", HumanUnits.Price(bankruptcy, name));
    }

    /// <summary>Equity of the scope over its maintenance margin; a cross position shares its account's.</summary>
    private static Value Ratio(in Position position, long pnlUnits, long maintenanceUnits, Figures figures)
    {
        if (position.IsIsolated != 0)
        {
            return Value.Percent(new ExactNumber(position.MarginUnits + pnlUnits, maintenanceUnits));
        }

        long all = 0;
        foreach (int row in figures.RowsOf(position.Account))
        {
            ref readonly Position other = ref figures.State.Positions[row];
            all += other.IsIsolated == 0 ? Maintenance(in other, in figures.State.Markets[other.Market]) : 0;
        }

        return Value.Percent(new ExactNumber(AccountFigures.Of(figures.State, position.Account).EquityUnits, all));
    }
}
