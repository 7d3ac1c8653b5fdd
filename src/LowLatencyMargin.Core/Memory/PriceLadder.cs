using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Memory;

/// <summary>What stands at one price: a queue of orders by row index and the sum of what they leave.</summary>
public struct Level
{
    /// <summary>The order that came first; 0 when the level is empty.</summary>
    public int Head;

    /// <summary>The order that came last.</summary>
    public int Tail;

    /// <summary>Sum of the orders' leaves, in lots.</summary>
    public long Lots;
}

/// <summary>
/// One side of a book by price. Prices near the best stand in a window of levels addressed by tick, with a bitmap over it, so that adding,
/// finding and the next best cost the same however many levels there are; all others stand in <see cref="FarLevels"/>. The window follows
/// the best price by at most one page a change, and leaps when it holds a page of levels at most, so that no order can make the ladder do more
/// than a page of work.
/// </summary>
public sealed class PriceLadder : Rewindable, IDisposable
{
    /// <summary>Ticks of one page: the window moves by pages.</summary>
    public const int PageTicks = 64;

    /// <summary>The smallest window.</summary>
    public const int MinWindowTicks = 4096;

    private TrackedRows<Level> _levels;
    private TrackedRows<ulong> _pages;
    private TrackedRows<ulong> _groups;
    private readonly FarLevels _far;
    private readonly int _windowTicks;
    private readonly int _windowMask;
    private readonly int _pageMask;
    private readonly int _groupMask;

    // bids: key = ticks; asks: key = 2^40 - ticks. The higher key is the better price on both sides, so nothing below branches on the side.
    private readonly long _keyFlip;
    private readonly long _keyOffset;
    private Tracked<Place> _head;

    /// <summary>An empty side.</summary>
    /// <param name="highestIsBest">True for bids.</param>
    /// <param name="windowTicks">A power of two, <see cref="MinWindowTicks"/> or more.</param>
    /// <param name="farLevels">Where the far levels of all ladders live.</param>
    [ColdPath]
    public PriceLadder(bool highestIsBest, int windowTicks, FarLevelStore farLevels)
        : base(farLevels.Undo, always: false)
    {
        _keyFlip = highestIsBest ? 0 : -1;
        _keyOffset = highestIsBest ? 0 : Exact.MaxPriceTicks + 2;
        _windowTicks = windowTicks;
        _levels = new TrackedRows<Level>(windowTicks, farLevels.Undo);
        _pages = new TrackedRows<ulong>(windowTicks / PageTicks, farLevels.Undo);
        _groups = new TrackedRows<ulong>(windowTicks / PageTicks / 64, farLevels.Undo);
        _windowMask = windowTicks - 1;
        _pageMask = (windowTicks / PageTicks) - 1;
        _groupMask = (windowTicks / PageTicks / 64) - 1;
        _far = new FarLevels(farLevels);
    }

