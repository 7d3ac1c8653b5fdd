using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Commands about trader rules (docs/trader-rules.md).</summary>
internal sealed class RuleCommands(Prng random, Profile profile, ModelExchange model, Command command)
{
    private const int Percent = Core.Numerics.Rate.Scale / 100;

    public void Next()
    {
        if (random.Chance(25))
        {
            ref ResumeTrading resume = ref command.Begin<ResumeTrading>(CommandType.ResumeTrading);
            List<ModelAccount> paused = [.. model.Accounts.Values.Where(account => account.Trader is { IsPaused: true })];
            resume.AccountId = paused.Count > 0 && random.Chance(60) ? random.Pick(paused).Id : AnyAccount();
            return;
        }

        ref SetTraderRules set = ref command.Begin<SetTraderRules>(CommandType.SetTraderRules);
        set.AccountId = AnyAccount();
        set.Rules = random.Chance(10) ? default : AnyRules();
    }

    /// <summary>A protective stop for the order with terms just made, most of the time on its losing side.</summary>
    public void AddStop()
    {
        ref PlaceOrderWithTerms place = ref command.As<PlaceOrderWithTerms>();
        ModelMarket? market = model.Markets.FirstOrDefault(market => market.Id == command.As<PlaceOrderWithTerms>().Order.MarketId);
        if (market is null || random.Chance(30))
        {
            return;
        }

        long entry = place.Order.Type == OrderType.Market ? market.Mark : place.Order.PriceTicks;
        long distance = random.Between(random.Chance(5) ? -1 : 1, Math.Max(2, entry / 15));
        place.Terms.ProtectiveStopTicks = Math.Max(1, place.Order.Side == Side.Buy ? entry - distance : entry + distance);
        if (random.Chance(40))
        {
            place.Order.QuantityLots = random.Between(1, 4);
        }
    }

    private TraderRules AnyRules()
    {
        TraderRules rules = random.Chance(50) ? TraderRules.S4 : TraderRules.S4r;
        rules.EnforceSizing = (byte)(random.Chance(25) ? 1 : 0);
        rules.RiskPerTradeRate = random.Between(1, 20) is var risk && random.Chance(50) ? (int)risk * Percent : rules.RiskPerTradeRate;
        rules.DailyTrades = random.Below(4) switch { 0 => 0, 1 => 50, _ => 2 + random.Below(15) };
        rules.DailyTradesWarning = rules.DailyTrades == 0 ? 0 : random.Below(rules.DailyTrades + 1);
        rules.TradeCount = (TradeCount)random.Below(2);
        rules.AutoReduceTarget = random.Chance(50) ? 0 : rules.CautionLevel + rules.LevelHysteresis + random.Below(60 * Percent);
        rules.Alerts = (byte)random.Below(2);
        rules.PausePolicy = (PausePolicy)random.Below(2);
        if (random.Chance(40))
        {
            rules.DrawdownFirstRate = 10 * Percent;
            rules.DrawdownSecondRate = 20 * Percent;
            rules.DrawdownPauseRate = 35 * Percent;
        }

        switch (random.Below(18))
        {
            case 0:
                rules.DrawdownSecondRate = 1;
                break;
            case 1:
                rules.SafeLevel = rules.CautionLevel;
                break;
            case 2:
                rules.Reserved = 1;
                break;
            case 3:
                (rules.DrawdownFirstRate, rules.DrawdownSecondRate, rules.DrawdownPauseRate) = (0, 0, 0);
                break;
            case 4:
                (rules.SafeLevel, rules.CautionLevel, rules.WarningLevel, rules.LiquidationLevel, rules.AutoReduceTarget) = (0, 0, 0, 0, 0);
                break;
            case 5:
                rules.DrawdownPauseRate = 0;
                break;
            case 6:
                rules.DrawdownFirstRate = 0;
                break;
            case 7:
                (rules.DrawdownFirstRate, rules.DrawdownSecondRate) = (0, 0);
                break;
            case 8:
                rules.DrawdownSecondRate = 0;
                break;
            default:
                break;
        }

        return rules;
    }

    private long AnyAccount() => model.LiquidationAccounts + 1 + random.Below(profile.Accounts);
}
