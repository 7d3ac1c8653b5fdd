using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Rules;

/// <summary>
/// Looks at watched accounts whose figures may have reached a threshold: margin-level bands (R-1503, R-507), monthly drawdown (R-1504),
/// auto-reduce (R-1408); then says up to which marks nothing of theirs can change. Bounded by the command's work.
/// </summary>
public sealed class RuleWatch(ExchangeState state, ProtectiveExits exits, DrawdownGuard drawdown, HoldingWatches holdings)
{
    /// <summary>Records of other markets that are passed over for one unit of work.</summary>
    private const int RecordsPerWork = 64;

    private readonly Slab<AccountRules> _rules = state.AccountRules;
    private readonly Slab<PositionRecord> _records = state.PositionRecords;

    /// <summary>What a market's mark has reached, then all accounts that are to be looked at.</summary>
    public void Look(int marketId)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        WatchIndex watches = state.Watches[marketId];
        bool pending = market.WatchCursor != 0 && !QueueAll(ref market, marketId);
        while (!pending && watches.Reached(in market) is var record && record != 0)
        {
            pending = state.WorkLeft == 0;
            if (!pending)
            {
                state.Spend(1);
                watches.Remove(record, ref market);
                state.QueueRules(state.Accounts[OwnerOf(record)].Rules);
            }
        }

