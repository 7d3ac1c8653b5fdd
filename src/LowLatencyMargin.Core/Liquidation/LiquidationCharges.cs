using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Fees;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>Fee and penalty of a liquidation, limited to what is left, and who gets them (R-1108, R-1109).</summary>
[method: ColdPath]
public sealed class LiquidationCharges(ExchangeState state, Settlement settlement)
{
    private int _eventsBefore;

    /// <summary>The trades from here on are those of this step: their makers share the penalty.</summary>
    public void Begin() => _eventsBefore = state.Events.Count;

    /// <summary>What fee and penalty can be taken from: all that a closed scope has left, and no more than an open one has to spare.</summary>
    public long LeftOf(in Position position, in Account account, in Market market)
    {
        long money = account.BalanceUnits;
        long equity;
        long requirement;
        if (position.IsIsolated != 0)
        {
            money = position.MarginUnits;
            equity = position.SizeLots == 0 ? money : money + Requirements.UnrealizedPnl(in position, in market);
            requirement = Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);
        }
        else
        {
            AccountFigures figures = AccountFigures.Of(state, position.Account);
            equity = figures.BackingUnits;
            money += (account.Traits & AccountTraits.HasAssets) == 0 ? 0
                : Collateral.Of(state, position.Account, CollateralPurpose.Maintenance) - figures.SpotHoldUnits;
            requirement = position.SizeLots == 0 ? 0 : figures.RequirementUnits;
        }

        return Math.Max(0, Math.Min(money, equity - requirement));
    }

    /// <summary>Takes fee and penalty, divides them, and tells; returns what was taken.</summary>
    public long Charge(long left, ref Market market, ref PositionDetail detail, in Position position, long takenOverLots)
    {
        long fee = Math.Min(left, Rate.OfRoundedUp(detail.LiquidatedUnits, market.Parameters.TakerFeeRate));
        long closedAtMark = Requirements.Notional(detail.LiquidatedLots + takenOverLots, market.MarkTicks, in market);
        long due = Math.Max(market.Parameters.MinPenaltyUnits, Rate.OfRoundedUp(closedAtMark, market.Parameters.PenaltyRate));
        long penalty = Math.Min(left - fee, due);
        if (fee + penalty == 0)
        {
            return 0;
        }

        long protocol = Rate.OfRoundedDown(penalty, market.Parameters.PenaltyProtocolRate);
        long makers = PayMakers(Rate.OfRoundedDown(penalty, market.Parameters.PenaltyMakersRate), detail.LiquidationId);
        long insurance = penalty - protocol - makers;
        market.FeeUnits += fee;
        TradingFees.Divide(ref market, fee);
        market.ProtocolUnits += protocol;
        market.InsuranceUnits += insurance;
        detail.FeeUnits += fee + penalty;

        ref PenaltyPaid paid = ref state.Events.Add<PenaltyPaid>(EventType.PenaltyPaid, position.Market);
        paid.AccountId = position.Account;
        paid.FeeUnits = fee;
        paid.ProtocolUnits = protocol;
        paid.InsuranceUnits = insurance;
        paid.MakersUnits = makers;
        return fee + penalty;
    }

    /// <summary>
    /// Divides a sum over the makers that this command's trades of the liquidation met, by lots, rounded down; returns what was paid. The
    /// keeper's share and every remainder go to insurance: the engine found this liquidation itself.
    /// </summary>
    private long PayMakers(long sumUnits, long liquidationId)
    {
        if (sumUnits == 0)
        {
            return 0;
        }

        long lots = 0;
        int count = state.Events.Count;
        for (int i = _eventsBefore; i < count; i++)
        {
            lots += LotsWith(i, liquidationId);
        }

        long paid = 0;
        for (int i = _eventsBefore; i < count && lots > 0; i++)
        {
            long own = LotsWith(i, liquidationId);
            if (own == 0)
            {
                continue;
            }

            long share = Exact.MultiplyDivideDown(sumUnits, own, lots);
            int maker = (int)EventSlot.As<Fill>(in state.Events.Span[i + 1]).AccountId;
            state.Accounts.Edit(maker).BalanceUnits += share;
            settlement.TouchPool(maker);
            paid += share;
        }

        return paid;
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
