using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;
using LowLatencyMargin.Core.Pricing;
using LowLatencyMargin.Core.Rules;
using LowLatencyMargin.Core.Waterfall;

namespace LowLatencyMargin.Core.Margin;

/// <summary>Books fills to positions and money, and keeps what follows from them: order margin, shares of the pool, the liquidation index.</summary>
[method: ColdPath]
public sealed partial class Settlement(ExchangeState state)
{
    /// <summary>Fills of spot markets.</summary>
    public SpotSettlement Spot { get; } = new(state);

    /// <summary>Which loans to look at, and when.</summary>
    public LoanIndex LoanIndex { get; } = new(state);

    /// <summary>
    /// Books one side of a trade: profit of what it closes to the position's own scope, cost of what it opens, isolated
    /// margin drawn from the pool, and the fee (R-1601, R-1603).
    /// </summary>
    /// <param name="index">Row of account and market.</param>
    /// <param name="order">Row of the order that traded, 0 when it was none: it says whether a stop closed the position .</param>
    /// <param name="side">Side of this account.</param>
    /// <param name="lots">Quantity.</param>
    /// <param name="notionalUnits">What it traded for.</param>
    /// <param name="feeUnits">Fee owed; what was paid when the method returns.</param>
    /// <param name="keepMargin">Leave isolated margin in place when the position becomes flat: a liquidation has yet to charge it.</param>
    /// <param name="coversLater">Isolated margin below zero stays: the caller covers it.</param>
    /// <returns>Profit booked.</returns>
    public long Book(
        int index, int order, Side side, long lots, long notionalUnits, ref long feeUnits, bool keepMargin, bool coversLater = false)
    {
        ref Position position = ref state.Positions.Edit(index);
        ref Account account = ref state.Accounts.Edit(position.Account);
        ref Market market = ref state.Markets.Edit(position.Market);
        ref PositionDetail detail = ref state.PositionDetails.Edit(index);
        state.Touch(index);
        if (position.FundingIndexE8 != market.FundingIndexE8)
        {
            PayFunding(index);
        }

        bool wasBacked = position.MarginUnits >= 0;
        market.PositionLots -= position.AbsoluteLots;
        market.CommittedUnits -= position.EntryCostUnits;
        detail.UpdatedNs = state.TimeNs;

        long pnl = 0;
        long opened = lots;
        long openedUnits = notionalUnits;
        if (position.SizeLots != 0 && (position.SizeLots > 0) == (side == Side.Sell))
        {
            long closed = Math.Min(lots, position.AbsoluteLots);
            long closedUnits = closed == lots ? notionalUnits : Exact.MultiplyDivideDown(notionalUnits, closed, lots);
            opened = lots - closed;
            openedUnits = notionalUnits - closedUnits;
            pnl = Close(ref position, ref account, closed, closedUnits);
            detail.RealizedPnlUnits += pnl;
            if (position.SizeLots == 0)
            {
                position.WasClosed = (byte)(keepMargin && account.IsLiquidationAccount == 0 ? PositionStatus.Liquidated : HowClosed(order));
            }

            if (position.IsIsolated != 0)
            {
                // funding may have taken more than the margin while profit stands behind what is still open
                if (position.MarginUnits < 0 && !coversLater && (position.SizeLots == 0 || wasBacked))
                {
                    CoverMargin(index, side == Side.Sell ? LossKind.Longs : LossKind.Shorts);
                }

                if (position.SizeLots == 0 && !keepMargin)
                {
                    account.BalanceUnits += position.MarginUnits;
                    position.MarginUnits = 0;
                }
            }
        }

        if (opened > 0)
        {
            Open(index, ref position, ref account, in market, ref detail, side, opened, openedUnits, feeUnits);
        }

        market.PositionLots += position.AbsoluteLots;
        market.CommittedUnits += position.EntryCostUnits;
        if ((position.Guards & (Guards.ReduceOnly | Guards.Hedge)) != 0)
        {
            FollowOrders(index);
        }

        if (feeUnits != 0)
        {
            feeUnits = PayFee(ref position, ref account, feeUnits, fromMargin: opened == 0);
            market.FeeUnits += feeUnits;
            detail.FeeUnits += feeUnits;
        }

        return pnl;
    }

