using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Random commands about assets, wallets and transfers.</summary>
internal sealed class WalletCommands(Prng random, Profile profile, ModelExchange model, Command command)
{
    private const int Percent = 1_000_000;

    public void Next()
    {
        switch (random.Below(100))
        {
            case < 28:
                ref Deposit deposit = ref command.Begin<Deposit>(CommandType.Deposit);
                deposit.AccountId = Account();
                deposit.AssetId = Asset();
                deposit.AmountUnits = random.Chance(4) ? Odd() : random.Between(1, Stock(deposit.AssetId) / 2);
                break;
            case < 42:
                ref Withdraw withdraw = ref command.Begin<Withdraw>(CommandType.Withdraw);
                withdraw.AccountId = Account();
                withdraw.AssetId = Asset();
                withdraw.AmountUnits = Near(withdraw.AccountId, withdraw.AssetId);
                break;
            case < 58:
                ref TransferBetweenAccounts between = ref command.Begin<TransferBetweenAccounts>(CommandType.TransferBetweenAccounts);
                between.AccountId = Account();
                between.ToAccountId = random.Chance(85) ? Sibling(between.AccountId) : Account();
                between.AssetId = Asset();
                between.AmountUnits = Near(between.AccountId, between.AssetId);
                break;
            case < 70:
                ref TransferToMargin to = ref command.Begin<TransferToMargin>(CommandType.TransferToMargin);
                to.AccountId = Account();
                to.MarketId = Market();
                to.AssetId = random.Chance(95) ? ModelAsset.Collateral : Asset();
                to.AmountUnits = Near(to.AccountId, ModelAsset.Collateral);
                break;
            case < 80:
                ref TransferFromMargin from = ref command.Begin<TransferFromMargin>(CommandType.TransferFromMargin);
                (from.AccountId, from.MarketId) = Isolated();
                from.AssetId = random.Chance(95) ? ModelAsset.Collateral : Asset();
                from.AmountUnits = Around(Margin(from.AccountId, from.MarketId));
                break;
            case < 93 when !profile.WithoutParameters:
                Parameters();
                break;
            default:
                ref SetMarginEnabled enabled = ref command.Begin<SetMarginEnabled>(CommandType.SetMarginEnabled);
                enabled.AccountId = random.Chance(60) ? Idle() : Account();
                enabled.Enabled = random.Chance(96) ? random.Below(2) : random.Between(-3, 9);
                break;
        }
    }

    /// <summary>About what an account has of an asset at the beginning.</summary>
    public long Stock(long asset) =>
        asset == ModelAsset.Collateral || asset < 1 || asset > profile.Assets.Count ? profile.MeanDeposit * 7 : profile.Assets[(int)asset - 1].Stock;

    private long Account() => random.Chance(98) ? random.Pick(Traders()).Id : Odd();

    private List<ModelAccount> Traders() => [.. model.Accounts.Values.Where(account => !account.IsLiquidation)];

    private long Sibling(long id)
    {
        ModelAccount? account = model.Accounts.GetValueOrDefault(id);
        List<ModelAccount> others = [.. Traders().Where(other => other != account && other.Owner == account?.Owner)];
        return others.Count == 0 ? id : random.Pick(others).Id;
    }

    private long Idle()
    {
        List<ModelAccount> idle = [.. Traders().Where(account => account.Rows.Values.All(row => row.Size.IsZero && row.Orders.Count == 0))];
        return idle.Count == 0 ? Account() : random.Pick(idle).Id;
    }

    private long Asset() => random.Chance(98) ? 1 + random.Below(model.Assets.Count) : Odd();

    private long Market() => random.Chance(97) ? random.Pick(model.Markets).Id : Odd();

    private long Odd() => random.Below(4) switch
    {
        0 => 0,
        1 => -random.Between(1, 1L << 50),
        2 => (long)random.Next(),
        _ => random.Between(50, 1L << 33),
    };

    private (long Account, long Market) Isolated()
    {
        List<ModelRow> rows = [.. model.Markets.SelectMany(market => market.Rows).Where(row => row.IsIsolated)];
        if (rows.Count == 0 || random.Chance(15))
        {
            return (Account(), Market());
        }

        ModelRow row = random.Pick(rows);
        return (row.Account.Id, row.Market.Id);
    }

