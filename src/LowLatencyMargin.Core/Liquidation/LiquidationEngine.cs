using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Waterfall;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>
/// Finds the scopes whose equity no longer covers their requirement (R-1101, R-1102), the nearest to bankruptcy first, and has them liquidated. Bounded by
/// the command's work: what is left over goes on with the next tick exactly where it stopped (docs/liquidation.md).
/// </summary>
public sealed class LiquidationEngine
{
    private readonly ExchangeState _state;
    private readonly Settlement _settlement;
    private readonly UnaffordableOrders _unaffordable;
    private readonly PositionLiquidation _positions;
    private readonly CrossLiquidation _cross;
    private readonly LossSharing _losses;

    /// <summary>An engine over a state.</summary>
    [ColdPath]
    public LiquidationEngine(
        ExchangeState state, Settlement settlement, MatchingEngine matching, UnaffordableOrders unaffordable, PositionLiquidation positions,
        CrossLiquidation cross)
    {
        _state = state;
        _settlement = settlement;
        _unaffordable = unaffordable;
        _positions = positions;
        _cross = cross;
        _losses = new LossSharing(state, settlement, matching);
    }

    /// <summary>Liquidates what a market's mark calls for, or the price of an asset (its id negated), as far as the command's work goes.</summary>
    public void Run(int due)
    {
        if (!_state.TakesUpRun(due, out ExchangeState.Interruption last))
        {
            return;
        }

        bool pending = ((last.Row | last.Account) != 0 && Resume(due, in last) == LiquidationOutcome.OutOfWork)
            || (due < 0 ? !RunAsset(-due) : !RunMarket(due, last.CanGoOn));
        _state.LossOrigin = LossKind.Any;
        _state.EndRun(due, pending, in last);
        if (pending && _state.Interrupted.Run == due && _state.Interrupted.Account != 0)
        {
            NoteOthers(_state.Interrupted.Account);
        }
    }

    /// <summary>Has every market looked at where liquidations are left over, in the order in which they were left.</summary>
    public void NotePending() => _state.TakeUpPending();

    /// <summary>A liquidation that waited for its next stage or second has its turn.</summary>
    public void TakeUp(int index)
    {
        _state.LiquidationProgress.Edit(index).DueNs = 0;
        _settlement.TakeUp(index);
    }

    /// <summary>A keeper's command, checked before: the scope of a position is liquidated first of its market.</summary>
    public void Command(int index, int keeper)
    {
        int market = _state.Positions[index].Market;
        _state.Liquidations.Edit(market).Commanded = new KeeperOrder { Row = index, Keeper = keeper, PositionId = _state.PositionDetails[index].PositionId };
        _state.AddDue(market);
    }

    private bool RunMarket(int marketId, bool goesOn)
    {
        ref Market market = ref _state.Markets.Edit(marketId);
        if (market.IndexCursor != 0 && !_settlement.IndexMarket(marketId))
        {
            return false;
        }

        if (!goesOn)
        {
            RestoreDeferred(marketId);
        }

        if (MarketRules.Liquidates(market.State) && !_losses.CloseInventory(marketId))
        {
            _state.Interrupt(marketId);
            return false;
        }

        if (!RunCommanded(marketId))
        {
            return false;
        }

        bool isDone = MarketRules.Liquidates(market.State) ? RunCandidates(marketId, ref market) : RunHalted(marketId);
        if (!isDone)
        {
            return false;
        }

        RestoreDeferred(marketId);
        _state.LossOrigin = LossKind.Any;
        isDone = _losses.Run(marketId);
        if (!isDone)
        {
            _state.Interrupt(marketId);
        }

        return isDone;
    }

    /// <summary>What a keeper has commanded; false when the work did not suffice.</summary>
    private bool RunCommanded(int marketId)
    {
        KeeperOrder order = _state.Liquidations[marketId].Commanded;
        if (order.Row == 0)
        {
            return true;
        }

        _state.Liquidations.Edit(marketId).Commanded = default;
        ref readonly Position position = ref _state.Positions[order.Row];
        bool isOpen = position.Market == marketId && position.SizeLots != 0 && _state.PositionDetails[order.Row].PositionId == order.PositionId;
        if (!isOpen || !MarketRules.Liquidates(_state.Markets[marketId].State) || !IsLiquidatable(order.Row))
        {
            // closed or cured since it was checked, against the inventory of the liquidation account or while it waited; or the market has halted
            return true;
        }

        _state.BeginLiquidations();
        _state.Spend(1);
        LiquidationOutcome outcome = position.IsIsolated != 0
            ? LiquidateIsolated(order.Row, order.Keeper, marketId)
            : LiquidateCross(order.Row, order.Keeper, marketId);
        return outcome != LiquidationOutcome.OutOfWork;
    }

