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
public sealed class PriceLadder : IDisposable
{
    /// <summary>Ticks of one page: the window moves by pages.</summary>
    public const int PageTicks = 64;

    /// <summary>The smallest window.</summary>
    public const int MinWindowTicks = 4096;

    private readonly NativeArray<Level> _levelOwner;
    private readonly NativeArray<ulong> _pageOwner;
    private readonly NativeArray<ulong> _groupOwner;
    private readonly Rows<Level> _levels;
    private readonly Rows<ulong> _pages;
    private readonly Rows<ulong> _groups;
    private readonly FarLevels _far;
    private readonly int _windowTicks;
    private readonly int _pageMask;
    private readonly int _groupMask;
    private readonly bool _highestIsBest;
    private long _lowTicks;
    private long _spanTicks;
    private long _bestTicks;
    private int _count;

    /// <summary>An empty side.</summary>
    /// <param name="highestIsBest">True for bids.</param>
    /// <param name="windowTicks">A power of two, <see cref="MinWindowTicks"/> or more.</param>
    /// <param name="farLevels">Where the far levels of all ladders live.</param>
    [ColdPath]
    public PriceLadder(bool highestIsBest, int windowTicks, FarLevelStore farLevels)
    {
        _highestIsBest = highestIsBest;
        _windowTicks = windowTicks;
        _levelOwner = new NativeArray<Level>(windowTicks);
        _pageOwner = new NativeArray<ulong>(windowTicks / PageTicks);
        _groupOwner = new NativeArray<ulong>(windowTicks / PageTicks / 64);
        _levels = _levelOwner.Rows;
        _pages = _pageOwner.Rows;
        _groups = _groupOwner.Rows;
        _pageMask = (windowTicks / PageTicks) - 1;
        _groupMask = (windowTicks / PageTicks / 64) - 1;
        _far = new FarLevels(farLevels);
    }

