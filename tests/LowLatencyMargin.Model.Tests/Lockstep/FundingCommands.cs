using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Random rules of funding, intervals charged by hand, and index prices away from the mark (docs/funding.md).</summary>
internal sealed class FundingCommands(Prng random, ModelExchange model, Command command)
{
    public void Next()
    {
        ModelMarket market = random.Pick(model.Markets);
        long id = random.Chance(98) ? market.Id : random.Between(-1, 99);
        switch (random.Below(10))
        {
            case < 2:
                ref SetFundingRules set = ref command.Begin<SetFundingRules>(CommandType.SetFundingRules);
                set.MarketId = id;
                set.Rules = AnyRules();
                break;
            case < 6:
                ref SetIndexPrice index = ref command.Begin<SetIndexPrice>(CommandType.SetIndexPrice);
                index.MarketId = id;
                long width = Math.Max(1, market.Mark / (random.Chance(20) ? 3 : 30));
                index.PriceTicks = random.Chance(2) ? random.Between(-1, 1) : Math.Max(1, market.Mark + random.Between(-width, width));
                break;
            default:
                ref ForceFunding force = ref command.Begin<ForceFunding>(CommandType.ForceFunding);
                force.MarketId = id;
                break;
        }
    }

    private FundingRules AnyRules()
    {
        FundingRules rules = FundingRules.Default with
        {
            IsOn = random.Chance(93) ? 1 : 0,
            IntervalMs = random.Chance(70) ? 60_000 + random.Below(400_000) : 60_000 + random.Below(30_000_000),
            InterestRate = random.Below(2_000_001) - 1_000_000,
            ClampRate = random.Below(1_000_001),
            CapRate = random.Chance(40) ? 0 : random.Below(5_000_000),
            DampeningRate = random.Chance(50) ? 100_000_000 : random.Below(100_000_001),
        };
        switch (random.Below(30))
        {
            case 0:
                rules.IsOn = random.Chance(50) ? 2 : -1;
                break;
            case 1:
                rules.IntervalMs = random.Chance(50) ? 59_999 : 604_800_001;
                break;
            case 2:
                rules.InterestRate = random.Chance(50) ? -1_000_001 : 1_000_001;
                break;
            case 3:
                rules.ClampRate = random.Chance(50) ? -1 : 1_000_001;
                break;
            case 4:
                rules.CapRate = random.Chance(50) ? -1 : 100_000_001;
                break;
            case 5:
                rules.DampeningRate = random.Chance(50) ? -1 : 100_000_001;
                break;
            default:
                break;
        }

        return rules;
    }
}
