using System.Globalization;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>A risk parameter of a market under the name that scenarios use.</summary>
internal sealed record Parameter(string Name, Parameter.Setter Set, Func<MarketParameters, MarketName, Value> Get)
{
    /// <summary>The one name for two parameters.</summary>
    private const string BothInitial = "im";

    private const string ImLong = "im-long";
    private const string ImShort = "im-short";
    private const string MaxLeverage = "max-leverage";

    private const string Off = "off";

    /// <summary>Names of REQUIREMENTS for parameters that scenarios have a shorter name for.</summary>
    private static readonly Dictionary<string, string> Aliases = new()
    {
        ["insurance"] = "insurance-enabled",
        ["liquidation-penalty"] = "penalty-rate",
        ["loan-top-up"] = "loan-top-up-allowed",
        ["trigger-includes-fee"] = "trigger-includes-liq-fee",
    };

    internal delegate void Setter(ref MarketParameters parameters, ScenarioLine line, string text, MarketName market);

    /// <summary>All of them, in the order in which they are printed.</summary>
    internal static IReadOnlyList<Parameter> All { get; } =
    [
        Rated(ImLong, (ref MarketParameters p) => ref p.InitialMarginLongRate),
        Rated(ImShort, (ref MarketParameters p) => ref p.InitialMarginShortRate),
        Rated("mm", (ref MarketParameters p) => ref p.MaintenanceMarginRate),
        new("mm-base", (ref MarketParameters p, ScenarioLine line, string text, MarketName _) => p.MaintenanceMarginBase = Choice<MarginBase>(line, text),
            (p, _) => Chosen(p.MaintenanceMarginBase)),
        Rated("maker-fee", (ref MarketParameters p) => ref p.MakerFeeRate),
        Rated("taker-fee", (ref MarketParameters p) => ref p.TakerFeeRate),
        FeeParameter.Tiers,
        FeeParameter.Split,
        Rated("liquidation-penalty", (ref MarketParameters p) => ref p.PenaltyRate),
        new("penalty-split", SetSplit, (p, _) => Value.Of(Split(p))),
        Sum("min-penalty", (ref MarketParameters p) => ref p.MinPenaltyUnits),
        new("trigger", (ref MarketParameters p, ScenarioLine line, string text, MarketName _) => p.Trigger = Choice<LiquidationTrigger>(line, text),
            (p, _) => Chosen(p.Trigger)),
        Switched("trigger-includes-fee", (ref MarketParameters p) => ref p.TriggerIncludesFee),
        new("isolated-order-margin",
            (ref MarketParameters p, ScenarioLine line, string text, MarketName _) => p.IsolatedOrderMargin = Choice<OrderMarginRule>(line, text),
            (p, _) => Chosen(p.IsolatedOrderMargin)),
        new("withdraw-requirement",
            (ref MarketParameters p, ScenarioLine line, string text, MarketName _) => p.WithdrawRequirement = Choice<WithdrawRequirement>(line, text),
            (p, _) => Chosen(p.WithdrawRequirement)),
        Switched("withdraw-unrealised-profit", (ref MarketParameters p) => ref p.WithdrawUnrealizedProfit),
        Counted(MaxLeverage, (ref MarketParameters p) => ref p.MaxLeverage),
        Counted("max-open-orders", (ref MarketParameters p) => ref p.MaxOpenOrders),
        Rated("max-slippage", (ref MarketParameters p) => ref p.MaxSlippageRate),
        Switched("insurance", (ref MarketParameters p) => ref p.InsuranceEnabled),
        Switched("offset-position", (ref MarketParameters p) => ref p.OffsetPosition),
        new("stp", (ref MarketParameters p, ScenarioLine line, string text, MarketName _) => p.SelfTrade = Choice<SelfTradePrevention>(line, text),
            (p, _) => Chosen(p.SelfTrade)),
        Rated("price-band", (ref MarketParameters p) => ref p.PriceBandRate),
        Rated("breaker", (ref MarketParameters p) => ref p.BreakerRate),
        Timed("breaker-window", (ref MarketParameters p) => ref p.BreakerWindowMs),
        Timed("breaker-halt", (ref MarketParameters p) => ref p.BreakerHaltMs),
        Rated("stop-buffer", (ref MarketParameters p) => ref p.StopBufferRate),
        Quantified("min-qty", (ref MarketParameters p) => ref p.MinQuantityLots),
        Sum("min-notional", (ref MarketParameters p) => ref p.MinNotionalUnits),
        Quantified("max-position", (ref MarketParameters p) => ref p.MaxPositionLots),
        Sum("max-position-notional", (ref MarketParameters p) => ref p.MaxPositionUnits),
        Rated("limit-collateral", (ref MarketParameters p) => ref p.LimitOfCollateralRate),
        Rated("limit-depth", (ref MarketParameters p) => ref p.LimitOfDepthRate),
        Rated("limit-open-interest", (ref MarketParameters p) => ref p.LimitOfOpenInterestRate),
        Rated("limit-insurance", (ref MarketParameters p) => ref p.LimitOfInsuranceRate),
        Rated("max-spread", (ref MarketParameters p) => ref p.MaxSpreadRate),
        Counted("max-open-positions", (ref MarketParameters p) => ref p.MaxOpenPositions),
        new("tiers", TierWords.Set, TierWords.Print),
        Rated("volatility-threshold", (ref MarketParameters p) => ref p.VolatilityThresholdRate),
        Timed("volatility-window", (ref MarketParameters p) => ref p.VolatilityWindowMs),
        Rated("volatility-multiplier", (ref MarketParameters p) => ref p.VolatilityMultiplierRate),
        Timed("addon-grace", (ref MarketParameters p) => ref p.AddOnGraceMs),
        Timed("addon-notice", (ref MarketParameters p) => ref p.AddOnNoticeMs),
        Timed("mm-notice", (ref MarketParameters p) => ref p.MaintenanceNoticeMs),
        Rated("size-addon", (ref MarketParameters p) => ref p.SizeAddOnRate),
        Sum("size-addon-step", (ref MarketParameters p) => ref p.SizeAddOnStepUnits),
        Sum("size-addon-from", (ref MarketParameters p) => ref p.SizeAddOnFromUnits),
        Sum("open-interest-from", (ref MarketParameters p) => ref p.OpenInterestFromUnits),
        Sum("open-interest-to", (ref MarketParameters p) => ref p.OpenInterestToUnits),
        new("mode-switch-policy",
            (ref MarketParameters p, ScenarioLine line, string text, MarketName _) => p.ModeSwitch = Choice<ModeSwitchPolicy>(line, text),
            (p, _) => Chosen(p.ModeSwitch)),
        Rated("initial-level", (ref MarketParameters p) => ref p.InitialLevelRate),
        Rated("liquidation-level", (ref MarketParameters p) => ref p.LiquidationLevelRate),
        Rated("close-factor", (ref MarketParameters p) => ref p.CloseFactorRate),
        Rated("liquidation-bonus", (ref MarketParameters p) => ref p.LiquidationBonusRate),
        Rated("close-buffer", (ref MarketParameters p) => ref p.CloseBufferRate),
        new("loan-top-up",
            (ref MarketParameters p, ScenarioLine line, string text, MarketName _) => p.LoanTopUp = HumanUnits.IsOn(line, "loan-top-up", text) ? 1 : 0,
            (p, _) => Value.Of(p.LoanTopUp != 0)),
    ];

