namespace LowLatencyMargin.Journal;

/// <summary>The journal can't go on; the message says what, where, and what was expected.</summary>
public class JournalException : Exception
{
    /// <summary>Creates the exception.</summary>
    public JournalException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public JournalException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Creates an exception without a message of its own.</summary>
    public JournalException()
    {
    }
}
