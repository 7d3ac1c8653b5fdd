using System;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Lending;

/// <summary>
/// The loans of one pool by the debt index up to which the liquidation index has counted their interest, the lowest on top: when the index passes
/// it, that loan is looked at, and no other. Each loan knows its place.
/// </summary>
public sealed class LimitHeap : Rewindable, IDisposable
{
    private const int Children = 4;

    private readonly Slab<Loan> _loans;
    private TrackedRows<Entry> _entries;
    private Tracked<int> _count;

    /// <summary>An empty heap.</summary>
    [ColdPath]
    public LimitHeap(Slab<Loan> loans)
        : base(loans.Undo, always: false)
    {
        _loans = loans;
        _entries = new TrackedRows<Entry>(loans.Capacity, loans.Undo);
    }

    /// <summary>Number of loans.</summary>
    public int Count => _count.Now;

    /// <summary>The loan on top.</summary>
    public int Top => (int)_entries[0].Loan;

    /// <summary>Its limit.</summary>
    public long TopLimit => Count == 0 ? long.MaxValue : _entries[0].Limit;

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _entries.Bytes;

    /// <summary>Puts a loan where its limit belongs.</summary>
    public void Set(int loan, long limit)
    {
        _loans.Edit(loan).IndexLimit = limit;
        var entry = new Entry { Limit = limit, Loan = loan };
        int place = _loans[loan].LimitPlace - 1;
        if (place < 0)
        {
            Raise(_count.Now++, entry);
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
        Entry last = _entries[--_count.Now];
        _entries.Edit(Count) = default;
        if (place != Count)
        {
            Settle(place, last);
        }
    }

    /// <summary>Adds the entries in use.</summary>
    public void AddTo(ref Hash128 hash)
    {
        hash.Add((ulong)Count);
        hash.Add(_entries.AsBytes(0, Count));
    }

    /// <inheritdoc/>
    public void Dispose() => _entries.Dispose();

    internal override void Keep()
    {
        _count.Keep();
        _entries.Close();
    }

    internal override void Rewind()
    {
        _count.Rewind();
        _entries.Open();
    }

    private static bool IsSooner(in Entry left, in Entry right) => left.Limit < right.Limit || (left.Limit == right.Limit && left.Loan < right.Loan);

    private void Settle(int place, Entry entry)
    {
        if (place > 0 && IsSooner(in entry, in _entries[(place - 1) / Children]))
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
        while (place > 0 && IsSooner(in entry, in _entries[(place - 1) / Children]))
        {
            Put(place, _entries[(place - 1) / Children]);
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
                best = IsSooner(in _entries[child], in _entries[best]) ? child : best;
            }

            if (!IsSooner(in _entries[best], in entry))
            {
                break;
            }

            Put(place, _entries[best]);
            place = best;
        }

        Put(place, entry);
    }

    private void Put(int place, Entry entry)
    {
        _entries.Edit(place) = entry;
        _loans.Edit((int)entry.Loan).LimitPlace = place + 1;
    }

    private struct Entry
    {
        public long Limit;
        public long Loan;
    }
}
