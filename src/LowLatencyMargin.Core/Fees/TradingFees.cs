using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Fees;

/// <summary>Fees in markets with tiers, rebates or several receivers (R-1601, R-1602). Other markets never come here.</summary>
public sealed class TradingFees(ExchangeState state)
{
    /// <summary>Puts the rates by the volumes of a trade's sides in place of the market's own; a maker rate below 0 is a rebate.</summary>
    public void FindRates(in Market market, int makerAccount, in IncomingOrder taker, long notionalUnits, ref int makerRate, ref int takerRate)
    {
        if (market.Parameters.FeeTiers[0].VolumeUnits != 0)
        {
            int makerTier = TierOf(in market, VolumeOf(makerAccount));
            makerRate = makerTier == 0 ? makerRate : market.Parameters.FeeTiers[makerTier - 1].MakerFeeRate;

            // the maker's fill comes first: with one account on both sides the taker's sees its volume
            long before = taker.Account == makerAccount ? Counted(in market, notionalUnits) : 0;
            int takerTier = taker.Slot == 0 ? 0 : TierOf(in market, VolumeOf(taker.Account) + before);
            takerRate = takerTier == 0 ? takerRate : market.Parameters.FeeTiers[takerTier - 1].TakerFeeRate;
        }
    }

    /// <summary>
    /// Ends a trade whose sides are booked: pays the maker's rebate out of what the taker paid, divides the rest, counts the volumes.
    /// </summary>
    /// <returns>The rebate.</returns>
    public long Settle(ref Market market, int makerIndex, in IncomingOrder taker, long notionalUnits, int makerRate, long makerFeeUnits, long takerFeeUnits)
    {
        long rebate = makerRate >= 0 ? 0 : Math.Min(takerFeeUnits, Rate.OfRoundedDown(notionalUnits, -(long)makerRate));
        int maker = state.Positions[makerIndex].Account;
        if (rebate != 0)
        {
            market.FeeUnits -= rebate;
            Wallets.Credit(state, maker, market.QuoteAsset, rebate);
            state.PositionDetails.Edit(makerIndex).FeeUnits -= rebate;
        }

        Divide(ref market, makerFeeUnits + takerFeeUnits - rebate);
        if (market.Parameters.FeeTiers[0].VolumeUnits != 0)
        {
            long counted = Counted(in market, notionalUnits);
            AddVolume(maker, counted);
            if (taker.Slot != 0)
            {
                AddVolume(taker.Account, counted);
            }
        }

        return rebate;
    }

    /// <summary>Divides fees that were just added to a market's own: the other receivers' shares rounded down, the rest stays (R-1602).</summary>
    public static void Divide(ref Market market, long feeUnits)
    {
        ref readonly MarketParameters p = ref market.Parameters;

        // insurance is kept in the collateral asset only
        long insurance = market.QuoteAsset == Asset.CollateralId ? Rate.OfRoundedDown(feeUnits, p.FeeInsuranceRate) : 0;
        long lenders = Rate.OfRoundedDown(feeUnits, p.FeeLendersRate);
        long community = Rate.OfRoundedDown(feeUnits, p.FeeCommunityRate);
        if (market.RedirectRate != 0 && market.InsuranceUnits < market.ThresholdUnits && market.QuoteAsset == Asset.CollateralId)
        {
            // from the community's share first, then from what is left to the protocol (R-1203)
            long extra = Math.Min(Rate.OfRoundedDown(feeUnits, market.RedirectRate), feeUnits - insurance - lenders);
            insurance += extra;
            community -= Math.Min(extra, community);
        }

        market.FeeUnits -= insurance + lenders + community;
        market.InsuranceUnits += insurance;
        market.LenderFeeUnits += lenders;
        market.CommunityFeeUnits += community;
    }

    /// <summary>What an account traded in the last 30 days, in markets with tiers.</summary>
    public long VolumeOf(int account) => state.FeeVolumes[state.FeeVolumeOf.Find(account)].UnitsAt(UtcCalendar.DayOf(state.TimeNs));

    /// <summary>Tier of a volume, 0: the market's own rates.</summary>
    public static int TierOf(in Market market, long volumeUnits)
    {
        int tier = 0;
        while (tier < FeeTiers.Count && market.Parameters.FeeTiers[tier].VolumeUnits is var from && from != 0 && volumeUnits >= from)
        {
            tier++;
        }

        return tier;
    }

    /// <summary>Volumes are in the collateral asset: what another quote asset is worth in it now, nothing without a price.</summary>
    private long Counted(in Market market, long notionalUnits) => Collateral.ClaimValue(state, market.QuoteAsset, notionalUnits, roundsUp: false);

    private void AddVolume(int account, long units)
    {
        int row = state.FeeVolumeOf.Find(account);
        if (row == 0)
        {
            row = state.FeeVolumes.Allocate();
            Invariant.Assert(row != 0, "there are as many rows of volumes as accounts");
            state.FeeVolumes.Edit(row).Account = account;
            state.FeeVolumeOf.Add(account, row);
        }

        ref FeeVolume volume = ref state.FeeVolumes.Edit(row);
        volume.Roll(UtcCalendar.DayOf(state.TimeNs));
        volume.Add(units);
    }
}
