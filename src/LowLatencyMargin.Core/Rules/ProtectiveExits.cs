using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Rules;

/// <summary>
/// The only orders that the system makes (R-1507): reduce-only market orders that bring a margin level back (R-1408), or close what a pause
/// without override leaves (R-1504).
/// </summary>
public sealed class ProtectiveExits(
    ExchangeState state, OrderRules orderRules, MarginCheck marginCheck, Settlement settlement, MatchingEngine matching, LoanExits loans)
{
    /// <summary>Brings each scope that is in Warning or Critical back to its target; whether one is still to be, and nothing could be done.</summary>
    public bool Reduce(int account, in AccountRules rules)
    {
        bool unfinished = false;
        if (rules.CrossBand is LevelBand.Warning or LevelBand.Critical && !AccountFigures.Of(state, account).IsLiquidatable)
        {
            int largest = Largest(account);
            unfinished = largest != 0 && !BringBack(largest, in rules);
        }

        int index = state.Accounts[account].FirstPosition;
        while (index != 0)
        {
            int next = state.Positions[index].Next;
            bool isolated = state.Positions[index].IsIsolated != 0 && state.Positions[index].SizeLots != 0;
            if (isolated && state.PositionRecords[state.Records.RecordOf(index)].Band is LevelBand.Warning or LevelBand.Critical)
            {
                unfinished |= !BringBack(index, in rules);
            }
            else if (state.Positions[index].SizeLots == 0 && state.Records.HasRecord(index)
                && state.PositionRecords[state.Records.RecordOf(index)].Band is LevelBand.Warning or LevelBand.Critical)
            {
                unfinished |= !loans.BringBack(index, rules.Rules.AutoReduceTarget);
            }

            index = next;
        }

        return unfinished;
    }

    /// <summary>Closes every position, and repays every loan, as far as the books allow; whether something is left and nothing could be done.</summary>
    public bool CloseAll(int account, in AccountRules rules)
    {
        bool left = false;
        int index = state.Accounts[account].FirstPosition;
        while (index != 0)
        {
            int next = state.Positions[index].Next;
            if (state.Positions[index].SizeLots != 0)
            {
                left |= !Close(index, state.Positions[index].AbsoluteLots, in rules, ExitCause.Pause);
            }
            else if (HoldingWatches.Owes(state, index))
            {
                left |= !loans.CloseAll(index);
            }

            index = next;
        }

        return left;
    }

    private int Largest(int account)
    {
        int largest = 0;
        long most = -1;
        for (int index = state.Accounts[account].FirstPosition; index != 0; index = state.Positions[index].Next)
        {
            ref readonly Position position = ref state.Positions[index];
            if (position.SizeLots == 0 || position.IsIsolated != 0)
            {
                continue;
            }

            long requirement = Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in state.Markets[position.Market]);
            if (requirement > most || (requirement == most && index < largest))
            {
                most = requirement;
                largest = index;
            }
        }

        return largest;
    }

    private bool BringBack(int index, in AccountRules rules)
    {
        ref readonly Position position = ref state.Positions[index];
        ref readonly Market market = ref state.Markets[position.Market];
        long equity = position.MarginUnits + Requirements.UnrealizedPnl(in position, in market);
        long requirement = Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);
        long others = 0;
        if (position.IsIsolated == 0)
        {
            AccountFigures cross = AccountFigures.Of(state, position.Account);
            equity = cross.EquityUnits;
            others = cross.RequirementUnits - requirement;
        }
        else if (Requirements.IsLiquidatable(equity, requirement, in market))
        {
            return false;
        }

        long least = 1;
        long most = position.AbsoluteLots;
        while (least < most)
        {
            long lots = (least + most) / 2;
            if (Suffices(in position, in market, lots, equity, others, rules.Rules.AutoReduceTarget))
            {
                most = lots;
            }
            else
            {
                least = lots + 1;
            }
        }

        return Close(index, least, in rules, ExitCause.Level);
    }

    /// <summary>Whether the level is at the target once so many lots are closed at the mark and the fee for it is paid.</summary>
    private static bool Suffices(in Position position, in Market market, long lots, long equityUnits, long othersUnits, int target)
    {
        long fee = Rate.OfRoundedUp(Requirements.Notional(lots, market.MarkTicks, in market), market.Parameters.TakerFeeRate);
        long left = position.AbsoluteLots - lots;
        long requirement = othersUnits
            + (left == 0 ? 0 : Requirements.Requirement(left, position.EntryCostUnits - Requirements.ReleasedCost(in position, lots), in market));
        return (System.Int128)(equityUnits - fee) * Rate.Scale >= (System.Int128)target * requirement;
    }

    /// <summary>One exit; false when nothing of it traded.</summary>
    private bool Close(int index, long lots, in AccountRules rules, ExitCause cause)
    {
        ref readonly Position position = ref state.Positions[index];
        int market = position.Market;
        Side side = position.SizeLots > 0 ? Side.Sell : Side.Buy;
        long limit = orderRules.MarketLimit(market, side, 0);
        bool possible = limit != 0 && state.WorkLeft > 0 && state.Orders.HasRoom && state.PositionDetails[index].LiquidationId == 0
            && MarketRules.Liquidates(state.Markets[market].State) && state.Books[market].Crosses(side, limit)
            && marginCheck.Check(position.Account, index, market, side, limit, lots, replaced: 0, reduces: true) == ResultCode.Accepted;
        if (!possible)
        {
            return false;
        }

        ref PositionReduced reduced = ref state.Events.Add<PositionReduced>(EventType.PositionAutoReduced, market, EventFlags.None, (byte)cause);
        reduced.AccountId = position.Account;
        reduced.PositionId = state.PositionDetails[index].PositionId;
        reduced.QuantityLots = lots;
        reduced.TargetLevel = cause == ExitCause.Level ? rules.Rules.AutoReduceTarget : 0;
        var plan = new OrderPlan
        {
            Account = position.Account,
            Market = market,
            Position = index,
            Side = side,
            Type = OrderType.Market,
            TimeInForce = TimeInForce.ImmediateOrCancel,
            Marks = OrderMarks.ReduceOnly | (OrderMarks)((int)SelfTradePrevention.Maker << 13),
            LimitTicks = limit,
            Lots = lots,
            OrderMarginUnits = MatchingEngine.ComputeMargin,
        };
        long trades = state.LastTradeId;
        _ = matching.Place(in plan);
        settlement.Refresh();
        return state.LastTradeId != trades;
    }
}