    private bool IsLiquidatable(int index)
    {
        ref readonly Position position = ref _state.Positions[index];
        return position.IsIsolated != 0
            ? IsolatedOrders.IsLiquidatable(in position, in _state.Markets[position.Market])
            : AccountFigures.Of(_state, position.Account).IsLiquidatable;
    }

    private bool RunCandidates(int marketId, ref Market market)
    {
        while (market.MarkTicks != 0)
        {
            if ((_state.AftermathCount | _state.TouchedCount) != 0)
            {
                // as at the end of a command, should the work end here
                _positions.Settle();
            }

            int candidate = Candidate(marketId, in market);
            if (candidate == 0)
            {
                return true;
            }

            _state.BeginLiquidations();
            if (_state.WorkLeft == 0)
            {
                _state.Interrupt(marketId);
                return false;
            }

            if (Examine(candidate, marketId, marketId) == LiquidationOutcome.OutOfWork)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// In a market that does not liquidate only a cross account that is being liquidated elsewhere goes on: its position here is taken over last.
    /// </summary>
    private bool RunHalted(int marketId)
    {
        for (int row = _state.Indexes[marketId].UnderWay; row != 0; row = _state.Indexes[marketId].UnderWay)
        {
            if (_state.WorkLeft == 0)
            {
                _state.Interrupt(marketId);
                return false;
            }

            if (_state.Positions[row].IsIsolated != 0 && _state.Positions[row].SizeLots != 0)
            {
                _state.Spend(1);
                Park(row);
                _state.Defer(row);
            }
            else if (Examine(row, marketId, marketId) == LiquidationOutcome.OutOfWork)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The candidate that is nearest to bankruptcy: the least equity for its notional over the tops of all sides and tiers; what is under way comes first.
    /// </summary>
    private int Candidate(int marketId, in Market market)
    {
        LiquidationIndex index = _state.Indexes[marketId];
        int underWay = index.UnderWay;
        if (underWay != 0)
        {
            return underWay;
        }

        int tiers = Math.Max(1, (int)market.Rates.TierCount);
        int nearest = 0;
        for (int side = 0; side < 2 * tiers; side++)
        {
            int tier = side / 2;
            bool isLong = side % 2 == 0;
            int top = index.Candidate(tier, isLong, LiquidationPrices.Threshold(isLong, tier, in market));
            nearest = top == 0 ? nearest : nearest == 0 || IsNearer(top, nearest, in market) ? top : nearest;
        }

        return nearest;
    }

    private bool IsNearer(int one, int other, in Market market)
    {
        ref readonly Position first = ref _state.Positions[one];
        ref readonly Position second = ref _state.Positions[other];
        Int128 left = (Int128)Equity(in first, in market) * second.AbsoluteLots;
        Int128 right = (Int128)Equity(in second, in market) * first.AbsoluteLots;
        return left < right || (left == right && one < other);
    }

    private static long Equity(in Position position, in Market market) =>
        (position.IsIsolated != 0 ? position.MarginUnits : position.ShareUnits) + Requirements.UnrealizedPnl(in position, in market);

    /// <summary>Looks at the holders whose collateral the price of an asset has passed, as long as its market liquidates.</summary>
    private bool RunAsset(int asset)
    {
        MarketState priced = _state.Markets[_state.Assets[asset].PriceMarket].State;
        bool stands = _state.Assets[asset].IsPinned != 0 || MarketRules.Liquidates(priced) || priced == MarketState.Closed;
        for (int row = stands ? CollateralIndex.Candidate(_state, asset) : 0; row != 0; row = CollateralIndex.Candidate(_state, asset))
        {
            _state.BeginLiquidations();
            if (_state.WorkLeft == 0)
            {
                _state.Interrupt(-asset);
                return false;
            }

            if (ExamineHolder(_state.Balances[row].Account, -asset) == LiquidationOutcome.OutOfWork)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The exact test of an account whose collateral fell.</summary>
    private LiquidationOutcome ExamineHolder(int account, int run)
    {
        _state.Spend(1);
        bool isLiquidatable = AccountFigures.Of(_state, account).IsLiquidatable;
        if (isLiquidatable && !IsForKeepers(account))
        {
            _cross.Restart(account);
            _state.LossOrigin = LossKind.Any;
            return GoOn(account, keeper: 0, run, lossMarket: 0, candidate: 0);
        }

        if (!_unaffordable.CancelOfPool(account))
        {
            _state.Interrupt(run);
            return LiquidationOutcome.OutOfWork;
        }

        _settlement.ShareOut(account, examine: false);
        if (isLiquidatable)
        {
            CollateralIndex.Defer(_state, account);
        }

        return LiquidationOutcome.Done;
    }

    /// <summary>The exact test of the scope of a candidate: liquidates it, or gives the position a key that says it is healthy.</summary>
    private LiquidationOutcome Examine(int index, int marketId, int run)
    {
        _state.Spend(1);
        ref Position position = ref _state.Positions.Edit(index);
        if (position.SizeLots == 0)
        {
            // its owner has closed it meanwhile
            _positions.EndCured(index);
            return LiquidationOutcome.Done;
        }

        if (position.IsIsolated != 0)
        {
            bool isLiquidatable = IsolatedOrders.IsLiquidatable(in position, in _state.Markets[marketId]);
            if (isLiquidatable && !IsForKeepers(index, marketId))
            {
                if (_state.LiquidationProgress[index].DueNs != 0)
                {
                    Park(index);
                    return LiquidationOutcome.Waits;
                }

                _positions.Restart(index);
                return LiquidateIsolated(index, keeper: 0, run);
            }

            if (_state.PositionDetails[index].LiquidationId != 0)
            {
                _positions.EndCured(index);
            }

            if (IsolatedOrders.Grow(in position) && !_unaffordable.CancelOfPosition(index))
            {
                _state.Interrupt(run);
                return LiquidationOutcome.OutOfWork;
            }
        }
        else
        {
            int account = position.Account;
            if (AccountFigures.Of(_state, account).IsLiquidatable && !IsForKeepers(index, marketId))
            {
                _cross.Restart(account);
                return LiquidateCross(index, keeper: 0, run);
            }

            _cross.EndCured(account);
            if (!_unaffordable.CancelOfPool(account))
            {
                _state.Interrupt(run);
                return LiquidationOutcome.OutOfWork;
            }

            _settlement.ShareOut(account, examine: false);
            DeferOthers(account, index, marketId);
        }

        DeferIfOpen(index, marketId);
        return LiquidationOutcome.Done;
    }

    /// <summary>
    /// Whether the engine leaves a position to keepers: it cancels orders that can't be paid for all the same, and passes it over.
    /// </summary>
    private bool IsForKeepers(int index, int marketId)
    {
        ref readonly Position position = ref _state.Positions[index];
        bool isUnderWay = position.IsIsolated != 0 ? _state.PositionDetails[index].LiquidationId != 0 : UnderWay.HasCross(_state, position.Account);
        return !isUnderWay && _state.Liquidations[marketId].Rules.KeeperLoop == Commands.KeeperLoop.Keepers
            && MarketRules.Liquidates(_state.Markets[marketId].State);
    }

    /// <summary>Whether the engine leaves a cross scope to keepers: all its positions are in markets of theirs.</summary>
    private bool IsForKeepers(int account)
    {
        bool isForKeepers = false;
        for (int row = _state.Accounts[account].FirstPosition; row != 0; row = _state.Positions[row].Next)
        {
            ref readonly Position position = ref _state.Positions[row];
            if (position.SizeLots == 0 || position.IsIsolated != 0 || _state.Markets[position.Market].IsSpot)
            {
                continue;
            }

            if (_state.Liquidations[position.Market].Rules.KeeperLoop != Commands.KeeperLoop.Keepers)
            {
                return false;
            }

            isForKeepers = true;
        }

        return isForKeepers && !UnderWay.HasCross(_state, account);
    }

    private LiquidationOutcome LiquidateIsolated(int index, int keeper, int run)
    {
        int market = _state.Positions[index].Market;
        LiquidationOutcome outcome = _positions.Run(index, keeper);
        switch (outcome)
        {
            case LiquidationOutcome.OutOfWork:
                _state.Interrupt(run, index, keeper: keeper);
                break;
            case LiquidationOutcome.Waits:
                _positions.Settle();
                Park(index);
                break;
            default:
                DeferIfOpen(index, market);
                break;
        }

        return outcome;
    }

    private LiquidationOutcome LiquidateCross(int index, int keeper, int run)
    {
        _state.LossOrigin = LossKind.Any;
        return GoOn(_state.Positions[index].Account, keeper, run, lossMarket: 0, index);
    }

    private LiquidationOutcome GoOn(int account, int keeper, int run, int lossMarket, int candidate)
    {
        LiquidationOutcome outcome = _cross.Run(account, keeper, ref lossMarket);
        if (outcome == LiquidationOutcome.OutOfWork)
        {
            _state.Interrupt(run, candidate, account, lossMarket, keeper);
        }
        else if (outcome == LiquidationOutcome.Waits)
        {
            _positions.Settle();
            ParkAll(account);
        }

        return outcome;
    }

    /// <summary>Goes on where the work ended, without another test: nothing came between.</summary>
    private LiquidationOutcome Resume(int run, in ExchangeState.Interruption last)
    {
        _state.LossOrigin = last.LossOrigin;
        return last.Account != 0 ? GoOn(last.Account, last.Keeper, run, last.Market, last.Row) : LiquidateIsolated(last.Row, last.Keeper, run);
    }

    /// <summary>Positions of a cross scope that are under way elsewhere have their turn there if something comes between.</summary>
    private void NoteOthers(int account)
    {
        for (int row = _state.Accounts[account].FirstPosition; row != 0; row = _state.Positions[row].Next)
        {
            ref readonly Position position = ref _state.Positions[row];
            if (position.IsIsolated == 0 && _state.PositionDetails[row].LiquidationId != 0)
            {
                _state.SetPending(position.Market, pending: true);
            }
        }
    }

    /// <summary>
    /// New shares index all positions of the account anew: those of this market that had left the index in this run, or would be next, leave it too,
    /// or two hedge positions would bring each other back until all work is used.
    /// </summary>
    private void DeferOthers(int account, int examined, int marketId)
    {
        for (int row = _state.Accounts[account].FirstPosition; row != 0; row = _state.Positions[row].Next)
        {
            ref readonly Position position = ref _state.Positions[row];
            bool isOther = row != examined && position.Market == marketId && position.SizeLots != 0 && position.IsIsolated == 0;
            if (isOther
                && LiquidationPrices.IsDue(
                    Settlement.KeyOf(in position, in _state.Markets[marketId]), position.SizeLots > 0, in _state.Markets[marketId]))
            {
                _state.Spend(1);
                Defer(row, marketId);
            }
        }
    }

    private void DeferIfOpen(int index, int marketId)
    {
        ref readonly Position position = ref _state.Positions[index];
        if (position.Market == marketId && position.SizeLots != 0 && _state.PositionDetails[index].LiquidationId == 0)
        {
            Defer(index, marketId);
        }
    }

    /// <summary>
    /// A healthy candidate within the index's rounding: its key says that it is healthy at this mark, and no more. Any move against it brings it back, and
    /// until then it is in nobody's way.
    /// </summary>
    private void Defer(int index, int marketId)
    {
        ref Position position = ref _state.Positions.Edit(index);
        ref readonly Market market = ref _state.Markets[marketId];
        IndexKey key = Settlement.KeyOf(in position, in market);
        bool isLong = position.SizeLots > 0;
        bool isEarly = LiquidationPrices.IsDue(in key, isLong, in market);
        if (isEarly && !LiquidationPrices.TryNotDue(isLong, key.Tier, in market, out key))
        {
            // out of the index until this run ends
            key = new IndexKey(IndexKey.None, 0);
            _state.Defer(index);
        }

        _state.Indexes[marketId].Set(index, ref position, in key);
    }

    private void RestoreDeferred(int marketId)
    {
        for (int row = _state.TakeDeferred(marketId); row != 0; row = _state.TakeDeferred(marketId))
        {
            ref Position position = ref _state.Positions.Edit(row);
            bool isUnderWay = _state.PositionDetails[row].LiquidationId != 0;
            if (position.SizeLots != 0 || isUnderWay)
            {
                _state.Indexes[marketId].Set(row, ref position, isUnderWay ? IndexKey.First : Settlement.KeyOf(in position, in _state.Markets[marketId]));
            }
        }
    }

    /// <summary>Out of the index: a timer, or a change of its money, brings it back.</summary>
    private void Park(int index)
    {
        ref Position position = ref _state.Positions.Edit(index);
        _state.Indexes[position.Market].Set(index, ref position, new IndexKey(IndexKey.None, 0));
    }

    private void ParkAll(int account)
    {
        CollateralIndex.RemoveAll(_state, account);
        for (int row = _state.Accounts[account].FirstPosition; row != 0; row = _state.Positions[row].Next)
        {
            if (_state.Positions[row].SizeLots != 0 && _state.Positions[row].IsIsolated == 0)
            {
                Park(row);
            }
        }
    }
}
