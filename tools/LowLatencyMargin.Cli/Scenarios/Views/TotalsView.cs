using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>Where all the money is, and the hashes.</summary>
internal static class TotalsView
{
    internal static View Of(Names names, ExchangeState state, LiquidationOutcomes outcomes)
    {
        AssetName asset = names.Collateral!;
        Int128 wallets = 0;
        Int128 isolated = 0;
        Int128 openCost = 0;
        Int128 fees = 0;
        Int128 lenderFees = 0;
        Int128 communityFees = 0;
        Int128 protocol = 0;
        Int128 keeper = 0;
        Int128 insurance = 0;
        Int128 paid = 0;
        Int128 deleveraged = 0;
        Int128 socialised = 0;
        Int128 badDebt = 0;
        Int128 funding = 0;
        Int128 pendingLoss = 0;
        Int128 shortfall = 0;
        for (int i = 1; i <= state.Accounts.HighWater; i++)
        {
            wallets += state.Accounts[i].BalanceUnits;
        }

        for (int i = 1; i <= state.Positions.HighWater; i++)
        {
            ref readonly Position position = ref state.Positions[i];
            isolated += position.MarginUnits;
            openCost += position.SizeLots < 0 ? -position.EntryCostUnits : position.EntryCostUnits;
        }

        for (int i = 1; i <= state.Markets.HighWater; i++)
        {
            ref readonly Market market = ref state.Markets[i];
            fees += market.QuoteAsset == Asset.CollateralId ? market.FeeUnits : 0;
            lenderFees += market.QuoteAsset == Asset.CollateralId ? market.LenderFeeUnits : 0;
            communityFees += market.QuoteAsset == Asset.CollateralId ? market.CommunityFeeUnits : 0;
            protocol += market.ProtocolUnits;
            keeper += market.KeeperUnits;
            insurance += market.InsuranceUnits;
            badDebt += market.BadDebtUnits;
            funding += state.Funding[i].ClearingUnits;
            pendingLoss += state.Losses[i].OpenUnits;
            shortfall += market.ShortfallUnits;
            paid += (Int128)state.Losses[i].InsurancePaidUnits + state.Losses[i].GlobalPaidUnits;
            deleveraged += state.Losses[i].DeleveragedUnits;
            socialised += state.Losses[i].SocialisedUnits;
        }

        var fields = new Fields();
        fields.Add("asset", asset.Name);
        fields.Add("net-deposits", HumanUnits.Money(state.Assets[Asset.CollateralId].ExternalUnits, asset));
        fields.Add("wallets", HumanUnits.Money(wallets, asset));
        fields.Add("isolated", HumanUnits.Money(isolated, asset));
        int pool = state.Assets[Asset.CollateralId].Pool;
        fields.Add("pool-liquidity", HumanUnits.Money(pool == 0 ? 0 : state.Pools[pool].LiquidityUnits, asset));
        fields.Add("fees", HumanUnits.Money(fees, asset));
        fields.Add("lender-fees", HumanUnits.Money(lenderFees, asset));
        fields.Add("community-fees", HumanUnits.Money(communityFees, asset));
        fields.Add("protocol", HumanUnits.Money(protocol, asset));
        fields.Add("keeper", HumanUnits.Money(keeper, asset));
        fields.Add("insurance", HumanUnits.Money(insurance, asset));
        fields.Add("global-insurance", HumanUnits.Money(state.GlobalInsuranceUnits, asset));
        fields.Add("bad-debt", HumanUnits.Money(badDebt, asset));
        fields.Add("funding-clearing", HumanUnits.Money(funding, asset));
        fields.Add("pending-loss", HumanUnits.Money(pendingLoss, asset));
        fields.Add("shortfall", HumanUnits.Money(shortfall, asset));
        fields.Add("insurance-paid", HumanUnits.Money(paid, asset));
        fields.Add("deleveraged", HumanUnits.Money(deleveraged, asset));
        fields.Add("socialised", HumanUnits.Money(socialised, asset));
        fields.Add("open-cost", HumanUnits.Money(openCost, asset));
        fields.Add("imbalance", HumanUnits.Money(Conservation.Imbalance(state), asset));
        fields.Add("accounts", names.Accounts.Count());
        fields.Add("open-orders", state.RestingOrders);
        fields.Add("trades", state.LastTradeId);
        fields.Add("liquidations", state.LastLiquidationId);
        fields.Add("finished", outcomes.Finished);
        fields.Add("finished-without-shortfall", outcomes.Finished - outcomes.Failed);
        fields.Add("liquidation-success", outcomes.Finished == 0
            ? Value.None
            : Value.Percent(new ExactNumber(outcomes.Finished - outcomes.Failed, outcomes.Finished)));
        return new View("totals", asset.Name, fields)
        {
            RowKind = "asset",
            Rows = names.Assets.Where(other => other.Id != Asset.CollateralId).Select(other => (other.Name, Of(other, state))).ToList(),
        };
    }

    private static Fields Of(AssetName asset, ExchangeState state)
    {
        Int128 wallets = 0;
        Int128 fees = 0;
        for (int i = 1; i <= state.Balances.HighWater; i++)
        {
            wallets += state.Balances[i].Asset == asset.Id ? state.Balances[i].Units : 0;
        }

        for (int i = 1; i <= state.Markets.HighWater; i++)
        {
            fees += state.Markets[i].QuoteAsset == asset.Id ? state.Markets[i].FeeUnits : 0;
        }

        var fields = new Fields();
        fields.Add("asset", asset.Name);
        fields.Add("net-deposits", HumanUnits.Money(state.Assets[asset.Id].ExternalUnits, asset));
        fields.Add("wallets", HumanUnits.Money(wallets, asset));
        fields.Add("fees", HumanUnits.Money(fees, asset));
        fields.Add("imbalance", HumanUnits.Money(Conservation.Imbalance(state, asset.Id), asset));
        return fields;
    }

    internal static View Hash(Exchange exchange)
    {
        var fields = new Fields();
        fields.Add("sequence", exchange.Sequence);
        fields.Add("chain", exchange.ChainHash.ToString());
        fields.Add("state", exchange.ComputeStateHash().ToString());
        return new View("hash", string.Empty, fields);
    }
}