    private delegate ref T Place<T>(ref MarketParameters parameters);

    /// <summary>Reads all options of a line that are parameters into a set of them; how many there were.</summary>
    internal static int Read(ScenarioLine line, MarketName market, ref MarketParameters parameters)
    {
        int count = 0;
        if (line.Option("preset") is { } preset)
        {
            parameters = MarketPresets.Of(Preset(line, preset), market.Quote.Decimals, market.Collateral.Decimals);
            count++;
        }

        FeeParameter.EndDefault(line, market.Collateral, ref parameters);
        if (line.Option(BothInitial) is { } both)
        {
            parameters.InitialMarginLongRate = parameters.InitialMarginShortRate = HumanUnits.Ratio(line, both);
            count++;
        }

        foreach (Parameter parameter in All)
        {
            string? alias = Aliases.GetValueOrDefault(parameter.Name);
            if ((line.Option(parameter.Name) ?? (alias is null ? null : line.Option(alias))) is { } text)
            {
                parameter.Set(ref parameters, line, text, market);
                count++;
            }
        }

        KeepCap(line, ref parameters);
        line.EndOptions();
        return count;
    }

    /// <summary>A line that lowers the leverage cap, and says nothing of initial margin, means that nobody trades at more .</summary>
    private static void KeepCap(ScenarioLine line, ref MarketParameters parameters)
    {
        bool namesInitial = line.Options.ContainsKey(BothInitial) || line.Options.ContainsKey(ImLong) || line.Options.ContainsKey(ImShort);
        if (line.Options.ContainsKey(MaxLeverage) && !namesInitial && parameters.MaxLeverage > 0)
        {
            int least = (Rate.Scale + parameters.MaxLeverage - 1) / parameters.MaxLeverage;
            parameters.InitialMarginLongRate = Math.Max(parameters.InitialMarginLongRate, least);
            parameters.InitialMarginShortRate = Math.Max(parameters.InitialMarginShortRate, least);
        }
    }

