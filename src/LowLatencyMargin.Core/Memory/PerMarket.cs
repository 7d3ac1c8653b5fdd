using System.Runtime.CompilerServices;

namespace LowLatencyMargin.Core.Memory;

/// <summary>
/// One object a market. A preview closes those that it comes to: the check of the index is the switch here too, so that neither a live command nor a
/// preview pays for the number of markets.
/// </summary>
/// <typeparam name="T">The object.</typeparam>
public sealed class PerMarket<T> : Rewindable
    where T : Rewindable
{
    private readonly T[] _items;
    private readonly T[] _none = [];
    private T[] _open;

    /// <summary>Places for markets from 1 to <paramref name="markets"/>.</summary>
    [ColdPath]
    public PerMarket(int markets, UndoLog undo)
        : base(undo)
    {
        _items = new T[markets + 1];
        _open = _items;
    }

    /// <summary>The object of a market that is listed.</summary>
    public T this[int market]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            T[] open = _open;
            return unchecked((uint)market < (uint)open.Length) ? open[market] : CloseAt(market);
        }

        [ColdPath]
        set => _items[market] = value;
    }

    internal override void Keep() => _open = _none;

    internal override void Rewind() => _open = _items;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private T CloseAt(int market)
    {
        Invariant.Assert(unchecked((uint)market < (uint)_items.Length), "no such market");
        T item = _items[market];
        Unsafe.As<T, Rewindable>(ref item).CloseOnce();
        return item;
    }
}
