using System.Globalization;
using System.Text;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Book.Tests.Lockstep;

/// <summary>Steps in the language of scenario files, so that a failure can be run by hand. Steps that no file can say become comments.</summary>
internal sealed class ScenarioText
{
    /// <summary>What orders are called in the file, by the tags and client ids of the steps.</summary>
    private readonly Dictionary<long, string> _names = [];

    private readonly HashSet<string> _taken = [];

    public static string Of(Profile profile, IReadOnlyList<Step> steps, string title)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# {title}");
        text.AppendLine(CultureInfo.InvariantCulture, $"genesis recent-orders={profile.RecentOrders} max-work={profile.Work}");
        IEnumerable<string> plain = Parameters(Profile.Plain).Split(' ').Except(Parameters(MarketParameters.Default).Split(' '));
        text.AppendLine("asset USD decimals=6");
        for (int market = 1; market <= profile.Markets; market++)
        {
            text.AppendLine($"market M{market} kind=perpetual base=B{market} quote=USD tick=1 lot=1 {string.Join(' ', plain)}");
        }

        IEnumerable<long> accounts = steps.Select(step => step[Field.Account]).Distinct().Order();
        foreach (long account in accounts.Where(account => account > profile.Markets && account <= profile.Markets + profile.Accounts))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"account a{account}");
            text.AppendLine(CultureInfo.InvariantCulture, $"deposit a{account} USD 1000000000");
        }

        text.AppendLine("time 2025-12-31T23:59:40Z");
        for (int market = 1; market <= profile.Markets && !profile.WithoutMarks; market++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"mark M{market} {profile.BasePrice}");
        }

        var names = new ScenarioText();
        foreach (Step step in steps)
        {
            if (step[Field.AdvanceNs] > 0)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"time +{step[Field.AdvanceNs] / 1_000_000m}ms");
            }

            text.AppendLine(CanSay(profile, step) && names.KnowsLink(step) ? names.Line(step) : Comment(step));
        }

        return text.ToString();
    }

    private string Line(Step step)
    {
        if (step.Type == CommandType.SetBracket)
        {
            (_names[step.Tag], _names[step.Tag + 1]) = ($"o{step.Tag}.stop", $"o{step.Tag}.take-profit");
        }

        string who = $"a{step[Field.Account]}";
        string where = $"M{step[Field.Market]}";
        return step.Type switch
        {
            CommandType.PlaceOrder or CommandType.PlaceOrderWithTerms => $"order {who} {where} {Order(step)}{Slippage(step)}{SelfTrade(step)}",
            CommandType.CancelOrder => $"cancel {who} {Named(step)}",
            CommandType.ModifyOrder => $"modify {who} {Changed(step)}",
            CommandType.CancelOrders => $"cancel {who} all{(step[Field.Market] == 0 ? string.Empty : " " + where)}"
                + (step[Field.Sides] == 1 ? " buy" : step[Field.Sides] == 2 ? " sell" : string.Empty) + Spares(step),
            CommandType.OrderBatch => Batch(step, who, where),
            CommandType.MassQuote => Quote(step, who, where),
            CommandType.SetBracket => step[Field.StopLoss] == 0 && step[Field.TakeProfit] == 0
                ? $"bracket {who} {where} none"
                : $"bracket {who} {where}{If("stop", step[Field.StopLoss])}{If("take-profit", step[Field.TakeProfit])} on={Source(step)}"
                    + $"{Slippage(step)} id=o{step.Tag}",
            CommandType.SetMakerProtection => $"protect {who} {where} window={step[Field.WindowMs]}ms{If("qty", step[Field.Quantity])}"
                + $"{If("delta", step[Field.DeltaLots])}{If("fills", step[Field.Fills])} frozen={step[Field.FrozenMs]}ms",
            CommandType.CancelAllAfter =>
                $"cancel-all-after {who} {(step[Field.TimeoutMs] == 0 ? "off" : step[Field.TimeoutMs] + "ms")}{Spares(step)}",
            CommandType.KillSwitch => Kill(step, who, where),
            CommandType.SetMarketState => $"state {where} {Kebab(((MarketState)step[Field.State]).ToString())}",
            CommandType.SetRateLimit => $"rate {(step[Field.Account] == 0 ? "all" : who)} "
                + (step[Field.PerSecond] == 0
                    ? "off"
                    : $"per-second={step[Field.PerSecond]} burst={step[Field.Burst]} reserve={step[Field.Reserve]}"),
            CommandType.SetTradeGroup => $"group {who} {(step[Field.Group] == 0 ? "none" : "g" + step[Field.Group])}",
            CommandType.SetMarkPrice => $"mark {where} {step[Field.Price]}",
            CommandType.SetIndexPrice => $"index {where} {step[Field.Price]}",
            CommandType.SetMarketParameters => $"set {where} {Parameters(Profile.ParametersOf(step[Field.Parameters]))}",
            CommandType.Tick => "time +0ms",
            _ => Comment(step),
        };
    }

    private static string Comment(Step step) => "# " + step.ToString().ReplaceLineEndings("\n# ");

    /// <summary>Whether the language has words for it: nothing spoiled or below zero, nothing that does not exist.</summary>
    private static bool CanSay(Profile profile, Step step)
    {
        bool Is(Field field, long most) => step[field] >= 0 && step[field] <= most;
        bool hasAccount = step[Field.Account] == 0
            ? step.Type is CommandType.None or CommandType.SetRateLimit or CommandType.KillSwitch or CommandType.Tick or CommandType.SetMarketState
                or (>= CommandType.SetMarketParameters and <= CommandType.SetIndexPrice)
            : step[Field.Account] > profile.Markets && step[Field.Account] <= profile.Markets + profile.Accounts;
        bool hasMarket = Is(Field.Market, profile.Markets) && (step[Field.Market] > 0 || !NeedsMarket(step.Type));
        bool isRange = Enum.GetValues<Field>().Where(field => field != Field.Count).All(field => step[field] >= 0);
        bool isChoice = Is(Field.Side, 1) && Is(Field.TimeInForce, 4) && Is(Field.SelfTrade, 5) && Is(Field.Flags, 63) && Is(Field.Kind, 4)
            && Is(Field.Source, 2) && Is(Field.Sides, 2) && Is(Field.SpareStops, 1) && Is(Field.Mode, 1) && Is(Field.Action, 2)
            && Is(Field.On, 1) && Is(Field.State, 6);
        bool isChange = step.Type == CommandType.ModifyOrder || step[Field.Action] == (long)BatchAction.Modify;
        bool changes = !isChange || step[Field.Price] + step[Field.Quantity] + step[Field.Trigger] > 0;
        bool slips = step[Field.Slippage] == 0 || step[Field.Type] == (long)OrderType.Market || step.Type == CommandType.SetBracket;
        return step[Field.Spoil] == 0 && changes && slips && hasAccount && hasMarket && isRange && isChoice
            && step.Items.All(item => CanSay(profile, item));
    }

    private static bool NeedsMarket(CommandType type) => type is CommandType.PlaceOrder or CommandType.PlaceOrderWithTerms or CommandType.OrderBatch
        or CommandType.MassQuote or CommandType.SetBracket or CommandType.SetMakerProtection or CommandType.SetMarketState or CommandType.SetMarkPrice
        or CommandType.SetIndexPrice or CommandType.SetMarketParameters;

    private string Order(Step step)
    {
        string price = step[Field.Type] == 1 ? string.Empty : $" @ {step[Field.Price]}";
        string kind = (TriggerKind)step[Field.Kind] switch
        {
            TriggerKind.None => step[Field.Type] == 1 ? " market" : price,
            TriggerKind.Stop => $" stop {step[Field.Trigger]}{price}",
            TriggerKind.TakeProfit => $" take-profit {step[Field.Trigger]}{price}",
            _ => $" trailing {(step[Field.TrailTicks] != 0 ? $"{step[Field.TrailTicks]}" : Percent(step[Field.TrailRate]))}{price}"
                + (step[Field.Kind] == (long)TriggerKind.TrailingTakeProfit ? " take-profit" : string.Empty)
                + If("activate", step[Field.Activation]) + If("step", step[Field.StepTicks]),
        };
        var flags = (OrderFlags)step[Field.Flags];
        string quantity = flags.HasFlag(OrderFlags.WholePosition) ? "whole-position" : step[Field.Quantity].ToString(CultureInfo.InvariantCulture);
        string expires = step[Field.ExpiresInNs] == 0 ? string.Empty : $" expires=+{step[Field.ExpiresInNs] / 1_000_000}ms";
        return $"{Side(step)} {quantity}{kind}{(step[Field.Kind] == 0 ? string.Empty : " on=" + Source(step))}{Flags(flags)}"
            + $"{NewName(step)}{TimeInForce(step)}{expires}{If("display", step[Field.Display])}"
            + (step[Field.Link] == 0 ? string.Empty : $" oco={_names[step[Field.Link]]}");
    }

    private string Batch(Step step, string who, string where)
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

    private string Quote(Step step, string who, string where)
    {
        int bids = (int)step[Field.Bids];
        for (int i = 0; i < step.Items.Count; i++)
        {
            _names[step.Tag + i] = $"o{step.Tag}.{(i < bids ? "bid" : "ask")}.{step.Items[i][Field.Price]}";
        }

        static string Levels(string name, IEnumerable<Step> levels) =>
            levels.Any() ? $" {name}={string.Join(',', levels.Select(level => $"{level[Field.Quantity]}@{level[Field.Price]}"))}" : string.Empty;
        return $"quote {who} {where}{Levels("bids", step.Items.Take(bids))}{Levels("asks", step.Items.Skip(bids))}"
            + Flags((OrderFlags)step[Field.Flags] & OrderFlags.PostOnly) + SelfTrade(step) + $" id=o{step.Tag}";
    }

    private static string Kill(Step step, string who, string where)
    {
        string verb = step[Field.On] == 0 ? "resume" : "kill";
        return (step[Field.Account] == 0 ? $"{verb}-market {where}" : $"{verb} {who}{(step[Field.Market] == 0 ? string.Empty : " " + where)}")
            + (step[Field.On] == 0 ? string.Empty : Spares(step));
    }

    /// <summary>The name of a new order; a client id that was used before is sent again.</summary>
    private string NewName(Step step)
    {
        string name = step[Field.ClientId] != 0 ? $"c{step[Field.ClientId]}" : $"o{step.Tag}";
        _names[step.Tag] = name;
        return $" id={name}{(_taken.Add($"{step[Field.Account]} {name}") ? string.Empty : " again")}";
    }

    private bool KnowsLink(Step step) => step[Field.Link] == 0 || _names.ContainsKey(step[Field.Link]);

    private string Named(Step step) =>
        step[Field.Order] != 0 ? _names.GetValueOrDefault(step[Field.Order], "never") : $"client:c{step[Field.ClientId]}";

    private string Changed(Step step) =>
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
        string.Concat(name.Select((letter, i) => (char.IsUpper(letter) && i > 0 ? "-" : string.Empty) + char.ToLowerInvariant(letter)));

    /// <summary>Parameters as the options of a line.</summary>
    public static string Parameters(MarketParameters all) => string.Join(' ',
        $"im-long={Percent(all.InitialMarginLongRate)} im-short={Percent(all.InitialMarginShortRate)} mm={Percent(all.MaintenanceMarginRate)}",
        $"max-leverage={all.MaxLeverage} max-slippage={Percent(all.MaxSlippageRate)} max-open-orders={all.MaxOpenOrders}",
        $"stp={all.SelfTrade.ToString().ToLowerInvariant()} price-band={Percent(all.PriceBandRate)} breaker={Percent(all.BreakerRate)}",
        $"breaker-window={all.BreakerWindowMs}ms breaker-halt={all.BreakerHaltMs}ms stop-buffer={Percent(all.StopBufferRate)}",
        $"min-qty={all.MinQuantityLots} min-notional={all.MinNotionalUnits / 1_000_000m} max-position={all.MaxPositionLots}",
        $"max-position-notional={all.MaxPositionUnits / 1_000_000m} liquidation-penalty={Percent(all.PenaltyRate)}",
        $"trigger-includes-fee={(all.TriggerIncludesFee == 0 ? "off" : "on")} limit-depth={Percent(all.LimitOfDepthRate)}",
        $"limit-open-interest={Percent(all.LimitOfOpenInterestRate)} max-open-positions={all.MaxOpenPositions}");
}
