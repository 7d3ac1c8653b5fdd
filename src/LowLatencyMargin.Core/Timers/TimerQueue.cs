using System;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;
using LowLatencyMargin.Core.Pricing;
using LowLatencyMargin.Core.Rules;

namespace LowLatencyMargin.Core.Timers;

/// <summary>What is due when: a heap by time, then by the order of setting. Each row that has a timer knows its place, so that it can stop it.</summary>
public sealed class TimerQueue : Rewindable, IDisposable
{
    private readonly Slab<Order> _orders;
    private readonly Slab<OrderTermsRow> _terms;
    private readonly NativeArray<AccountControl> _accounts;
    private readonly Slab<Market> _markets;
    private readonly NativeArray<MarketPrice> _prices;
    private readonly NativeArray<MarketSettlement> _settlements;
    private readonly NativeArray<MarketFunding> _funding;
    private readonly Slab<AccountRules> _rules;
    private readonly Slab<LendingPool> _pools;
    private readonly Slab<Loan> _loans;
    private readonly NativeArray<LiquidationProgress> _liquidations;
    private readonly NativeArray<MarketLiquidations> _inventories;
    private TrackedRows<Timer> _heap;
    private Tracked<Top> _head = new(new Top { NextDueNs = long.MaxValue });

    /// <summary>One timer per row of terms, account, rules, pool, loan and position, eight per market.</summary>
    [ColdPath]
    public TimerQueue(
        Slab<Order> orders, Slab<OrderTermsRow> terms, NativeArray<AccountControl> accounts, Slab<Market> markets, NativeArray<MarketPrice> prices,
        NativeArray<MarketFunding> funding, NativeArray<MarketSettlement> settlements, Slab<AccountRules> rules, Slab<LendingPool> pools, Slab<Loan> loans,
        NativeArray<LiquidationProgress> liquidations, NativeArray<MarketLiquidations> inventories)
        : base(orders.Undo)
    {
        _orders = orders;
        _terms = terms;
        _accounts = accounts;
        _markets = markets;
        _prices = prices;
        _settlements = settlements;
        _funding = funding;
        _pools = pools;
        _loans = loans;
        _rules = rules;
        _liquidations = liquidations;
        _inventories = inventories;
        int capacity = terms.Capacity + accounts.Length + (8 * markets.Capacity) + rules.Capacity + pools.Capacity + loans.Capacity
            + liquidations.Length;
        _heap = new TrackedRows<Timer>(capacity, orders.Undo);
    }

    /// <summary>When the next is due; <see cref="long.MaxValue"/>: there is none.</summary>
    public long NextDueNs => _head.Now.NextDueNs;

    /// <summary>Timers that run.</summary>
    public int Count => _head.Now.Count;

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _heap.Bytes;

    /// <summary>Starts the timer of a row, which has none.</summary>
    public void Start(TimerKind kind, int row, long dueNs)
    {
        ref Top top = ref _head.Now;
        Rise(top.Count++, new Timer { DueNs = dueNs, Number = ++top.Started, Kind = kind, Row = row });
        top.NextDueNs = _heap[0].DueNs;
    }

    /// <summary>Stops the timer of a row, if it has one.</summary>
    public void Stop(TimerKind kind, int row)
    {
        ref int place = ref PlaceOf(kind, row);
        if (place != 0)
        {
            RemoveAt(place - 1);
        }
    }

    /// <summary>Takes out the one that is due next.</summary>
    public void TakeNext(out TimerKind kind, out int row, out long dueNs)
    {
        Timer first = _heap[0];
        kind = first.Kind;
        row = first.Row;
        dueNs = first.DueNs;
        RemoveAt(0);
    }

    /// <summary>Adds the heap as it stands.</summary>
    public void AddTo(ref Hash128 hash)
    {
        hash.Add((ulong)_head.Now.Started);
        hash.Add(_heap.AsBytes(0, Count));
    }

    /// <inheritdoc/>
    public void Dispose() => _heap.Dispose();

    internal override void Keep()
    {
        _head.Keep();
        _heap.Close();
    }

    internal override void Rewind()
    {
        _head.Rewind();
        _heap.Open();
    }

    private static bool IsBefore(in Timer one, in Timer other) =>
        one.DueNs < other.DueNs || (one.DueNs == other.DueNs && one.Number < other.Number);

