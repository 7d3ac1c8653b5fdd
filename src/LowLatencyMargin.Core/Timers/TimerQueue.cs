using System;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Timers;

/// <summary>What is due when: a heap by time, then by the order of setting. Each row that has a timer knows its place, so that it can stop it.</summary>
public sealed class TimerQueue : IDisposable
{
    private readonly Slab<Order> _orders;
    private readonly Slab<OrderTermsRow> _terms;
    private readonly NativeArray<AccountControl> _accounts;
    private readonly Slab<Market> _markets;
    private readonly Slab<LendingPool> _pools;
    private readonly Slab<Loan> _loans;
    private readonly NativeArray<Timer> _owner;
    private readonly Rows<Timer> _heap;
    private int _count;
    private long _set;

    /// <summary>One timer per row of terms, account, market, pool and loan.</summary>
    [ColdPath]
    public TimerQueue(
        Slab<Order> orders, Slab<OrderTermsRow> terms, NativeArray<AccountControl> accounts, Slab<Market> markets, Slab<LendingPool> pools, Slab<Loan> loans)
    {
        _orders = orders;
        _terms = terms;
        _accounts = accounts;
        _markets = markets;
        _pools = pools;
        _loans = loans;
        _owner = new NativeArray<Timer>(terms.Capacity + accounts.Length + markets.Capacity + pools.Capacity + loans.Capacity);
        _heap = _owner.Rows;
    }

    /// <summary>When the next is due; <see cref="long.MaxValue"/>: there is none.</summary>
    public long NextDueNs { get; private set; } = long.MaxValue;

    /// <summary>Timers that run.</summary>
    public int Count => _count;

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _owner.Bytes;

    /// <summary>Starts the timer of a row, which has none.</summary>
    public void Start(TimerKind kind, int row, long dueNs)
    {
        Rise(_count++, new Timer { DueNs = dueNs, Number = ++_set, Kind = kind, Row = row });
        NextDueNs = _heap[0].DueNs;
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
        hash.Add((ulong)_set);
        hash.Add(_owner.AsBytes(0, _count));
    }

    /// <inheritdoc/>
    public void Dispose() => _owner.Dispose();

    private static bool IsBefore(in Timer one, in Timer other) =>
        one.DueNs < other.DueNs || (one.DueNs == other.DueNs && one.Number < other.Number);

    private ref int PlaceOf(TimerKind kind, int row)
    {
        switch (kind)
        {
            case TimerKind.OrderExpiry:
                return ref _terms.Edit(_orders[row].Terms).TimerPlace;
            case TimerKind.CancelAllAfter:
                return ref _accounts[row].TimerPlace;
            case TimerKind.PoolInterest:
                return ref _pools.Edit(row).TimerPlace;
            case TimerKind.LoanTerm:
                return ref _loans.Edit(row).TimerPlace;
            default:
                return ref _markets.Edit(row).TimerPlace;
        }
    }

    private void RemoveAt(int at)
    {
        PlaceOf(_heap[at].Kind, _heap[at].Row) = 0;
        Timer last = _heap[--_count];
        _heap[_count] = default;
        if (at < _count)
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

        NextDueNs = _count == 0 ? long.MaxValue : _heap[0].DueNs;
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
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && IsBefore(in _heap[child + 1], in _heap[child]))
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
        _heap[at] = timer;
        PlaceOf(timer.Kind, timer.Row) = at + 1;
    }

    private struct Timer
    {
        public long DueNs;
        public long Number;
        public TimerKind Kind;
        public int Row;
    }
}

/// <summary>What a timer is for; its row is an order's, an account's, a market's, a pool's or a loan's.</summary>
public enum TimerKind
{
    /// <summary>An order ends.</summary>
    OrderExpiry,

    /// <summary>The dead-man timer of an account.</summary>
    CancelAllAfter,

    /// <summary>The breaker's halt of a market is over.</summary>
    BreakerHalt,

    /// <summary>A step of interest of a lending pool ends.</summary>
    PoolInterest,

    /// <summary>The term of a loan is over.</summary>
    LoanTerm,
}