    /// <summary>Recomputes the order margin of a row and what it holds of the pool .</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Reserve(ref Position position)
    {
        ref readonly Market market = ref state.Markets[position.Market];
        if (market.IsSpot)
        {
            Spot.Reserve(ref position, in market);
            return;
        }

        Reserve(ref position, Requirements.OrderMargin(in position, in position.Orders, in market), in market);
    }

    /// <summary>Sets the order margin of a row and what it holds of the pool.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Reserve(ref Position position, long orderMarginUnits, in Market market)
    {
        position.OrderMarginUnits = orderMarginUnits;
        long hold = PoolHold(in position, position.OrderMarginUnits, in market);
        state.Accounts.Edit(position.Account).PoolHoldUnits += hold - position.PoolHoldUnits;
        position.PoolHoldUnits = hold;
        if (position.IsIsolated != 0 && position.IsTouched == 0)
        {
            FollowOrders(ref position, in market);
        }
    }

    /// <summary>
    /// What an order margin holds of the pool: all of it in cross mode; in isolated mode what the free isolated margin does not cover.
    /// </summary>
    public static long PoolHold(in Position position, long orderMarginUnits, in Market market)
    {
        if (position.IsIsolated == 0)
        {
            return orderMarginUnits;
        }

        long free = Math.Max(0, position.MarginUnits - Requirements.InitialMarginAtEntry(in position, in market));
        return Math.Max(0, orderMarginUnits - free);
    }

    /// <summary>Money in or out that trader rules do not take for profit or loss; other assets at what they are worth.</summary>
    public void NoteFlow(int account, int asset, long units)
    {
        long worth = asset == Asset.CollateralId ? units : Collateral.Value(state, asset, Math.Abs(units));
        Drawdown.NoteFlow(state, account, units < 0 ? -Math.Abs(worth) : worth);
    }

    /// <summary>
    /// Ends a command, or a step of a liquidation: every touched row gets its order margin, its place in the liquidation index and its
    /// event, and rows with nothing in them go.
    /// </summary>
    public void Refresh()
    {
        ReadOnlySpan<int> touched = state.Touched;
        for (int i = 0; i < touched.Length && !state.Undo.IsTooLarge; i++)
        {
            RefreshRow(touched[i]);
        }

        state.ClearTouched();
    }

    /// <summary>
    /// Key of an open position in the liquidation index: that of its margin or share of the pool; of an isolated one whose orders would fall due
    /// before it, that of the position with them.
    /// </summary>
    public static IndexKey KeyOf(in Position position, in Market market)
    {
        if (position.IsIsolated == 0)
        {
            return LiquidationPrices.KeyOf(in position, position.ShareUnits, in market);
        }

        IndexKey own = LiquidationPrices.KeyOf(in position, position.MarginUnits, in market);
        if (!IsolatedOrders.Grow(in position))
        {
            return own;
        }

        Position filled = IsolatedOrders.Filled(in position, in position.Orders, in market);
        IndexKey withOrders = LiquidationPrices.KeyOf(in filled, filled.MarginUnits, in market);
        return LiquidationPrices.Sooner(in own, in withOrders, position.SizeLots > 0, in market);
    }

    /// <summary>Puts a position where the margin behind it says, and has the market looked at if that is beyond its mark.</summary>
    private void Index(int index, ref Position position, in Market market, bool examine)
    {
        IndexKey key = IsUnderWay(index, in state.Accounts[position.Account]) ? IndexKey.First : KeyOf(in position, in market);
        state.Indexes[position.Market].Set(index, ref position, in key);
        if (examine && LiquidationPrices.IsDue(in key, position.SizeLots > 0, in market))
        {
            state.AddDue(position.Market);
        }
    }

