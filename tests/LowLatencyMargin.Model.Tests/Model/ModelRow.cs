using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>What an account has in a market: position, settings, orders, and the figures of docs/numerics.md.</summary>
internal sealed partial class ModelRow
{
    private int _parametersVersion;
    private (Big OrderMargin, Big PoolHold)? _earlier;

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

    public Big Lots => Big.Abs(Size);

    public bool ReachesIsEnough => Market.Parameters.Trigger == LiquidationTrigger.Reaches;

    public bool IsEmpty => Size.IsZero && Orders.Count == 0 && Margin.IsZero && !IsIsolated && Leverage == 0;

    public Big Notional => Lots * Market.Mark * Market.TickValue;

    public Big Profit => Size.Sign >= 0 ? Notional - Cost : Cost - Notional;

    public Big InitialMargin => Rounding.RateUp(Notional, InitialRate(Size.Sign < 0));

    public Big InitialMarginAtEntry => Size.IsZero ? 0 : Rounding.RateUp(Cost, InitialRate(Size.Sign < 0));

    public Big Requirement => RequirementOf(Lots, Cost);

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

    public Big InitialRate(bool isShort)
    {
        Big rate = isShort ? Market.Parameters.InitialMarginShortRate : Market.Parameters.InitialMarginLongRate;
        return Leverage == 0 ? rate : Big.Max(rate, Rounding.Up(Rounding.Scale, Leverage));
    }

    public Big RequirementOf(Big lots, Big cost)
    {
        Big notional = lots * Market.Mark * Market.TickValue;
        Big maintained = Market.Parameters.MaintenanceMarginBase == MarginBase.Entry ? cost : notional;
        return Rounding.RateUp(maintained, Market.Parameters.MaintenanceMarginRate) + Rounding.RateUp(notional, Market.ReserveRate);
    }

    public bool IsLiquidatable(Big equity, Big requirement) => equity < requirement || (equity == requirement && ReachesIsEnough);

    /// <summary>What entry cost goes with closing some lots.</summary>
    public Big Released(Big lots) => lots == Lots ? Cost : Size.Sign > 0 ? Rounding.Up(Cost * lots, Lots) : Rounding.Down(Cost * lots, Lots);

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

    /// <summary>R-601, R-602 over given sums of orders.</summary>
    public Big OrderMarginOf(Big buyLots, Big buyHold, Big sellLots, Big sellHold, Big sellLow)
    {
        if (Market.IsSpot)
        {
            return QuoteHoldOf(buyHold);
        }

        Big reducingBuys = Reducing(Side.Buy);
        Big buyLeft = reducingBuys.IsZero ? buyHold
            : buyLots <= reducingBuys ? 0
            : Rounding.Up(buyHold * (buyLots - reducingBuys), buyLots);
        Big reducingSells = Reducing(Side.Sell);
        Big sellLeft = reducingSells.IsZero ? sellHold
            : sellLots <= reducingSells ? 0
            : sellHold - (reducingSells * sellLow * Market.TickValue);
        Big buy = Rounding.RateUp(buyLeft, InitialRate(isShort: false)) + Rounding.RateUp(buyLeft, Market.Parameters.TakerFeeRate);
        Big sell = Rounding.RateUp(sellLeft, InitialRate(isShort: true)) + Rounding.RateUp(sellLeft, Market.Parameters.TakerFeeRate);
        return IsIsolated && Market.Parameters.IsolatedOrderMargin == OrderMarginRule.Sum ? buy + sell : Big.Max(buy, sell);
    }

    public Big PoolHoldOf(Big orderMargin) =>
        Market.IsSpot ? SpotPoolHoldOf(orderMargin) : IsIsolated ? Big.Max(0, orderMargin - Big.Max(0, Margin - InitialMarginAtEntry)) : orderMargin;

    /// <summary>
    /// New parameters reach a row's holds at its next change; which change that is, is the exchange's business. Takes over figures that are
    /// right by either the old or the new parameters.
    /// </summary>
    public void Reconcile(Big orderMargin, Big poolHold)
    {
        if (_parametersVersion == Market.ParametersVersion && _earlier is null)
        {
            return;
        }

        Big freshMargin = OrderMarginOf(BuyLots, BuyHold, SellLots, SellHold, SellLow);
        Big freshHold = PoolHoldOf(freshMargin);
        if (orderMargin == freshMargin && poolHold == freshHold)
        {
            Refresh();
            _earlier = null;
        }
        else if (_earlier is { } earlier && orderMargin == earlier.OrderMargin && poolHold == earlier.PoolHold)
        {
            (OrderMargin, PoolHold) = earlier;
            _parametersVersion = -1;
        }
    }

    /// <summary>Holds anew, after orders, position or margin changed.</summary>
    public void Refresh()
    {
        if (_parametersVersion != Market.ParametersVersion)
        {
            _earlier ??= (OrderMargin, PoolHold);
        }

        _parametersVersion = Market.ParametersVersion;
        OrderMargin = OrderMarginOf(BuyLots, BuyHold, SellLots, SellHold, SellLow);
        PoolHold = PoolHoldOf(OrderMargin);
    }

    /// <summary>The money that stands behind the position.</summary>
    public Big Backing => IsIsolated ? Margin : Account.CrossEquity - Account.SpotHolds - Profit;

    /// <summary>The price shown, 0 for none.</summary>
    public Big LiquidationPrice
    {
        get
        {
            if (Size.IsZero || Account.IsLiquidation)
            {
                return 0;
            }

            Big money = IsIsolated ? Margin : Backing - (Account.CrossRequirement - Requirement);
            bool entry = Market.Parameters.MaintenanceMarginBase == MarginBase.Entry;
            Big rate = Market.ReserveRate + (entry ? 0 : Market.Parameters.MaintenanceMarginRate);
            Big maintenance = entry ? Rounding.RateUp(Cost, Market.Parameters.MaintenanceMarginRate) : 0;
            if (Size.Sign > 0)
            {
                Big debt = Cost + maintenance - money;
                return debt.Sign <= 0 ? 0 : WithinRange(Rounding.Up(debt * Rounding.Scale, Lots * Market.TickValue * (Rounding.Scale - rate)));
            }

            Big credit = Cost - maintenance + money;
            return credit.Sign <= 0 ? 0 : WithinRange(Rounding.Down(credit * Rounding.Scale, Lots * Market.TickValue * (Rounding.Scale + rate)));
        }
    }

    /// <summary>A price that no mark can have is none.</summary>
    private static Big WithinRange(Big price) => price > ModelExchange.MaxField ? 0 : price;

    private Big Sum(Side side, Func<ModelOrder, Big> figure)
    {
        Big sum = 0;
        foreach (ModelOrder order in Orders)
        {
            if (order.Side == side)
            {
                sum += figure(order);
            }
        }

        return sum;
    }
}
