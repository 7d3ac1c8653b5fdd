using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Pricing;

namespace LowLatencyMargin.Core.Margin;

/// <summary>How what a position owes of funding becomes money .</summary>
public sealed partial class Settlement
{
    /// <summary>Settles a row, if its market's funding index has moved since that was done last. No equity changes by it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SettleFunding(int index)
    {
        ref readonly Position position = ref state.Positions[index];
        if (position.FundingIndexE8 != state.Markets[position.Market].FundingIndexE8)
        {
            PayFunding(index);
        }
    }

    /// <summary>Settles all cross rows of an account.</summary>
    public void SettlePool(int account)
    {
        for (int row = state.Accounts[account].CrossOpen == 0 ? 0 : state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            if (state.Positions[row].SizeLots != 0 && state.Positions[row].IsIsolated == 0)
            {
                SettleFunding(row);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PayFunding(int index)
    {
        ref Position position = ref state.Positions.Edit(index);
        ref Market market = ref state.Markets.Edit(position.Market);
        if (market.HasFunded == 0)
        {
            // a spot row: what stands there is another thing
            return;
        }

        long entry = position.FundingIndexE8;
        var charge = FundingCharge.Of(in position, in market);
        position.FundingIndexE8 = market.FundingIndexE8;
        if (position.SizeLots == 0)
        {
            return;
        }

        state.Touch(index);
        if (position.IsIsolated != 0)
        {
            position.MarginUnits -= charge.AmountUnits;
        }
        else
        {
            state.Accounts.Edit(position.Account).BalanceUnits -= charge.AmountUnits;
        }

        state.FundingPaid.Edit(index) += charge.AmountUnits;
        ref MarketFunding funding = ref state.Funding.Edit(position.Market);
        funding.ClearingUnits += charge.AmountUnits;
        funding.RestE8 += charge.RestE8;
        if (funding.RestE8 >= Rate.Scale)
        {
            funding.RestE8 -= Rate.Scale;
            funding.ClearingUnits--;
            market.InsuranceUnits++;
        }

        if ((state.Accounts[position.Account].Traits & AccountTraits.HasRules) != 0)
        {
            state.Records.AfterFunding(position.Account, charge.AmountUnits);
        }

        ref FundingPaid paid = ref state.Events.Add<FundingPaid>(
            EventType.FundingPaid, position.Market, position.IsIsolated != 0 ? EventFlags.Isolated : EventFlags.None);
        paid.AccountId = position.Account;
        paid.PositionId = state.PositionDetails[index].PositionId;
        paid.SizeLots = position.SizeLots;
        paid.EntryE8 = entry;
        paid.IndexE8 = market.FundingIndexE8;
        paid.AmountUnits = charge.AmountUnits;
    }
}
