using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Random rules of liquidations, keepers and what they command (docs/liquidation.md).</summary>
internal sealed class LiquidationCommands(Prng random, Profile profile, ModelExchange model, Command command)
{
    public void Next()
    {
        switch (random.Below(10))
        {
            case < 3:
                ref SetLiquidationRules set = ref command.Begin<SetLiquidationRules>(CommandType.SetLiquidationRules);
                set.MarketId = random.Chance(98) ? random.Pick(model.Markets).Id : random.Between(-1, 99);
                set.Rules = AnyRules();
                break;
            case < 4:
                ref RegisterKeeper register = ref command.Begin<RegisterKeeper>(CommandType.RegisterKeeper);
                register.AccountId = Account();
                register.On = random.Chance(97) ? random.Below(2) : random.Between(-1, 3);
                break;
            default:
                ref Liquidate liquidate = ref command.Begin<Liquidate>(CommandType.Liquidate);
                liquidate.KeeperId = Account();
                (liquidate.AccountId, liquidate.MarketId, liquidate.PositionId) = Position();
                break;
        }
    }

    private long Account() => random.Chance(97) ? random.Pick([.. model.Accounts.Keys]) : random.Between(-1, 999);

    /// <summary>Most of the time one that is to be liquidated, if there is one.</summary>
    private (long Account, long Market, long Position) Position()
    {
        List<ModelRow> rows = [.. model.Markets.SelectMany(market => market.Rows).Where(row => !row.Size.IsZero)];
        List<ModelRow> bad = [.. rows.Where(row => row.IsIsolated ? row.IsolatedEquity < row.Requirement : row.Account.IsCrossLiquidatable(strictly: false))];
        rows = bad.Count > 0 && random.Chance(80) ? bad : rows;
        if (rows.Count == 0 || random.Chance(4))
        {
            return (Account(), random.Pick(model.Markets).Id, random.Chance(50) ? 0 : random.Between(-1, 300));
        }

        ModelRow row = random.Pick(rows);
        bool isNamed = row.IsHedge ? random.Chance(90) : random.Chance(20);
        return (row.Account.Id, row.Market.Id, isNamed ? row.PositionId : 0);
    }

    private LiquidationRules AnyRules()
    {
        long notional = profile.Notional(model.Markets[0]);
        LiquidationRules rules = LiquidationRules.Default with
        {
            Partial = (byte)(random.Chance(85) ? 1 : 0),
            Style = random.Chance(profile.StyleShare) ? LiquidationStyle.Keeper
                : random.Chance(profile.StageShare) ? LiquidationStyle.Staged : LiquidationStyle.Book,
            Recourse = (IsolatedRecourse)random.Below(2),
            KeeperLoop = random.Chance(25) ? KeeperLoop.Keepers : KeeperLoop.Engine,
            PartialMinFractionRate = random.Chance(40) ? 25_000_000 : random.Chance(20) ? 0 : random.Below(100_000_001),
            PartialTargetRate = random.Chance(40) ? 110_000_000 : 100_000_000 + random.Below(random.Chance(80) ? 60_000_000 : 900_000_001),
            PartialMinNotionalUnits = random.Chance(70) ? 0 : random.Between(0, notional),
            AccountLimitUnits = random.Chance(profile.LimitShare) ? random.Between(1, notional) : 0,
            MarketLimitUnits = random.Chance(profile.LimitShare) ? random.Between(1, notional * 3) : 0,
            KeeperCostRefundUnits = random.Chance(50) ? 0 : random.Between(0, 300),
            DisposalFractionRate = 1 + random.Below(100_000_000),
            DisposalShareRate = 1 + random.Below(100_000_000),
        };
        if (profile.StageShare != 0 && (rules.Style == LiquidationStyle.Staged || random.Chance(50)))
        {
            rules.DisposalIntervalMs = (int)Math.Max(100, random.Between(profile.StepNs * 2, profile.StepNs * 60) / 1_000_000);
        }

        switch (random.Below(30))
        {
            case 0:
                rules.Style = (LiquidationStyle)3;
                break;
            case 1:
                rules.PartialTargetRate = random.Chance(50) ? 99_999_999 : 1_000_000_001;
                break;
            case 2:
                rules.PartialMinFractionRate = random.Chance(50) ? -1 : 100_000_001;
                break;
            case 3:
                rules.DisposalIntervalMs = random.Chance(50) ? 99 : 86_400_001;
                break;
            case 4:
                rules.KeeperCostRefundUnits = -1;
                break;
            case 5:
                rules.Partial = 2;
                break;
            case 6:
                rules.DisposalFractionRate = random.Chance(50) ? 0 : 100_000_001;
                break;
            case 7:
                rules.Recourse = (IsolatedRecourse)2;
                break;
            default:
                break;
        }

        return rules;
    }
}
