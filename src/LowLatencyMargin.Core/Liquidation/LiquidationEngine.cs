using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;
using LowLatencyMargin.Core.Rules;
using LowLatencyMargin.Core.Waterfall;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>
/// Closes scopes whose equity no longer covers their requirement (R-1101): cancels their orders, closes on the book at the bankruptcy price or
/// better, hands the rest to the market's liquidation account at that price, charges fee and penalty from what is left (R-1104, R-1108).
/// Bounded by the command's work: what is left over is flagged and goes on with the next tick.
/// </summary>
public sealed class LiquidationEngine : IDisposable
{
    private readonly ExchangeState _state;
    private readonly Settlement _settlement;
    private readonly MatchingEngine _matching;
    private readonly CollateralSale _collateral;
    private readonly UnaffordableOrders _unaffordable;
    private readonly Takeovers _takeovers;
    private readonly LiquidationCharges _charges;
    private readonly LossSharing _losses;
    private readonly NativeArray<Deferred> _deferred;
    private int _deferredCount;

    /// <summary>An engine over a state.</summary>
    [ColdPath]
    public LiquidationEngine(ExchangeState state, Settlement settlement, MatchingEngine matching, UnaffordableOrders unaffordable)
    {
        _state = state;
        _settlement = settlement;
        _matching = matching;
        _collateral = new CollateralSale(state, settlement, matching);
        _unaffordable = unaffordable;
        _takeovers = new Takeovers(state, settlement);
        _losses = new LossSharing(state, settlement);
        _charges = new LiquidationCharges(state, settlement);
        _deferred = new NativeArray<Deferred>(state.Limits.MaxWorkPerCommand + Exact.MaxPositionsPerAccount);
    }

    private enum Outcome
    {
        Done,
        OutOfWork,
    }

    /// <summary>Liquidates what a market's mark calls for, or the price of an asset (its id negated), as far as the command's work goes.</summary>
    public void Run(int marketId)
    {
        if (marketId < 0)
        {
            RunAsset(-marketId);
            return;
        }

        ref Market market = ref _state.Markets.Edit(marketId);
        if (market.IndexCursor != 0 && !_settlement.IndexMarket(marketId))
        {
            SetPending(ref market, pending: true);
            return;
        }

        if (!MarketRules.Liquidates(market.State))
        {
            RunHalted(ref market);
            SetPending(ref market, market.LiquidationsPending != 0 || !_losses.Run(marketId));
            return;
        }

        if (!_losses.CloseInventory(marketId))
        {
            SetPending(ref market, pending: true);
            return;
        }

        LiquidationIndex index = _state.Indexes[marketId];
        _deferredCount = 0;
        if (market.UnfinishedPosition != 0)
        {
            _state.BeginLiquidations();
        }

        bool pending = market.UnfinishedPosition != 0 && (_state.WorkLeft == 0 || Resume(market.UnfinishedPosition, ref market) == Outcome.OutOfWork);
        while (!pending && market.MarkTicks != 0)
        {
            int candidate = Candidate(index, in market);
            if (candidate == 0)
            {
                break;
            }

            _state.BeginLiquidations();
            if (_state.WorkLeft == 0 || Examine(candidate, marketId) == Outcome.OutOfWork)
            {
                pending = true;
                break;
            }
        }

        for (int i = 0; i < _deferredCount; i++)
        {
            int row = _deferred[i].Position;
            index.Set(row, ref _state.Positions.Edit(row), new IndexKey(_deferred[i].Key, _deferred[i].Tier));
        }

        _state.LossOrigin = LossKind.Any;
        SetPending(ref market, pending || !_losses.Run(marketId));
    }

    private static int Candidate(LiquidationIndex index, in Market market)
    {
        int tiers = Math.Max(1, (int)market.Rates.TierCount);
        int candidate = 0;
        for (int tier = 0; tier < tiers && candidate == 0; tier++)
        {
            candidate = index.Candidate(
                tier, LiquidationPrices.Threshold(isLong: true, tier, in market), LiquidationPrices.Threshold(isLong: false, tier, in market));
        }

        return candidate;
    }

