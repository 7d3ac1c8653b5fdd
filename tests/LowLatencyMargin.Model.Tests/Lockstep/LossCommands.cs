using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Commands about losses and insurance: rules of a market, small top-ups of its fund and of the global layer (docs/waterfall.md).</summary>
internal sealed class LossCommands(Prng random, Profile profile, ModelExchange model, Command command)
{
    private const int Percent = Core.Numerics.Rate.Scale / 100;

    public void Next()
    {
        if (random.Chance(45))
        {
            ref FundInsurance fund = ref command.Begin<FundInsurance>(CommandType.FundInsurance);
            fund.MarketId = random.Chance(40) ? 0 : MarketId();
            fund.AmountUnits = random.Chance(4) ? random.Between(-5, 0) : random.Between(1, Math.Max(2, profile.MeanDeposit / 3));
            return;
        }

        ref SetLossRules set = ref command.Begin<SetLossRules>(CommandType.SetLossRules);
        set.MarketId = MarketId();
        set.Rules = Vary(profile.Losses);
        if (random.Chance(6))
        {
            Spoil(ref set.Rules);
        }
    }

    private LossRules Vary(LossRules rules)
    {
        if (profile.LossModeVaries)
        {
            rules.Mode = (LossMode)random.Below(3);
        }

        rules.Pool = random.Chance(30) ? (LossPool)random.Below(2) : rules.Pool;
        rules.Price = random.Chance(10) ? AdlPrice.Mark : AdlPrice.Bankruptcy;
        rules.Score = (AdlScoring)random.Below(3);
        rules.GlobalLayer = (byte)random.Below(2);
        rules.KeepsSurplus = (byte)(random.Chance(80) ? 1 : 0);
        rules.DrawdownRate = random.Below(4) switch { 0 => random.Below(100 * Percent), 1 => 30 * Percent, _ => 0 };
        rules.RedirectRate = random.Chance(50) ? 0 : random.Below((100 * Percent) + 1);
        rules.ThresholdUnits = random.Chance(30) ? 0 : random.Between(1, profile.MeanDeposit * 2);
        return rules;
    }

    private void Spoil(ref LossRules rules)
    {
        switch (random.Below(10))
        {
            case 0:
                rules.Mode = (LossMode)random.Between(3, 255);
                break;
            case 1:
                rules.Pool = (LossPool)random.Between(2, 255);
                break;
            case 2:
                rules.Price = (AdlPrice)random.Between(2, 255);
                break;
            case 3:
                rules.Score = (AdlScoring)random.Between(3, 255);
                break;
            case 4:
                rules.GlobalLayer = (byte)random.Between(2, 255);
                break;
            case 5:
                rules.KeepsSurplus = (byte)random.Between(2, 255);
                break;
            case 6:
                rules.MaxHolders = (ushort)(random.Chance(50) ? 0 : random.Between(1_025, 65_535));
                break;
            case 7:
                rules.DrawdownRate = random.Chance(50) ? -1 : (100 * Percent) + 1;
                break;
            case 8:
                rules.RedirectRate = random.Chance(50) ? -1 : (100 * Percent) + 1;
                break;
            default:
                rules.ThresholdUnits = random.Chance(50) ? -1 : (1L << 60) + 1;
                break;
        }
    }

    private long MarketId() => random.Chance(97) ? random.Pick(model.Markets).Id : random.Between(-2, 99);
}
