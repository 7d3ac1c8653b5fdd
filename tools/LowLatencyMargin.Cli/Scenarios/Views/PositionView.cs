using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>What an account has in a market; a market that it never touched reads like a flat one.</summary>
internal static class PositionView
{
    internal static View Of(AccountName account, MarketName name, Figures figures)
    {
        int row = figures.State.FindPosition(account.Id, name.Id);
        ref readonly Position position = ref figures.State.Positions[row];
        ref readonly PositionDetail detail = ref figures.State.PositionDetails[row];
        ref readonly Market market = ref figures.State.Markets[name.Id];
        bool open = position.SizeLots != 0;
        long pnl = open ? Requirements.UnrealizedPnl(in position, in market) : 0;
        long maintenance = Maintenance(in position, in market);

        var fields = new Fields();
        fields.Add("account", account.Name);
        fields.Add("market", name.Name);
        fields.Add("status", detail.LiquidationId != 0 ? "liquidating" : open ? "open" : "flat");
        fields.Add("mode", position.IsIsolated != 0 ? "isolated" : "cross");
        fields.Add("leverage", position.Leverage == 0 ? Value.Of("default") : Value.Of(position.Leverage));
        fields.Add("size", HumanUnits.Quantity(position.SizeLots, name));
        fields.Add("entry", HumanUnits.Average(position.EntryCostUnits, position.SizeLots, name));
        fields.Add("mark", HumanUnits.Price(market.MarkTicks, name));
        fields.Add("notional", HumanUnits.Money(Requirements.Notional(position.AbsoluteLots, market.MarkTicks, in market), name.Quote));
        fields.Add("upnl", HumanUnits.Money(pnl, name.Quote));
        RateFields.Add(fields, in position, in market, name);
        fields.Add("realised-pnl", HumanUnits.Money(detail.RealizedPnlUnits, name.Quote));
        fields.Add("fees", HumanUnits.Money(detail.FeeUnits, name.Quote));
        fields.Add("margin", HumanUnits.Money(position.MarginUnits, name.Quote));
        fields.Add("initial-margin", HumanUnits.Money(open ? Requirements.InitialMargin(in position, in market) : 0, name.Quote));
        fields.Add("maintenance-margin", HumanUnits.Money(maintenance, name.Quote));
        long requirement = open ? Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market) : 0;
        fields.Add("requirement", HumanUnits.Money(requirement, name.Quote));
        AddPrices(fields, in position, in market, name, figures);
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
        fields.Add("position-id", open ? Value.Of(detail.PositionId) : Value.None);
        fields.Add("opened", open ? Value.Of(ScenarioTime.Format(detail.OpenedNs)) : Value.None);
        fields.Add("updated", detail.UpdatedNs == 0 ? Value.None : Value.Of(ScenarioTime.Format(detail.UpdatedNs)));
        return new View("position", $"{account.Name}.{name.Name}", fields);
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
