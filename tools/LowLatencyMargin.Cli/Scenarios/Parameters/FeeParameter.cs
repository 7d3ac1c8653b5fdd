using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;
using Rule = LowLatencyMargin.Cli.Scenarios.Parameters.RuleParameter<LowLatencyMargin.Core.Commands.MarketParameters>;

namespace LowLatencyMargin.Cli.Scenarios.Parameters;

/// <summary>Fee tiers and the receivers of fees (docs/fees.md), as scenarios write them.</summary>
internal static class FeeParameter
{
    private const string MakerName = "maker-fee";
    private const string TakerName = "taker-fee";
    private const string TiersName = "fee-tiers";
    private const string SplitName = "fee-split";

    /// <summary>Options that say what a market's fees are: without any, a market has the default tiers.</summary>
    private static readonly string[] OwnFees = [MakerName, TakerName, TiersName, RiskParameters.PresetName];

    internal static Rule Tiers { get; } = new(TiersName, SetTiers, PrintTiers);

    internal static Rule Split { get; } = new(
        SplitName,
        SetSplit,
        (p, _) => Value.Of(string.Join('/', new[] { p.FeeProtocolRate, p.FeeInsuranceRate, p.FeeLendersRate, p.FeeCommunityRate }
            .Select(rate => HumanUnits.Ratio(rate).Text.TrimEnd('%')))));

    internal static void SetDefault(ScenarioLine line, AssetName collateral, ref MarketParameters parameters)
    {
        if (!OwnFees.Any(line.Options.ContainsKey))
        {
            parameters.FeeTiers = MarketParameters.DefaultFeeTiers((long)System.Numerics.BigInteger.Pow(10, collateral.Decimals));
        }
    }

    /// <summary>The default tiers go with the default fees: a line that sets other fees, and no tiers, ends them.</summary>
    internal static void EndDefault(ScenarioLine line, AssetName collateral, ref MarketParameters parameters)
    {
        bool ownFees = line.Options.ContainsKey(MakerName) || line.Options.ContainsKey(TakerName);
        FeeTiers usual = MarketParameters.DefaultFeeTiers((long)System.Numerics.BigInteger.Pow(10, collateral.Decimals));
        if (ownFees && !line.Options.ContainsKey(TiersName) && ((ReadOnlySpan<FeeTier>)parameters.FeeTiers).SequenceEqual(usual))
        {
            parameters.FeeTiers = default;
        }
    }

    private static void SetTiers(ref MarketParameters parameters, ScenarioLine line, string text, MarketName market)
    {
        parameters.FeeTiers = default;
        int steps = 0;
        foreach (string step in text == "off" ? [] : text.Split(','))
        {
            string[] parts = step.Split(':', '/');
            if (parts.Length != 3 || steps == FeeTiers.Count)
            {
                throw line.Error(
                    $"{TiersName}={text} is not understood",
                    $"VOLUME:MAKER/TAKER,... such as 0:5bp/10bp,1000000:4bp/9bp, {FeeTiers.Count} steps at most, or off");
            }

            long volume = HumanUnits.Money(line, parts[0], market.Collateral);
            int maker = HumanUnits.Ratio(line, parts[1]);
            int taker = HumanUnits.Ratio(line, parts[2]);
            if (volume == 0)
            {
                (parameters.MakerFeeRate, parameters.TakerFeeRate) = (maker, taker);
            }
            else
            {
                parameters.FeeTiers[steps++] = new FeeTier { VolumeUnits = volume, MakerFeeRate = maker, TakerFeeRate = taker };
            }
        }
    }

    private static Value PrintTiers(MarketParameters parameters, MarketName market)
    {
        var steps = new List<string>();
        for (int i = 0; i < FeeTiers.Count && parameters.FeeTiers[i].VolumeUnits != 0; i++)
        {
            FeeTier tier = parameters.FeeTiers[i];
            steps.Add($"{HumanUnits.MoneyOf(tier.VolumeUnits, market.Collateral)}:{HumanUnits.Ratio(tier.MakerFeeRate)}/{HumanUnits.Ratio(tier.TakerFeeRate)}");
        }

        return Value.Of(steps.Count == 0 ? "off" : string.Join(',', steps));
    }

    private static void SetSplit(ref MarketParameters parameters, ScenarioLine line, string text, MarketName market)
    {
        string[] parts = text.Split('/');
        if (parts.Length != 4)
        {
            throw line.Error($"{SplitName}={text} is not understood", "four percentages protocol/insurance/lenders/community such as 60/20/10/10");
        }

        int[] rates = parts.Select(part => HumanUnits.Ratio(line, part.TrimEnd('%') + "%")).ToArray();
        (parameters.FeeProtocolRate, parameters.FeeInsuranceRate, parameters.FeeLendersRate, parameters.FeeCommunityRate) =
            (rates[0], rates[1], rates[2], rates[3]);
    }
}
