using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Random commands about pools and lenders.</summary>
internal sealed class LendingCommands(Prng random, Profile profile, ModelExchange model, Command command)
{
    private const int Percent = 1_000_000;

    private readonly LoanCommands _loans = new(random, profile, model, command);

    public void Next()
    {
        switch (random.Below(profile.Borrows ? 300 : 100))
        {
            case < 8:
                Pool();
                break;
            case >= 100:
                _loans.Next();
                break;
            case < 55:
                ref Lend lend = ref command.Begin<Lend>(CommandType.Lend);
                lend.AccountId = Account();
                lend.AssetId = Asset();
                lend.AmountUnits = random.Chance(profile.TinyPools ? 95 : 15) ? random.Between(1, 600) : Around(Free(lend.AccountId, lend.AssetId));
                break;
            default:
                ref Unlend unlend = ref command.Begin<Unlend>(CommandType.Unlend);
                (unlend.AccountId, unlend.AssetId) = Lender();
                unlend.AmountUnits = random.Chance(12) ? 0 : Around(Worth(unlend.AccountId, unlend.AssetId));
                unlend.Announce = random.Chance(30) ? 1 : random.Chance(1) ? random.Between(-2, 4) : 0;
                break;
        }
    }

    private long Account() => random.Chance(98) ? random.Pick(Traders()).Id : Odd();

    private List<ModelAccount> Traders() => [.. model.Accounts.Values.Where(account => !account.IsLiquidation)];

    private long Asset() => random.Chance(98) ? 1 + random.Below(model.Assets.Count) : Odd();

    private long Odd() => random.Below(3) switch
    {
        0 => 0,
        1 => -random.Between(1, 1L << 50),
        _ => random.Between(50, 1L << 33),
    };

    private Big Free(long account, long asset) =>
        model.Accounts.GetValueOrDefault(account) is { } known && asset >= 1 && asset <= model.Assets.Count ? known.FreeOf(asset) : 5;

    private (long Account, long Asset) Lender()
    {
        List<(long Account, long Asset)> lenders = [.. model.Pools.Values.SelectMany(pool => pool.Lenders.Keys.Select(id => (id, pool.Asset.Id)))];
        return lenders.Count == 0 || random.Chance(8) ? (Account(), Asset()) : random.Pick(lenders);
    }

    private Big Worth(long account, long asset) =>
        model.Pools.GetValueOrDefault(asset) is { } pool && pool.Lenders.GetValueOrDefault(account) is { } lender
            ? Rounding.Down(lender.Shares * Big.Max(0, pool.Assets), pool.Supply)
            : 5;

    private long Around(Big limit)
    {
        long at = (long)Big.Clamp(limit, -100, 1L << 59);
        return random.Below(12) switch
        {
            0 => at,
            1 => at + 1,
            2 => at - 1,
            3 => at - random.Between(0, 300),
            4 => at + random.Between(0, 1000),
            5 => random.Chance(30) ? Odd() : 1,
            _ => at <= 1 ? 1 : random.Between(1, at),
        };
    }

    private void Pool()
    {
        ref SetPool set = ref command.Begin<SetPool>(CommandType.SetPool);
        set.AssetId = random.Chance(97) ? 1 + random.Below(model.Assets.Count) : Odd();
        PoolParameters p = PoolParameters.Default;
        p.Model = random.Chance(80) ? InterestModel.Kinked : InterestModel.FixedFull;
        p.RateAtZero = random.Below(10 * Percent);
        p.RateAtOptimal = p.RateAtZero + random.Below(40 * Percent);
        p.RateAtMax = p.RateAtOptimal + random.Below(random.Chance(20) ? 900 * Percent : 100 * Percent);
        p.OptimalUtilisation = 1 + random.Below(100 * Percent - 1);
        p.InterestStepSeconds = random.Below(4) switch { 0 => 3_600, 1 => 86_400, 2 => 60, _ => 1_800 };
        p.FixedBaseRate = random.Below(30 * Percent);
        p.FixedSlopeRate = random.Below(30 * Percent);
        p.FixedTermSeconds = random.Chance(50) ? 30 * 86_400 : 1 + random.Below(200_000);
        p.ReserveFactorRate = random.Chance(30) ? 0 : random.Below(100 * Percent + 1);
        p.BorrowFeeRate = random.Chance(50) ? 0 : random.Below(10 * Percent + 1);
        p.MinBorrowFeeUnits = random.Chance(70) ? 0 : random.Below(30);
        p.MinBorrowUnits = random.Chance(60) ? 0 : random.Below(300);
        p.BorrowCapUnits = random.Chance(60) ? 0 : random.Between(1, profile.MeanDeposit * 10);
        p.BorrowCapUnits = profile.TinyPools && p.BorrowCapUnits != 0 ? random.Between(1, 4_000) : p.BorrowCapUnits;
        p.Unlock = (byte)(random.Chance(70) ? 0 : 1);
        p.FlowCapRate = random.Chance(60) ? 0 : 1 + random.Below(100 * Percent);
        p.EpochSeconds = random.Chance(50) ? 86_400 : 1 + random.Below(40_000);
        switch (random.Below(14))
        {
            case 0:
                p.RateAtOptimal = p.RateAtMax + 1;
                break;
            case 1:
                p.InterestStepSeconds = random.Below(3) switch { 0 => 0, 1 => 7, _ => 172_800 };
                break;
            case 2:
                p.BorrowFeeRate = 10 * Percent + 1;
                break;
            case 3:
                p.EpochSeconds = random.Chance(50) ? 0 : (365 * 86_400) + 1;
                break;
            case 4:
                p.OptimalUtilisation = random.Chance(50) ? 0 : 100 * Percent;
                break;
            default:
                break;
        }

        set.Parameters = p;
    }
}
