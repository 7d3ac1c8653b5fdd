using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Pricing;

namespace LowLatencyMargin.Core.Margin;

/// <summary>What a new or changed order would lead to at worst, against what there is: before anything moves .</summary>
public sealed class MarginCheck
{
    /// <summary>More than the roundings of an account's requirements can come to.</summary>
    private const long RoundingUnits = 2 + (2 * Exact.MaxPositionsPerAccount);

    /// <summary>Cross positions whose initial margins 63 bits are sure to hold.</summary>
    private const int MostSummed = 6;

    private const long MostUnits = 1L << 62;

    private readonly ExchangeState _state;
    private readonly Slab<Order> _orders;
    private readonly Slab<Position> _positions;
    private readonly Slab<Market> _markets;
    private readonly Slab<Account> _accounts;

    /// <summary>Checks over a state.</summary>
    [ColdPath]
    public MarginCheck(ExchangeState state)
    {
        _state = state;
        _orders = state.Orders;
        _positions = state.Positions;
        _markets = state.Markets;
        _accounts = state.Accounts;
        Spot = new SpotCheck(state, this);
    }

    /// <summary>The same for spot markets.</summary>
    public SpotCheck Spot { get; }

    /// <summary>What the order margin of the row becomes if the order just checked rests whole.</summary>
    public long OrderMarginUnits { get; private set; }

    /// <summary>What the last refused check needed, for the reject.</summary>
    public long RequiredUnits { get; private set; }

    /// <summary>What it found.</summary>
    public long AvailableUnits { get; private set; }

    /// <summary>
    /// Checks an order of <paramref name="lots"/> at <paramref name="limitTicks"/> at worst, in place of <paramref name="replaced"/> when it is a
    /// change. Orders that add risk must be covered by available margin, with the loss against the mark that filling at the limit would be;
    /// orders that only reduce need no margin, but may not leave the scope below its maintenance requirement. Reduce-only orders
    /// (<paramref name="reduces"/>) are in no sum: they can't add risk, whatever else is ordered.
    /// </summary>
    public ResultCode Check(
        int account, int index, int marketId, Side side, long limitTicks, long lots, int replaced, bool reduces, bool immediate = false,
        CollateralPurpose purpose = CollateralPurpose.Opening, SideEffect effect = SideEffect.None) =>
        Check(account, index, in _positions[index], 0, marketId, side, limitTicks, lots, replaced, reduces, immediate, purpose, effect);

    /// <summary>
    /// The same for a row as it would be: an order can open a position, switch its mode or bring margin; <paramref name="poolUnits"/> goes to the pool
    /// with it (below 0: from the pool).
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ResultCode Check(
        int account, int row, in Position position, long poolUnits, int marketId, Side side, long limitTicks, long lots, int replaced, bool reduces,
        bool immediate = false, CollateralPurpose purpose = CollateralPurpose.Opening, SideEffect effect = SideEffect.None)
    {
        ref readonly Market market = ref _markets[marketId];
        if (position.IsIsolated != 0 && position.FundingIndexE8 != market.FundingIndexE8 && market.HasFunded != 0)
        {
            Position settled = position;
            FundingCharge.Settle(ref settled, in market);
            return Check(account, row, in settled, poolUnits, marketId, side, limitTicks, lots, replaced, reduces, immediate, purpose, effect);
        }

        long tickValue = market.TickValueUnits;
        long holdTicks = HoldTicks(side, limitTicks, in market);
        if (!Fits(lots, holdTicks, in market, out long holdUnits))
        {
            return ResultCode.Overflow;
        }

        if (market.IsSpot)
        {
            OrderMarginUnits = MatchingEngine.ComputeMargin;
            return Spot.Check(account, in position, marketId, side, limitTicks, lots, replaced, immediate, purpose, effect);
        }

        long adverseTicks = market.MarkTicks == 0 ? 0 : side == Side.Buy ? limitTicks - market.MarkTicks : market.MarkTicks - limitTicks;
        long loss = adverseTicks <= 0 ? 0 : lots * adverseTicks * tickValue;
        if (reduces)
        {
            OrderMarginUnits = position.OrderMarginUnits;
            return CheckReducing(account, in position, in market, side, lots, limitTicks, holdUnits, loss);
        }

        bool offset = market.Parameters.OffsetPosition != 0;
        OrderSums sums = position.Orders;
        long excessBefore = sums.ExcessLots(side, position.SizeLots, offset);
        if (replaced != 0)
        {
            ref readonly Order order = ref _orders[replaced];
            sums.Take(side, order.LeavesLots, order.LeavesLots * order.HoldTicks * tickValue);
        }

        sums.Add(side, lots, holdTicks, holdUnits);
        long excess = sums.ExcessLots(side, position.SizeLots, offset);
        long margin = Requirements.OrderMargin(in position, in sums, in market);
        OrderMarginUnits = margin;
        if (excess > excessBefore || margin > position.OrderMarginUnits || (excess > 0 && loss > 0))
        {
            var order = new AddedOrder(side, lots, lots * limitTicks * tickValue, holdUnits);
            return CheckAdding(account, row, in position, poolUnits, in market, in sums, in order, margin, loss, purpose);
        }

        return CheckReducing(account, in position, in market, side, lots, limitTicks, holdUnits, loss);
    }

