using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Margin;

/// <summary>What a new or changed order would lead to at worst, against what there is: before anything moves .</summary>
public sealed class MarginCheck(ExchangeState state)
{
    private readonly Slab<Order> _orders = state.Orders;
    private readonly Slab<Position> _positions = state.Positions;
    private readonly Slab<Market> _markets = state.Markets;
    private readonly Slab<Account> _accounts = state.Accounts;
    private SpotCheck? _spot;

    /// <summary>The same for spot markets.</summary>
    public SpotCheck Spot => _spot ??= new SpotCheck(state, this);

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
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ResultCode Check(int account, int index, int marketId, Side side, long limitTicks, long lots, int replaced, bool reduces,
        SideEffect effect = SideEffect.None)
    {
        ref readonly Market market = ref _markets[marketId];
        ref readonly Position position = ref _positions[index];
        long tickValue = market.TickValueUnits;
        long holdTicks = HoldTicks(side, limitTicks, in market);
        if (!Exact.TryNotional(lots, holdTicks, tickValue, out long holdUnits)
            || !Exact.TryNotional(market.RestingLots + market.PositionLots + lots, ValuedAt(holdTicks, in market), tickValue, out _)
            || market.CommittedUnits + holdUnits > Exact.MaxNotionalUnits)
        {
            return ResultCode.Overflow;
        }

        if (market.IsSpot)
        {
            OrderMarginUnits = MatchingEngine.ComputeMargin;
            return Spot.Check(account, index, marketId, side, limitTicks, lots, replaced, effect);
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
            return CheckAdding(account, in position, in market, side, lots, limitTicks, margin, loss);
        }

        return CheckReducing(account, in position, in market, side, lots, limitTicks, holdUnits, loss);
    }

    /// <summary>The price at which margin is held: the limit, for sells the mark if that is higher .</summary>
    public static long HoldTicks(Side side, long limitTicks, in Market market) =>
        side == Side.Buy ? limitTicks : Math.Max(limitTicks, market.MarkTicks);

    /// <summary>Equity less initial and order margin of the cross scope; below zero when it is over-committed .</summary>
    public long Available(int account)
    {
        ref readonly Account owner = ref _accounts[account];
        long available = owner.BalanceUnits - owner.PoolHoldUnits;
        if ((owner.Traits & AccountTraits.HasAssets) != 0)
        {
            available += Collateral.Of(state, account, CollateralPurpose.Opening);
        }

        if ((owner.Traits & AccountTraits.HasLoans) != 0)
        {
            var loans = Lending.LoanSums.Of(state, account);
            available += loans.BackedInitialUnits - loans.DebtUnits - loans.InitialUnits;
        }

        for (int index = owner.CrossOpen == 0 ? 0 : owner.FirstPosition; index != 0; index = _positions[index].Next)
        {
            ref readonly Position position = ref _positions[index];
            if (position.SizeLots != 0 && position.IsIsolated == 0)
            {
                ref readonly Market market = ref _markets[position.Market];
                available += Requirements.UnrealizedPnl(in position, in market) - Requirements.InitialMargin(in position, in market);
            }
        }

        return available;
    }

    private ResultCode CheckReducing(
        int account, in Position position, in Market market, Side side, long lots, long limitTicks, long holdUnits, long loss) =>
        loss == 0 ? ResultCode.Accepted
        : position.IsIsolated != 0 ? CheckIsolatedFill(in position, in market, side, lots, limitTicks)
        : CheckCrossClose(account, in position, in market, lots, holdUnits, loss);

    /// <summary>The highest price that lots of this market may have to be valued at before the next command is checked.</summary>
    private static long ValuedAt(long holdTicks, in Market market) =>
        Math.Max(holdTicks, market.HasMark != 0 ? market.MarkTicks : market.CeilingTicks);

    private ResultCode CheckAdding(
        int account, in Position position, in Market market, Side side, long lots, long limitTicks, long margin, long loss)
    {
        bool isolated = position.IsIsolated != 0;
        long required = isolated ? Settlement.PoolHold(in position, margin, in market) - position.PoolHoldUnits : margin - position.OrderMarginUnits + loss;
        if (required > 0)
        {
            long available = isolated ? AvailableMoney(account) : Available(account);
            if (required > available)
            {
                return Refuse(required, available);
            }
        }

        return isolated && loss > 0 ? CheckIsolatedFill(in position, in market, side, lots, limitTicks) : ResultCode.Accepted;
    }

    /// <summary>
    /// Whether the cross scope can do without what spot orders would give away: <paramref name="pays"/> of the quote asset, and <paramref
    /// name="soldLots"/> for <paramref name="soldUnits"/>.
    /// </summary>
    public ResultCode CheckGiven(int account, in Market market, long pays, long soldLots, long soldUnits)
    {
        long loss = pays <= 0 ? 0
            : WorthGiven(account, market.QuoteAsset, pays);
        if (soldLots > 0)
        {
            long brought = soldUnits - Rate.OfRoundedUp(soldUnits, market.Parameters.TakerFeeRate);
            long given = soldLots * market.LotUnits;
            loss += Math.Max(0, WorthGiven(account, market.BaseAsset, given) - WorthBrought(account, market.QuoteAsset, brought));
        }

        return loss > 0 && !IsCovered(account, loss) ? ResultCode.InsufficientMargin : ResultCode.Accepted;
    }

