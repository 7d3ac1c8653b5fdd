using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>What an account has in a market, or one hedge position there: position, settings, orders, and the figures of docs/numerics.md and
/// docs/margin.md.</summary>
internal sealed partial class ModelRow
{
    public required ModelAccount Account { get; init; }

    public required ModelMarket Market { get; init; }

    public Big Size { get; set; }

    public Big Cost { get; set; }

    public Big Margin { get; set; }

    public bool IsIsolated { get; set; }

    public int Leverage { get; set; }

    /// <summary>Resting orders, the oldest first.</summary>
    public List<ModelOrder> Orders { get; } = [];

    public Big SellLow { get; set; }

    public Big OrderMargin { get; set; }

    public Big PoolHold { get; set; }

    /// <summary>The market's moment of the row's last change.</summary>
    public int RefreshedAt { get; private set; }

    public Big Lots => Big.Abs(Size);

    public bool ReachesIsEnough => Market.Parameters.Trigger == LiquidationTrigger.Reaches;

    public Big Notional => Lots * Market.Mark * Market.TickValue;

    /// <summary>What it is ahead, funding that it owes taken off.</summary>
    public Big Profit => PriceProfit - Owed;

    public Big PriceProfit => ProfitOf(Size, Cost);

    public Big InitialMargin => Initial(Size.Sign < 0, Notional);

    public Big InitialMarginAtEntry => Size.IsZero ? 0 : Initial(Size.Sign < 0, Cost);

    public Big Requirement => RequirementOf(Lots, Cost);

    /// <summary>What the pool keeps back for a cross position.</summary>
    public Big KeptBack => Big.Max(InitialMargin, Requirement);

    /// <summary>What must stay: never so little that the scope is liquidatable at once.</summary>
    public Big WithdrawRequirement
    {
        get
        {
            bool isMaintenance = Market.Parameters.WithdrawRequirement == Core.Commands.WithdrawRequirement.Maintenance;
            return isMaintenance ? Requirement : Big.Max(InitialMargin, Requirement);
        }
    }

    /// <summary>Whether unrealised profit may leave .</summary>
    public bool MayTakeProfit => Market.Parameters.WithdrawUnrealizedProfit != 0;

    public Big IsolatedEquity => Margin + Profit;

    public Big BuyLots => Sum(Side.Buy, order => order.Leaves);

    public Big SellLots => Sum(Side.Sell, order => order.Leaves);

    public Big BuyHold => Sum(Side.Buy, order => order.HoldNotional);

    public Big SellHold => Sum(Side.Sell, order => order.HoldNotional);

    /// <summary>The money that stands behind the position.</summary>
    public Big Backing => IsIsolated ? Net : Account.CrossEquity - Account.SpotHolds - PriceProfit;

    public Big ProfitOf(Big size, Big cost)
    {
        Big notional = Big.Abs(size) * Market.Mark * Market.TickValue;
        return size.Sign >= 0 ? notional - cost : cost - notional;
    }

    /// <summary>Initial margin of a notional, all of it at the rate of its bracket.</summary>
    public Big Initial(bool isShort, Big notional) => Rounding.RateUp(notional, InitialRate(isShort, notional));

    public Big RequirementOf(Big lots, Big cost)
    {
        Big notional = lots * Market.Mark * Market.TickValue;
        Big maintained = Market.Parameters.MaintenanceMarginBase == MarginBase.Entry ? cost : notional;
        return Market.MaintenanceMargin(maintained) + Rounding.RateUp(notional, Market.ReserveRate);
    }

    public bool IsLiquidatable(Big equity, Big requirement) => equity < requirement || (equity == requirement && ReachesIsEnough);

    /// <summary>What entry cost goes with closing some lots.</summary>
    public Big Released(Big lots) => lots == Lots ? Cost : Size.Sign > 0 ? Rounding.Up(Cost * lots, Lots) : Rounding.Down(Cost * lots, Lots);

    /// <summary>What an isolated fill that opens draws: the initial margin of what it adds, no more than is missing.</summary>
    public Big Draw(bool isShort, Big cost, Big added, Big margin)
    {
        Big step = Market.Margin.IsGraded
            ? Initial(isShort, cost + added) - Initial(isShort, cost)
            : Initial(isShort, added);
        return Big.Max(0, Big.Min(step, Initial(isShort, cost + added) - margin));
    }