    /// <summary>What an order holds, if that is within what one order and a whole market may come to .</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Fits(long lots, long holdTicks, in Market market, out long holdUnits) =>
        Exact.TryNotional(lots, holdTicks, market.TickValueUnits, out holdUnits)
        && Exact.TryNotional(market.RestingLots + market.PositionLots + lots, ValuedAt(holdTicks, in market), market.TickValueUnits, out _)
        && market.CommittedUnits + holdUnits <= Exact.MaxNotionalUnits;

    /// <summary>
    /// Whether a cross row without options of its own can take orders that hold or lose so much more, whatever they round to. False: the whole check
    /// is to decide.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Spares(in Account account, in Position position, in Market market, in OrderSums sums, Side side, long requiredUnits)
    {
        long available = account.BalanceUnits - account.PoolHoldUnits;
        if (account.CrossOpen != 0)
        {
            available = account.CrossOpen == 1 && position.SizeLots != 0
                ? available + Requirements.UnrealizedPnl(in position, in market) - Requirements.Kept(in position, in market)
                : Available(position.Account);
        }

        return available - Math.Max(0, requiredUnits) >= RoundingUnits
            && sums.ExcessLots(side, position.SizeLots, market.Parameters.OffsetPosition != 0) > 0;
    }

    /// <summary>The price at which margin is held: the limit, for sells the mark if that is higher .</summary>
    public static long HoldTicks(Side side, long limitTicks, in Market market) =>
        side == Side.Buy ? limitTicks : Math.Max(limitTicks, market.MarkTicks);

    /// <summary>Equity less initial and order margin of the cross scope; below zero when it is over-committed .</summary>
    public long Available(int account) => Available(account, CollateralPurpose.Opening);

    private long Available(int account, CollateralPurpose purpose)
    {
        ref readonly Account owner = ref _accounts[account];
        long available = owner.BalanceUnits - owner.PoolHoldUnits;
        if ((owner.Traits & AccountTraits.HasAssets) != 0)
        {
            available += Collateral.Of(_state, account, purpose);
        }

        if ((owner.Traits & AccountTraits.HasMarginScopes) != 0)
        {
            var loans = Lending.LoanSums.Of(_state, account);
            available += loans.BackedInitialUnits - loans.DebtUnits - loans.InitialUnits;
        }

        if (owner.CrossOpen > MostSummed)
        {
            return AvailableOfMany(in owner, available);
        }

        for (int index = owner.CrossOpen == 0 ? 0 : owner.FirstPosition; index != 0; index = _positions[index].Next)
        {
            ref readonly Position position = ref _positions[index];
            if (position.SizeLots != 0 && position.IsIsolated == 0)
            {
                ref readonly Market market = ref _markets[position.Market];
                available += Requirements.UnrealizedPnl(in position, in market) - Requirements.Kept(in position, in market);
            }
        }

        return available;
    }

    /// <summary>Initial margins of more positions than 63 bits are sure to hold: what is beyond is cut.</summary>
    private long AvailableOfMany(in Account owner, Int128 available)
    {
        for (int index = owner.FirstPosition; index != 0; index = _positions[index].Next)
        {
            ref readonly Position position = ref _positions[index];
            if (position.SizeLots != 0 && position.IsIsolated == 0)
            {
                ref readonly Market market = ref _markets[position.Market];
                available += Requirements.UnrealizedPnl(in position, in market);
                available -= Requirements.Kept(in position, in market);
            }
        }

        return (long)Int128.Clamp(available, -MostUnits, MostUnits);
    }

    private ResultCode CheckReducing(
        int account, in Position position, in Market market, Side side, long lots, long limitTicks, long holdUnits, long loss)
    {
        if (loss == 0)
        {
            return ResultCode.Accepted;
        }

        var order = new AddedOrder(side, lots, Requirements.Notional(lots, limitTicks, in market), holdUnits);
        return position.IsIsolated != 0 ? CheckIsolatedFill(in position, in market, in order) : CheckCrossClose(account, in position, in market, in order);
    }

    /// <summary>The highest price that lots of this market may have to be valued at before the next command is checked.</summary>
    private static long ValuedAt(long holdTicks, in Market market) =>
        Math.Max(holdTicks, market.HasMark != 0 ? market.MarkTicks : market.CeilingTicks);

