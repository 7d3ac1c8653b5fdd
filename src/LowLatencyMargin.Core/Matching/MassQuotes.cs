using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Matching;

/// <summary>Replaces all quotes of an account in a market by two-sided levels, in one command (R-1314).</summary>
public sealed class MassQuotes : IDisposable
{
    private readonly ExchangeState _state;
    private readonly OrderRules _rules;
    private readonly RateBudget _budget;
    private readonly TogetherCheck _together;
    private readonly MatchingEngine _matching;
    private readonly Settlement _settlement;

    // the id of the quote that stands at a level's price, 0: none; an id, because its row may be another order's by its turn
    private readonly NativeArray<long> _standing = new(MassQuote.MaxLevels);

    /// <summary>Mass quotes over a state.</summary>
    [ColdPath]
    public MassQuotes(
        ExchangeState state, OrderRules rules, RateBudget budget, TogetherCheck together, MatchingEngine matching, Settlement settlement)
    {
        _state = state;
        _rules = rules;
        _budget = budget;
        _together = together;
        _matching = matching;
        _settlement = settlement;
    }

    /// <summary>The level that was refused, from 1; 0 when it was not a level.</summary>
    public int RefusedLevel { get; private set; }

    /// <summary>A mass quote.</summary>
    public ResultCode Apply(ReadOnlySpan<byte> command)
    {
        ref readonly MassQuote quote = ref MemoryMarshal.AsRef<MassQuote>(command);
        RefusedLevel = 0;
        if (quote.AccountId < 1 || quote.AccountId > _state.Accounts.HighWater || _state.Accounts[(int)quote.AccountId].IsLiquidationAccount != 0)
        {
            return ResultCode.UnknownAccount;
        }

        if (quote.MarketId < 1 || quote.MarketId > _state.Markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        ReadOnlySpan<QuoteLevel> levels = MemoryMarshal.Cast<byte, QuoteLevel>(command[Unsafe.SizeOf<MassQuote>()..]);
        if (quote.Bids + quote.Asks != levels.Length || levels.Length > MassQuote.MaxLevels || (quote.Flags & ~OrderFlags.PostOnly) != 0
            || quote.SelfTrade > SelfTradePrevention.Decrement || quote.Reserved != 0)
        {
            return ResultCode.MalformedCommand;
        }

        int account = (int)quote.AccountId;
        int market = (int)quote.MarketId;
        if (_state.IsHedge(account, market))
        {
            return ResultCode.HedgeModeForbids;
        }

        int weight = Math.Max(1, levels.Length);
        if (!_budget.Allows(account, weight, reduces: levels.Length == 0))
        {
            return ResultCode.RateLimited;
        }

        int row = _state.FindPosition(account, market);
        ResultCode code = levels.Length == 0 ? ResultCode.Accepted : Check(in quote, levels, account, market, row);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        _budget.Charge(account, weight);
        Replace(in quote, levels, account, market, row);
        return ResultCode.Accepted;
    }

    /// <inheritdoc/>
    public void Dispose() => _standing.Dispose();

    private ResultCode Check(in MassQuote quote, ReadOnlySpan<QuoteLevel> levels, int account, int market, int row)
    {
        bool postOnly = (quote.Flags & OrderFlags.PostOnly) != 0;
        ref readonly Market terms = ref _state.Markets[market];
        if (_rules.NeedsMargin(account, market))
        {
            return ResultCode.MarginDisabled;
        }

        if (!MarketRules.Takes(terms.State, reduceOnly: false, postOnly))
        {
            return ResultCode.MarketStateForbids;
        }

        if (_rules.IsKilled(account, row, market))
        {
            return ResultCode.KillSwitchActive;
        }

        if (UnderWay.Refuses(_state, account, row))
        {
            return ResultCode.ScopeInLiquidation;
        }

        ResultCode ruled = _state.Gate.CheckQuotes(account);
        if (ruled != ResultCode.Accepted)
        {
            return ruled;
        }

        if (_rules.IsFrozen(row))
        {
            return ResultCode.MakerProtectionActive;
        }

        _together.Begin(account, market);
        for (int slot = row == 0 ? 0 : _state.Positions[row].FirstOrder; slot != 0; slot = _state.Orders[slot].NextOfPosition)
        {
            if (_state.Orders[slot].Has(OrderMarks.Quote))
            {
                _together.TakeListed(slot);
            }
        }

        for (int i = 0; i < levels.Length; i++)
        {
            ResultCode code = CheckLevel(in quote, levels, i, in terms, market);
            if (code != ResultCode.Accepted)
            {
                RefusedLevel = i + 1;
                return code;
            }
        }

        return _together.Verdict();
    }

    private ResultCode CheckLevel(in MassQuote quote, ReadOnlySpan<QuoteLevel> levels, int i, in Market terms, int market)
    {
        long price = levels[i].PriceTicks;
        long lots = levels[i].QuantityLots;
        bool isBid = i < quote.Bids;
        if (price is < 1 or > Exact.MaxPriceTicks)
        {
            return ResultCode.InvalidPrice;
        }

        bool ordered = i == 0 || i == quote.Bids || (isBid ? price < levels[i - 1].PriceTicks : price > levels[i - 1].PriceTicks);
        bool apart = i != quote.Bids || quote.Bids == 0 || price > levels[0].PriceTicks;
        if (!ordered || !apart)
        {
            return ResultCode.InvalidQuotes;
        }

        if (lots is < 1 or > Exact.MaxQuantityLots)
        {
            return ResultCode.InvalidQuantity;
        }

        if (lots < terms.Parameters.MinQuantityLots)
        {
            return ResultCode.BelowMinimumSize;
        }

        if (!_rules.IsInBand(market, price))
        {
            return ResultCode.PriceOutsideBand;
        }

        if (!_rules.IsWorth(market, lots, price))
        {
            return ResultCode.BelowMinimumNotional;
        }

        var plan = new OrderPlan { Side = isBid ? Side.Buy : Side.Sell, LimitTicks = price, Lots = lots, Marks = OrderMarks.MakerProtected };
        return _together.Add(in plan);
    }

    private void Replace(in MassQuote quote, ReadOnlySpan<QuoteLevel> levels, int account, int market, int row)
    {
        int cancelled = KeepOrCancel(in quote, levels, row, out int kept);
        int placed = 0;
        for (int i = 0; i < levels.Length; i++)
        {
            int standing = _standing[i] == 0 ? 0 : _state.FindOrder(_standing[i], account);
            if (standing != 0)
            {
                Grow(standing, levels[i].QuantityLots);
            }
            else if (TryPlace(in quote, in levels[i], i, account, market))
            {
                placed++;
            }

            if (_state.TouchedCount > 0)
            {
                _settlement.Refresh();
            }
        }

        ref QuotesReplaced replaced = ref _state.Events.Add<QuotesReplaced>(EventType.QuotesReplaced, market);
        replaced.AccountId = account;
        replaced.QuoteId = quote.QuoteId;
        replaced.Placed = placed;
        replaced.Kept = kept;
        replaced.Cancelled = cancelled;
    }

    /// <summary>Old quotes at a new level's price stay, smaller if they have to be; the others go.</summary>
    private int KeepOrCancel(in MassQuote quote, ReadOnlySpan<QuoteLevel> levels, int row, out int kept)
    {
        int cancelled = 0;
        kept = 0;
        _standing.Clear(0, levels.Length);
        int slot = row == 0 ? 0 : _state.Positions[row].FirstOrder;
        while (slot != 0)
        {
            ref readonly Order order = ref _state.Orders[slot];
            int next = order.NextOfPosition;
            if (order.Has(OrderMarks.Quote))
            {
                int level = LevelAt(in quote, levels, order.Side, order.PriceTicks);
                if (level < 0 || _standing[level] != 0)
                {
                    _matching.Cancel(slot, CancelReason.QuoteReplaced);
                    cancelled++;
                }
                else
                {
                    _standing.Edit(level) = Order.IdOf(slot, order.Generation);
                    kept++;
                    if (order.LeavesLots > levels[level].QuantityLots)
                    {
                        _matching.Reduce(slot, levels[level].QuantityLots);
                    }
                }
            }

            slot = next;
        }

        return cancelled;
    }

    private static int LevelAt(in MassQuote quote, ReadOnlySpan<QuoteLevel> levels, Side side, long ticks)
    {
        int first = side == Side.Buy ? 0 : quote.Bids;
        int end = side == Side.Buy ? quote.Bids : levels.Length;
        for (int i = first; i < end; i++)
        {
            if (levels[i].PriceTicks == ticks)
            {
                return i;
            }
        }

        return -1;
    }

    private void Grow(int slot, long lots)
    {
        ref readonly Order order = ref _state.Orders[slot];
        if (order.LeavesLots < lots)
        {
            _matching.Replace(slot, order.PriceTicks, lots, MatchingEngine.ComputeMargin);
        }
    }

    private bool TryPlace(in MassQuote quote, in QuoteLevel level, int i, int account, int market)
    {
        Side side = i < quote.Bids ? Side.Buy : Side.Sell;
        if ((quote.Flags & OrderFlags.PostOnly) != 0 && _state.Books[market].Crosses(side, level.PriceTicks))
        {
            ref Rejected rejected = ref _state.Events.Add<Rejected>(EventType.Rejected, market, EventFlags.None, (byte)side);
            rejected.AccountId = account;
            rejected.Code = ResultCode.PostOnlyWouldTrade;
            rejected.Command = CommandType.MassQuote;
            rejected.Item = (ushort)(i + 1);
            return false;
        }

        var plan = new OrderPlan
        {
            Account = account,
            Market = market,
            Position = _state.FindPosition(account, market),
            Side = side,
            LimitTicks = level.PriceTicks,
            Lots = level.QuantityLots,
            Marks = OrderMarks.Quote | (OrderMarks)quote.Flags | OrderMarks.MakerProtected | (OrderMarks)((int)quote.SelfTrade << 13),
            OrderMarginUnits = MatchingEngine.ComputeMargin,
        };
        _ = _matching.Place(in plan);
        return true;
    }
}
