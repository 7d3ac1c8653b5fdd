using System;
using System.Numerics;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Memory;

/// <summary>The rows behind the far levels of every ladder: one leaf and one fork a level, so no price costs more than 48 bytes.</summary>
public sealed class FarLevelStore : IDisposable
{
    /// <summary>Room for <paramref name="capacity"/> far levels over all ladders.</summary>
    /// <param name="capacity">The most levels.</param>
    /// <param name="undo">The log of the state that the ladders are part of; null: they are part of none.</param>
    [ColdPath]
    public FarLevelStore(int capacity, UndoLog? undo = null)
    {
        Undo = undo;
        Leaves = new Slab<FarLeaf>(capacity, undo);
        Forks = new Slab<FarFork>(capacity, undo);
    }

    /// <summary>Address space in bytes.</summary>
    public long Bytes => Leaves.Bytes + Forks.Bytes;

    internal UndoLog? Undo { get; }

    internal Slab<FarLeaf> Leaves { get; }

    internal Slab<FarFork> Forks { get; }

    /// <summary>Adds every row.</summary>
    public void AddTo(ref Hash128 hash)
    {
        Leaves.AddTo(ref hash);
        Forks.AddTo(ref hash);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Leaves.Dispose();
        Forks.Dispose();
    }
}

internal struct FarLeaf
{
    public long Key;
    public Level Level;
}

/// <summary>Keys below differ first in <see cref="Bit"/>: zero goes left. A child above 0 is a leaf, below 0 a fork.</summary>
internal struct FarFork
{
    public int Left;
    public int Right;
    public int Bit;
}

/// <summary>
/// The levels of one ladder that lie outside its window, in a crit-bit tree: at most 40 steps for any set of prices, no rebalancing, and a
/// shape that depends on the prices alone, not on the order in which they came.
/// </summary>
[method: ColdPath]
internal sealed class FarLevels(FarLevelStore store) : Rewindable(store.Undo, always: false)
{
    private readonly Slab<FarLeaf> _leaves = store.Leaves;
    private readonly Slab<FarFork> _forks = store.Forks;
    private Tracked<Top> _head;

    /// <summary>Number of far levels.</summary>
    public int Count => _head.Now.Count;

    private int Root => _head.Now.Root;

    /// <summary>The leaf of a key, 0 when it is not there.</summary>
    public int Find(long key)
    {
        if (Root == 0)
        {
            return 0;
        }

        int leaf = Nearest(key);
        return _leaves[leaf].Key == key ? leaf : 0;
    }

    /// <summary>The level of a leaf, to read.</summary>
    public ref readonly Level At(int leaf) => ref _leaves[leaf].Level;

    /// <summary>The level of a leaf, to change.</summary>
    public ref Level Edit(int leaf) => ref _leaves.Edit(leaf).Level;

    /// <summary>The key of a leaf.</summary>
    public long KeyAt(int leaf) => _leaves[leaf].Key;

    /// <summary>Adds a key that is not there; returns its leaf.</summary>
    public int Add(long key)
    {
        int leaf = GetOrAdd(key, out bool isNew);
        Invariant.Assert(isNew, "far level is there already");
        return leaf;
    }

    /// <summary>The leaf of a key, made if it is not there.</summary>
    public int GetOrAdd(long key, out bool isNew)
    {
        int nearest = Root == 0 ? 0 : Nearest(key);
        isNew = nearest == 0 || _leaves[nearest].Key != key;
        if (!isNew)
        {
            return nearest;
        }

        int leaf = _leaves.Allocate();
        Invariant.Assert(leaf != 0, "far levels are as many as orders: they can't run out");
        _leaves.Edit(leaf).Key = key;
        _head.Now.Count++;
        if (nearest == 0)
        {
            _head.Now.Root = leaf;
            return leaf;
        }

        long other = _leaves[nearest].Key;
        int bit = HighestBit(key ^ other);
        int parent = 0;
        bool right = false;
        int node = Root;
        while (node < 0 && _forks[-node].Bit > bit)
        {
            parent = -node;
            right = IsSet(key, _forks[parent].Bit);
            node = right ? _forks[parent].Right : _forks[parent].Left;
        }

        int fork = _forks.Allocate();
        _forks.Edit(fork) = IsSet(key, bit)
            ? new FarFork { Bit = bit, Left = node, Right = leaf }
            : new FarFork { Bit = bit, Left = leaf, Right = node };
        Link(parent, right, -fork);
        return leaf;
    }

    /// <summary>Takes a key out.</summary>
    public void Remove(long key)
    {
        int grandparent = 0;
        bool parentIsRight = false;
        int parent = 0;
        bool right = false;
        int node = Root;
        while (node < 0)
        {
            grandparent = parent;
            parentIsRight = right;
            parent = -node;
            right = IsSet(key, _forks[parent].Bit);
            node = right ? _forks[parent].Right : _forks[parent].Left;
        }

        Invariant.Assert(node > 0 && _leaves[node].Key == key, "far level to remove is not there");
        _leaves.Free(node);
        _head.Now.Count--;
        if (parent == 0)
        {
            _head.Now.Root = 0;
            return;
        }

        int sibling = right ? _forks[parent].Left : _forks[parent].Right;
        Link(grandparent, parentIsRight, sibling);
        _forks.Free(parent);
    }

    /// <summary>The leaf of the highest key at or below <paramref name="key"/>, 0 when there is none.</summary>
    public int AtOrBelow(long key)
    {
        if (Root == 0)
        {
            return 0;
        }

        long nearest = _leaves[Nearest(key)].Key;
        int bit = nearest == key ? -1 : HighestBit(key ^ nearest);
        int lower = 0;
        int node = Root;
        while (node < 0 && _forks[-node].Bit > bit)
        {
            ref readonly FarFork fork = ref _forks[-node];
            if (IsSet(key, fork.Bit))
            {
                lower = fork.Left;
                node = fork.Right;
            }
            else
            {
                node = fork.Left;
            }
        }

        return nearest <= key ? Last(node) : Last(lower);
    }

    /// <summary>Adds the root; the rows are hashed by their store.</summary>
    public void AddTo(ref Hash128 hash)
    {
        hash.Add(unchecked((ulong)Root));
        hash.Add((ulong)Count);
    }

    internal override void Keep() => _head.Keep();

    internal override void Rewind() => _head.Rewind();

    private static bool IsSet(long key, int bit) => ((key >> bit) & 1) != 0;

    private static int HighestBit(long difference) => BitOperations.Log2((ulong)difference);

    private int Nearest(long key)
    {
        int node = Root;
        while (node < 0)
        {
            ref readonly FarFork fork = ref _forks[-node];
            node = IsSet(key, fork.Bit) ? fork.Right : fork.Left;
        }

        return node;
    }

    private int Last(int node)
    {
        while (node < 0)
        {
            node = _forks[-node].Right;
        }

        return node;
    }

    private void Link(int parent, bool right, int child)
    {
        if (parent == 0)
        {
            _head.Now.Root = child;
        }
        else if (right)
        {
            _forks.Edit(parent).Right = child;
        }
        else
        {
            _forks.Edit(parent).Left = child;
        }
    }

    private struct Top
    {
        public int Root;
        public int Count;
    }
}
