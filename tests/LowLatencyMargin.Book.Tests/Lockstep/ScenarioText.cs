using System.Globalization;
using System.Text;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Book.Tests.Lockstep;

/// <summary>Steps in the language of scenario files, so that a failure can be run by hand. Steps that no file can say become comments.</summary>
internal static class ScenarioText
{
    public static string Of(Profile profile, IReadOnlyList<Step> steps, string title)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# {title}");
        text.AppendLine(CultureInfo.InvariantCulture, $"genesis recent-orders={profile.RecentOrders} max-work={profile.Work}");
        IEnumerable<string> plain = Parameters(Profile.Plain).Split(' ').Except(Parameters(MarketParameters.Default).Split(' '));
        text.AppendLine("asset USD decimals=6");
        for (int market = 1; market <= profile.Markets; market++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"market M{market} kind=perpetual base=B{market} quote=USD tick=1 lot=1 {string.Join(' ', plain)}");
        }

        foreach (long account in steps.Select(step => step[Field.Account]).Where(account => account > profile.Markets).Distinct().Order())
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"account a{account}");
            text.AppendLine(CultureInfo.InvariantCulture, $"deposit a{account} USD 1000000000");
        }

        text.AppendLine("time 2025-12-31T23:59:40Z");
        for (int market = 1; market <= profile.Markets && !profile.WithoutMarks; market++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"mark M{market} {profile.BasePrice}");
        }

        foreach (Step step in steps)
        {
            if (step[Field.AdvanceNs] > 0)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"time +{step[Field.AdvanceNs] / 1_000_000m}ms");
            }

            text.AppendLine(step[Field.Spoil] != 0 ? $"# spoiled {step}" : Line(step));
        }

        return text.ToString();
    }

    private static string Line(Step step)
    {
        string who = $"a{step[Field.Account]}";
        string where = $"M{step[Field.Market]}";
        return step.Type switch
        {
            CommandType.PlaceOrder or CommandType.PlaceOrderWithTerms => $"order {who} {where} {Order(step)}",
            CommandType.CancelOrder => $"cancel {who} {Named(step)}",
            CommandType.ModifyOrder => $"modify {who} {Changed(step)}",
            CommandType.CancelOrders => $"cancel {who} all{(step[Field.Market] == 0 ? string.Empty : " " + where)}"
                + (step[Field.Sides] == 1 ? " buy" : step[Field.Sides] == 2 ? " sell" : string.Empty) + Spares(step),
            CommandType.OrderBatch => Batch(step, who, where),
            CommandType.MassQuote => Quote(step, who, where),
            CommandType.SetBracket => step[Field.StopLoss] == 0 && step[Field.TakeProfit] == 0
                ? $"bracket {who} {where} none"
                : $"bracket {who} {where}{If("stop", step[Field.StopLoss])}{If("take-profit", step[Field.TakeProfit])} on={Source(step)}{Slippage(step)}",
            CommandType.SetMakerProtection => $"protect {who} {where} window={step[Field.WindowMs]}ms{If("qty", step[Field.Quantity])}"
                + $"{If("delta", step[Field.DeltaLots])}{If("fills", step[Field.Fills])} frozen={step[Field.FrozenMs]}ms",
            CommandType.CancelAllAfter => $"cancel-all-after {who} {(step[Field.TimeoutMs] == 0 ? "off" : step[Field.TimeoutMs] + "ms")}{Spares(step)}",
            CommandType.KillSwitch => Kill(step, who, where),
            CommandType.SetMarketState => $"state {where} {Kebab(((MarketState)step[Field.State]).ToString())}",
            CommandType.SetRateLimit => $"rate {(step[Field.Account] == 0 ? "all" : who)} "
                + (step[Field.PerSecond] == 0 ? "off" : $"per-second={step[Field.PerSecond]} burst={step[Field.Burst]} reserve={step[Field.Reserve]}"),
            CommandType.SetTradeGroup => $"group {who} {(step[Field.Group] == 0 ? "none" : "g" + step[Field.Group])}",
            CommandType.SetMarkPrice => $"mark {where} {step[Field.Price]}",
            CommandType.SetIndexPrice => $"index {where} {step[Field.Price]}",
            CommandType.SetMarketParameters => $"set {where} {Parameters(Profile.ParametersOf(step[Field.Parameters]))}",
            CommandType.Tick => "time +0ms",
            _ => $"# {step}",
        };
    }

    private static string Order(Step step)
    {
        string price = step[Field.Type] == 1 ? string.Empty : $" @ {step[Field.Price]}";
        string kind = (TriggerKind)step[Field.Kind] switch
        {
            TriggerKind.None => step[Field.Type] == 1 ? " market" : price,
            TriggerKind.Stop => $" stop {step[Field.Trigger]}{price}",
            TriggerKind.TakeProfit => $" take-profit {step[Field.Trigger]}{price}",
            _ => $" trailing {(step[Field.TrailTicks] != 0 ? step[Field.TrailTicks].ToString(CultureInfo.InvariantCulture) : Percent(step[Field.TrailRate]))}{price}"
                + (step[Field.Kind] == (long)TriggerKind.TrailingTakeProfit ? " take-profit" : string.Empty)
                + If("activate", step[Field.Activation]) + If("step", step[Field.StepTicks]),
        };
        var flags = (OrderFlags)step[Field.Flags];
        string quantity = flags.HasFlag(OrderFlags.WholePosition) ? "whole-position" : step[Field.Quantity].ToString(CultureInfo.InvariantCulture);
        string expires = step[Field.ExpiresInNs] == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" expires=+{step[Field.ExpiresInNs] / 1_000_000m}ms");
        return $"{Side(step)} {quantity}{kind}{(step[Field.Kind] == 0 ? string.Empty : " on=" + Source(step))}{Flags(flags)}"
            + $" id=o{step.Tag}{TimeInForce(step)}{expires}{If("display", step[Field.Display])}"
            + (step[Field.Link] == 0 ? string.Empty : $" oco=o{step[Field.Link]}") + SelfTrade(step) + Slippage(step);
    }

    private static string Batch(Step step, string who, string where)
    {
        var text = new StringBuilder($"batch {who} {where} {Kebab(((BatchMode)step[Field.Mode]).ToString())}{SelfTrade(step)}").AppendLine();
        foreach (Step item in step.Items)
        {
            text.AppendLine("  " + (BatchAction)item[Field.Action] switch
            {
                BatchAction.Place => $"place {Order(item)}",
                BatchAction.Cancel => $"cancel {Named(item)}",
                _ => $"modify {Changed(item)}",
            });
        }

        return text.Append("end").ToString();
    }

    private static string Quote(Step step, string who, string where)
    {
        int bids = (int)step[Field.Bids];
        static string Levels(string name, IEnumerable<Step> levels) =>
            levels.Any() ? $" {name}={string.Join(',', levels.Select(level => $"{level[Field.Quantity]}@{level[Field.Price]}"))}" : string.Empty;
        return $"quote {who} {where}{Levels("bids", step.Items.Take(bids))}{Levels("asks", step.Items.Skip(bids))}"
            + Flags((OrderFlags)step[Field.Flags]) + SelfTrade(step) + $" id=o{step.Tag}";
    }

    private static string Kill(Step step, string who, string where)
    {
        string verb = step[Field.On] == 0 ? "resume" : "kill";
        return (step[Field.Account] == 0 ? $"{verb}-market {where}" : $"{verb} {who}{(step[Field.Market] == 0 ? string.Empty : " " + where)}")
            + (step[Field.On] == 0 ? string.Empty : Spares(step));
    }

    private static string Named(Step step) => step[Field.Order] != 0 ? $"o{step[Field.Order]}" : $"client:{step[Field.ClientId]}";

    private static string Changed(Step step) =>
        Named(step) + If("qty", step[Field.Quantity]) + If("price", step[Field.Price]) + If("trigger", step[Field.Trigger]);

    private static string If(string name, long value) => value == 0 ? string.Empty : $" {name}={value}";

    private static string Spares(Step step) => step[Field.SpareStops] == 0 ? string.Empty : " spare-stops";

    private static string Side(Step step) => step[Field.Side] == 0 ? "buy" : "sell";

    private static string Source(Step step) => ((TriggerSource)step[Field.Source]).ToString().ToLowerInvariant();

    private static string TimeInForce(Step step) => (TimeInForce)step[Field.TimeInForce] switch
    {
        Core.Commands.TimeInForce.ImmediateOrCancel => " tif=ioc",
        Core.Commands.TimeInForce.FillOrKill => " tif=fok",
        Core.Commands.TimeInForce.GoodTillTime => " tif=gtt",
        Core.Commands.TimeInForce.Day => " tif=day",
        _ => string.Empty,
    };

    private static string SelfTrade(Step step) =>
        step[Field.SelfTrade] == 0 ? string.Empty : " stp=" + ((SelfTradePrevention)step[Field.SelfTrade]).ToString().ToLowerInvariant();

    private static string Slippage(Step step) => step[Field.Slippage] == 0 ? string.Empty : " max-slippage=" + Percent(step[Field.Slippage]);

    private static string Percent(long rate) => string.Create(CultureInfo.InvariantCulture, $"{(decimal)rate * 100 / Rate.Scale}%");

    private static string Flags(OrderFlags flags) =>
        (flags.HasFlag(OrderFlags.PostOnly) ? " post-only" : string.Empty) + (flags.HasFlag(OrderFlags.Reprice) ? " reprice" : string.Empty)
        + (flags.HasFlag(OrderFlags.ReduceOnly) ? " reduce-only" : string.Empty) + (flags.HasFlag(OrderFlags.Hidden) ? " hidden" : string.Empty)
        + (flags.HasFlag(OrderFlags.MakerProtected) ? " protected" : string.Empty);

    private static string Kebab(string name) =>
        string.Concat(name.Select((letter, i) => char.IsUpper(letter) && i > 0 ? "-" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));

    /// <summary>Parameters as the options of a line.</summary>
    public static string Parameters(MarketParameters all) => string.Join(' ',
        $"im-long={Percent(all.InitialMarginLongRate)} im-short={Percent(all.InitialMarginShortRate)} mm={Percent(all.MaintenanceMarginRate)}",
        $"max-leverage={all.MaxLeverage} max-slippage={Percent(all.MaxSlippageRate)} max-open-orders={all.MaxOpenOrders}",
        $"stp={all.SelfTrade.ToString().ToLowerInvariant()} price-band={Percent(all.PriceBandRate)} breaker={Percent(all.BreakerRate)}",
        $"breaker-window={all.BreakerWindowMs}ms breaker-halt={all.BreakerHaltMs}ms stop-buffer={Percent(all.StopBufferRate)}",
        $"min-qty={all.MinQuantityLots} min-notional={all.MinNotionalUnits / 1_000_000m} max-position={all.MaxPositionLots}",
        $"max-position-notional={all.MaxPositionUnits / 1_000_000m} liquidation-penalty=0% trigger-includes-fee=off",
        $"limit-depth={Percent(all.LimitOfDepthRate)} limit-open-interest={Percent(all.LimitOfOpenInterestRate)} max-open-positions={all.MaxOpenPositions}");
}