    private ResultCode CheckAdding(
        int account, int row, in Position position, long poolUnits, in Market market, in OrderSums sums, in AddedOrder order, long margin, long loss,
        CollateralPurpose purpose)
    {
        if (position.IsIsolated != 0)
        {
            return CheckAddingIsolated(account, in position, poolUnits, in market, in sums, in order, margin);
        }

        long required = margin - position.OrderMarginUnits + loss;
        long available = Available(account, purpose) + poolUnits;
        if (required > 0 && required > available)
        {
            return Refuse(required, available);
        }

        // with so much to spare no rounding of a requirement can make the fill liquidatable
        if (available - Math.Max(0, required) < RoundingUnits || market.Rates.CoversFromBits == MarginRates.NeverCovers)
        {
            ResultCode code = CheckCrossFill(account, in position, in market, in order, poolUnits);
            if (code != ResultCode.Accepted)
            {
                return code;
            }
        }

        return (_accounts[account].Traits & AccountTraits.PortfolioLeverage) == 0
            ? ResultCode.Accepted
            : CheckPortfolio(account, row, in position, in market, in sums, loss - poolUnits);
    }

    private ResultCode CheckAddingIsolated(
        int account, in Position position, long poolUnits, in Market market, in OrderSums sums, in AddedOrder order, long margin)
    {
        long required = Settlement.PoolHold(in position, margin, in market) - position.PoolHoldUnits;
        if (required > 0)
        {
            long available = AvailableMoney(account) + poolUnits;
            if (required > available)
            {
                return Refuse(required, available);
            }
        }

        ResultCode code = CheckIsolatedFill(in position, in market, in order);
        return code == ResultCode.Accepted ? CheckIsolatedOrders(in position, order.Side, in market, in sums) : code;
    }

    /// <summary>What isolated orders can hold: no more than there is without unrealised profit.</summary>
    private long AvailableMoney(int account) =>
        Math.Min(Available(account), _accounts[account].BalanceUnits - _accounts[account].PoolHoldUnits);

    /// <summary>
    /// An isolated row must bear all orders of a side that nothing is open against, filled at their hold prices: its margin stands behind them
    /// once.
    /// </summary>
    public ResultCode CheckIsolatedOrders(in Position position, Side side, in Market market, in OrderSums sums)
    {
        long against = side == Side.Buy ? -position.SizeLots : position.SizeLots;
        if (against > 0 || (side == Side.Buy ? sums.BuyLots : sums.SellLots) == 0 || market.MarkTicks == 0)
        {
            return ResultCode.Accepted;
        }

        Position settled = position;
        FundingCharge.Settle(ref settled, in market);
        Position after = IsolatedOrders.Filled(in settled, side, in sums, in market);
        return IsolatedOrders.IsLiquidatable(in after, in market) ? Refuse(in after, in market) : ResultCode.Accepted;
    }

    /// <summary>
    /// Whether positions and orders of the cross scope, with these in place of a row's own, are within the account's portfolio leverage when
    /// its equity is less by a loss.
    /// </summary>
    public ResultCode CheckPortfolio(int account, int row, in Position changed, in Market market, in OrderSums sums, long loss)
    {
        Int128 worst = WorstUnits(in changed, in sums, in market);
        ref readonly Account owner = ref _accounts[account];
        for (int index = owner.FirstPosition; index != 0; index = _positions[index].Next)
        {
            ref readonly Position position = ref _positions[index];
            if (position.IsIsolated == 0 && index != row)
            {
                worst += WorstUnits(in position, in position.Orders, in _markets[position.Market]);
            }
        }

        Int128 most = ((Int128)AccountFigures.Of(_state, account).EquityUnits - loss) * _state.AccountControls[account].PortfolioLeverage;
        return worst <= most ? ResultCode.Accepted : ResultCode.PortfolioLeverageExceeded;
    }

    private static Int128 WorstUnits(in Position position, in OrderSums sums, in Market market)
    {
        sums.Left(position.SizeLots, in market, out long buys, out long sells);
        long held = Requirements.Notional(position.AbsoluteLots, market.MarkTicks, in market);
        return position.SizeLots >= 0 ? Int128.Max((Int128)held + buys, sells) : Int128.Max((Int128)held + sells, buys);
    }

    /// <summary>Whether the cross scope has so much available; notes both for the reject.</summary>
    public bool IsCovered(int account, long requiredUnits, CollateralPurpose purpose = CollateralPurpose.Opening) =>
        Covers(requiredUnits, Available(account, purpose));

    /// <summary>The same for what isolated orders hold.</summary>
    public bool IsMoneyThere(int account, long requiredUnits) => Covers(requiredUnits, AvailableMoney(account));

    private bool Covers(long requiredUnits, long available)
    {
        RequiredUnits = requiredUnits;
        AvailableUnits = available;
        return requiredUnits <= available;
    }

