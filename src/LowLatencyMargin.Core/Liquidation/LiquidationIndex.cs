using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>
/// The open positions of one market, longs and shorts apart, the one that is liquidated first on top; in a market with tiers a pair of heaps for
/// each. A mark that liquidates nothing reads two keys a tier, whatever the number of positions.
/// </summary>
public sealed class LiquidationIndex : Rewindable, IDisposable
{
    private readonly Slab<Position> _positions;
    private readonly int _capacity;
    private readonly RowHeap<PositionPlaces>?[] _heaps = new RowHeap<PositionPlaces>?[2 * MarginTiers.Most];
    private Tracked<int> _tiers;

    /// <summary>An empty index for up to <paramref name="capacity"/> positions.</summary>
    [ColdPath]
    public LiquidationIndex(Slab<Position> positions, int capacity)
        : base(positions.Undo, always: false)
    {
        _positions = positions;
        _capacity = capacity;
        Reserve(1);
    }

    /// <summary>Address space in bytes.</summary>
    public long Bytes
    {
        get
        {
            long bytes = 0;
            for (int i = 0; i < 2 * Tiers; i++)
            {
                bytes += HeapAt(i).Bytes;
            }

            return bytes;
        }
    }

    /// <summary>Positions in the index.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            for (int i = 0; i < 2 * Tiers; i++)
            {
                count += HeapAt(i).Count;
            }

            return count;
        }
    }

    /// <summary>Tiers that there are heaps for.</summary>
    public int Tiers => _tiers.Now;

    /// <summary>Makes heaps for so many tiers; an operator's commands do.</summary>
    [ColdPath]
    public void Reserve(int tiers)
    {
        for (; Tiers < tiers; _tiers.Now++)
        {
            _heaps[2 * Tiers] = new RowHeap<PositionPlaces>(new PositionPlaces(_positions), _capacity, _positions.Undo);
            _heaps[(2 * Tiers) + 1] = new RowHeap<PositionPlaces>(new PositionPlaces(_positions), _capacity, _positions.Undo);
        }
    }

    /// <summary>Puts a position where its key belongs, or takes it out (<see cref="IndexKey.None"/>).</summary>
    public void Set(int index, ref Position position, in IndexKey key) => Set(
        index, ref position, key.Value, (byte)(key.Value == IndexKey.None ? 0 : 1 + (2 * key.Tier) + (position.SizeLots > 0 ? 0 : 1)));

    /// <summary>The same for a row whose side its size does not tell: 0 out, 1 with the longs, 2 with the shorts.</summary>
    public void Set(int index, ref Position position, long key, byte side)
    {
        if (position.IndexSide != side && position.IndexSide != 0)
        {
            HeapAt(position.IndexSide - 1).Remove(position.IndexPlace - 1);
            position.IndexPlace = 0;
        }

        position.IndexSide = side;
        if (side == 0)
        {
            return;
        }

        RowHeap<PositionPlaces> heap = HeapAt(side - 1);
        if (position.IndexPlace == 0)
        {
            heap.Add(index, key);
        }
        else
        {
            heap.Update(position.IndexPlace - 1, key);
        }
    }

    /// <summary>The position on top of a tier and side if its key is at or above the threshold, else 0.</summary>
    public int Candidate(int tier, bool isLong, long threshold)
    {
        RowHeap<PositionPlaces> heap = HeapAt((2 * tier) + (isLong ? 0 : 1));
        return heap.Count > 0 && heap.TopKey >= threshold ? heap.Top : 0;
    }

    /// <summary>A position whose liquidation is under way, and that has not to wait; 0: there is none.</summary>
    public int UnderWay
    {
        get
        {
            int top = Candidate(0, isLong: true, IndexKey.First.Value);
            return top != 0 ? top : Candidate(0, isLong: false, IndexKey.First.Value);
        }
    }

    /// <summary>Adds all heaps.</summary>
    public void AddTo(ref Hash128 hash)
    {
        for (int i = 0; i < 2 * Tiers; i++)
        {
            HeapAt(i).AddTo(ref hash);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int i = 0; i < 2 * Tiers; i++)
        {
            HeapAt(i).Dispose();
        }
    }

    internal override void Keep()
    {
        _tiers.Keep();
        for (int i = 0; i < 2 * Tiers; i++)
        {
            HeapAt(i).Close();
        }
    }

    internal override void Rewind()
    {
        _tiers.Rewind();
        for (int i = 0; i < 2 * Tiers; i++)
        {
            HeapAt(i).Open();
        }
    }

    private RowHeap<PositionPlaces> HeapAt(int i) => _heaps[i]!;
}
