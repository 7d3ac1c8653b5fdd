using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios.Parameters;

/// <summary>A parameter of a lending pool under the name that scenarios use.</summary>
internal sealed record PoolParameter(string Name, PoolParameter.Setter Set, Func<PoolParameters, AssetName, Value> Get)
{
    private const string Off = "off";

    internal delegate void Setter(ref PoolParameters parameters, ScenarioLine line, string text, AssetName asset);

    /// <summary>All of them, in the order in which they are printed.</summary>
    internal static IReadOnlyList<PoolParameter> All { get; } =
    [
        new("model", (ref PoolParameters p, ScenarioLine line, string text, AssetName _) => p.Model = ModelOf(line, text), (p, _) => ModelName(p.Model)),
        Rated("rate-zero", (ref PoolParameters p) => ref p.RateAtZero),
        Rated("rate-optimal", (ref PoolParameters p) => ref p.RateAtOptimal),
        Rated("rate-max", (ref PoolParameters p) => ref p.RateAtMax),
        Rated("optimal-utilisation", (ref PoolParameters p) => ref p.OptimalUtilisation),
        Timed("interest-step", (ref PoolParameters p) => ref p.InterestStepSeconds),
        Rated("fixed-base", (ref PoolParameters p) => ref p.FixedBaseRate),
        Rated("fixed-slope", (ref PoolParameters p) => ref p.FixedSlopeRate),
        Timed("fixed-term", (ref PoolParameters p) => ref p.FixedTermSeconds),
        Rated("reserve-factor", (ref PoolParameters p) => ref p.ReserveFactorRate),
        Sum("borrow-cap", (ref PoolParameters p) => ref p.BorrowCapUnits),
        Sum("min-borrow", (ref PoolParameters p) => ref p.MinBorrowUnits),
        Rated("borrow-fee", (ref PoolParameters p) => ref p.BorrowFeeRate),
        Sum("min-borrow-fee", (ref PoolParameters p) => ref p.MinBorrowFeeUnits),
        new("unlock", SetUnlock, (p, _) => Value.Of(p.Unlock != 0)),
        new("epoch", (ref PoolParameters p, ScenarioLine line, string text, AssetName _) => p.EpochSeconds = Seconds(line, text),
            (p, _) => Value.OfLength(p.EpochSeconds * 1_000L)),
        new("dust", (ref PoolParameters p, ScenarioLine line, string text, AssetName _) => p.DustE9 = HumanUnits.Size(line, text, "dust"),
            (p, _) => Value.Of(new ExactNumber(p.DustE9, 1_000_000_000))),
        Rated("flow-cap", (ref PoolParameters p) => ref p.FlowCapRate),
    ];

    private delegate ref T Place<T>(ref PoolParameters parameters);

    /// <summary>Reads all options of a line into a set of parameters; every option must be one.</summary>
    internal static void Read(ScenarioLine line, AssetName asset, ref PoolParameters parameters)
    {
        foreach (PoolParameter parameter in All)
        {
            if (line.Option(parameter.Name) is { } text)
            {
                parameter.Set(ref parameters, line, text, asset);
            }
        }

        line.EndOptions();
    }

    internal static Value ModelName(InterestModel model) => Value.Of(WordStyle.Kebab(model.ToString()));

    private static InterestModel ModelOf(ScenarioLine line, string text) => text switch
    {
        "kinked" or "accruing" => InterestModel.Kinked,
        _ when WordStyle.AreSame(text, "fixed-full") => InterestModel.FixedFull,
        _ => throw line.Error($"model={text} is not understood", "model=kinked or model=fixed-full"),
    };

    private static void SetUnlock(ref PoolParameters parameters, ScenarioLine line, string text, AssetName asset) =>
        parameters.Unlock = (byte)(HumanUnits.IsOn(line, "unlock", text) ? 1 : 0);

    private static int Seconds(ScenarioLine line, string text)
    {
        long ms = ScenarioTime.ParseLength(line, text);
        return ms % 1_000 == 0
            ? (int)Math.Min(ms / 1_000, int.MaxValue)
            : throw line.Error($"{text} is not a whole number of seconds", "such as 30s, 1h or 30d");
    }

    private static PoolParameter Rated(string name, Place<int> place) => new(
        name,
        (ref PoolParameters p, ScenarioLine line, string text, AssetName _) => place(ref p) = HumanUnits.Ratio(line, text == Off ? "0" : text),
        (p, _) => HumanUnits.Ratio(place(ref p)));

    private static PoolParameter Timed(string name, Place<int> place) => new(
        name,
        (ref PoolParameters p, ScenarioLine line, string text, AssetName _) => place(ref p) = Seconds(line, text),
        (p, _) => Value.OfLength(place(ref p) * 1_000L));

    private static PoolParameter Sum(string name, Place<long> place) => new(
        name,
        (ref PoolParameters p, ScenarioLine line, string text, AssetName asset) => place(ref p) = HumanUnits.Money(line, text == Off ? "0" : text, asset),
        (p, asset) => HumanUnits.Money(place(ref p), asset));
}