    /// <summary>
    /// An isolated position has only its own margin behind it: filled at the limit, as settlement would book it, it may neither lose more than
    /// its margin nor start below its requirement.
    /// </summary>
    public ResultCode CheckIsolatedFill(in Position position, in Market market, in AddedOrder order)
    {
        Position after = position;
        FundingCharge.Settle(ref after, in market);
        bool isShort = order.Side == Side.Sell;
        long closed = 0;
        long closedUnits = 0;
        if (after.SizeLots != 0 && (after.SizeLots > 0) == isShort)
        {
            closed = Math.Min(order.Lots, after.AbsoluteLots);
            closedUnits = closed == order.Lots ? order.Units : Exact.MultiplyDivideDown(order.Units, closed, order.Lots);
            long released = Requirements.ReleasedCost(in after, closed);
            bool wasBacked = after.MarginUnits >= 0;
            after.MarginUnits += after.SizeLots > 0 ? closedUnits - released : released - closedUnits;
            after.EntryCostUnits -= released;
            after.SizeLots += isShort ? -closed : closed;
            if (after.MarginUnits < 0 && (wasBacked || after.SizeLots == 0))
            {
                return Refuse(0, after.MarginUnits);
            }
        }

        if (after.SizeLots == 0 && closed != 0)
        {
            after.MarginUnits = 0;
        }

        if (order.Lots > closed)
        {
            if (market.MarkTicks != 0 && !PartialFills.AreBorne(in after, order.Side, order.Lots - closed, order.Units - closedUnits, in market))
            {
                return Refuse(in after, in market);
            }

            IsolatedOrders.Open(ref after, order.Side, order.Lots - closed, order.Units - closedUnits, in market);
        }
        else
        {
            after.MarginUnits -= Rate.OfRoundedUp(order.Units, market.Parameters.TakerFeeRate);
        }

        return after.SizeLots != 0 && market.MarkTicks != 0 && IsolatedOrders.IsLiquidatable(in after, in market)
            ? Refuse(in after, in market)
            : ResultCode.Accepted;
    }

    /// <summary>A cross scope must cover its requirement after a fill at the limit, gain or loss and fee booked .</summary>
    public ResultCode CheckCrossFill(int account, in Position position, in Market market, in AddedOrder order, long poolUnits = 0)
    {
        if (market.MarkTicks == 0)
        {
            return ResultCode.Accepted;
        }

        bool isBuy = order.Side == Side.Buy;
        long value = Requirements.Notional(order.Lots, market.MarkTicks, in market);
        return CheckCross(account, in position, in market, in order, poolUnits + (isBuy ? value - order.Units : order.Units - value));
    }

    /// <summary>The same for a close with a loss against the mark.</summary>
    private ResultCode CheckCrossClose(int account, in Position position, in Market market, in AddedOrder order)
    {
        long value = Requirements.Notional(order.Lots, market.MarkTicks, in market);
        return CheckCross(account, in position, in market, in order, -Math.Abs(value - order.Units));
    }

    private ResultCode CheckCross(int account, in Position position, in Market market, in AddedOrder order, long gain)
    {
        AccountFigures figures = AccountFigures.Of(_state, account);
        bool closes = position.SizeLots != 0 && (position.SizeLots > 0) == (order.Side == Side.Sell);
        long closed = closes ? Math.Min(order.Lots, position.AbsoluteLots) : 0;
        long opened = order.Lots - closed;
        long lots = position.AbsoluteLots - closed + opened;
        long cost = position.EntryCostUnits - (closed == 0 ? 0 : Requirements.ReleasedCost(in position, closed))
            + (opened == 0 ? 0 : Exact.MultiplyDivideUp(order.Units, opened, order.Lots));
        long before = Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);
        long required = figures.RequirementUnits - before + Requirements.Requirement(lots, cost, in market);
        long equity = figures.BackingUnits + gain - Rate.OfRoundedUp(order.HoldUnits, market.Parameters.TakerFeeRate);
        bool staysOpen = lots != 0 || _accounts[account].CrossOpen > 1;
        bool mustExceed = figures.MustExceed || (lots != 0 && market.Parameters.Trigger == LiquidationTrigger.Reaches);
        return equity < required || (equity == required && staysOpen && mustExceed) ? Refuse(required, equity) : ResultCode.Accepted;
    }

    private ResultCode Refuse(in Position after, in Market market) => Refuse(
        Requirements.Requirement(after.AbsoluteLots, after.EntryCostUnits, in market),
        after.MarginUnits + Requirements.UnrealizedPnl(in after, in market));

    /// <summary>Refuses what needs more margin than there is; notes both for the reject.</summary>
    public ResultCode Refuse(long required, long available)
    {
        RequiredUnits = required;
        AvailableUnits = available;
        return ResultCode.InsufficientMargin;
    }
}
