namespace LowLatencyMargin.Core.Memory;

/// <summary>
/// An object of the state: its rows are <see cref="TrackedRows{T}"/>, all else (counts, heads, bounds) stands in a <see cref="Tracked{T}"/>, so that
/// a preview can put it back.
/// </summary>
public abstract class Rewindable
{
    private bool _isClosed;

    /// <summary>An object of the state of this log; null: it is no part of an exchange's state.</summary>
    /// <param name="undo">The log.</param>
    /// <param name="always">Every preview closes it. False: what owns it does, or <see cref="PerMarket{T}"/>.</param>
    [ColdPath]
    private protected Rewindable(UndoLog? undo, bool always = true)
    {
        Undo = undo;
        undo?.Expect(this, always);
    }

    /// <summary>The log that keeps what a preview changes.</summary>
    internal UndoLog? Undo { get; }

    /// <summary>Closes it, unless it is.</summary>
    internal void CloseOnce()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            Undo!.Note(this);
            Close();
        }
    }

    /// <summary>Takes back what changed since, and opens it.</summary>
    internal void RewindOnce()
    {
        _isClosed = false;
        Rewind();
    }

    /// <summary>Remembers what is not in rows, and closes the rows.</summary>
    internal abstract void Close();

    /// <summary>Stands again as it did when it was closed; the rows are put back by the log.</summary>
    internal abstract void Rewind();

    /// <summary>A preview has become too large: called on the whole state.</summary>
    internal virtual void EndWork()
    {
    }
}
