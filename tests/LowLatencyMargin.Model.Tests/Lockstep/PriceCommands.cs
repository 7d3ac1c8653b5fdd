using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Random feeds around prices that walk and jump, and random rules of marks (docs/prices.md).</summary>
internal sealed class PriceCommands(Prng random, Profile profile, ModelExchange model, Command command)
{
    private readonly Dictionary<long, long> _around = [];

    public void Next()
    {
        long market = random.Chance(99) ? random.Pick(model.Markets).Id : random.Between(-1, 99);
        switch (random.Below(100))
        {
            case < 6:
                ref SetPriceRules rules = ref command.Begin<SetPriceRules>(CommandType.SetPriceRules);
                rules.MarketId = market;
                rules.Rules = AnyRules();
                break;
            case < 9:
                ref SetIndexPrice index = ref command.Begin<SetIndexPrice>(CommandType.SetIndexPrice);
                index.MarketId = market;
                index.PriceTicks = Near(market);
                break;
            case < 11:
                ref SetMarkPrice mark = ref command.Begin<SetMarkPrice>(CommandType.SetMarkPrice);
                mark.MarketId = market;
                mark.PriceTicks = Near(market);
                break;
            default:
                ref FeedPrice feed = ref command.Begin<FeedPrice>(CommandType.FeedPrice);
                feed.MarketId = market;
                feed.Source = random.Chance(99) ? 1 + random.Below(2) : random.Between(-1, 4);
                feed.PriceTicks = random.Chance(1) ? random.Between(-2, 2) : Near(market);
                break;
        }
    }

    /// <summary>Where a market's price is now; both feeds are a little off.</summary>
    private long Near(long market)
    {
        long now = _around.GetValueOrDefault(market, profile.BasePrice);
        long width = random.Chance(profile.JumpShare) ? now / 8 : now / 150;
        now = Math.Clamp(now + random.Between(-width - 1, width + 1), Math.Max(1, profile.BasePrice / 3), profile.BasePrice * 3);
        _around[market] = now;
        return Math.Max(1, now + random.Between(-(now / 400) - 1, (now / 400) + 1));
    }

    private PriceRules AnyRules()
    {
        PriceRules rules = PriceRules.Default with
        {
            Rule = random.Chance(30) ? MarkRule.External : (MarkRule)random.Below(7),
            VwapWindowMs = 1_000 + random.Below(120_000),
            FreshMs = random.Chance(20) ? 100 + random.Below(5_000) : 5_000 + random.Below(60_000),
            HalfLifeMs = random.Chance(40) ? 0 : 1 + random.Below(8_000),
            IntervalMs = 1_000 + random.Below(9_000),
            GapRate = random.Chance(40) ? 0 : 100_000 + random.Below(8_000_000),
            BandRate = 1_000_000 + random.Below(30_000_000),
            ClampRate = 10_000 + random.Below(10_000_000),
        };
        switch (random.Below(40))
        {
            case 0:
                rules.Rule = (MarkRule)random.Between(-2, 9);
                break;
            case 1:
                rules.IntervalMs = random.Below(1_100);
                break;
            case 2:
                rules.GapRate = 50_000_000 + random.Below(2);
                break;
            case 3:
                rules.BandRate = 9_999 + random.Below(2);
                break;
            default:
                break;
        }

        return rules;
    }
}
