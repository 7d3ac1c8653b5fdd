using System.Globalization;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;
using Rule = LowLatencyMargin.Cli.Scenarios.Parameters.RuleParameter<LowLatencyMargin.Core.Commands.MarketParameters>;

namespace LowLatencyMargin.Cli.Scenarios.Parameters;

/// <summary>The risk parameters of a market.</summary>
internal static class RiskParameters
{
    internal const string PresetName = "preset";

    /// <summary>The one name for two parameters.</summary>
    private const string BothInitial = "im";

    private const string ImLong = "im-long";
    private const string ImShort = "im-short";
    private const string MaxLeverage = "max-leverage";

    /// <summary>Names of REQUIREMENTS for parameters that scenarios have a shorter name for.</summary>
    private static readonly Dictionary<string, string> Aliases = new()
    {
        ["insurance"] = "insurance-enabled",
        ["liquidation-penalty"] = "penalty-rate",
        ["loan-top-up"] = "loan-top-up-allowed",
        ["trigger-includes-fee"] = "trigger-includes-liq-fee",
    };

    /// <summary>All of them, in the order in which they are printed.</summary>
    internal static IReadOnlyList<Rule> All { get; } =
    [
        Rule.Rated(ImLong, (ref MarketParameters p) => ref p.InitialMarginLongRate),
        Rule.Rated(ImShort, (ref MarketParameters p) => ref p.InitialMarginShortRate),
        Rule.Rated("mm", (ref MarketParameters p) => ref p.MaintenanceMarginRate),
        Rule.Chosen("mm-base", (ref MarketParameters p) => ref p.MaintenanceMarginBase),
        Rule.Rated("maker-fee", (ref MarketParameters p) => ref p.MakerFeeRate),
        Rule.Rated("taker-fee", (ref MarketParameters p) => ref p.TakerFeeRate),
        FeeParameter.Tiers,
        FeeParameter.Split,
        Rule.Rated("liquidation-penalty", (ref MarketParameters p) => ref p.PenaltyRate),
        new("penalty-split", SetSplit, (p, _) => Value.Of(Split(p))),
        Rule.Sum("min-penalty", (ref MarketParameters p) => ref p.MinPenaltyUnits),
        Rule.Chosen("trigger", (ref MarketParameters p) => ref p.Trigger),
        Rule.Switched("trigger-includes-fee", (ref MarketParameters p) => ref p.TriggerIncludesFee),
        Rule.Chosen("isolated-order-margin", (ref MarketParameters p) => ref p.IsolatedOrderMargin),
        Rule.Chosen("withdraw-requirement", (ref MarketParameters p) => ref p.WithdrawRequirement),
        Rule.Switched("withdraw-unrealised-profit", (ref MarketParameters p) => ref p.WithdrawUnrealizedProfit),
        Rule.Counted(MaxLeverage, (ref MarketParameters p) => ref p.MaxLeverage),
        Rule.Counted("max-open-orders", (ref MarketParameters p) => ref p.MaxOpenOrders),
        Rule.Rated("max-slippage", (ref MarketParameters p) => ref p.MaxSlippageRate),
        Rule.Switched("insurance", (ref MarketParameters p) => ref p.InsuranceEnabled),
        Rule.Switched("offset-position", (ref MarketParameters p) => ref p.OffsetPosition),
        Rule.Chosen("stp", (ref MarketParameters p) => ref p.SelfTrade),
        Rule.Rated("price-band", (ref MarketParameters p) => ref p.PriceBandRate),
        Rule.Rated("breaker", (ref MarketParameters p) => ref p.BreakerRate),
        Rule.Timed("breaker-window", (ref MarketParameters p) => ref p.BreakerWindowMs),
        Rule.Timed("breaker-halt", (ref MarketParameters p) => ref p.BreakerHaltMs),
        Rule.Rated("stop-buffer", (ref MarketParameters p) => ref p.StopBufferRate),
        Rule.Quantified("min-qty", (ref MarketParameters p) => ref p.MinQuantityLots),
        Rule.Sum("min-notional", (ref MarketParameters p) => ref p.MinNotionalUnits),
        Rule.Quantified("max-position", (ref MarketParameters p) => ref p.MaxPositionLots),
        Rule.Sum("max-position-notional", (ref MarketParameters p) => ref p.MaxPositionUnits),
        Rule.Rated("limit-collateral", (ref MarketParameters p) => ref p.LimitOfCollateralRate),
        Rule.Rated("limit-depth", (ref MarketParameters p) => ref p.LimitOfDepthRate),
        Rule.Rated("limit-open-interest", (ref MarketParameters p) => ref p.LimitOfOpenInterestRate),
        Rule.Rated("limit-insurance", (ref MarketParameters p) => ref p.LimitOfInsuranceRate),
        Rule.Rated("max-spread", (ref MarketParameters p) => ref p.MaxSpreadRate),
        Rule.Counted("max-open-positions", (ref MarketParameters p) => ref p.MaxOpenPositions),
        new("tiers", TierWords.Set, TierWords.Print),
        Rule.Rated("volatility-threshold", (ref MarketParameters p) => ref p.VolatilityThresholdRate),
        Rule.Timed("volatility-window", (ref MarketParameters p) => ref p.VolatilityWindowMs),
        Rule.Rated("volatility-multiplier", (ref MarketParameters p) => ref p.VolatilityMultiplierRate),
        Rule.Timed("addon-grace", (ref MarketParameters p) => ref p.AddOnGraceMs),
        Rule.Timed("addon-notice", (ref MarketParameters p) => ref p.AddOnNoticeMs),
        Rule.Timed("mm-notice", (ref MarketParameters p) => ref p.MaintenanceNoticeMs),
        Rule.Rated("size-addon", (ref MarketParameters p) => ref p.SizeAddOnRate),
        Rule.Sum("size-addon-step", (ref MarketParameters p) => ref p.SizeAddOnStepUnits),
        Rule.Sum("size-addon-from", (ref MarketParameters p) => ref p.SizeAddOnFromUnits),
        Rule.Sum("open-interest-from", (ref MarketParameters p) => ref p.OpenInterestFromUnits),
        Rule.Sum("open-interest-to", (ref MarketParameters p) => ref p.OpenInterestToUnits),
        Rule.Chosen("mode-switch-policy", (ref MarketParameters p) => ref p.ModeSwitch),
        Rule.Rated("initial-level", (ref MarketParameters p) => ref p.InitialLevelRate),
        Rule.Rated("liquidation-level", (ref MarketParameters p) => ref p.LiquidationLevelRate),
        Rule.Rated("close-factor", (ref MarketParameters p) => ref p.CloseFactorRate),
        Rule.Rated("liquidation-bonus", (ref MarketParameters p) => ref p.LiquidationBonusRate),
        Rule.Rated("close-buffer", (ref MarketParameters p) => ref p.CloseBufferRate),
        new("loan-top-up",
            (ref MarketParameters p, ScenarioLine line, string text, MarketName _) => p.LoanTopUp = HumanUnits.IsOn(line, "loan-top-up", text) ? 1 : 0,
            (p, _) => Value.Of(p.LoanTopUp != 0)),
    ];

    /// <summary>Reads all options of a line that are parameters into a set of them; how many there were.</summary>
    internal static int Read(ScenarioLine line, MarketName market, ref MarketParameters parameters)
    {
        int count = 0;
        if (line.Option(PresetName) is { } preset)
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

        foreach (Rule parameter in All)
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
        foreach (Rule parameter in All)
        {
            fields.Add(parameter.Name, parameter.Get(parameters, market));
        }

        return fields;
    }

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