    /// <summary>A preset by its name; the code base of a source counts as the source where section 23 has one column for both.</summary>
    internal static MarketPreset Preset(ScenarioLine line, string text) => text switch
    {
        "default" => MarketPreset.Default,
        "S1" => MarketPreset.S1,
        "S1r" => MarketPreset.S1r,
        "S2" or "S2r" => MarketPreset.S2,
        "S3" or "S3r" => MarketPreset.S3,
        "S4" or "S4r" => MarketPreset.S4,
        "S5" or "S5r" => MarketPreset.S5,
        _ => throw line.Error($"preset={text} is not known", "default, S1, S1r, S2, S3, S4 or S5"),
    };

    internal static Fields Print(MarketParameters parameters, MarketName market)
    {
        var fields = new Fields();
        foreach (Parameter parameter in All)
        {
            fields.Add(parameter.Name, parameter.Get(parameters, market));
        }

        return fields;
    }

    private static Parameter Rated(string name, Place<int> place) => new(
        name,
        (ref MarketParameters p, ScenarioLine line, string text, MarketName _) => place(ref p) = HumanUnits.Ratio(line, ZeroIfOff(text)),
        (p, _) => HumanUnits.Ratio(place(ref p)));

    private static Parameter Timed(string name, Place<int> place) => new(
        name,
        (ref MarketParameters p, ScenarioLine line, string text, MarketName _) => place(ref p) = text == Off ? 0 : ScenarioTime.ParseMs(line, text),
        (p, _) => Value.OfLength(place(ref p)));

    private static Parameter Quantified(string name, Place<long> place) => new(
        name,
        (ref MarketParameters p, ScenarioLine line, string text, MarketName market) =>
            place(ref p) = HumanUnits.Quantity(line, ZeroIfOff(text), market),
        (p, market) => HumanUnits.Quantity(place(ref p), market));

    private static Parameter Sum(string name, Place<long> place) => new(
        name,
        (ref MarketParameters p, ScenarioLine line, string text, MarketName market) =>
            place(ref p) = HumanUnits.Money(line, ZeroIfOff(text), market.Quote),
        (p, market) => HumanUnits.Money(place(ref p), market.Quote));

    private static string ZeroIfOff(string text) => text == Off ? "0" : text;

    private static Parameter Counted(string name, Place<int> place) => new(
        name,
        (ref MarketParameters p, ScenarioLine line, string text, MarketName _) =>
            place(ref p) = (int)Math.Clamp(HumanUnits.Whole(line, text, name), -1, int.MaxValue),
        (p, _) => Value.Of(place(ref p)));

    private static Parameter Switched(string name, Place<byte> place) => new(
        name,
        (ref MarketParameters p, ScenarioLine line, string text, MarketName _) =>
            place(ref p) = (byte)(HumanUnits.IsOn(line, name, text) ? 1 : 0),
        (p, _) => Value.Of(place(ref p) != 0));

    private static T Choice<T>(ScenarioLine line, string text)
        where T : struct, Enum => WordStyle.Find<T>(text)
        ?? throw line.Error($"'{text}' is not understood", string.Join(" or ", Enum.GetNames<T>().Select(WordStyle.Kebab)));

    private static Value Chosen<T>(T value)
        where T : struct, Enum => Value.Of(WordStyle.Kebab(value.ToString()));

    private static void SetSplit(ref MarketParameters parameters, ScenarioLine line, string text, MarketName market)
    {
        string[] parts = text.Split('/');
        if (parts.Length != 4)
        {
            throw line.Error($"penalty-split={text} is not understood", "four percentages keeper/protocol/insurance/makers such as 60/40/0/0");
        }

        parameters.PenaltyKeeperRate = HumanUnits.Ratio(line, parts[0].TrimEnd('%') + "%");
        parameters.PenaltyProtocolRate = HumanUnits.Ratio(line, parts[1].TrimEnd('%') + "%");
        parameters.PenaltyInsuranceRate = HumanUnits.Ratio(line, parts[2].TrimEnd('%') + "%");
        parameters.PenaltyMakersRate = HumanUnits.Ratio(line, parts[3].TrimEnd('%') + "%");
    }

    private static string Split(MarketParameters p) => string.Join('/', new[]
    {
        p.PenaltyKeeperRate, p.PenaltyProtocolRate, p.PenaltyInsuranceRate, p.PenaltyMakersRate,
    }.Select(rate => new ExactNumber(rate, Rate.Scale / 100).ToString().ToString(CultureInfo.InvariantCulture)));
}
