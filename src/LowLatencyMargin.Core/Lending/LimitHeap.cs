using System;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Lending;

/// <summary>
/// The loans of one pool by the debt index up to which the liquidation index has counted their interest, the lowest on top: when the index passes
/// it, that loan is looked at, and no other. Each loan knows its place.
/// </summary>
public sealed class LimitHeap : IDisposable
{
    private const int Children = 4;

    private readonly Slab<Loan> _loans;
    private readonly NativeArray<Entry> _owner;

    /// <summary>An empty heap.</summary>
    [ColdPath]
    public LimitHeap(Slab<Loan> loans)
    {
        _loans = loans;
        _owner = new NativeArray<Entry>(loans.Capacity);
    }

    /// <summary>Number of loans.</summary>
    public int Count { get; private set; }

    /// <summary>The loan on top.</summary>
    public int Top => (int)_owner[0].Loan;

    /// <summary>Its limit.</summary>
    public long TopLimit => Count == 0 ? long.MaxValue : _owner[0].Limit;

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _owner.Bytes;

    /// <summary>Puts a loan where its limit belongs.</summary>
    public void Set(int loan, long limit)
    {
        _loans.Edit(loan).IndexLimit = limit;
        var entry = new Entry { Limit = limit, Loan = loan };
        int place = _loans[loan].LimitPlace - 1;
        if (place < 0)
        {
            Raise(Count++, entry);
        }
        else
        {
            Settle(place, entry);
        }
    }

    /// <summary>Takes a loan out, if it is in.</summary>
    public void Remove(int loan)
    {
        int place = _loans[loan].LimitPlace - 1;
        if (place < 0)
        {
            return;
        }

        _loans.Edit(loan).LimitPlace = 0;
        Entry last = _owner[--Count];
        _owner[Count] = default;
        if (place != Count)
        {
            Settle(place, last);
        }
    }

    /// <summary>Adds the entries in use.</summary>
    public void AddTo(ref Hash128 hash)
    {
        hash.Add((ulong)Count);
        hash.Add(_owner.AsBytes(0, Count));
    }

    /// <inheritdoc/>
    public void Dispose() => _owner.Dispose();

    private static bool IsSooner(in Entry left, in Entry right) => left.Limit < right.Limit || (left.Limit == right.Limit && left.Loan < right.Loan);

    private void Settle(int place, Entry entry)
    {
        if (place > 0 && IsSooner(in entry, in _owner[(place - 1) / Children]))
        {
            Raise(place, entry);
        }
        else
        {
            Lower(place, entry);
        }
    }

    private void Raise(int place, Entry entry)
    {
        while (place > 0 && IsSooner(in entry, in _owner[(place - 1) / Children]))
        {
            Put(place, _owner[(place - 1) / Children]);
            place = (place - 1) / Children;
        }

        Put(place, entry);
    }

    private void Lower(int place, Entry entry)
    {
        while (true)
        {
            int first = (place * Children) + 1;
            if (first >= Count)
            {
                break;
            }

            int best = first;
            for (int child = first + 1; child < Math.Min(first + Children, Count); child++)
            {
                best = IsSooner(in _owner[child], in _owner[best]) ? child : best;
            }

            if (!IsSooner(in _owner[best], in entry))
            {
                break;
            }

            Put(place, _owner[best]);
            place = best;
        }

        Put(place, entry);
    }

    private void Put(int place, Entry entry)
    {
        _owner[place] = entry;
        _loans.Edit((int)entry.Loan).LimitPlace = place + 1;
    }

    private struct Entry
    {
        public long Limit;
        public long Loan;
    }
}