    /// <summary>Has every market looked at where liquidations are left over, once waiting orders had their turn; the first market first.</summary>
    public void NotePending()
    {
        for (int market = _state.PendingMarkets > 0 ? _state.Markets.HighWater : 0; market > 0; market--)
        {
            if (_state.Markets[market].LiquidationsPending != 0)
            {
                _state.AddDue(market);
            }
        }

        for (int asset = _state.PendingMarkets > 0 ? _state.Assets.HighWater : 0; asset > 0; asset--)
        {
            if (_state.Assets[asset].LiquidationsPending != 0)
            {
                _state.AddDueAsset(asset);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _deferred.Dispose();

    /// <summary>
    /// In a market that does not liquidate only a cross account that is being liquidated elsewhere goes on: its position here is taken over last.
    /// </summary>
    private void RunHalted(ref Market market)
    {
        int row = market.UnfinishedPosition;
        bool goesOn = row != 0 && _state.Positions[row].IsIsolated == 0;
        SetPending(ref market, goesOn && (_state.WorkLeft == 0 || Resume(row, ref market) == Outcome.OutOfWork));
    }

    /// <summary>Looks at the holders whose collateral the price of an asset has passed, as long as its market liquidates.</summary>
    private void RunAsset(int asset)
    {
        bool stands = _state.Assets[asset].IsPinned != 0 || MarketRules.Liquidates(_state.Markets[_state.Assets[asset].PriceMarket].State);
        bool pending = false;
        int row = stands ? CollateralIndex.Candidate(_state, asset) : 0;
        while (row != 0 && !pending)
        {
            _state.BeginLiquidations();
            pending = _state.WorkLeft == 0 || ExamineHolder(_state.Balances[row].Account) == Outcome.OutOfWork;
            row = CollateralIndex.Candidate(_state, asset);
        }

        ref Asset held = ref _state.Assets.Edit(asset);
        _state.PendingMarkets += (pending ? 1 : 0) - held.LiquidationsPending;
        held.LiquidationsPending = (byte)(pending ? 1 : 0);
    }

    /// <summary>The exact test of an account whose collateral fell.</summary>
    private Outcome ExamineHolder(int account)
    {
        _state.Spend(1);
        if (AccountFigures.Of(_state, account).IsLiquidatable)
        {
            return LiquidateCross(account);
        }

        if (!_unaffordable.CancelOfPool(account))
        {
            return Outcome.OutOfWork;
        }

        _settlement.ShareOut(account, examine: false);
        return Outcome.Done;
    }

    private void SetPending(ref Market market, bool pending)
    {
        _state.PendingMarkets += (pending ? 1 : 0) - market.LiquidationsPending;
        market.LiquidationsPending = (byte)(pending ? 1 : 0);
    }

    /// <summary>
    /// Goes on with a liquidation that ran out of work. Its owner may have closed the position since, or the mark may have cured it: then it ends.
    /// </summary>
    private Outcome Resume(int index, ref Market market)
    {
        if (_state.PositionDetails[index].LiquidationId == 0)
        {
            market.UnfinishedPosition = 0;
            return Outcome.Done;
        }

        if (_state.Positions[index].SizeLots != 0)
        {
            return Examine(index, _state.Positions[index].Market);
        }

        _state.Spend(1);
        EndCured(index);
        return Stop(Outcome.Done);
    }

    private void EndCured(int index)
    {
        _state.Touch(index);
        Finish(index, takenOver: 0);
    }

    /// <summary>The exact test of the scope of a candidate: liquidates it, or gives the position a key that says it is healthy.</summary>
    private Outcome Examine(int index, int marketId)
    {
        _state.Spend(1);
        ref Position position = ref _state.Positions.Edit(index);
        if (position.IsIsolated != 0)
        {
            if (IsolatedOrders.IsLiquidatable(in position, in _state.Markets[marketId]))
            {
                return Liquidate(index);
            }

            if (IsolatedOrders.Grow(in position) && !_unaffordable.CancelOfPosition(index))
            {
                return Outcome.OutOfWork;
            }
        }
        else
        {
            int account = position.Account;
            if (AccountFigures.Of(_state, account).IsLiquidatable)
            {
                return LiquidateCross(account);
            }

            if (!_unaffordable.CancelOfPool(account))
            {
                return Outcome.OutOfWork;
            }

            _settlement.ShareOut(account, examine: false);
            DeferOthers(account, index, marketId);
        }

        if (_state.PositionDetails[index].LiquidationId != 0)
        {
            EndCured(index);
            _settlement.Refresh();
        }

        Defer(index, marketId);
        return Outcome.Done;
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

    /// <summary>A healthy candidate within the index's rounding leaves the index until this run ends, so that the run does.</summary>
    private void Defer(int index, int marketId)
    {
        ref Position position = ref _state.Positions.Edit(index);
        ref readonly Market market = ref _state.Markets[marketId];
        IndexKey key = Settlement.KeyOf(in position, in market);
        bool isDeferred = LiquidationPrices.IsDue(in key, position.SizeLots > 0, in market);
        _state.Indexes[marketId].Set(index, ref position, isDeferred ? new IndexKey(IndexKey.None, 0) : key);
        if (isDeferred)
        {
            _deferred.Edit(_deferredCount++) = new Deferred { Position = index, Key = key.Value, Tier = key.Tier };
        }
    }

    /// <summary>
    /// Cancels the orders of the account that the pool stands behind, then closes positions, the largest requirement first, until it is healthy.
    /// </summary>
    private Outcome LiquidateCross(int account)
    {
        SettleFunding(account);
        _state.LossOrigin = LossKind.Any;
        bool returnsMargin = false;
        for (int row = _state.Accounts[account].FirstPosition; row != 0; row = _state.Positions[row].Next)
        {
            ref readonly Position position = ref _state.Positions[row];
            if ((position.IsIsolated == 0 || position.PoolHoldUnits != 0) && position.OpenOrders != 0)
            {
                _state.Touch(row);
                if (CancelOrders(row) == Outcome.OutOfWork)
                {
                    return Stop();
                }

                returnsMargin |= position.IsIsolated != 0 && position.SizeLots == 0 && (position.Guards & Guards.Hedge) != 0;
            }
        }

        if (returnsMargin)
        {
            // pending positions have ended with their orders
            _settlement.Refresh();
        }

        int lossMarket = 0;
        while (true)
        {
            int largest = LargestCross(account);
            bool isCured = !AccountFigures.Of(_state, account).IsLiquidatable;
            if (largest == 0 || isCured)
            {
                EndUnfinished(account);
                if (largest == 0 && (lossMarket != 0 || !isCured) && !_collateral.Sell(account, lossMarket))
                {
                    return Stop();
                }

                _ = Stop(Outcome.Done);
                _settlement.ShareOut(account, examine: false);
                _settlement.ShareLoans(account);
                return Outcome.Done;
            }

            lossMarket = _state.Positions[largest].Market;

            if (_state.WorkLeft == 0)
            {
                return StopBefore(largest);
            }

            _state.Spend(1);
            if (Liquidate(largest) == Outcome.OutOfWork)
            {
                return Outcome.OutOfWork;
            }
        }
    }

    /// <summary>What the cross positions of an account owe is paid before anything else (R-1104).</summary>
    private void SettleFunding(int account)
    {
        int events = _state.Events.Count;
        _settlement.SettlePool(account);
        _state.Spend(_state.Events.Count - events);
    }

    /// <summary>
    /// Out of work before a position: a market that liquidates finds it in its index again, another has to be told that it is its turn.
    /// </summary>
    private Outcome StopBefore(int row)
    {
        ref readonly Position position = ref _state.Positions[row];
        ref Market market = ref _state.Markets.Edit(position.Market);
        if (MarketRules.Liquidates(market.State))
        {
            return Stop();
        }

        _state.Touch(row);
        if (_state.PositionDetails[row].LiquidationId == 0)
        {
            Start(in position, ref _state.PositionDetails.Edit(row), ref market);
        }

        return Suspend(row, ref market);
    }

    /// <summary>Positions of a cured account whose liquidation had begun: what was closed is charged.</summary>
    private void EndUnfinished(int account)
    {
        for (int row = _state.Accounts[account].FirstPosition; row != 0; row = _state.Positions[row].Next)
        {
            if (_state.PositionDetails[row].LiquidationId != 0 && _state.Positions[row].IsIsolated == 0)
            {
                EndCured(row);
            }
        }
    }

    private Outcome Stop(Outcome outcome = Outcome.OutOfWork)
    {
        _settlement.Refresh();
        return outcome;
    }

    private int LargestCross(int account)
    {
        int largest = 0;
        long most = -1;
        bool largestTrades = false;
        for (int row = _state.Accounts[account].FirstPosition; row != 0; row = _state.Positions[row].Next)
        {
            ref readonly Position position = ref _state.Positions[row];
            if (position.SizeLots == 0 || position.IsIsolated != 0)
            {
                continue;
            }

            // a market that does not liquidate comes last: there is no book to close on
            ref readonly Market market = ref _state.Markets[position.Market];
            bool trades = MarketRules.Liquidates(market.State);
            long requirement = Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);
            if ((trades && !largestTrades) || (trades == largestTrades && (requirement > most || (requirement == most && row < largest))))
            {
                most = requirement;
                largest = row;
                largestTrades = trades;
            }
        }

        return largest;
    }

    private Outcome CancelOrders(int index)
    {
        while (_state.Positions[index].OpenOrders > 0)
        {
            if (_state.WorkLeft == 0)
            {
                return Outcome.OutOfWork;
            }

            _state.Spend(1);
            _matching.Cancel(_state.Positions[index].FirstOrder, CancelReason.Liquidation);
        }

        return Outcome.Done;
    }

    private Outcome Liquidate(int index)
    {
        ref Position position = ref _state.Positions.Edit(index);
        ref Market market = ref _state.Markets.Edit(position.Market);
        ref PositionDetail detail = ref _state.PositionDetails.Edit(index);
        _state.LossOrigin = position.SizeLots > 0 ? LossKind.Longs : LossKind.Shorts;
        _state.Touch(index);
        _settlement.SettleFunding(index);
        if (detail.LiquidationId == 0)
        {
            Start(in position, ref detail, ref market);
        }

        if (CancelOrders(index) == Outcome.OutOfWork)
        {
            return Suspend(index, ref market);
        }

        long marginBehind = _settlement.MarginBehind(in position, lessOtherRequirements: false);
        var atBankruptcy = new Bankruptcy(in position, marginBehind, in market);
        long bankruptcy = atBankruptcy.PriceTicks(in market);
        _charges.Begin();
        if (!_takeovers.IsUnderWay(index))
        {
            detail.LiquidatedLots += _matching.Liquidate(index, detail.LiquidationId, bankruptcy, out long closedUnits);
            detail.LiquidatedUnits += closedUnits;
            if (position.SizeLots != 0 && _state.WorkLeft == 0 && MarketRules.Liquidates(market.State))
            {
                return Suspend(index, ref market);
            }
        }

        long takenOver = 0;
        if (position.SizeLots != 0 && !_takeovers.TryTakeOver(index, in atBankruptcy, bankruptcy, out takenOver))
        {
            return Suspend(index, ref market);
        }

        Finish(index, takenOver);
        _settlement.Refresh();
        return Outcome.Done;
    }

    /// <summary>Out of work in the middle: the market of this position, which need not be the one being run, goes on with the next tick.</summary>
    private Outcome Suspend(int index, ref Market market)
    {
        market.UnfinishedPosition = index;
        SetPending(ref market, pending: true);
        return Stop();
    }

    private void Start(in Position position, ref PositionDetail detail, ref Market market)
    {
        detail.LiquidationId = ++_state.LastLiquidationId;
        market.Liquidations++;
        ref LiquidationStarted started = ref _state.Events.Add<LiquidationStarted>(
            EventType.LiquidationStarted, position.Market, position.IsIsolated != 0 ? EventFlags.Isolated : EventFlags.None);
        started.AccountId = position.Account;
        started.LiquidationId = detail.LiquidationId;
        started.MarkTicks = market.MarkTicks;
        started.SizeLots = position.SizeLots;
        if (position.IsIsolated != 0)
        {
            started.EquityUnits = position.MarginUnits + Requirements.UnrealizedPnl(in position, in market);
            started.RequirementUnits = Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);
        }
        else
        {
            AccountFigures figures = AccountFigures.Of(_state, position.Account);
            started.EquityUnits = figures.EquityUnits;
            started.RequirementUnits = figures.RequirementUnits;
        }
    }

    /// <summary>Fee and penalty from what is left, the rest to the owner, and the record (R-1108, R-1109, R-1111).</summary>
    private void Finish(int index, long takenOver)
    {
        ref Position position = ref _state.Positions.Edit(index);
        ref Account account = ref _state.Accounts.Edit(position.Account);
        ref Market market = ref _state.Markets.Edit(position.Market);
        ref PositionDetail detail = ref _state.PositionDetails.Edit(index);
        bool isolated = position.IsIsolated != 0;
        long left = _charges.LeftOf(in position, in account, in market);
        long charged = _charges.Charge(left, ref market, ref detail, in position, Math.Abs(takenOver));
        _state.Records.AfterBooking(index, ExitKind.Liquidation, pnlUnits: 0, charged);
        if (isolated)
        {
            position.MarginUnits -= charged;
        }
        else
        {
            account.BalanceUnits -= charged;
        }

        long returned = !isolated ? Math.Max(0, left - charged) : position.SizeLots == 0 ? position.MarginUnits : 0;
        if (isolated)
        {
            position.MarginUnits -= returned;
            account.BalanceUnits += returned;
        }

        ref LiquidationFinished finished = ref _state.Events.Add<LiquidationFinished>(
            EventType.LiquidationFinished, position.Market, isolated ? EventFlags.Isolated : EventFlags.None);
        finished.AccountId = position.Account;
        finished.LiquidationId = detail.LiquidationId;
        finished.ClosedLots = detail.LiquidatedLots;
        finished.ClosedNotionalUnits = detail.LiquidatedUnits;
        finished.TakenOverLots = Math.Abs(takenOver);
        finished.ReturnedUnits = returned;
        market.UnfinishedPosition = market.UnfinishedPosition == index ? 0 : market.UnfinishedPosition;
        detail.LiquidationId = 0;
        detail.LiquidatedLots = 0;
        detail.LiquidatedUnits = 0;
        _settlement.TouchPool(position.Account);
    }

    private struct Deferred
    {
        public long Key;
        public int Position;
        public int Tier;
    }
}
