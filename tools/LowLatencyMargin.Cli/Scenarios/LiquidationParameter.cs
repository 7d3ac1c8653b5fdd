using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>A parameter of a market's liquidations under the name that scenarios use.</summary>
internal sealed record LiquidationParameter(
    string Name, LiquidationParameter.Setter Set, Func<LiquidationRules, MarketName, Value> Get)
{
    internal delegate void Setter(ref LiquidationRules rules, ScenarioLine line, string text, MarketName market);

    /// <summary>All of them, in the order in which they are printed.</summary>
    internal static IReadOnlyList<LiquidationParameter> All { get; } =
    [
        new(
            "partial",
            (ref LiquidationRules p, ScenarioLine line, string text, MarketName _) => p.Partial = (byte)(HumanUnits.IsOn(line, "partial", text) ? 1 : 0),
            (p, _) => Value.Of(p.Partial != 0)),
        Money("partial-min-notional", (ref LiquidationRules p) => ref p.PartialMinNotionalUnits),
        Rated("partial-min-fraction", (ref LiquidationRules p) => ref p.PartialMinFractionRate),
        Rated("partial-target", (ref LiquidationRules p) => ref p.PartialTargetRate),
        Chosen("liquidation-style", (ref LiquidationRules p) => ref p.Style),
        Rated("disposal-fraction", (ref LiquidationRules p) => ref p.DisposalFractionRate),
        new("disposal-interval",
            (ref LiquidationRules p, ScenarioLine line, string text, MarketName _) =>
                p.DisposalIntervalMs = text == "off" ? 0 : ScenarioTime.ParseMs(line, text),
            (p, _) => Value.OfLength(p.DisposalIntervalMs)),
        Rated("disposal-max-share", (ref LiquidationRules p) => ref p.DisposalShareRate),
        Money("liquidation-limit-account", (ref LiquidationRules p) => ref p.AccountLimitUnits),
        Money("liquidation-limit-market", (ref LiquidationRules p) => ref p.MarketLimitUnits),
        Chosen("isolated-recourse", (ref LiquidationRules p) => ref p.Recourse),
        Chosen("keeper-loop", (ref LiquidationRules p) => ref p.KeeperLoop),
        Money("keeper-cost-refund", (ref LiquidationRules p) => ref p.KeeperCostRefundUnits),
    ];

    private delegate ref T Place<T>(ref LiquidationRules rules);

    /// <summary>Reads a preset's rules and what the line says of them; false: it says nothing.</summary>
    internal static bool Read(ScenarioLine line, MarketName market, ref LiquidationRules rules)
    {
        bool says = false;
        if (line.Option("preset") is { } preset)
        {
            LiquidationRules before = rules;
            rules = LiquidationRules.Of(Parameter.Preset(line, preset));
            says = !rules.Equals(before);
        }

        foreach (LiquidationParameter parameter in All)
        {
            if (line.Option(parameter.Name) is { } text)
            {
                parameter.Set(ref rules, line, text, market);
                says = true;
            }
        }

        return says;
    }

    /// <summary>Adds all with their values.</summary>
    internal static void AddTo(Fields fields, LiquidationRules rules, MarketName market)
    {
        foreach (LiquidationParameter parameter in All)
        {
            fields.Add(parameter.Name, parameter.Get(rules, market));
        }
    }

    private static LiquidationParameter Rated(string name, Place<int> place) => new(
        name,
        (ref LiquidationRules p, ScenarioLine line, string text, MarketName _) => place(ref p) = HumanUnits.Ratio(line, text == "off" ? "0" : text),
        (p, _) => HumanUnits.Ratio(place(ref p)));

    private static LiquidationParameter Money(string name, Place<long> place) => new(
        name,
        (ref LiquidationRules p, ScenarioLine line, string text, MarketName market) =>
            place(ref p) = HumanUnits.Money(line, text == "off" ? "0" : text, market.Quote),
        (p, market) => HumanUnits.Money(place(ref p), market.Quote));

    private static LiquidationParameter Chosen<T>(string name, Place<T> place)
        where T : struct, Enum => new(
        name,
        (ref LiquidationRules p, ScenarioLine line, string text, MarketName _) => place(ref p) = WordStyle.Find<T>(text)
            ?? throw line.Error($"{name}={text} is not understood", string.Join(" or ", Enum.GetNames<T>().Select(WordStyle.Kebab))),
        (p, _) => Value.Of(WordStyle.Kebab(place(ref p).ToString())));
}
