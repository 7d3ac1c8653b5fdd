using System;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>
/// The open positions of one market, longs and shorts apart, the one that is liquidated first on top. A mark that liquidates nothing reads
/// two keys, whatever the number of positions.
/// </summary>
public sealed class LiquidationIndex : IDisposable
{
    private readonly PositionHeap _longs;
    private readonly PositionHeap _shorts;

    /// <summary>An empty index for up to <paramref name="capacity"/> positions.</summary>
    [ColdPath]
    public LiquidationIndex(Slab<Position> positions, int capacity)
    {
        _longs = new PositionHeap(positions, capacity);
        _shorts = new PositionHeap(positions, capacity);
    }

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _longs.Bytes + _shorts.Bytes;

    /// <summary>Positions in the index.</summary>
    public int Count => _longs.Count + _shorts.Count;

    /// <summary>Puts a position where its key belongs, or takes it out (<see cref="long.MinValue"/>).</summary>
    public void Set(int index, ref Position position, long key) =>
        Set(index, ref position, key, key == long.MinValue ? (byte)0 : position.SizeLots > 0 ? (byte)1 : (byte)2);

    /// <summary>The same for a row whose side its size does not tell: 0 out, 1 with the longs, 2 with the shorts.</summary>
    public void Set(int index, ref Position position, long key, byte side)
    {
        if (position.IndexSide != side && position.IndexSide != 0)
        {
            HeapOf(position.IndexSide).Remove(position.IndexPlace - 1);
            position.IndexPlace = 0;
        }

        position.IndexSide = side;
        if (side == 0)
        {
            return;
        }

        PositionHeap heap = HeapOf(side);
        if (position.IndexPlace == 0)
        {
            heap.Add(index, key);
        }
        else
        {
            heap.Update(position.IndexPlace - 1, key);
        }
    }

    /// <summary>A position whose key is at or above the threshold of its side, longs first; 0 when there is none.</summary>
    public int Candidate(long longThreshold, long shortThreshold)
    {
        if (_longs.Count > 0 && _longs.TopKey >= longThreshold)
        {
            return _longs.Top;
        }

        return _shorts.Count > 0 && _shorts.TopKey >= shortThreshold ? _shorts.Top : 0;
    }

    /// <summary>Adds both heaps.</summary>
    public void AddTo(ref Hash128 hash)
    {
        _longs.AddTo(ref hash);
        _shorts.AddTo(ref hash);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _longs.Dispose();
        _shorts.Dispose();
    }

    private PositionHeap HeapOf(byte side) => side == 1 ? _longs : _shorts;
}
