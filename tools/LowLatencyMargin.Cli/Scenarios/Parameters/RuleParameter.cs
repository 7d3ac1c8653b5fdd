using LowLatencyMargin.Cli.Text;

namespace LowLatencyMargin.Cli.Scenarios.Parameters;

/// <summary>A parameter of a set of rules of a market under the name that scenarios use.</summary>
internal sealed record RuleParameter<TRules>(string Name, RuleParameter<TRules>.Setter Set, Func<TRules, MarketName, Value> Get)
    where TRules : struct
{
    private const string Off = "off";

    internal delegate void Setter(ref TRules rules, ScenarioLine line, string text, MarketName market);

    internal delegate ref T Place<T>(ref TRules rules);

    /// <summary>A rate.</summary>
    internal static RuleParameter<TRules> Rated(string name, Place<int> place) => new(
        name,
        (ref TRules rules, ScenarioLine line, string text, MarketName _) => place(ref rules) = HumanUnits.Ratio(line, ZeroIfOff(text)),
        (rules, _) => HumanUnits.Ratio(place(ref rules)));

    /// <summary>A length of time in milliseconds.</summary>
    internal static RuleParameter<TRules> Timed(string name, Place<int> place) => new(
        name,
        (ref TRules rules, ScenarioLine line, string text, MarketName _) => place(ref rules) = text == Off ? 0 : ScenarioTime.ParseMs(line, text),
        (rules, _) => Value.OfLength(place(ref rules)));

    /// <summary>A number of lots.</summary>
    internal static RuleParameter<TRules> Quantified(string name, Place<long> place) => new(
        name,
        (ref TRules rules, ScenarioLine line, string text, MarketName market) => place(ref rules) = HumanUnits.Quantity(line, ZeroIfOff(text), market),
        (rules, market) => HumanUnits.Quantity(place(ref rules), market));

    /// <summary>An amount of the quote asset.</summary>
    internal static RuleParameter<TRules> Sum(string name, Place<long> place) => new(
        name,
        (ref TRules rules, ScenarioLine line, string text, MarketName market) => place(ref rules) = HumanUnits.Money(line, ZeroIfOff(text), market.Quote),
        (rules, market) => HumanUnits.Money(place(ref rules), market.Quote));

    /// <summary>A whole number; what is too large for the field is refused by the exchange, not here.</summary>
    internal static RuleParameter<TRules> Counted(string name, Place<int> place) => new(
        name,
        (ref TRules rules, ScenarioLine line, string text, MarketName _) =>
            place(ref rules) = (int)Math.Clamp(HumanUnits.Whole(line, text, name), -1, int.MaxValue),
        (rules, _) => Value.Of(place(ref rules)));

    /// <summary>On or off.</summary>
    internal static RuleParameter<TRules> Switched(string name, Place<byte> place) => new(
        name,
        (ref TRules rules, ScenarioLine line, string text, MarketName _) => place(ref rules) = (byte)(HumanUnits.IsOn(line, name, text) ? 1 : 0),
        (rules, _) => Value.Of(place(ref rules) != 0));

    /// <summary>One of the words of an enumeration.</summary>
    internal static RuleParameter<TRules> Chosen<T>(string name, Place<T> place)
        where T : struct, Enum => new(
        name,
        (ref TRules rules, ScenarioLine line, string text, MarketName _) => place(ref rules) = WordStyle.Find<T>(text)
            ?? throw line.Error($"{name}={text} is not understood", string.Join(" or ", Enum.GetNames<T>().Select(WordStyle.Kebab))),
        (rules, _) => Value.Of(WordStyle.Kebab(place(ref rules).ToString())));

    private static string ZeroIfOff(string text) => text == Off ? "0" : text;
}