    /// <summary>The best price in ticks, 0 when the side is empty.</summary>
    public long BestTicks
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Best == 0 ? 0 : Ticks(Best);
    }

    /// <summary>Whether an order of the other side at this price would trade with the best of this one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsCrossedBy(long ticks) => Best >= Key(ticks);

    /// <summary>Number of prices with orders.</summary>
    public int Count => _head.Now.Count;

    private long Low => _head.Now.Low;

    private long Span => _head.Now.Span;

    private long Best => _head.Now.Best;

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _levels.Bytes + _pages.Bytes + _groups.Bytes;

    /// <summary>The level at a price that has one, to read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly Level At(long ticks)
    {
        long key = Key(ticks);
        if (InWindow(key))
        {
            return ref _levels[Slot(key)];
        }

        return ref _far.At(FarLeaf(key));
    }

    /// <summary>The level at a price that has one, to change.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Level Edit(long ticks)
    {
        long key = Key(ticks);
        if (InWindow(key))
        {
            return ref _levels.Edit(Slot(key));
        }

        return ref _far.Edit(FarLeaf(key));
    }

    /// <summary>Asks for the cache line of a price's level, if it would stand in the window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(long ticks) => _levels.Prefetch(Slot(Key(ticks)));

    /// <summary>The order at the end of the queue of a price; 0 when there is none in the window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int NearTail(long ticks)
    {
        long key = Key(ticks);
        return InWindow(key) ? _levels[Slot(key)].Tail : 0;
    }

    /// <summary>Whether a price has orders.</summary>
    public bool Has(long ticks)
    {
        long key = Key(ticks);
        return InWindow(key) ? (_pages[Page(key)] & Bit(key)) != 0 : _far.Find(key) != 0;
    }

    /// <summary>The level at a price, made if it is not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Level GetOrAdd(long ticks)
    {
        long key = Key(ticks);
        if (InWindow(key))
        {
            // lots without a look at the bitmap: no other row of the window can stand here
            ref Level level = ref _levels.Edit(Slot(key));
            if (level.Lots != 0)
            {
                return ref level;
            }
        }

        return ref Add(key);
    }

    /// <summary>Takes out a level whose last order has gone.</summary>
    public void Remove(long ticks)
    {
        long key = Key(ticks);
        _head.Now.Count--;
        if (InWindow(key))
        {
            _levels.Edit(Slot(key)) = default;
            ClearBit(key);
        }
        else
        {
            _far.Remove(key);
        }

        if (key == Best)
        {
            _head.Now.Best = Count == 0 ? 0 : Below(key);
            FollowBest();
        }
    }

    /// <summary>The next price behind <paramref name="ticks"/>, 0 when there is none.</summary>
    public long NextWorse(long ticks)
    {
        long below = Below(Key(ticks));
        return below == 0 ? 0 : Ticks(below);
    }

    /// <summary>Adds prices and levels, wherever they stand, best first, and the window's place, which later moves depend on.</summary>
    public void AddTo(ref Hash128 hash)
    {
        hash.Add((ulong)Count);
        hash.Add(unchecked((ulong)Low));
        hash.Add((ulong)Span);
        for (long key = Best; key != 0; key = Below(key))
        {
            ref readonly Level level = ref At(Ticks(key));
            hash.Add((ulong)key);
            hash.Add((ulong)level.Head << 32 | (uint)level.Tail);
            hash.Add((ulong)level.Lots);
        }

        _far.AddTo(ref hash);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _levels.Dispose();
        _pages.Dispose();
        _groups.Dispose();
    }

    internal override void Keep()
    {
        _head.Keep();
        _levels.Close();
        _pages.Close();
        _groups.Close();
        _far.Close();
    }

    internal override void Rewind()
    {
        _head.Rewind();
        _levels.Open();
        _pages.Open();
        _groups.Open();
        _far.Open();
    }

    private static long PageOf(long key) => (key >> 6) << 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bit(long key) => 1UL << unchecked((int)key);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Key(long ticks) => unchecked((ticks ^ _keyFlip) + _keyOffset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Ticks(long key) => unchecked(key - _keyOffset) ^ _keyFlip;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool InWindow(long key) => unchecked((ulong)(key - Low) < (ulong)Span);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Slot(long key) => unchecked((int)key & _windowMask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Page(long key) => unchecked((int)(key >> 6) & _pageMask);

    private void SetBit(long key)
    {
        int page = Page(key);
        _pages.Edit(page) |= Bit(key);
        _groups.Edit(page >> 6) |= 1UL << (page & 63);
    }

    private void ClearBit(long key)
    {
        int page = Page(key);
        if ((_pages.Edit(page) &= ~Bit(key)) == 0)
        {
            _groups.Edit(page >> 6) &= ~(1UL << (page & 63));
        }
    }

    private int FarLeaf(long key)
    {
        int leaf = _far.Find(key);
        Invariant.Assert(leaf != 0, "no level at this price");
        return leaf;
    }

    private ref Level Add(long key)
    {
        if (Count == 0 || Span < _windowTicks || !InWindow(key))
        {
            return ref AddAtEdge(key);
        }

        if ((_pages[Page(key)] & Bit(key)) == 0)
        {
            SetBit(key);
            _head.Now.Count++;
            if (key > Best)
            {
                _head.Now.Best = key;
                FollowBest();
                return ref Edit(Ticks(key));
            }
        }

        return ref _levels.Edit(Slot(key));
    }

    /// <summary>The first level, one outside the window, or one that comes while the window grows.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ref Level AddAtEdge(long key)
    {
        if (Count == 0)
        {
            _head.Now.Low = PageOf(key) - (_windowTicks / 2);
            _head.Now.Span = _windowTicks;
        }
        else if (Span < _windowTicks)
        {
            Grow();
        }

        if (!InWindow(key))
        {
            int leaf = _far.GetOrAdd(key, out bool isNew);
            _head.Now.Count += isNew ? 1 : 0;
            if (!isNew || key <= Best)
            {
                return ref _far.Edit(leaf);
            }

            _head.Now.Best = key;
            FollowBest();
            return ref Edit(Ticks(key));
        }

        if (Has(Ticks(key)))
        {
            // growing brought it into the window
            return ref _levels.Edit(Slot(key));
        }

        SetBit(key);
        _head.Now.Count++;
        if (key > Best)
        {
            _head.Now.Best = key;
            FollowBest();
        }

        return ref Edit(Ticks(key));
    }

    /// <summary>Keeps the best price in the middle half of the window, a page at a time.</summary>
    private void FollowBest()
    {
        if (Best == 0)
        {
            return;
        }

        if (!InWindow(Best) && Count - _far.Count <= PageTicks)
        {
            LeapToBest();
            return;
        }

        long offset = Best - Low;
        if (offset >= _windowTicks - (_windowTicks / 4))
        {
            MoveUp();
        }
        else if (offset < _windowTicks / 4)
        {
            MoveDown();
        }
    }

    /// <summary>A window that lost its market starts again at the best price, one page wide; it grows by a page with each new level.</summary>
    private void LeapToBest()
    {
        for (int group = 0; group < _groups.Length; group++)
        {
            for (ulong pages = _groups[group]; pages != 0; pages &= pages - 1)
            {
                int page = (group * 64) + BitOperations.TrailingZeroCount(pages);
                EvictPage(Low + (((page * (long)PageTicks) - Low) & (_windowTicks - 1)));
            }
        }

        _head.Now.Low = PageOf(Best);
        _head.Now.Span = PageTicks;
        AdmitPage(Low);
    }

    private void Grow()
    {
        if (Best - Low < _windowTicks / 2)
        {
            _head.Now.Low -= PageTicks;
            _head.Now.Span += PageTicks;
            AdmitPage(Low);
        }
        else
        {
            long enters = Low + Span;
            _head.Now.Span += PageTicks;
            AdmitPage(enters);
        }
    }

    private void MoveUp()
    {
        if (Span == _windowTicks)
        {
            EvictPage(Low);
            _head.Now.Low += PageTicks;
            _head.Now.Span -= PageTicks;
        }

        long enters = Low + Span;
        _head.Now.Span += PageTicks;
        AdmitPage(enters);
    }

    private void MoveDown()
    {
        if (Span == _windowTicks)
        {
            EvictPage(Low + Span - PageTicks);
            _head.Now.Span -= PageTicks;
        }

        _head.Now.Low -= PageTicks;
        _head.Now.Span += PageTicks;
        AdmitPage(Low);
    }

    private void EvictPage(long pageKey)
    {
        int page = Page(pageKey);
        for (ulong bits = _pages[page]; bits != 0; bits &= bits - 1)
        {
            long key = pageKey + BitOperations.TrailingZeroCount(bits);
            _far.Edit(_far.Add(key)) = _levels[Slot(key)];
            _levels.Edit(Slot(key)) = default;
        }

        _pages.Edit(page) = 0;
        _groups.Edit(page >> 6) &= ~(1UL << (page & 63));
    }

    private void AdmitPage(long pageKey)
    {
        while (_far.Count > 0)
        {
            int leaf = _far.AtOrBelow(pageKey + PageTicks - 1);
            if (leaf == 0 || _far.KeyAt(leaf) < pageKey)
            {
                return;
            }

            long key = _far.KeyAt(leaf);
            _levels.Edit(Slot(key)) = _far.At(leaf);
            SetBit(key);
            _far.Remove(key);
        }
    }

    /// <summary>The highest key with orders below a key, 0 when there is none.</summary>
    private long Below(long key)
    {
        long near = WindowAtOrBelow(key - 1);
        if (_far.Count == 0)
        {
            return near;
        }

        int leaf = _far.AtOrBelow(key - 1);
        return leaf == 0 ? near : Math.Max(near, _far.KeyAt(leaf));
    }

    private long WindowAtOrBelow(long key)
    {
        long top = Math.Min(key, Low + Span - 1);
        if (top < Low)
        {
            return 0;
        }

        long page = top >> 6;
        ulong bits = _pages[(int)(page & _pageMask)] & (ulong.MaxValue >> (63 - (int)(top & 63)));
        if (bits != 0)
        {
            return (page << 6) + BitOperations.Log2(bits);
        }

        long lowPage = Low >> 6;
        page--;
        while (page >= lowPage)
        {
            ulong group = _groups[(int)((page >> 6) & _groupMask)] & (ulong.MaxValue >> (63 - (int)(page & 63)));
            if (group != 0)
            {
                // a window that begins inside a group shares that group's word with its own other end
                page = ((page >> 6) << 6) + BitOperations.Log2(group);
                return page < lowPage ? 0 : (page << 6) + BitOperations.Log2(_pages[(int)(page & _pageMask)]);
            }

            page = ((page >> 6) << 6) - 1;
        }

        return 0;
    }

    /// <summary>Where the window stands, and what is in the ladder.</summary>
    private struct Place
    {
        public long Low;
        public long Span;
        public long Best;
        public int Count;
    }
}