    private long WorthGiven(int account, int asset, long units)
    {
        if (asset == Asset.CollateralId)
        {
            return units;
        }

        long counted = Counted(account, asset);
        return Collateral.Weighted(state, asset, counted, CollateralPurpose.Opening)
            - Collateral.Weighted(state, asset, counted - units, CollateralPurpose.Opening);
    }

    private long WorthBrought(int account, int asset, long units)
    {
        if (asset == Asset.CollateralId)
        {
            return units;
        }

        long counted = Counted(account, asset);
        return Collateral.Weighted(state, asset, counted + units, CollateralPurpose.Opening)
            - Collateral.Weighted(state, asset, counted, CollateralPurpose.Opening);
    }

    private long Counted(int account, int asset)
    {
        ref readonly Balance balance = ref state.Balances[state.FindBalance(account, asset)];
        return balance.Units - balance.PayUnits;
    }

    /// <summary>What of it is money of the pool: isolated margin can't be drawn from other assets.</summary>
    private long AvailableMoney(int account)
    {
        long available = Available(account);
        return (_accounts[account].Traits & AccountTraits.HasAssets) == 0
            ? available
            : Math.Min(available, Wallets.Free(state, account, Asset.CollateralId));
    }

    /// <summary>Whether the cross scope has so much available, as money of the pool if it has to be; notes both for the reject.</summary>
    public bool IsCovered(int account, long requiredUnits, bool isMoney = false)
    {
        long available = isMoney ? AvailableMoney(account) : Available(account);
        RequiredUnits = requiredUnits;
        AvailableUnits = available;
        return requiredUnits <= available;
    }

    /// <summary>
    /// An isolated position has only its own margin behind it: filled at the limit, as settlement would book it, it may neither lose more than
    /// its margin nor start below its requirement.
    /// </summary>
    public ResultCode CheckIsolatedFill(in Position position, in Market market, Side side, long lots, long limitTicks)
    {
        Position after = position;
        long closed = 0;
        if (after.SizeLots != 0 && (after.SizeLots > 0) == (side == Side.Sell))
        {
            closed = Math.Min(lots, after.AbsoluteLots);
            long released = Requirements.ReleasedCost(in after, closed);
            long proceeds = Requirements.Notional(closed, limitTicks, in market);
            after.MarginUnits += after.SizeLots > 0 ? proceeds - released : released - proceeds;
            after.EntryCostUnits -= released;
            after.SizeLots += side == Side.Buy ? closed : -closed;
            if (after.MarginUnits < 0)
            {
                return Refuse(0, after.MarginUnits);
            }
        }

        if (after.SizeLots == 0 && closed != 0)
        {
            after.MarginUnits = 0;
        }

        if (lots > closed)
        {
            long cost = Requirements.Notional(lots - closed, limitTicks, in market);
            long own = Rate.OfRoundedUp(cost, Requirements.InitialRate(side == Side.Sell, after.LeverageRate, in market));
            after.SizeLots += side == Side.Buy ? lots - closed : closed - lots;
            after.EntryCostUnits += cost;
            after.MarginUnits += Math.Max(0, Math.Min(own, Requirements.InitialMarginAtEntry(in after, in market) - after.MarginUnits));
        }
        else
        {
            after.MarginUnits -= Rate.OfRoundedUp(Requirements.Notional(lots, limitTicks, in market), market.Parameters.TakerFeeRate);
        }

        if (after.SizeLots == 0)
        {
            return ResultCode.Accepted;
        }

        long equity = after.MarginUnits + Requirements.UnrealizedPnl(in after, in market);
        long requirement = Requirements.Requirement(after.AbsoluteLots, after.EntryCostUnits, in market);
        return Requirements.IsLiquidatable(equity, requirement, in market) ? Refuse(requirement, equity) : ResultCode.Accepted;
    }

    /// <summary>A cross scope must still cover its requirement after a close at the limit, loss and fee paid.</summary>
    private ResultCode CheckCrossClose(int account, in Position position, in Market market, long lots, long holdUnits, long loss)
    {
        AccountFigures figures = AccountFigures.Of(state, account);
        long closed = Math.Min(lots, position.AbsoluteLots);
        long before = Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);
        long costLeft = position.EntryCostUnits - (closed == 0 ? 0 : Requirements.ReleasedCost(in position, closed));
        long required = figures.RequirementUnits - before + Requirements.Requirement(position.AbsoluteLots - closed, costLeft, in market);
        long equity = figures.EquityUnits - loss - Rate.OfRoundedUp(holdUnits, market.Parameters.TakerFeeRate);
        bool staysOpen = position.AbsoluteLots > closed || _accounts[account].CrossOpen > 1;
        return equity < required || (equity == required && staysOpen && figures.MustExceed) ? Refuse(required, equity) : ResultCode.Accepted;
    }

    /// <summary>Notes what was missing, for the reject.</summary>
    public ResultCode Refuse(long required, long available)
    {
        RequiredUnits = required;
        AvailableUnits = available;
        return ResultCode.InsufficientMargin;
    }
}
