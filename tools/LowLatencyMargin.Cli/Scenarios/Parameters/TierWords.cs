using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios.Parameters;

/// <summary>Tiers in words: 100000:20x:2%,500000:10x:5%,max:5x:10%.</summary>
internal static class TierWords
{
    private const string Off = "off";

    private const string Expected = "up to 8 of LIMIT:LEVERAGEx:RATE such as 100000:20x:2%,500000:10x:5%,max:5x:10%, or off";

    internal static void Set(ref MarketParameters parameters, ScenarioLine line, string text, MarketName market)
    {
        string[] words = text == Off ? [] : text.Split(',');
        if (words.Length > MarginTiers.Most)
        {
            throw line.Error($"tiers={text} are too many", Expected);
        }

        parameters.Tiers = default;
        parameters.TierCount = words.Length;
        for (int i = 0; i < words.Length; i++)
        {
            parameters.Tiers[i] = Tier(line, words[i], market);
        }
    }

    internal static Value Print(MarketParameters parameters, MarketName market)
    {
        string[] words = new string[parameters.TierCount];
        for (int i = 0; i < words.Length; i++)
        {
            MarginTier tier = parameters.Tiers[i];
            string limit = tier.LimitUnits == MarginTier.NoLimit ? "max" : HumanUnits.Money(tier.LimitUnits, market.Quote).Text;
            words[i] = $"{limit}:{tier.MaxLeverage}x:{HumanUnits.Ratio(tier.MaintenanceRate)}";
        }

        return Value.Of(words.Length == 0 ? Off : string.Join(',', words));
    }

    private static MarginTier Tier(ScenarioLine line, string text, MarketName market)
    {
        string[] parts = text.Split(':');
        if (parts.Length != 3)
        {
            throw line.Error($"tier '{text}' is not understood", Expected);
        }

        return new MarginTier
        {
            LimitUnits = parts[0] is "max" or "inf" ? MarginTier.NoLimit : HumanUnits.Money(line, parts[0], market.Quote),
            MaxLeverage = (int)Math.Clamp(HumanUnits.Whole(line, parts[1].TrimEnd('x'), "leverage"), -1, int.MaxValue),
            MaintenanceRate = HumanUnits.Ratio(line, parts[2]),
        };
    }
}