    private Big Margin(long accountId, long marketId) =>
        model.Accounts.GetValueOrDefault(accountId)?.Rows.GetValueOrDefault(marketId) is { } row
            ? row.Size.IsZero ? row.Margin : row.Margin + Big.Min(0, row.Profit) - row.WithdrawRequirement
            : 5;

    /// <summary>About what could leave.</summary>
    private long Near(long accountId, long assetId)
    {
        ModelAccount? account = model.Accounts.GetValueOrDefault(accountId);
        if (account is null || assetId < 1 || assetId > model.Assets.Count)
        {
            return random.Between(0, 100);
        }

        Big free = Big.Max(0, account.FreeOf(assetId));
        Big most = assetId == ModelAsset.Collateral ? Big.Min(free, account.Free) : free;
        ModelAsset asset = model.Asset(assetId);
        if (assetId != ModelAsset.Collateral && random.Chance(40) && account.Free.Sign > 0 && asset.Value(1_000_000) is { IsZero: false } value)
        {
            // what the guard frees, about
            most = Big.Min(free, account.Free * 1_000_000 * 100 * Percent / (value * Big.Max(Percent, asset.Weight(Purpose.Opening))));
        }

        return Around(most);
    }

    private long Around(Big limit)
    {
        long at = (long)Big.Clamp(limit, -100, 1L << 59);
        return random.Below(12) switch
        {
            0 => at,
            1 => at + 1,
            2 => at - 1,
            3 => 0,
            4 => at + random.Between(0, 1000),
            5 => random.Chance(40) ? Odd() : 1,
            _ => at <= 1 ? 1 : random.Between(1, at),
        };
    }

    private void Parameters()
    {
        ref SetAssetParameters set = ref command.Begin<SetAssetParameters>(CommandType.SetAssetParameters);
        set.AssetId = random.Chance(90) ? 1 + random.Below(model.Assets.Count) : Asset();
        AssetParameters p = set.AssetId >= 1 && set.AssetId <= profile.Assets.Count ? profile.Assets[(int)set.AssetId - 1].Parameters : default;
        if (set.AssetId != ModelAsset.Collateral)
        {
            p.MaintenanceWeight = random.Below(100 * Percent + 1);
            p.FillingWeight = random.Chance(50) ? p.MaintenanceWeight : random.Below(p.MaintenanceWeight + 1);
            p.OpeningWeight = random.Chance(50) ? p.FillingWeight : random.Below(p.FillingWeight + 1);
            p.CapUnits = random.Chance(70) ? 0 : random.Between(1, profile.MeanDeposit * 200);
            long from = 0;
            int rate = 100 * Percent;
            int steps = random.Chance(40) ? 0 : random.Below(5);
            for (int i = 0; i < 4; i++)
            {
                from = i < steps ? from + random.Between(1, profile.MeanDeposit * 10) : 0;
                rate = i < steps ? random.Below(rate + 1) : 0;
                SetDiscount(ref p, i, from, rate);
            }

            p.PriceE9 = random.Chance(75) ? p.PriceE9 : random.Between(1, Math.Max(1, p.PriceE9) * 4);
        }

        switch (random.Below(16))
        {
            case 0:
                p.OpeningWeight = p.FillingWeight + 1;
                break;
            case 1:
                p.MaintenanceWeight = (100 * Percent) + 1;
                break;
            case 2:
                p.LiabilityWeight = random.Chance(50) ? (100 * Percent) - 1 : (200 * Percent) + 1;
                break;
            case 3:
                SetDiscount(ref p, 0, 100, 50 * Percent);
                SetDiscount(ref p, 1, random.Chance(50) ? 100 : 200, 50 * Percent + (random.Chance(50) ? 1 : 0));
                break;
            case 4:
                p.PriceE9 = -1;
                break;
            case 5:
                p.CapUnits = random.Chance(50) ? -1 : p.CapUnits;
                break;
            default:
                break;
        }

        set.Parameters = p;
    }

    private static void SetDiscount(ref AssetParameters p, int step, long from, int rate)
    {
        switch (step)
        {
            case 0:
                (p.Discount1Units, p.Discount1Rate) = (from, rate);
                break;
            case 1:
                (p.Discount2Units, p.Discount2Rate) = (from, rate);
                break;
            case 2:
                (p.Discount3Units, p.Discount3Rate) = (from, rate);
                break;
            default:
                (p.Discount4Units, p.Discount4Rate) = (from, rate);
                break;
        }
    }
}
