using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Fees;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Rules;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>Fee and penalty of a liquidation, limited to what is left, and who gets them (R-1108 to R-1110).</summary>
[method: ColdPath]
public sealed class LiquidationCharges(ExchangeState state, Settlement settlement, Keepers keepers)
{
    /// <summary>Makers of a liquidation that share its penalty: the first so many.</summary>
    private const int MostMakers = 64;

    /// <summary>Takes fee and penalty of what was closed from what is left, divides them, and tells.</summary>
    /// <param name="index">Row.</param>
    /// <param name="takenOverLots">What the liquidation account took at the end.</param>
    /// <returns>What is left then.</returns>
    public long Charge(int index, long takenOverLots)
    {
        ref Position position = ref state.Positions.Edit(index);
        ref Account account = ref state.Accounts.Edit(position.Account);
        ref Market market = ref state.Markets.Edit(position.Market);
        ref LiquidationProgress progress = ref state.LiquidationProgress.Edit(index);
        ref PositionDetail detail = ref state.PositionDetails.Edit(index);
        long left = LeftOf(in position, in account, in market);
        long lots = progress.ClosedLots + progress.KeptLots + takenOverLots;
        long notional = Requirements.Notional(lots, market.MarkTicks, in market);
        long fee = Math.Min(left, Rate.OfRoundedUp(progress.ClosedUnits, market.Parameters.TakerFeeRate));
        long due = lots == 0 ? 0 : Math.Max(market.Parameters.MinPenaltyUnits, Rate.OfRoundedUp(notional, market.Parameters.PenaltyRate));
        long penalty = Math.Min(left - fee, due);
        long charged = fee + penalty;
        if (charged != 0)
        {
            if (position.IsIsolated != 0)
            {
                position.MarginUnits -= charged;
            }
            else
            {
                account.BalanceUnits -= charged;
            }

            market.FeeUnits += fee;
            TradingFees.Divide(ref market, fee);
            detail.FeeUnits += charged;
            Divide(index, penalty, fee, notional, left, ref market);
        }

        ForgetMakers(index);
        state.Records.AfterBooking(index, ExitKind.Liquidation, pnlUnits: 0, charged);
        return left - charged;
    }

    /// <summary>Remembers the makers of a chunk of trades: they share the penalty if the market says so.</summary>
    /// <param name="index">Row of the liquidated position.</param>
    /// <param name="eventsBefore">Events of the command before the chunk.</param>
    public void NoteMakers(int index, int eventsBefore)
    {
        if (state.Markets[state.Positions[index].Market].Parameters.PenaltyMakersRate == 0)
        {
            return;
        }

        long liquidation = state.PositionDetails[index].LiquidationId;
        for (int i = eventsBefore; i < state.Events.Count; i++)
        {
            long lots = LotsWith(i, liquidation);
            if (lots != 0)
            {
                NoteMaker(index, (int)EventSlot.As<Fill>(in state.Events.Span[i + 1]).AccountId, lots);
            }
        }
    }

    /// <summary>What fee and penalty can be taken from: all that a closed scope has left, and no more than an open one has to spare.</summary>
    private long LeftOf(in Position position, in Account account, in Market market)
    {
        long money = account.BalanceUnits;
        long spare;
        if (position.IsIsolated != 0)
        {
            money = position.MarginUnits;
            spare = money;
            if (position.SizeLots != 0)
            {
                spare += Requirements.UnrealizedPnl(in position, in market)
                    - Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market)
                    - (market.Parameters.Trigger == LiquidationTrigger.Reaches ? 1 : 0);
            }
        }
        else
        {
            AccountFigures figures = AccountFigures.Of(state, position.Account);
            money += (account.Traits & AccountTraits.HasAssets) == 0 ? 0
                : Collateral.Of(state, position.Account, CollateralPurpose.Maintenance) - figures.SpotHoldUnits;
            spare = position.SizeLots == 0 ? figures.BackingUnits : figures.SlackUnits;
        }

