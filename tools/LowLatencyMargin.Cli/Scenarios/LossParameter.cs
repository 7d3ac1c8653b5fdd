using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>A rule of a market's losses under the name that scenarios use (docs/waterfall.md).</summary>
internal sealed record LossParameter(string Name, LossParameter.Setter Set, Func<LossRules, AssetName, Value> Get)
{
    internal delegate void Setter(ref LossRules rules, ScenarioLine line, string text, AssetName quote);

    /// <summary>All of them, in the order in which they are printed.</summary>
    internal static IReadOnlyList<LossParameter> All { get; } =
    [
        Chosen("loss-mode", (ref LossRules p) => ref p.Mode),
        Chosen("loss-pool", (ref LossRules p) => ref p.Pool),
        Chosen("adl-price", (ref LossRules p) => ref p.Price),
        Chosen("adl-score", (ref LossRules p) => ref p.Score),
        new(
            "adl-max-candidates",
            (ref LossRules p, ScenarioLine line, string text, AssetName _) =>
                p.MaxHolders = (ushort)Math.Clamp(HumanUnits.Whole(line, text, "adl-max-candidates"), 0, ushort.MaxValue),
            (p, _) => Value.Of(p.MaxHolders)),
        Rated("adl-drawdown", (ref LossRules p) => ref p.DrawdownRate),
        Switched("insurance-global", (ref LossRules p) => ref p.GlobalLayer),
        Switched("insurance-surplus", (ref LossRules p) => ref p.KeepsSurplus),
        Rated("insurance-redirect", (ref LossRules p) => ref p.RedirectRate),
        new(
            "insurance-threshold",
            (ref LossRules p, ScenarioLine line, string text, AssetName quote) => p.ThresholdUnits = HumanUnits.Money(line, text == "off" ? "0" : text, quote),
            (p, quote) => HumanUnits.Money(p.ThresholdUnits, quote)),
    ];

    private delegate ref T Place<T>(ref LossRules rules);

    /// <summary>Reads a preset's rules and what the line says of them; false: it says nothing.</summary>
    internal static bool Read(ScenarioLine line, AssetName quote, ref LossRules rules)
    {
        bool says = false;
        if (line.Option("preset") is { } preset)
        {
            MarketPreset named = Parameter.Preset(line, preset);
            rules = LossRules.Of(named);
            says = named != MarketPreset.Default;
        }

        foreach (LossParameter parameter in All)
        {
            if (line.Option(parameter.Name) is { } text)
            {
                parameter.Set(ref rules, line, text, quote);
                says = true;
            }
        }

        return says;
    }

    /// <summary>Adds all with their values.</summary>
    internal static void AddTo(Fields fields, LossRules rules, AssetName quote)
    {
        foreach (LossParameter parameter in All)
        {
            fields.Add(parameter.Name, parameter.Get(rules, quote));
        }
    }

    private static LossParameter Chosen<T>(string name, Place<T> place)
        where T : struct, Enum => new(
        name,
        (ref LossRules p, ScenarioLine line, string text, AssetName _) => place(ref p) = WordStyle.Find<T>(text)
            ?? throw line.Error($"{name}={text} is not understood", string.Join(" or ", Enum.GetNames<T>().Select(WordStyle.Kebab))),
        (p, _) => Value.Of(WordStyle.Kebab(place(ref p).ToString())));

    private static LossParameter Rated(string name, Place<int> place) => new(
        name,
        (ref LossRules p, ScenarioLine line, string text, AssetName _) => place(ref p) = HumanUnits.Ratio(line, text == "off" ? "0" : text),
        (p, _) => HumanUnits.Ratio(place(ref p)));

    private static LossParameter Switched(string name, Place<byte> place) => new(
        name,
        (ref LossRules p, ScenarioLine line, string text, AssetName _) => place(ref p) = (byte)(HumanUnits.IsOn(line, name, text) ? 1 : 0),
        (p, _) => Value.Of(place(ref p) != 0));
}
