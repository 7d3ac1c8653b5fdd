using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Rules;

namespace LowLatencyMargin.Core.Waterfall;

/// <summary>
/// Closes what insurance can't carry of a liquidated position against the holders of the other side, the first of the ranking first, at the
/// bankruptcy price (R-1204).
/// </summary>
[method: ColdPath]
public sealed class Deleveraging(ExchangeState state, Settlement settlement, MatchingEngine matching)
{
    private readonly Holders _holders = new(state);

    /// <summary>Whether a liquidation deleverages and ran out of work.</summary>
    public bool IsUnderWay(int index)
    {
        long liquidation = state.PositionDetails[index].LiquidationId;
        return liquidation != 0 && state.Losses[state.Positions[index].Market].LiquidationId == liquidation;
    }

    /// <summary>Holders are looked for anew if the position is to be taken over again.</summary>
    public void Abandon(int index)
    {
        if (IsUnderWay(index))
        {
            state.Losses.Edit(state.Positions[index].Market).LiquidationId = 0;
        }
    }

    /// <summary>Whether a takeover at this price would cost more than insurance has, and the market deleverages then.</summary>
    public bool IsNeeded(int index, in Bankruptcy atBankruptcy)
    {
        ref readonly Position position = ref state.Positions[index];
        ref readonly Market market = ref state.Markets[position.Market];
        return state.Losses[position.Market].Rules.Mode == LossMode.Adl && MarketRules.Liquidates(market.State)
            && CarriedLots(in position, in market, atBankruptcy.CostOf(position.AbsoluteLots)) < position.AbsoluteLots;
    }

    /// <summary>Closes holders until insurance carries the rest or there are none; false when the work did not suffice.</summary>
    public bool Run(int index)
    {
        int marketId = state.Positions[index].Market;
        ref MarketLoss loss = ref state.Losses.Edit(marketId);
        long liquidation = state.PositionDetails[index].LiquidationId;
        loss.LiquidationId = liquidation;
        while (state.Positions[index].SizeLots != 0)
        {
            ref readonly Position position = ref state.Positions[index];
            var atBankruptcy = new Bankruptcy(in position, settlement.MarginBehind(in position, lessOtherRequirements: false), in state.Markets[marketId]);
            if (!IsNeeded(index, in atBankruptcy))
            {
                break;
            }

            long carried = CarriedLots(in position, in state.Markets[marketId], atBankruptcy.CostOf(position.AbsoluteLots));
            if (!TryClose(index, liquidation, in atBankruptcy, carried, ref loss, out bool isOver))
            {
                return false;
            }

            if (isOver)
            {
                break;
            }
        }

        loss.LiquidationId = 0;
        return true;
    }

    /// <summary>
    /// Closes what a liquidation account took over and neither its own money nor insurance carries any more, as if it were liquidated with these behind
    /// it; once at a mark. False when the work did not suffice.
    /// </summary>
    public bool RunInventory(int marketId)
    {
        int account = state.Markets[marketId].LiquidationAccount;
        int index = state.FindPosition(account, marketId);
        ref readonly Position position = ref state.Positions[index];
        if (position.SizeLots == 0 && state.Losses[marketId].InventoryLiquidationId == 0)
        {
            return true;
        }

        return CloseInventory(marketId, account, index);
    }

    /// <summary>The end of that, if it is under way: also when its market is settled for good.</summary>
    public void FinishInventory(int marketId)
    {
        if (state.Losses[marketId].InventoryLiquidationId == 0)
        {
            return;
        }

        ref MarketLoss loss = ref state.Losses.Edit(marketId);
        ref LiquidationFinished finished = ref state.Events.Add<LiquidationFinished>(EventType.LiquidationFinished, marketId);
        finished.AccountId = state.Markets[marketId].LiquidationAccount;
        finished.LiquidationId = loss.InventoryLiquidationId;
        finished.ClosedLots = loss.InventoryClosedLots;
        loss.InventoryLiquidationId = 0;
        loss.InventoryClosedLots = 0;
    }

    private bool CloseInventory(int marketId, int account, int index)
    {
        ref MarketLoss loss = ref state.Losses.Edit(marketId);
        ref readonly Market market = ref state.Markets[marketId];
        ref readonly Position position = ref state.Positions[index];
        if (loss.InventoryLiquidationId == 0)
        {
            if (!IsInventoryDue(marketId))
            {
                return true;
            }

            BeginInventory(marketId, account, in position, ref loss);
        }

        state.BeginLiquidations();
        bool isOver = loss.Rules.Mode != LossMode.Adl || !MarketRules.Liquidates(market.State) || loss.InventoryMarkTicks != market.MarkTicks;
        while (position.SizeLots != 0 && !isOver)
        {
            long margin = Takeover.EquityOf(state, marketId) - Requirements.PricePnl(in position, in market) + Shortfalls.Available(state, marketId);
            var atBankruptcy = new Bankruptcy(in position, margin, in market);
            if (!TryClose(index, loss.InventoryLiquidationId, in atBankruptcy, carried: 0, ref loss, out isOver))
            {
                return false;
            }
        }

        EndInventory(marketId, account, in position, ref loss);
        return loss.InventoryMarkTicks == market.MarkTicks || CloseInventory(marketId, account, index);
    }