    private bool IsUnderWay(int index, in Account account) =>
        (account.Traits & AccountTraits.Liquidating) != 0 && state.PositionDetails[index].LiquidationId != 0;

    /// <summary>A liquidation that waited has its turn: its scope is looked at again.</summary>
    public void TakeUp(int index)
    {
        ref Position position = ref state.Positions.Edit(index);
        if (position.IsIsolated != 0)
        {
            Index(index, ref position, in state.Markets[position.Market], examine: true);
        }
        else
        {
            ShareOut(position.Account, examine: true);
        }
    }

    /// <summary>The orders of an isolated row changed: it falls due with them, and the shares of the cross positions leave out what it holds .</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FollowOrders(ref Position position, in Market market)
    {
        // a row without orders keeps the place that it had with them: it is found too soon once, and put right then
        if (position.SizeLots != 0 && position.FirstOrder != 0)
        {
            Index(state.Orders[position.FirstOrder].Position, ref position, in market, examine: true);
        }

        ShareOut(position.Account, examine: true);
        NoteIfShort(position.Account);
    }

    /// <summary>
    /// Indexes the positions of a market anew from where its cursor stands: a rate that is part of the key changed. As far as the command's work goes;
    /// whether all are done.
    /// </summary>
    public bool IndexMarket(int marketId)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        for (; market.IndexCursor <= state.Positions.HighWater; market.IndexCursor++)
        {
            if (state.WorkLeft == 0)
            {
                return false;
            }

            int index = market.IndexCursor;
            bool isOpen = state.Positions[index].Market == marketId && state.Positions[index].SizeLots != 0
                && state.Accounts[state.Positions[index].Account].IsLiquidationAccount == 0;
            state.Spend(isOpen || index % ExchangeState.RowsPerWork == 0 ? 1 : 0);
            if (!isOpen)
            {
                continue;
            }

            ref Position position = ref state.Positions.Edit(index);
            if (position.IsIsolated != 0)
            {
                Index(index, ref position, in market, examine: true);
            }
            else
            {
                ShareOut(position.Account, examine: true);
            }
        }

