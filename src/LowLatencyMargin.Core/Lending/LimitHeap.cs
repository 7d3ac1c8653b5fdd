using System;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Lending;

/// <summary>
/// The loans of one pool by the debt index up to which the liquidation index has counted their interest, the lowest on top: when the index passes
/// it, that loan is looked at, and no other.
/// </summary>
public sealed class LimitHeap : Rewindable, IDisposable
{
    private readonly Slab<Loan> _loans;
    private readonly RowHeap<Places> _heap;

    /// <summary>An empty heap.</summary>
    [ColdPath]
    public LimitHeap(Slab<Loan> loans)
        : base(loans.Undo, always: false)
    {
        _loans = loans;
        _heap = new RowHeap<Places>(new Places(loans), loans.Capacity, loans.Undo);
    }

    /// <summary>Number of loans.</summary>
    public int Count => _heap.Count;

    /// <summary>The loan on top.</summary>
    public int Top => _heap.Top;

    /// <summary>Its limit.</summary>
    public long TopLimit => Count == 0 ? long.MaxValue : -_heap.TopKey;

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _heap.Bytes;

    /// <summary>Puts a loan where its limit belongs.</summary>
    public void Set(int loan, long limit)
    {
        _loans.Edit(loan).IndexLimit = limit;
        int place = _loans[loan].LimitPlace;
        if (place == 0)
        {
            _heap.Add(loan, -limit);
        }
        else
        {
            _heap.Update(place - 1, -limit);
        }
    }

    /// <summary>Takes a loan out, if it is in.</summary>
    public void Remove(int loan)
    {
        int place = _loans[loan].LimitPlace;
        if (place != 0)
        {
            _loans.Edit(loan).LimitPlace = 0;
            _heap.Remove(place - 1);
        }
    }

    /// <summary>Adds the entries in use.</summary>
    public void AddTo(ref Hash128 hash) => _heap.AddTo(ref hash);

    /// <inheritdoc/>
    public void Dispose() => _heap.Dispose();

    internal override void Keep() => _heap.Close();

    internal override void Rewind() => _heap.Open();

    private readonly struct Places(Slab<Loan> loans) : IPlaces
    {
        /// <inheritdoc/>
        public void Set(int row, int place) => loans.Edit(row).LimitPlace = place;
    }
}