    /// <summary>Whether what the liquidation account has would not be made good by insurance, and nobody was closed for it at this mark.</summary>
    private bool IsInventoryDue(int marketId)
    {
        ref readonly MarketLoss loss = ref state.Losses[marketId];
        ref readonly Market market = ref state.Markets[marketId];
        return loss.Rules.Mode == LossMode.Adl && MarketRules.Liquidates(market.State) && loss.InventoryMarkTicks != market.MarkTicks
            && Takeover.EquityOf(state, marketId) + Shortfalls.Available(state, marketId) < 0;
    }

    private void BeginInventory(int marketId, int account, in Position position, ref MarketLoss loss)
    {
        loss.InventoryLiquidationId = ++state.LastLiquidationId;
        loss.InventoryMarkTicks = state.Markets[marketId].MarkTicks;
        loss.InventoryKind = position.SizeLots > 0 ? LossKind.Longs : LossKind.Shorts;
        ref LiquidationStarted started = ref state.Events.Add<LiquidationStarted>(EventType.LiquidationStarted, marketId);
        started.AccountId = account;
        started.LiquidationId = loss.InventoryLiquidationId;
        started.MarkTicks = loss.InventoryMarkTicks;
        started.SizeLots = position.SizeLots;
        started.EquityUnits = Takeover.EquityOf(state, marketId);
        started.RequirementUnits = -Shortfalls.Available(state, marketId);
    }

    private void EndInventory(int marketId, int account, in Position position, ref MarketLoss loss)
    {
        long equity = Takeover.EquityOf(state, marketId);
        if (position.SizeLots == 0 && equity < 0)
        {
            state.Accounts.Edit(account).BalanceUnits -= equity;
            settlement.CoverShortfall(marketId, account, -equity, loss.InventoryKind);
        }

        FinishInventory(marketId);
        matching.RunAftermath();
        settlement.Refresh();
    }

    /// <summary>The most lots whose loss at mark the liquidation account and insurance can bear.</summary>
    private long CarriedLots(in Position position, in Market market, long valueUnits)
    {
        long lots = position.AbsoluteLots;
        long atMark = Requirements.Notional(lots, market.MarkTicks, in market);
        long lossUnits = position.SizeLots > 0 ? valueUnits - atMark : atMark - valueUnits;
        if (lossUnits <= 0)
        {
            return lots;
        }

        long bears = Takeover.EquityOf(state, position.Market) + Shortfalls.Available(state, position.Market);
        if (bears >= lossUnits)
        {
            return lots;
        }

        return bears <= 0 || state.Losses[position.Market].Rules.Price == AdlPrice.Mark ? 0 : Numerics.Exact.MultiplyDivideDown(bears, lots, lossUnits);
    }

    /// <summary>
    /// Closes the next holder, if it stands the test. False when the work did not suffice; over when there is none.
    /// </summary>
    private bool TryClose(int index, long liquidation, in Bankruptcy atBankruptcy, long carried, ref MarketLoss loss, out bool isOver)
    {
        int marketId = state.Positions[index].Market;
        bool isLong = state.Positions[index].SizeLots > 0;
        isOver = false;
        if (state.DeleveragedBy(liquidation) >= loss.Rules.MaxHolders)
        {
            // nothing else may come before the rest of it
            state.Spend(state.WorkLeft);
        }

        if (state.WorkLeft == 0 || !_holders.TryNext(marketId, !isLong, liquidation, out AdlEntry entry))
        {
            return false;
        }

        isOver = entry.Row == 0;
        if (!isOver)
        {
            state.Spend(1);
            if (entry.Account != state.Positions[index].Account && IsSame(in entry, marketId, isLong: !isLong))
            {
                Close(index, liquidation, in entry, in atBankruptcy, carried, ref loss);
                if (state.Positions[index].SizeLots != 0 && state.TouchedCount > 0)
                {
                    // as at the end of a command: the next holder finds the same whether the work ended here or not
                    matching.RunAftermath();
                    settlement.Refresh();
                }
            }
        }

        return true;
    }