        market.IndexCursor = 0;
        return true;
    }

    /// <summary>Recomputes the order margin of every row of a market: its parameters changed. Walks all rows when there are orders.</summary>
    public void ReserveMarket(int marketId)
    {
        if (state.Markets[marketId].RestingLots == 0)
        {
            return;
        }

        for (int index = 1; index <= state.Positions.HighWater; index++)
        {
            if (state.Positions[index].Market == marketId && state.Positions[index].OpenOrders != 0)
            {
                ref Position position = ref state.Positions.Edit(index);
                Reserve(ref position);
                NoteIfShort(position.Account);
            }
        }
    }

    /// <summary>
    /// The margin that stands behind a position when only its own market moves: isolated margin, or the pool with the other positions as they are
    ///
    /// </summary>
    public long MarginBehind(in Position position, bool lessOtherRequirements)
    {
        ref readonly Market market = ref state.Markets[position.Market];
        if (position.IsIsolated != 0)
        {
            return position.MarginUnits - FundingCharge.Owed(in position, in market);
        }

        ref readonly Account owner = ref state.Accounts[position.Account];
        if (owner.CrossOpen <= 1 && (owner.Traits & (AccountTraits.HasAssets | AccountTraits.HasLoans)) == 0)
        {
            return owner.BalanceUnits - FundingCharge.Owed(in position, in market);
        }

        AccountFigures figures = AccountFigures.Of(state, position.Account);
        long others = figures.BackingUnits - Requirements.PricePnl(in position, in market);
        return lessOtherRequirements
            ? others - (figures.RequirementUnits - Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market))
            : others;
    }

    /// <summary>Liquidation price of an open position at the present marks; 0: none.</summary>
    public long LiquidationPrice(in Position position, in Market market) =>
        position.IsIsolated == 0 && SharedLiquidationPrice.IsShared(state, position.Account, position.Market)
            ? new SharedLiquidationPrice(state, position.Account, position.Market).Find()
            : LiquidationPrices.Of(in position, MarginBehind(in position, lessOtherRequirements: true), in market);

    /// <summary>
    /// A loss beyond the owner's money: insurance pays what it can, the rest is shared or recorded as bad debt of the market (R-1201 to
    /// R-1206). The caller credits the amount where it is missing.
    /// </summary>
    public void CoverShortfall(int marketId, int account, long shortfallUnits, LossKind kind = LossKind.Any) =>
        Shortfalls.Cover(state, marketId, account, kind, shortfallUnits);

    private static long Close(ref Position position, ref Account account, long lots, long proceedsUnits)
    {
        bool isLong = position.SizeLots > 0;
        long released = Requirements.ReleasedCost(in position, lots);
        long pnl = isLong ? proceedsUnits - released : released - proceedsUnits;
        position.EntryCostUnits -= released;
        position.SizeLots += isLong ? -lots : lots;
        if (position.IsIsolated != 0)
        {
            position.MarginUnits += pnl;
        }
        else
        {
            account.BalanceUnits += pnl;
        }

        if (position.SizeLots == 0 && position.IsIsolated == 0)
        {
            account.CrossOpen--;
            position.ShareUnits = 0;
        }

        return pnl;
    }

    private PositionStatus HowClosed(int order)
    {
        ref readonly Order closing = ref state.Orders[order];
        bool stopped = closing.Has(OrderMarks.Triggered) && state.OrderTerms[closing.Terms].Kind is TriggerKind.Stop or TriggerKind.TrailingStop;
        return stopped ? PositionStatus.StoppedOut : PositionStatus.Closed;
    }

    /// <summary>The orders of a row that have to follow its position are looked at when the order that trades has rested or ended.</summary>
    public void FollowOrders(int index)
    {
        ref Position position = ref state.Positions.Edit(index);
        bool ended = (position.Guards & Guards.Hedge) != 0 && position.SizeLots == 0;
        int orders = ended ? position.OpenOrders : state.TradingGuards[index].ReduceOnlyOrders;
        if (orders != 0 && (position.Guards & Guards.ReduceOnlyDue) == 0)
        {
            position.Guards |= Guards.ReduceOnlyDue;
            state.QueueAftermath(AftermathKind.ReduceOnly, index);
            state.Spend(orders);
        }
    }

    /// <summary>
    /// What an isolated fill can draw from the pool: not its fee, nor what other isolated orders hold or cross positions require. That covers what was held
    /// for the fill, but not always all that a sell at a better price than expected would draw.
    /// </summary>
    private long Drawable(in Position position, in Account account, long feeUnits)
    {
        long spare = Wallets.Pool(state, position.Account);
        long others = account.PoolHoldUnits == position.PoolHoldUnits ? 0 : IsolatedHolds(position.Account) - position.PoolHoldUnits;
        if (account.CrossOpen != 0)
        {
            AccountFigures figures = AccountFigures.Of(state, position.Account);
            spare = Math.Min(spare, figures.SlackUnits);
        }

        return Math.Max(0, spare - others - feeUnits);
    }

    private void Open(
        int index, ref Position position, ref Account account, in Market market, ref PositionDetail detail, Side side, long lots, long costUnits,
        long feeUnits)
    {
        if (position.SizeLots == 0)
        {
            if (position.WasClosed != 0)
            {
                EndPosition(index, ref position, ref detail);
                position.WasClosed = 0;
            }

            if (market.HasFunded != 0)
            {
                state.FundingPaid.Edit(index) = 0;
            }

            position.WasOpened = 1;
            position.Guards &= ~Guards.Closing;
            bool isNamed = (position.Guards & Guards.Hedge) != 0 && detail.PositionId != 0;
            detail.PositionId = isNamed ? detail.PositionId : ++state.LastPositionId;
            detail.OpenedNs = state.TimeNs;
            detail.RealizedPnlUnits = 0;
            detail.FeeUnits = 0;
            account.CrossOpen += position.IsIsolated == 0 ? 1 : 0;
        }

        position.SizeLots += side == Side.Buy ? lots : -lots;
        position.EntryCostUnits += costUnits;
        if (position.IsIsolated != 0)
        {
            long own = Requirements.InitialMarginAdded(
                position.EntryCostUnits - costUnits, costUnits, side == Side.Sell, position.LeverageRate, in market);
            long missing = Requirements.InitialMarginAtEntry(in position, in market) - position.MarginUnits;
            long drawn = Math.Min(own, missing);
            drawn = drawn <= 0 ? 0 : Math.Min(drawn, Drawable(in position, in account, feeUnits));
            account.BalanceUnits -= drawn;
            position.MarginUnits += drawn;
        }
    }

    /// <summary>
    /// Cross: from the pool, which may go below zero only while positions stand behind it. Isolated: an opening fill pays from the pool, a closing
    /// one from its margin; what the one lacks the other pays, never below zero.
    /// </summary>
    private long PayFee(ref Position position, ref Account account, long feeUnits, bool fromMargin)
    {
        long pool = Math.Max(0, Wallets.Pool(state, position.Account));
        if (position.IsIsolated == 0)
        {
            if (account.CrossOpen == 0 && (account.Traits & AccountTraits.HasAssets) != 0)
            {
                pool = Math.Max(0, Wallets.Pool(state, position.Account) + Collateral.Of(state, position.Account, CollateralPurpose.Maintenance));
            }

            long paid = account.CrossOpen == 0 ? Math.Min(feeUnits, pool) : feeUnits;
            account.BalanceUnits -= paid;
            return paid;
        }

        long margin = Math.Max(0, position.MarginUnits);
        long marginPart = fromMargin ? Math.Min(feeUnits, margin) : Math.Min(Math.Max(0, feeUnits - pool), margin);
        long poolPart = Math.Min(feeUnits - marginPart, pool);
        position.MarginUnits -= marginPart;
        account.BalanceUnits -= poolPart;
        return marginPart + poolPart;
    }

    /// <summary>Isolated margin below zero is a loss that its owner does not bear.</summary>
    public void CoverMargin(int index, LossKind kind)
    {
        ref Position position = ref state.Positions.Edit(index);
        position.MarginUnits += WalletRecourse.Take(state, this, index, -position.MarginUnits);
        long shortfall = -position.MarginUnits;
        position.MarginUnits = 0;
        if (shortfall > 0)
        {
            CoverShortfall(position.Market, position.Account, shortfall, kind);
        }
    }

    private void RefreshRow(int index)
    {
        ref Position position = ref state.Positions.Edit(index);
        ref Account account = ref state.Accounts.Edit(position.Account);
        ref Market market = ref state.Markets.Edit(position.Market);
        if (market.IsSpot)
        {
            Spot.Refresh(ref position, in market);
            position.IsTouched = 0;
            if (market.Kind == MarketKind.SpotMargin)
            {
                LoanIndex.Set(index);
            }

            ShareOut(position.Account, examine: true);
            if ((account.Traits & AccountTraits.HasRules) != 0)
            {
                state.Records.Follow(index);
            }

            state.RemovePositionIfEmpty(index);
            return;
        }

        Reserve(ref position);
        position.IsTouched = 0;
        bool isUnderWay = IsUnderWay(index, in account);
        if ((position.Guards & Guards.Hedge) != 0 && position.SizeLots == 0 && position.OpenOrders == 0 && !isUnderWay)
        {
            account.BalanceUnits += position.MarginUnits;
            position.MarginUnits = 0;
        }

        bool closedCross = position.WasClosed != 0 && position.IsIsolated == 0;
        bool hasAssets = (account.Traits & AccountTraits.HasAssets) != 0 && Collateral.Count(state, position.Account) != 0;
        if (closedCross && account.BalanceUnits < 0 && account.CrossOpen == 0 && account.IsLiquidationAccount == 0 && !hasAssets)
        {
            long shortfall = -account.BalanceUnits;
            account.BalanceUnits = 0;
            CoverShortfall(
                position.Market, position.Account, shortfall, position.WasClosed == (byte)PositionStatus.Liquidated ? state.LossOrigin : LossKind.Any);
        }

        if (position.SizeLots == 0)
        {
            // its owner closed it while its liquidation waited: that has to end
            state.Indexes[position.Market].Set(index, ref position, isUnderWay ? IndexKey.First : new IndexKey(IndexKey.None, 0));
            if (isUnderWay)
            {
                state.AddDue(position.Market);
            }
        }

        if (position.IsIsolated != 0 && position.SizeLots != 0)
        {
            Index(index, ref position, in market, examine: true);
        }

        // an isolated row moves the pool too: what it draws, pays and returns
        ShareOut(position.Account, examine: true);
        NoteIfShort(position.Account);

        AddEvents(index, ref position, in market);
        if ((account.Traits & AccountTraits.HasRules) != 0)
        {
            state.Records.Follow(index);
        }

        position.WasClosed = 0;
        position.WasOpened = 0;
        state.RemovePositionIfEmpty(index);
    }

    /// <summary>Notes an account whose isolated orders hold more of its pool than there is .</summary>
    private void NoteIfShort(int account)
    {
        ref readonly Account owner = ref state.Accounts[account];
        if (owner.PoolHoldUnits <= owner.BalanceUnits)
        {
            return;
        }

        // who holds nothing isolated has nothing to cancel, except orders with auto-borrow
        long held = IsolatedHolds(account);
        if ((held != 0 || (owner.Traits & AccountTraits.HasMarginScopes) != 0) && held > Wallets.Pool(state, account))
        {
            state.NoteShort(account);
        }
    }

    private void AddEvents(int index, ref Position position, in Market market)
    {
        bool open = position.SizeLots != 0;
        if (!open && position.WasClosed == 0)
        {
            return;
        }

        if (!open)
        {
            EndPosition(index, ref position, ref state.PositionDetails.Edit(index));
            return;
        }

        ref PositionChanged changed = ref state.Events.Add<PositionChanged>(
            position.WasOpened != 0 ? EventType.PositionOpened : EventType.PositionUpdated,
            position.Market,
            position.IsIsolated != 0 ? EventFlags.Isolated : EventFlags.None,
            (byte)state.StatusOf(index));
        changed.AccountId = position.Account;
        changed.PositionId = state.PositionDetails[index].PositionId;
        changed.SizeLots = position.SizeLots;
        changed.EntryCostUnits = position.EntryCostUnits;
        changed.MarginUnits = position.MarginUnits;
        changed.LiquidationPriceTicks = state.Accounts[position.Account].IsLiquidationAccount == 0 ? LiquidationPrice(in position, in market) : 0;
    }

    /// <summary>A position that has become flat: told, and remembered .</summary>
    private void EndPosition(int index, ref Position position, ref PositionDetail detail)
    {
        ref PositionChanged changed = ref state.Events.Add<PositionChanged>(
            EventType.PositionClosed, position.Market, position.IsIsolated != 0 ? EventFlags.Isolated : EventFlags.None, position.WasClosed);
        changed.AccountId = position.Account;
        changed.PositionId = detail.PositionId;
        changed.MarginUnits = position.MarginUnits;
        long funding = state.Markets[position.Market].HasFunded == 0 ? 0 : state.FundingPaid[index];
        state.RememberClosed(ClosedPosition.Of(in position, in detail, funding, (PositionStatus)position.WasClosed, state.TimeNs));
        position.Guards &= ~Guards.Closing;
        if ((position.Guards & Guards.Hedge) != 0)
        {
            detail.PositionId = 0;
        }
    }
}
