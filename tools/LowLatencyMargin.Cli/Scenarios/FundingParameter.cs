using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>A parameter of a market's funding under the name that scenarios use.</summary>
internal sealed record FundingParameter(string Name, FundingParameter.Setter Set, Func<FundingRules, Value> Get)
{
    internal delegate void Setter(ref FundingRules rules, ScenarioLine line, string text);

    /// <summary>All of them, in the order in which they are printed.</summary>
    internal static IReadOnlyList<FundingParameter> All { get; } =
    [
        new(
            "funding",
            (ref FundingRules p, ScenarioLine line, string text) => p.IsOn = HumanUnits.IsOn(line, "funding", text) ? 1 : 0,
            p => Value.Of(p.IsOn != 0)),
        new(
            "funding-interval",
            (ref FundingRules p, ScenarioLine line, string text) => p.IntervalMs = ScenarioTime.ParseMs(line, text),
            p => Value.OfLength(p.IntervalMs)),
        Rated("funding-interest", (ref FundingRules p) => ref p.InterestRate),
        Rated("funding-clamp", (ref FundingRules p) => ref p.ClampRate),
        new(
            "funding-cap",
            (ref FundingRules p, ScenarioLine line, string text) => p.CapRate = HumanUnits.Ratio(line, text is "off" or "none" ? "0" : text),
            p => p.CapRate == 0 ? Value.Of("off") : HumanUnits.Ratio(p.CapRate)),
        Rated("funding-dampening", (ref FundingRules p) => ref p.DampeningRate),
    ];

    private delegate ref int Place(ref FundingRules rules);

    /// <summary>Reads a preset's rules and what the line says of them; false: it says nothing that the market does not begin with.</summary>
    internal static bool Read(ScenarioLine line, ref FundingRules rules)
    {
        bool says = false;
        if (line.Option("preset") is { } preset)
        {
            rules = FundingRules.Of(Parameter.Preset(line, preset));
            says = rules.IntervalMs != FundingRules.Default.IntervalMs;
        }

        foreach (FundingParameter parameter in All)
        {
            if (line.Option(parameter.Name) is { } text)
            {
                parameter.Set(ref rules, line, text);
                says = true;
            }
        }

        return says;
    }

    /// <summary>Adds all with their values.</summary>
    internal static void AddTo(Fields fields, FundingRules rules)
    {
        foreach (FundingParameter parameter in All)
        {
            fields.Add(parameter.Name, parameter.Get(rules));
        }
    }

    private static FundingParameter Rated(string name, Place place) => new(
        name,
        (ref FundingRules p, ScenarioLine line, string text) => place(ref p) = HumanUnits.Ratio(line, text == "off" ? "0" : text),
        p => HumanUnits.Ratio(place(ref p)));
}