    private void Close(int index, long liquidation, in AdlEntry entry, in Bankruptcy atBankruptcy, long carried, ref MarketLoss loss)
    {
        ref readonly Position position = ref state.Positions[index];
        int marketId = position.Market;
        ref readonly Market market = ref state.Markets[marketId];
        bool isLong = position.SizeLots > 0;
        long left = position.AbsoluteLots;
        ref readonly Position held = ref state.Positions[entry.Row];
        long lots = Math.Min(left - carried, held.AbsoluteLots);
        long value = loss.Rules.Price == AdlPrice.Mark ? Requirements.Notional(lots, market.MarkTicks, in market) : atBankruptcy.CostOf(lots);
        if (!Stands(in held, in market, lots, value))
        {
            return;
        }

        AdlScore score = AdlScore.Of(state, entry.Row);
        AdlRanking ranking = state.Rankings[marketId].Of(!isLong);
        Position before = held;
        long place = ranking.Place;
        long noFee = 0;
        Side side = isLong ? Side.Sell : Side.Buy;
        long own = settlement.Book(index, 0, side, lots, value, ref noFee, keepMargin: true, coversLater: true);
        state.Records.AfterBooking(index, ExitKind.Liquidation, own, feeUnits: 0);
        if (liquidation == loss.InventoryLiquidationId)
        {
            loss.InventoryClosedLots += lots;
        }
        else
        {
            state.LiquidationProgress.Edit(index).ClosedLots += lots;
        }

        long pnl = settlement.Book(entry.Row, 0, isLong ? Side.Buy : Side.Sell, lots, value, ref noFee, keepMargin: false);
        state.Records.AfterBooking(entry.Row, ExitKind.Other, pnl, feeUnits: 0);
        ranking.Close(isWhole: state.Positions[entry.Row].SizeLots == 0);
        state.NoteDeleveraged(liquidation);
        loss.Deleveraged++;
        loss.DeleveragedLots += lots;
        loss.DeleveragedUnits += value;
        Tell(in before, in score, lots, value, pnl, place, liquidation);
        ref AutoDeleveragePrice price = ref state.Events.Add<AutoDeleveragePrice>(EventType.AutoDeleveragePrice, marketId);
        price.AccountId = before.Account;
        price.PositionId = entry.PositionId;
        price.LiquidationId = liquidation;
        price.BankruptcyUnits = atBankruptcy.CostOf(left);
        price.LeftLots = left;
        price.CarriedLots = carried;
    }

    private void Tell(in Position before, in AdlScore score, long lots, long value, long pnl, long place, long liquidation)
    {
        EventFlags flags = before.IsIsolated != 0 ? EventFlags.Isolated : EventFlags.None;
        ref AutoDeleveraged closed = ref state.Events.Add<AutoDeleveraged>(EventType.AutoDeleveraged, before.Market, flags);
        closed.AccountId = before.Account;
        closed.LiquidationId = liquidation;
        closed.SizeLots = before.SizeLots;
        closed.ClosedLots = lots;
        closed.ValueUnits = value;
        closed.RealizedPnlUnits = pnl;
        ref AutoDeleverageInputs inputs = ref state.Events.Add<AutoDeleverageInputs>(EventType.AutoDeleverageInputs, before.Market, flags);
        inputs.AccountId = before.Account;
        inputs.MarkTicks = state.Markets[before.Market].MarkTicks;
        inputs.EntryCostUnits = before.EntryCostUnits;
        inputs.EquityUnits = score.EquityUnits;
        inputs.Score = score.Value;
        inputs.Place = place;
    }

    /// <summary>Whether a place still names the position that was ranked.</summary>
    private bool IsSame(in AdlEntry entry, int marketId, bool isLong) =>
        Holders.IsRanked(state, entry.Row, marketId, isLong, state.Losses[marketId].Rules.Score)
        && state.Positions[entry.Row].Account == entry.Account && state.PositionDetails[entry.Row].PositionId == entry.PositionId;

    /// <summary>Whether a holder may be closed: not at a loss, not into negative equity, not into a scope that would be liquidated.</summary>
    private bool Stands(in Position held, in Market market, long lots, long value)
    {
        long released = Requirements.ReleasedCost(in held, lots);
        bool isLong = held.SizeLots > 0;
        long booked = isLong ? value - released : released - value;
        if (booked < 0 && state.Losses[held.Market].Rules.Score != AdlScoring.Bitmex)
        {
            return false;
        }

        Position rest = held;
        rest.SizeLots += isLong ? -lots : lots;
        rest.EntryCostUnits -= released;
        long unrealized = rest.SizeLots == 0 ? 0 : Requirements.PricePnl(in rest, in market);
        long requirement = rest.SizeLots == 0 ? 0 : Requirements.Requirement(rest.AbsoluteLots, rest.EntryCostUnits, in market);
        if (held.IsIsolated != 0)
        {
            // what it owes of funding is paid with the first booking
            long owed = Requirements.PricePnl(in held, in market) - Requirements.UnrealizedPnl(in held, in market);
            long margin = held.MarginUnits - owed + booked;
            return margin >= 0 && margin + unrealized >= 0
                && (rest.SizeLots == 0 || !Requirements.IsLiquidatable(margin + unrealized, requirement, in market));
        }

        AccountFigures figures = AccountFigures.Of(state, held.Account);
        long equity = figures.BackingUnits - Requirements.PricePnl(in held, in market) + booked + unrealized;
        requirement += figures.RequirementUnits - Requirements.Requirement(held.AbsoluteLots, held.EntryCostUnits, in market);
        ref readonly Account owner = ref state.Accounts[held.Account];
        bool isEmpty = rest.SizeLots == 0 && owner.CrossOpen == 1 && (owner.Traits & AccountTraits.HasLoans) == 0;
        return equity >= 0 && (isEmpty || (figures.MustExceed ? equity > requirement : equity >= requirement));
    }
}
