using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>A parameter of a market's mark under the name that scenarios use.</summary>
internal sealed record PriceParameter(string Name, PriceParameter.Setter Set, Func<PriceRules, Value> Get)
{
    internal delegate void Setter(ref PriceRules rules, ScenarioLine line, string text);

    /// <summary>All of them, in the order in which they are printed.</summary>
    internal static IReadOnlyList<PriceParameter> All { get; } =
    [
        new(
            "mark-rule",
            (ref PriceRules p, ScenarioLine line, string text) => p.Rule = WordStyle.Find<MarkRule>(text)
                ?? throw line.Error($"mark-rule={text} is not understood", "manual, median, external, mid, mid-and-external, touch or hybrid"),
            p => Value.Of(WordStyle.Kebab(p.Rule.ToString()))),
        Timed("vwap-window", (ref PriceRules p) => ref p.VwapWindowMs),
        Timed("feed-fresh", (ref PriceRules p) => ref p.FreshMs),
        Timed("mark-half-life", (ref PriceRules p) => ref p.HalfLifeMs),
        Timed("mark-interval", (ref PriceRules p) => ref p.IntervalMs),
        Rated("mark-gap", (ref PriceRules p) => ref p.GapRate),
        Rated("mark-band", (ref PriceRules p) => ref p.BandRate),
        Rated("mark-clamp", (ref PriceRules p) => ref p.ClampRate),
    ];

    private delegate ref int Place(ref PriceRules rules);

    /// <summary>Reads a preset's rules and what the line says of them; false: it says nothing.</summary>
    internal static bool Read(ScenarioLine line, ref PriceRules rules)
    {
        bool says = false;
        if (line.Option("preset") is { } preset)
        {
            MarketPreset named = Parameter.Preset(line, preset);
            rules = PriceRules.Of(named);
            says = named != MarketPreset.Default;
        }

        foreach (PriceParameter parameter in All)
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
    internal static void AddTo(Fields fields, PriceRules rules)
    {
        foreach (PriceParameter parameter in All)
        {
            fields.Add(parameter.Name, parameter.Get(rules));
        }
    }

    private static PriceParameter Timed(string name, Place place) => new(
        name,
        (ref PriceRules p, ScenarioLine line, string text) => place(ref p) = text == "off" ? 0 : ScenarioTime.ParseMs(line, text),
        p => Value.OfLength(place(ref p)));

    private static PriceParameter Rated(string name, Place place) => new(
        name,
        (ref PriceRules p, ScenarioLine line, string text) => place(ref p) = HumanUnits.Ratio(line, text == "off" ? "0" : text),
        p => HumanUnits.Ratio(place(ref p)));
}
