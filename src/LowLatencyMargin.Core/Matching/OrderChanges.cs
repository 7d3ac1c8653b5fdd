using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Matching;

/// <summary>Changes and cancels of open orders, by the exchange's id or the client's (R-1305, R-1306).</summary>
public sealed class OrderChanges(
    ExchangeState state, OrderRules rules, MarginCheck marginCheck, PositionLimits limits, RateBudget budget, MatchingEngine matching)
{
    private readonly Slab<Order> _orders = state.Orders;
    private readonly Slab<Position> _positions = state.Positions;
    private readonly Slab<Market> _markets = state.Markets;
    private readonly Slab<Account> _accounts = state.Accounts;
    private readonly PerMarket<OrderBook> _books = state.Books;

    /// <summary>Cancels an order.</summary>
    public ResultCode Cancel(ref readonly CancelOrder command) => Cancel(command.AccountId, command.OrderId, command.ClientOrderId, isCounted: true);

    /// <summary>Cancels an order; one of a batch, whose weight the batch has paid, is not counted.</summary>
    public ResultCode Cancel(long accountId, long orderId, long clientOrderId, bool isCounted)
    {
        ResultCode code = Find(accountId, orderId, clientOrderId, out int account, out int slot);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (isCounted && !budget.Allows(account, 1, reduces: true))
        {
            return ResultCode.RateLimited;
        }

        matching.Cancel(slot, CancelReason.Requested);
        if (isCounted)
        {
            budget.Charge(account, 1);
        }

        return ResultCode.Accepted;
    }

    /// <summary>Changes an order.</summary>
    public ResultCode Modify(ref readonly ModifyOrder command, bool isCounted)
    {
        ResultCode code = Find(command.AccountId, command.OrderId, command.ClientOrderId, out int account, out int slot);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        code = Prepare(in command, slot, out Change change);
        bool reduces = change.Kind != ChangeKind.Replace || state.Orders[slot].Has(OrderMarks.ReduceOnly);
        if (isCounted && !budget.Allows(account, 1, reduces))
        {
            return ResultCode.RateLimited;
        }

        if (code == ResultCode.Accepted && change.Kind == ChangeKind.Replace && !IsPlain(slot, account))
        {
            code = CheckReplaced(slot, ref change);
        }

        if (code == ResultCode.Accepted && change.NeedsMargin)
        {
            code = CheckRisk(account, slot, in change);
        }

        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (isCounted)
        {
            budget.Charge(account, 1);
        }

        Apply(slot, in change, marginCheck.OrderMarginUnits);
        return ResultCode.Accepted;
    }

    /// <summary>The open order that a command names, or how it ended (R-1306).</summary>
    public ResultCode Find(long accountId, long orderId, long clientOrderId, out int account, out int slot)
    {
        slot = 0;
        account = 0;
        if (accountId < 1 || accountId > state.Accounts.HighWater)
        {
            return ResultCode.UnknownAccount;
        }

        account = unchecked((int)accountId);
        slot = orderId != 0 ? state.FindOrder(orderId, account) : clientOrderId != 0 ? FindByClient(account, clientOrderId) : 0;
        return slot != 0 ? ResultCode.Accepted : HowItEnded(account, orderId, clientOrderId);
    }

    private int FindByClient(int account, long clientOrderId) =>
        state.ClientOrderIds.Find(ClientOrderIds.HashOf(state.Limits.HashSeed, account, clientOrderId), account, clientOrderId);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ResultCode HowItEnded(int account, long orderId, long clientOrderId)
    {
        if (orderId != 0 && !state.HasEnded(orderId))
        {
            return ResultCode.UnknownOrder;
        }

        if (orderId == 0 && clientOrderId == 0)
        {
            return ResultCode.UnknownOrder;
        }

        RecentOrders recent = state.RecentOrders;
        uint number = orderId != 0
            ? recent.Find(orderId)
            : recent.FindByClient(ClientOrderIds.HashOf(state.Limits.HashSeed, account, clientOrderId), account, clientOrderId);
        if (number == 0)
        {
            return orderId != 0 ? ResultCode.OrderEnded : ResultCode.UnknownOrder;
        }

        return recent[number].Account != account ? ResultCode.UnknownOrder : recent[number].Status switch
        {
            OrderStatus.Filled => ResultCode.OrderFilled,
            OrderStatus.Expired => ResultCode.OrderExpired,
            OrderStatus.Triggered => ResultCode.OrderTriggeredBefore,
            _ => ResultCode.OrderCancelledBefore,
        };
    }

    /// <summary>What a change comes to, by itself; nothing but its own fields and the market's state are looked at.</summary>
    public ResultCode Prepare(ref readonly ModifyOrder command, int slot, out Change change)
    {
        ref readonly Order order = ref state.Orders[slot];
        bool waits = order.Has(OrderMarks.Waiting);
        bool isMarket = waits && order.PriceTicks == 0;
        change = default;
        change.PriceTicks = command.PriceTicks == 0 ? order.PriceTicks : command.PriceTicks;
        change.Lots = order.LeavesLots;
        change.TriggerTicks = waits ? state.OrderTerms[order.Terms].TriggerTicks : 0;
        change.Kind = ChangeKind.Replace;
        if (command.PriceTicks is < 0 or > Exact.MaxPriceTicks || (isMarket && command.PriceTicks != 0))
        {
            return ResultCode.InvalidPrice;
        }

        if (command.QuantityLots is < 0 or > Exact.MaxQuantityLots || (command.QuantityLots != 0 && order.Has(OrderMarks.WholePosition)))
        {
            return ResultCode.InvalidQuantity;
        }

        bool trails = waits && state.OrderTerms[order.Terms].IsTrailing;
        if (command.TriggerTicks is < 0 or > Exact.MaxPriceTicks || (command.TriggerTicks != 0 && (!waits || trails)))
        {
            return ResultCode.InvalidTrigger;
        }

        long quantity = command.QuantityLots == 0 ? order.QuantityLots : command.QuantityLots;
        long trigger = command.TriggerTicks == 0 ? change.TriggerTicks : command.TriggerTicks;
        bool moves = change.PriceTicks != order.PriceTicks || trigger != change.TriggerTicks;
        if (!moves && quantity == order.QuantityLots)
        {
            return ResultCode.NothingToModify;
        }

        change.TriggerTicks = trigger;
        change.Lots = quantity - (order.QuantityLots - order.LeavesLots);
        change.Kind = change.Lots <= 0 ? ChangeKind.Cancel : !moves && change.Lots < order.LeavesLots ? ChangeKind.Decrease : ChangeKind.Replace;
        change.NeedsMargin = change.Kind == ChangeKind.Replace && !waits;
        change.Waits = waits;
        MarketState market = state.Markets[state.Positions[order.Position].Market].State;
        bool allowed = change.Kind != ChangeKind.Replace
            ? MarketRules.TakesDecreases(market)
            : market == MarketState.PreOpen || MarketRules.Takes(market, order.Has(OrderMarks.ReduceOnly), order.Has(OrderMarks.PostOnly));
        return allowed ? ResultCode.Accepted : ResultCode.MarketStateForbids;
    }

    /// <summary>The rules that a moved or larger order has to meet, as a new one has; may lower its quantity or move its price.</summary>
    public ResultCode CheckReplaced(int slot, ref Change change)
    {
        ref readonly Order order = ref state.Orders[slot];
        int row = order.Position;
        int marketId = state.Positions[row].Market;
        ref readonly Market market = ref state.Markets[marketId];
        bool reduces = order.Has(OrderMarks.ReduceOnly);
        if (!reduces && rules.IsKilled(state.Positions[row].Account, row, marketId))
        {
            return ResultCode.KillSwitchActive;
        }

        if (!reduces && UnderWay.Refuses(state, state.Positions[row].Account, row))
        {
            return ResultCode.ScopeInLiquidation;
        }

        if (!reduces && (state.Accounts[state.Positions[row].Account].Traits & AccountTraits.HasRules) != 0)
        {
            ResultCode code = CheckTraderRules(slot, in change);
            if (code != ResultCode.Accepted)
            {
                return code;
            }
        }

        if (order.Has(OrderMarks.MakerProtected) && rules.IsFrozen(row))
        {
            return ResultCode.MakerProtectionActive;
        }

        long quantity = change.Lots + (order.QuantityLots - order.LeavesLots);
        if (!reduces && quantity < market.Parameters.MinQuantityLots)
        {
            return ResultCode.BelowMinimumSize;
        }

        if (order.Has(OrderMarks.Iceberg) && !OrderRules.IsDisplay(state.OrderTerms[order.Terms].DisplayLots, quantity))
        {
            return ResultCode.InvalidDisplay;
        }

        if (change.PriceTicks != 0 && !rules.IsInBand(marketId, change.PriceTicks))
        {
            return ResultCode.PriceOutsideBand;
        }

        if (!reduces && change.PriceTicks != 0 && !rules.IsWorth(marketId, change.Lots, change.PriceTicks))
        {
            return ResultCode.BelowMinimumNotional;
        }

        if (reduces)
        {
            change.Lots = Math.Min(change.Lots, MakerExamination.Reducible(order.Side, state.Positions[row].SizeLots));
            if (change.Lots == 0)
            {
                return ResultCode.NothingToReduce;
            }
        }

        if (change.Waits)
        {
            ResultCode code = CheckTrigger(slot, marketId, in change);
            return code == ResultCode.Accepted && change.TriggerTicks == state.OrderTerms[order.Terms].TriggerTicks ? Settle(slot, ref change) : code;
        }

        bool crosses = state.Books[marketId].Crosses(order.Side, change.PriceTicks);
        if (crosses && order.Has(OrderMarks.PostOnly))
        {
            change.PriceTicks = rules.PostOnlyPrice(marketId, order.Side, change.PriceTicks, order.Has(OrderMarks.Reprice));
            if (change.PriceTicks == 0)
            {
                return ResultCode.PostOnlyWouldTrade;
            }
        }
        else if (crosses && market.State == MarketState.PreOpen)
        {
            return ResultCode.MarketStateForbids;
        }

        return Settle(slot, ref change);
    }

    /// <summary>A change names no stop: where sizing is enforced, the bracket's counts.</summary>
    private ResultCode CheckTraderRules(int slot, in Change change)
    {
        ref readonly Order order = ref state.Orders[slot];
        int row = order.Position;
        int account = state.Positions[row].Account;
        int replaced = change.Waits ? 0 : slot;
        ResultCode code = state.Gate.Check(account, row, order.Side, change.Lots, replaced);
        return code != ResultCode.Accepted
            ? code
            : state.Gate.CheckSize(
                account,
                row,
                in state.Positions[row],
                poolUnits: 0,
                state.Positions[row].Market,
                order.Side,
                change.Lots,
                change.PriceTicks != 0 ? change.PriceTicks : change.TriggerTicks,
                stopTicks: 0,
                replaced);
    }

    /// <summary>A new price or a cut can bring a change back to where the order stands: then it keeps its place.</summary>
    private ResultCode Settle(int slot, ref Change change)
    {
        ref readonly Order order = ref state.Orders[slot];
        if (change.PriceTicks != order.PriceTicks || change.Lots > order.LeavesLots)
        {
            return ResultCode.Accepted;
        }

        change.Kind = ChangeKind.Decrease;
        change.NeedsMargin = false;
        return change.Lots == order.LeavesLots ? ResultCode.NothingToModify : ResultCode.Accepted;
    }

    /// <summary>Position limits and margin of a moved or larger order.</summary>
    public ResultCode CheckRisk(int account, int slot, in Change change)
    {
        ref readonly Order order = ref state.Orders[slot];
        int row = order.Position;
        int marketId = state.Positions[row].Market;
        bool reduces = order.Has(OrderMarks.ReduceOnly);
        return !reduces
            && !limits.Allow(account, row, marketId, order.Side, change.PriceTicks, change.Lots, order.LeavesLots)
            ? ResultCode.PositionLimit
            : marginCheck.Check(account, row, marketId, order.Side, change.PriceTicks, change.Lots, replaced: slot, reduces);
    }

    /// <summary>Makes a change that was checked.</summary>
    public void Apply(int slot, in Change change, long orderMarginUnits)
    {
        switch (change.Kind)
        {
            case ChangeKind.Cancel:
                matching.Cancel(slot, CancelReason.AmendedAway);
                break;
            case ChangeKind.Decrease:
                matching.Reduce(slot, change.Lots);
                break;
            default:
                if (change.Waits)
                {
                    matching.ReplaceWaiting(slot, in change);
                }
                else
                {
                    matching.Replace(slot, change.PriceTicks, change.Lots, orderMarginUnits);
                }

                break;
        }
    }

    /// <summary>Whether a change has no rule to meet but limits and margin.</summary>
    private bool IsPlain(int slot, int account)
    {
        ref readonly Order order = ref state.Orders[slot];
        return (order.Marks & ~OrderMarks.SelfTrade) == OrderMarks.None
            && rules.HasNone(account, order.Position, state.Positions[order.Position].Market);
    }

    private ResultCode CheckTrigger(int slot, int marketId, in Change change)
    {
        ref readonly Order order = ref state.Orders[slot];
        ref readonly OrderTermsRow terms = ref state.OrderTerms[order.Terms];
        if (change.TriggerTicks == terms.TriggerTicks)
        {
            return ResultCode.Accepted;
        }

        long price = rules.PriceOf(marketId, terms.Source);
        return price != 0 && TriggerBook.IsReached(TriggerBook.IsRising(order.Side, terms.Kind), change.TriggerTicks, price)
            ? ResultCode.TriggerReached
            : ResultCode.Accepted;
    }

    /// <summary>What a change makes of an order.</summary>
    public struct Change
    {
        /// <summary>Limit price; 0: a waiting market order.</summary>
        public long PriceTicks;

        /// <summary>Leaves.</summary>
        public long Lots;

        /// <summary>Trigger of a waiting order.</summary>
        public long TriggerTicks;

        /// <summary>What is done.</summary>
        public ChangeKind Kind;

        /// <summary>Whether the order waits for its trigger.</summary>
        public bool Waits;

        /// <summary>Whether limits and margin are to be checked.</summary>
        public bool NeedsMargin;
    }

    /// <summary>What is done to a changed order.</summary>
    public enum ChangeKind
    {
        /// <summary>It goes to the end of its queue.</summary>
        Replace,

        /// <summary>It gets smaller where it stands.</summary>
        Decrease,

        /// <summary>Nothing is left of it.</summary>
        Cancel,
    }
}