    private ref int PlaceOf(TimerKind kind, int row)
    {
        switch (kind)
        {
            case TimerKind.OrderExpiry:
                return ref _terms.Edit(_orders[row].Terms).TimerPlace;
            case TimerKind.CancelAllAfter:
                return ref _accounts.Edit(row).TimerPlace;
            case TimerKind.Month:
                return ref _rules.Edit(row).TimerPlace;
            case TimerKind.VolatilityGrace:
                return ref _markets.Edit(row).Margin.GraceTimerPlace;
            case TimerKind.VolatilityNotice:
                return ref _markets.Edit(row).Margin.AddOnTimerPlace;
            case TimerKind.MaintenanceNotice:
                return ref _markets.Edit(row).Margin.NoticeTimerPlace;
            case TimerKind.PoolInterest:
                return ref _pools.Edit(row).TimerPlace;
            case TimerKind.LoanTerm:
                return ref _loans.Edit(row).TimerPlace;
            case TimerKind.Liquidation:
                return ref _liquidations.Edit(row).TimerPlace;
            case TimerKind.Inventory:
                return ref _inventories.Edit(row).TimerPlace;
            case TimerKind.MarkUpdate:
                return ref _prices.Edit(row).TimerPlace;
            case TimerKind.Settlement:
                return ref _settlements.Edit(row).TimerPlace;
            case TimerKind.Funding:
                return ref _funding.Edit(row).TimerPlace;
            default:
                return ref _markets.Edit(row).TimerPlace;
        }
    }

    private void RemoveAt(int at)
    {
        PlaceOf(_heap[at].Kind, _heap[at].Row) = 0;
        ref Top top = ref _head.Now;
        Timer last = _heap[--top.Count];
        _heap.Edit(top.Count) = default;
        if (at < top.Count)
        {
            if (at > 0 && IsBefore(in last, in _heap[(at - 1) / 2]))
            {
                Rise(at, last);
            }
            else
            {
                Sink(at, last);
            }
        }

        top.NextDueNs = top.Count == 0 ? long.MaxValue : _heap[0].DueNs;
    }

    private void Rise(int at, Timer timer)
    {
        while (at > 0 && IsBefore(in timer, in _heap[(at - 1) / 2]))
        {
            Put(at, in _heap[(at - 1) / 2]);
            at = (at - 1) / 2;
        }

        Put(at, in timer);
    }

    private void Sink(int at, Timer timer)
    {
        while (true)
        {
            int child = (2 * at) + 1;
            if (child >= Count)
            {
                break;
            }

            if (child + 1 < Count && IsBefore(in _heap[child + 1], in _heap[child]))
            {
                child++;
            }

            if (IsBefore(in timer, in _heap[child]))
            {
                break;
            }

            Put(at, in _heap[child]);
            at = child;
        }

        Put(at, in timer);
    }

    private void Put(int at, in Timer timer)
    {
        _heap.Edit(at) = timer;
        PlaceOf(timer.Kind, timer.Row) = at + 1;
    }

    private struct Top
    {
        public long NextDueNs;
        public long Started;
        public int Count;
    }

    private struct Timer
    {
        public long DueNs;
        public long Number;
        public TimerKind Kind;
        public int Row;
    }
}

/// <summary>What a timer is for; its row is an order's, an account's, a market's, a pool's, a loan's or that of an account's rules.</summary>
public enum TimerKind
{
    /// <summary>An order ends.</summary>
    OrderExpiry,

    /// <summary>The dead-man timer of an account.</summary>
    CancelAllAfter,

    /// <summary>The breaker's halt of a market is over.</summary>
    BreakerHalt,

    /// <summary>A month begins for an account with rules; the row is that of the rules.</summary>
    Month,

    /// <summary>Initial margins of a volatile market follow.</summary>
    VolatilityGrace,

    /// <summary>Maintenance margins of a volatile market follow.</summary>
    VolatilityNotice,

    /// <summary>Maintenance rates that the operator raised count.</summary>
    MaintenanceNotice,

    /// <summary>A step of interest of a lending pool ends.</summary>
    PoolInterest,

    /// <summary>The term of a loan is over.</summary>
    LoanTerm,

    /// <summary>The mark of a market is looked at .</summary>
    MarkUpdate,

    /// <summary>A liquidation goes on; the row is that of the position.</summary>
    Liquidation,

    /// <summary>A liquidation account sells a part of what it took over; the row is the market.</summary>
    Inventory,

    /// <summary>The deadline of a market that closes for good (R-2101).</summary>
    Settlement,

    /// <summary>An interval of a market's funding ends .</summary>
    Funding,
}