        SetPending(ref market, pending);
        Run();
    }

    /// <summary>A market has to wait for the next tick: what its mark has reached is pending.</summary>
    public void Postpone(int marketId) => SetPending(ref state.Markets.Edit(marketId), IsReached(marketId));

    private void SetPending(ref Market market, bool pending)
    {
        state.WatchesPending += (pending ? 1 : 0) - market.WatchesPending;
        market.WatchesPending = (byte)(pending ? 1 : 0);
    }

    /// <summary>Whether there is something to look at in a market.</summary>
    public bool IsReached(int marketId) => state.Markets[marketId].WatchCursor != 0 || state.Watches[marketId].Reached(in state.Markets[marketId]) != 0;

    /// <summary>Queues every watched account of a market whose rates changed; false when the work ends before.</summary>
    private bool QueueAll(ref Market market, int marketId)
    {
        for (; market.WatchCursor > 0; market.WatchCursor--)
        {
            if (state.WorkLeft == 0)
            {
                return false;
            }

            bool isOfMarket = _records[market.WatchCursor].Market == marketId;
            state.Spend(isOfMarket || market.WatchCursor % RecordsPerWork == 0 ? 1 : 0);
            ref readonly Account owner = ref state.Accounts[OwnerOf(market.WatchCursor)];
            if (isOfMarket && (owner.Traits & AccountTraits.IsWatched) != 0)
            {
                state.QueueRules(owner.Rules);
            }
        }

        return true;
    }

    private int OwnerOf(int record) => _records[record].Position == 0 ? _records[record].Account : state.Positions[_records[record].Position].Account;

    /// <summary>Looks at the accounts that are due, the one noted first first.</summary>
    public void Run()
    {
        while (state.FirstRulesDue != 0 && state.WorkLeft > 0)
        {
            int row = state.TakeRules();
            state.Spend(Math.Max(1, state.Accounts[_rules[row].Account].Positions));
            Examine(row);
        }
    }

    /// <summary>Has every market looked at whose mark reached more records than a command had work for.</summary>
    public void NotePending()
    {
        for (int market = state.WatchesPending > 0 ? state.Markets.HighWater : 0; market > 0; market--)
        {
            if (state.Markets[market].WatchesPending != 0)
            {
                state.AddDue(market);
            }
        }
    }

    private void Examine(int row)
    {
        ref AccountRules rules = ref _rules.Edit(row);
        int account = rules.Account;
        Unwatch(account);
        holdings.Clear(ref rules);
        if (rules.Rules.WatchesLevel)
        {
            FollowLevels(ref rules, account);
        }

        bool unfinished = rules.Rules.WatchesDrawdown && drawdown.Examine(ref rules, account);
        if (rules.IsDue != 0)
        {
            // an exit traded: the account comes again, with new figures
            return;
        }

        bool reduces = rules.Rules.AutoReduceTarget != 0 && exits.Reduce(account, in rules);
        if (rules.IsDue == 0)
        {
            Watch(account, ref rules, unfinished || reduces);
        }
    }

    private void Unwatch(int account)
    {
        for (int index = state.Accounts[account].FirstPosition; index != 0; index = state.Positions[index].Next)
        {
            int record = state.TradingGuards[index].Record;
            if (record != 0)
            {
                int market = state.Positions[index].Market;
                state.Watches[market].Remove(record, ref state.Markets.Edit(market));
            }
        }
    }

    private void FollowLevels(ref AccountRules rules, int account)
    {
        AccountFigures cross = AccountFigures.Of(state, account);
        LevelBand band = MarginLevels.Of(in rules.Rules, rules.CrossBand, cross.EquityUnits, cross.RequirementUnits);
        Tell(in rules, 0, 0, rules.CrossBand, band, cross.EquityUnits, cross.RequirementUnits);
        rules.CrossBand = band;
        for (int index = state.Accounts[account].FirstPosition; index != 0; index = state.Positions[index].Next)
        {
            ref readonly Position position = ref state.Positions[index];
            if (position.SizeLots == 0)
            {
                if (position.IsIsolated != 0 && HoldingWatches.Owes(state, index))
                {
                    FollowScope(in rules, index);
                }

                continue;
            }

            ref PositionRecord record = ref _records.Edit(state.Records.RecordOf(index));
            if (position.IsIsolated == 0)
            {
                record.Band = LevelBand.Safe;
            }
            else
            {
                Isolated(in position, out long equity, out long requirement);
                band = MarginLevels.Of(in rules.Rules, record.Band, equity, requirement);
                Tell(in rules, position.Market, state.PositionDetails[index].PositionId, record.Band, band, equity, requirement);
                record.Band = band;
            }
        }
    }

    /// <summary>The level of an isolated scope with loans is that of its loans: assets over debts.</summary>
    private void FollowScope(in AccountRules rules, int index)
    {
        int marketId = state.Positions[index].Market;
        ref readonly Market market = ref state.Markets[marketId];
        var pair = LoanFigures.Pair(state, index);
        ref PositionRecord record = ref _records.Edit(state.Records.RecordOf(index));
        LevelBand band = MarginLevels.Of(in rules.Rules, record.Band, pair.AssetUnits(in market), pair.DebtUnits(in market));
        Tell(in rules, marketId, 0, record.Band, band, pair.AssetUnits(in market), pair.DebtUnits(in market));
        record.Band = band;
    }

    private void Isolated(in Position position, out long equityUnits, out long requirementUnits)
    {
        ref readonly Market market = ref state.Markets[position.Market];
        equityUnits = position.MarginUnits + Requirements.UnrealizedPnl(in position, in market);
        requirementUnits = Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);
    }

    private void Tell(in AccountRules rules, int market, long positionId, LevelBand from, LevelBand to, long equityUnits, long requirementUnits)
    {
        if (from == to)
        {
            return;
        }

        ref MarginLevelChanged changed = ref state.Events.Add<MarginLevelChanged>(EventType.MarginLevelChanged, market, EventFlags.None, (byte)to);
        changed.AccountId = rules.Account;
        changed.PositionId = positionId;
        changed.EquityUnits = equityUnits;
        changed.RequirementUnits = requirementUnits;
        changed.Previous = from;
        changed.IsAlert = (byte)(rules.Rules.Alerts != 0 && to > from && to >= LevelBand.Warning ? 1 : 0);
    }

    /// <summary>
    /// Every open position and every holding may move by its part of the distance to the next threshold: of its scope's band, and of the account's
    /// drawdown. Nothing can change while none has moved further.
    /// </summary>
    private void Watch(int account, ref AccountRules rules, bool unfinished)
    {
        ref readonly Account owner = ref state.Accounts[account];
        int open = 0;
        for (int index = owner.FirstPosition; index != 0; index = state.Positions[index].Next)
        {
            open += state.Positions[index].SizeLots != 0 ? 1 : 0;
        }

        int held = holdings.Count(account);
        if (open + held == 0 || (owner.Traits & AccountTraits.IsWatched) == 0)
        {
            return;
        }

        // what is worth something at a price is rounded, at this one and at the next
        long lossLeft = rules.Rules.WatchesDrawdown ? DrawdownGuard.Distance(in rules, Drawdown.Equity(state, account)) : long.MaxValue;
        lossLeft = lossLeft == long.MaxValue ? lossLeft : Math.Max(0, lossLeft - (2 * held));
        AccountFigures cross = AccountFigures.Of(state, account);
        long crossLeft = rules.Rules.WatchesLevel
            ? MarginLevels.Distance(
                in rules.Rules, rules.CrossBand, cross.EquityUnits, cross.RequirementUnits, owner.CrossOpen + (4 * held), out long crossLevel)
            : NoLevel(out crossLevel);
        var room = new WatchRoom
        {
            LossUnits = lossLeft,
            CrossUnits = crossLeft,
            CrossLevel = crossLevel,
            IsUnfinished = unfinished,
            LossShares = open + held,
            CrossShares = owner.CrossOpen + held,
        };
        holdings.Watch(account, ref rules, in room);
        for (int index = owner.FirstPosition; index != 0; index = state.Positions[index].Next)
        {
            ref readonly Position position = ref state.Positions[index];
            if (position.SizeLots == 0)
            {
                continue;
            }

            long left = crossLeft;
            long level = crossLevel;
            int sharing = room.CrossShares;
            int record = state.Records.RecordOf(index);
            if (position.IsIsolated != 0)
            {
                Isolated(in position, out long equity, out long requirement);
                left = rules.Rules.WatchesLevel
                    ? MarginLevels.Distance(in rules.Rules, _records[record].Band, equity, requirement, 1, out level)
                    : NoLevel(out level);
                sharing = 1;
            }

            ref Market market = ref state.Markets.Edit(position.Market);
            long lotValue = position.AbsoluteLots * market.TickValueUnits;
            long reach = room.IsUnfinished ? 0 : Math.Min(
                Reach(left, sharing, lotValue, Rate.Scale + Rate.OfRoundedUp(level, HighestRequirementRate(in market))),
                Reach(lossLeft, room.LossShares, lotValue, Rate.Scale));
            if (reach != long.MaxValue)
            {
                state.Watches[position.Market].Add(record, ref market, market.MarkTicks - reach - 1, market.MarkTicks + reach + 1);
            }
        }
    }

    /// <summary>
    /// The most that a position's requirement can grow by, as a share of what its notional grows by. No less than any tier or add-on may ask.
    /// </summary>
    private static long HighestRequirementRate(in Market market)
    {
        long highest = market.Rates.MaintenanceRate;
        for (int tier = 0; tier < market.Rates.TierCount; tier++)
        {
            highest = Math.Max(highest, market.Margin.Maintenance[tier].MaintenanceRate);
        }

        return highest + market.ReserveRate;
    }

    private static long NoLevel(out long level)
    {
        level = 0;
        return long.MaxValue;
    }

    /// <summary>Ticks that a price may move without using up its part of a distance; capped where no price can be.</summary>
    private static long Reach(long distanceUnits, int sharing, long lotValueUnits, long factor) => distanceUnits == long.MaxValue
        ? long.MaxValue
        : (long)UInt128.Min(
            (UInt128)(ulong)(distanceUnits / sharing) * Rate.Scale / ((UInt128)(ulong)lotValueUnits * (ulong)factor),
            (ulong)Exact.MaxPriceTicks);
}
