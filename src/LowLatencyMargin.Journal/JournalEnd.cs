namespace LowLatencyMargin.Journal;

/// <summary>How a journal ends.</summary>
public enum JournalEndKind
{
    /// <summary>After a whole record, nothing follows.</summary>
    Clean,

    /// <summary>In bytes that never were acknowledged as far as the journal can tell: a write that a crash cut.</summary>
    TornTail,

    /// <summary>In damage to bytes that were durable.</summary>
    Corrupt,
}

/// <summary>Where and why reading a journal ended.</summary>
/// <param name="Kind">Clean, torn or corrupt.</param>
/// <param name="File">The segment in which reading ended; empty for an empty journal.</param>
/// <param name="OffsetBytes">Offset of the first byte that was not read as a record.</param>
/// <param name="Sequence">The last command read.</param>
/// <param name="TornBytes">Bytes after that offset that are not zero or belong to later segments.</param>
/// <param name="Reason">What was found and what was expected.</param>
public sealed record JournalEnd(JournalEndKind Kind, string File, long OffsetBytes, long Sequence, long TornBytes, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        JournalEndKind.Clean => $"clean end at sequence {Sequence}",
        JournalEndKind.TornTail => $"torn tail in '{File}' at byte {OffsetBytes} after sequence {Sequence}, {TornBytes} bytes: {Reason}",
        _ => $"corrupt journal: '{File}' at byte {OffsetBytes}, after sequence {Sequence}: {Reason}",
    };
}