        return Math.Max(0, Math.Min(money, spare));
    }

    private void Divide(int index, long penalty, long fee, long notional, long left, ref Market market)
    {
        int owner = state.Positions[index].Account;
        int keeper = penalty == 0 ? 0 : KeeperOf(index);
        long refund = keeper == 0 ? 0 : Math.Min(penalty, state.Liquidations[state.Positions[index].Market].Rules.KeeperCostRefundUnits);
        long shared = penalty - refund;
        long reward = keeper == 0 ? 0 : refund + Rate.OfRoundedDown(shared, market.Parameters.PenaltyKeeperRate);
        long protocol = Rate.OfRoundedDown(shared, market.Parameters.PenaltyProtocolRate);
        long makers = PayMakers(index, Rate.OfRoundedDown(shared, market.Parameters.PenaltyMakersRate));
        long insurance = penalty - reward - protocol - makers;
        market.ProtocolUnits += protocol;
        market.InsuranceUnits += insurance;

        ref PenaltyPaid paid = ref state.Events.Add<PenaltyPaid>(EventType.PenaltyPaid, state.Positions[index].Market);
        paid.AccountId = owner;
        paid.FeeUnits = fee;
        paid.KeeperUnits = reward;
        paid.ProtocolUnits = protocol;
        paid.InsuranceUnits = insurance;
        paid.MakersUnits = makers;
        ref PenaltyTerms terms = ref state.Events.Add<PenaltyTerms>(EventType.PenaltyTerms, state.Positions[index].Market);
        terms.LiquidationId = state.PositionDetails[index].LiquidationId;
        terms.NotionalUnits = notional;
        terms.LeftUnits = left;
        terms.MinPenaltyUnits = market.Parameters.MinPenaltyUnits;
        terms.RefundUnits = refund;
        terms.FeeRate = market.Parameters.TakerFeeRate;
        terms.PenaltyRate = market.Parameters.PenaltyRate;
        if (reward != 0)
        {
            Reward(index, keeper, reward, refund);
        }
    }

    /// <summary>Who is paid: who commanded it or took the position over, or the registered keeper whose turn it is; 0: nobody.</summary>
    private int KeeperOf(int index)
    {
        int keeper = state.LiquidationProgress[index].Keeper;
        if (keeper != 0)
        {
            return keeper;
        }

        long owner = state.Accounts[state.Positions[index].Account].OwnerId;
        int row = keepers.Next(owner, tried: 0);
        if (row == 0)
        {
            return 0;
        }

        keepers.Turn(row, owner);
        return state.Keepers[row].Account;
    }

    private void Reward(int index, int keeper, long reward, long refund)
    {
        state.Accounts.Edit(keeper).BalanceUnits += reward;
        settlement.TouchPool(keeper);
        ref KeeperRewarded rewarded = ref state.Events.Add<KeeperRewarded>(EventType.KeeperRewarded, state.Positions[index].Market);
        rewarded.KeeperId = keeper;
        rewarded.LiquidationId = state.PositionDetails[index].LiquidationId;
        rewarded.AccountId = state.Positions[index].Account;
        rewarded.RewardUnits = reward;
        rewarded.RefundUnits = refund;
        int row = keepers.Find(keeper);
        if (row != 0)
        {
            ref Keeper registered = ref state.Keepers.Edit(row);
            registered.RewardUnits += reward;
            registered.Rewards++;
            rewarded.Score = Keepers.ScoreAt(in registered, state.TimeNs);
        }
    }

    private void NoteMaker(int index, int account, long lots)
    {
        ref LiquidationProgress progress = ref state.LiquidationProgress.Edit(index);
        int count = 0;
        int last = 0;
        for (int row = progress.FirstMaker; row != 0; row = state.PenaltyMakers[row].Next)
        {
            if (state.PenaltyMakers[row].Account == account)
            {
                state.PenaltyMakers.Edit(row).Lots += lots;
                return;
            }

            last = row;
            count++;
        }

        int added = count < MostMakers ? state.PenaltyMakers.Allocate() : 0;
        if (added != 0)
        {
            state.PenaltyMakers.Edit(added) = new PenaltyMaker { Account = account, Lots = lots };
            (last == 0 ? ref progress.FirstMaker : ref state.PenaltyMakers.Edit(last).Next) = added;
        }
    }

    /// <summary>Divides a sum over the makers that the liquidation met, by lots, rounded down; returns what was paid.</summary>
    private long PayMakers(int index, long sumUnits)
    {
        long lots = 0;
        for (int row = sumUnits == 0 ? 0 : state.LiquidationProgress[index].FirstMaker; row != 0; row = state.PenaltyMakers[row].Next)
        {
            lots += state.PenaltyMakers[row].Lots;
        }

        long paid = 0;
        for (int row = lots == 0 ? 0 : state.LiquidationProgress[index].FirstMaker; row != 0; row = state.PenaltyMakers[row].Next)
        {
            ref readonly PenaltyMaker maker = ref state.PenaltyMakers[row];
            long share = Exact.MultiplyDivideDown(sumUnits, maker.Lots, lots);
            state.Accounts.Edit(maker.Account).BalanceUnits += share;
            settlement.TouchPool(maker.Account);
            paid += share;
        }

        return paid;
    }

    private void ForgetMakers(int index)
    {
        ref LiquidationProgress progress = ref state.LiquidationProgress.Edit(index);
        while (progress.FirstMaker != 0)
        {
            int row = progress.FirstMaker;
            progress.FirstMaker = state.PenaltyMakers[row].Next;
            state.PenaltyMakers.Free(row);
        }
    }

    private long LotsWith(int i, long liquidationId)
    {
        ref readonly EventSlot slot = ref state.Events.Span[i];
        if (slot.Header.Type != EventType.Trade || (slot.Header.Flags & EventFlags.Liquidation) == 0)
        {
            return 0;
        }

        ref readonly Trade trade = ref EventSlot.As<Trade>(in slot);
        return trade.TakerOrderId == liquidationId ? trade.QuantityLots : 0;
    }
}