    /// <summary>The best price in ticks, 0 when the side is empty.</summary>
    public long BestTicks
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _bestTicks;
    }

    /// <summary>Number of prices with orders.</summary>
    public int Count => _count;

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _levelOwner.Bytes + _pageOwner.Bytes + _groupOwner.Bytes;

    /// <summary>The level at a price that has one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Level At(long ticks)
    {
        if (InWindow(ticks))
        {
            return ref _levels[Slot(ticks)];
        }

        return ref FarAt(ticks);
    }

    /// <summary>Whether a price has orders.</summary>
    public bool Has(long ticks) =>
        InWindow(ticks) ? (_pages[Page(ticks)] & Bit(ticks)) != 0 : _far.Find(ticks) != 0;

    /// <summary>The level at a price, made if it is not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Level GetOrAdd(long ticks)
    {
        if (_count != 0 && InWindow(ticks) && (_pages[Page(ticks)] & Bit(ticks)) != 0)
        {
            return ref _levels[Slot(ticks)];
        }

        return ref Add(ticks);
    }

    /// <summary>Takes out a level whose last order has gone.</summary>
    public void Remove(long ticks)
    {
        _count--;
        if (InWindow(ticks))
        {
            _levels[Slot(ticks)] = default;
            ClearBit(ticks);
        }
        else
        {
            _far.Remove(ticks);
        }

        if (ticks == _bestTicks)
        {
            _bestTicks = _count == 0 ? 0 : NextWorse(ticks);
            FollowBest();
        }
    }

    /// <summary>The next price behind <paramref name="ticks"/>, 0 when there is none.</summary>
    public long NextWorse(long ticks)
    {
        long near;
        int leaf;
        if (_highestIsBest)
        {
            near = WindowAtOrBelow(ticks - 1);
            leaf = _far.Count == 0 ? 0 : _far.AtOrBelow(ticks - 1);
            return leaf == 0 ? near : Math.Max(near, _far.TicksAt(leaf));
        }

        near = WindowAtOrAbove(ticks + 1);
        leaf = _far.Count == 0 ? 0 : _far.AtOrAbove(ticks + 1);
        return leaf == 0 ? near : near == 0 ? _far.TicksAt(leaf) : Math.Min(near, _far.TicksAt(leaf));
    }

    /// <summary>Adds prices and levels, wherever they stand, best first, and the window's place, which later moves depend on.</summary>
    public void AddTo(ref Hash128 hash)
    {
        hash.Add((ulong)_count);
        hash.Add(unchecked((ulong)_lowTicks));
        hash.Add((ulong)_spanTicks);
        for (long ticks = _bestTicks; ticks != 0; ticks = NextWorse(ticks))
        {
            ref Level level = ref At(ticks);
            hash.Add((ulong)ticks);
            hash.Add((ulong)level.Head << 32 | (uint)level.Tail);
            hash.Add((ulong)level.Lots);
        }

        _far.AddTo(ref hash);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _levelOwner.Dispose();
        _pageOwner.Dispose();
        _groupOwner.Dispose();
    }

    private static long PageOf(long ticks) => (ticks >> 6) << 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bit(long ticks) => 1UL << (int)(ticks & 63);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool InWindow(long ticks) => unchecked((ulong)(ticks - _lowTicks)) < (ulong)_spanTicks;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Slot(long ticks) => (int)(ticks & (_windowTicks - 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Page(long ticks) => (int)((ticks >> 6) & _pageMask);

    private void SetBit(long ticks)
    {
        int page = Page(ticks);
        _pages[page] |= Bit(ticks);
        _groups[page >> 6] |= 1UL << (page & 63);
    }

    private void ClearBit(long ticks)
    {
        int page = Page(ticks);
        if ((_pages[page] &= ~Bit(ticks)) == 0)
        {
            _groups[page >> 6] &= ~(1UL << (page & 63));
        }
    }

    private ref Level FarAt(long ticks)
    {
        int leaf = _far.Find(ticks);
        Invariant.Assert(leaf != 0, "no level at this price");
        return ref _far.At(leaf);
    }

    private ref Level Add(long ticks)
    {
        if (_count == 0)
        {
            _lowTicks = PageOf(ticks) - (_windowTicks / 2);
            _spanTicks = _windowTicks;
        }
        else if (_spanTicks < _windowTicks)
        {
            Grow();
        }

        if (!InWindow(ticks))
        {
            int leaf = _far.Find(ticks);
            if (leaf != 0)
            {
                return ref _far.At(leaf);
            }

            _far.Add(ticks);
        }
        else
        {
            SetBit(ticks);
        }

        _count++;
        if (_bestTicks == 0 || (_highestIsBest ? ticks > _bestTicks : ticks < _bestTicks))
        {
            _bestTicks = ticks;
            FollowBest();
        }

        return ref At(ticks);
    }

    /// <summary>Keeps the best price in the middle half of the window, a page at a time.</summary>
    private void FollowBest()
    {
        if (_bestTicks == 0)
        {
            return;
        }

        if (!InWindow(_bestTicks) && _count - _far.Count <= PageTicks)
        {
            LeapToBest();
            return;
        }

        long offset = _bestTicks - _lowTicks;
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
                EvictPage(_lowTicks + (((page * (long)PageTicks) - _lowTicks) & (_windowTicks - 1)));
            }
        }

        _lowTicks = PageOf(_bestTicks);
        _spanTicks = PageTicks;
        AdmitPage(_lowTicks);
    }

    private void Grow()
    {
        if (_bestTicks - _lowTicks < _windowTicks / 2)
        {
            _lowTicks -= PageTicks;
            _spanTicks += PageTicks;
            AdmitPage(_lowTicks);
        }
        else
        {
            long enters = _lowTicks + _spanTicks;
            _spanTicks += PageTicks;
            AdmitPage(enters);
        }
    }

    private void MoveUp()
    {
        if (_spanTicks == _windowTicks)
        {
            EvictPage(_lowTicks);
            _lowTicks += PageTicks;
            _spanTicks -= PageTicks;
        }

        long enters = _lowTicks + _spanTicks;
        _spanTicks += PageTicks;
        AdmitPage(enters);
    }

    private void MoveDown()
    {
        if (_spanTicks == _windowTicks)
        {
            EvictPage(_lowTicks + _spanTicks - PageTicks);
            _spanTicks -= PageTicks;
        }

        _lowTicks -= PageTicks;
        _spanTicks += PageTicks;
        AdmitPage(_lowTicks);
    }

    private void EvictPage(long pageTicks)
    {
        int page = Page(pageTicks);
        for (ulong bits = _pages[page]; bits != 0; bits &= bits - 1)
        {
            long ticks = pageTicks + BitOperations.TrailingZeroCount(bits);
            _far.At(_far.Add(ticks)) = _levels[Slot(ticks)];
            _levels[Slot(ticks)] = default;
        }

        _pages[page] = 0;
        _groups[page >> 6] &= ~(1UL << (page & 63));
    }

    private void AdmitPage(long pageTicks)
    {
        while (_far.Count > 0)
        {
            int leaf = _far.AtOrAbove(Math.Max(pageTicks, 0));
            if (leaf == 0 || _far.TicksAt(leaf) >= pageTicks + PageTicks)
            {
                return;
            }

            long ticks = _far.TicksAt(leaf);
            _levels[Slot(ticks)] = _far.At(leaf);
            SetBit(ticks);
            _far.Remove(ticks);
        }
    }

    private long WindowAtOrBelow(long ticks)
    {
        long top = Math.Min(ticks, _lowTicks + _spanTicks - 1);
        if (top < _lowTicks)
        {
            return 0;
        }

        long page = top >> 6;
        ulong bits = _pages[(int)(page & _pageMask)] & (ulong.MaxValue >> (63 - (int)(top & 63)));
        if (bits != 0)
        {
            return (page << 6) + BitOperations.Log2(bits);
        }

        long lowPage = _lowTicks >> 6;
        page--;
        while (page >= lowPage)
        {
            ulong group = _groups[(int)((page >> 6) & _groupMask)] & (ulong.MaxValue >> (63 - (int)(page & 63)));
            if (group != 0)
            {
                page = ((page >> 6) << 6) + BitOperations.Log2(group);
                return page < lowPage ? 0 : (page << 6) + BitOperations.Log2(_pages[(int)(page & _pageMask)]);
            }

            page = ((page >> 6) << 6) - 1;
        }

        return 0;
    }

    private long WindowAtOrAbove(long ticks)
    {
        long bottom = Math.Max(ticks, _lowTicks);
        long end = _lowTicks + _spanTicks;
        if (bottom >= end)
        {
            return 0;
        }

        long page = bottom >> 6;
        ulong bits = _pages[(int)(page & _pageMask)] & (ulong.MaxValue << (int)(bottom & 63));
        if (bits != 0)
        {
            return (page << 6) + BitOperations.TrailingZeroCount(bits);
        }

        long endPage = end >> 6;
        page++;
        while (page < endPage)
        {
            ulong group = _groups[(int)((page >> 6) & _groupMask)] & (ulong.MaxValue << (int)(page & 63));
            if (group != 0)
            {
                page = ((page >> 6) << 6) + BitOperations.TrailingZeroCount(group);
                return page >= endPage ? 0 : (page << 6) + BitOperations.TrailingZeroCount(_pages[(int)(page & _pageMask)]);
            }

            page = ((page >> 6) + 1) << 6;
        }

        return 0;
    }
}