    /// <summary>Lots of a side's orders that do more than reduce.</summary>
    public Big Beyond(Side side, Big lots) => Big.Max(0, lots - Reducing(side));

    public Big Reducing(Side side)
    {
        if (Market.Parameters.OffsetPosition == 0)
        {
            return 0;
        }

        return side == Side.Buy ? Big.Max(0, -Size) : Big.Max(0, Size);
    }

    /// <summary>Hold notional of a side beyond the lots that only reduce.</summary>
    public Big LeftOf(Side side, Big lots, Big hold, Big sellLow)
    {
        Big reducing = Reducing(side);
        return reducing.IsZero ? hold
            : lots <= reducing ? 0
            : side == Side.Buy ? Rounding.Up(hold * (lots - reducing), lots)
            : hold - (reducing * sellLow * Market.TickValue);
    }

    /// <summary>R-601, R-602 over given sums of orders.</summary>
    public Big OrderMarginOf(Big buyLots, Big buyHold, Big sellLots, Big sellHold, Big sellLow)
    {
        if (Market.IsSpot)
        {
            return QuoteHoldOf(buyHold);
        }

        Big buy = SideMargin(isShort: false, LeftOf(Side.Buy, buyLots, buyHold, sellLow));
        Big sell = SideMargin(isShort: true, LeftOf(Side.Sell, sellLots, sellHold, sellLow));
        return IsIsolated && Market.Parameters.IsolatedOrderMargin == OrderMarginRule.Sum ? buy + sell : Big.Max(buy, sell);
    }

    public Big PoolHoldOf(Big orderMargin) =>
        Market.IsSpot ? SpotPoolHoldOf(orderMargin) : IsIsolated ? Big.Max(0, orderMargin - Big.Max(0, Net - InitialMarginAtEntry)) : orderMargin;

    /// <summary>With the margin as it was settled last.</summary>
    private Big HeldNow => IsIsolated && !Market.IsSpot ? Big.Max(0, OrderMargin - Big.Max(0, Margin - InitialMarginAtEntry)) : PoolHoldOf(OrderMargin);

    /// <summary>Holds anew, after orders, position, margin or parameters changed.</summary>
    public void Refresh()
    {
        if (Market.IsSpot)
        {
            Split();
            return;
        }

        OrderMargin = OrderMarginOf(BuyLots, BuyHold, SellLots, SellHold, SellLow);
        PoolHold = HeldNow;
        RefreshedAt = Market.Moment;
    }

    /// <summary>
    /// Where rates follow the mark or the notional, holds are those of the row's last change. Whether a change of the pool counts as one of a row
    /// is the exchange's business: takes over figures that are right by the rates of this moment.
    /// </summary>
    public void Reconcile(Big orderMargin, Big poolHold)
    {
        if (orderMargin == OrderMargin && poolHold == PoolHold)
        {
            return;
        }

        if (orderMargin == OrderMargin && poolHold == HeldNow)
        {
            PoolHold = poolHold;
            return;
        }

        if (Market.IsSpot)
        {
            Split();
            return;
        }

        Big fresh = OrderMarginOf(BuyLots, BuyHold, SellLots, SellHold, SellLow);
        Big before = OrderMargin;
        OrderMargin = fresh;
        bool isFresh = orderMargin == fresh && poolHold == HeldNow;
        OrderMargin = before;
        if (isFresh)
        {
            Refresh();
        }
    }

    public Big InitialRate(bool isShort, Big notional)
    {
        Big rate = Market.InitialRate(isShort, notional);
        Big own = Leverage == 0 ? 0 : Rounding.Up(Rounding.Scale, Leverage);
        return Big.Min(8 * Rounding.Scale, Big.Max(rate, own));
    }

    private Big SideMargin(bool isShort, Big left)
    {
        if (left.IsZero)
        {
            return 0;
        }

        Big there = (isShort ? Size.Sign < 0 : Size.Sign > 0) && Market.Margin.IsGraded ? IsIsolated ? Cost : Notional : 0;
        return Initial(isShort, there + left) - Initial(isShort, there) + Rounding.RateUp(left, Market.Parameters.TakerFeeRate);
    }

    private Big Sum(Side side, Func<ModelOrder, Big> figure)
    {
        Big sum = 0;
        foreach (ModelOrder order in Orders)
        {
            if (order.Side == side && !order.IsReduceOnly)
            {
                sum += figure(order);
            }
        }

        return sum;
    }
}
