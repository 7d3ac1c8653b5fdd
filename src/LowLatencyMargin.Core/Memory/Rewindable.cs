using System.Runtime.CompilerServices;

namespace LowLatencyMargin.Core.Memory;

/// <summary>
/// An object of the state that has more than rows: counts, heads, bounds. They stand in one <see cref="Tracked{T}"/>, so that a preview can
/// put them back.
/// </summary>
public abstract class Rewindable
{
    private readonly UndoLog _undo;
    private bool _isKept;

    /// <summary>An object whose rows and head are kept by this log; null: it is no part of an exchange's state.</summary>
    [ColdPath]
    private protected Rewindable(UndoLog? undo, bool always = false)
    {
        _undo = undo ?? UndoLog.Off;
        if (always)
        {
            _undo.Add(this);
        }
        else
        {
            _undo.Expect();
        }
    }

    internal UndoLog Undo => _undo;

    /// <summary>A preview begins: called where every preview keeps the object.</summary>
    internal virtual void Begin()
    {
    }

    /// <summary>A preview has become too large: called on the whole state.</summary>
    internal virtual void EndWork()
    {
    }

    /// <summary>Remembers how it stands.</summary>
    internal abstract void KeepHead();

    /// <summary>Stands again as it did when it was kept.</summary>
    internal abstract void RewindHead();

    internal void Rewind()
    {
        _isKept = false;
        RewindHead();
    }

    /// <summary>To be called before the head changes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void BeforeChange()
    {
        if (_undo.IsOn)
        {
            Keep();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Keep()
    {
        if (!_isKept)
        {
            _isKept = true;
            KeepHead();
            _undo.Keep(this);
        }
    }
}
