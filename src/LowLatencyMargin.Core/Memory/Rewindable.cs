namespace LowLatencyMargin.Core.Memory;

/// <summary>
/// An object of the state: its rows are <see cref="TrackedRows{T}"/>, all else (counts, heads, bounds) stands in a <see cref="Tracked{T}"/>, so that
/// a preview can put it back.
/// </summary>
public abstract class Rewindable
{
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

    /// <summary>Whether a preview has closed it.</summary>
    internal bool IsClosed { get; private set; }

    /// <summary>Closes it, unless it is; the log will open it.</summary>
    internal void CloseOnce()
    {
        if (!IsClosed)
        {
            Undo!.Note(this);
            Close();
        }
    }

    /// <summary>What changes from now on will be taken back: by the log, or by an owner that closes and opens its parts.</summary>
    internal void Close()
    {
        IsClosed = true;
        Keep();
    }

    /// <summary>Stands again as it did when it was closed; the rows are put back by the log.</summary>
    internal void Open()
    {
        IsClosed = false;
        Rewind();
    }

    /// <summary>Remembers what is not in rows, closes rows and parts.</summary>
    internal abstract void Keep();

    /// <summary>Puts back what is not in rows, opens rows and parts.</summary>
    internal abstract void Rewind();

    /// <summary>A preview has become too large: called on the whole state.</summary>
    internal virtual void EndWork()
    {
    }
}
