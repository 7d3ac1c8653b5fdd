namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>Rules that a test can break on purpose, to see that the break is found.</summary>
[Flags]
internal enum Rules
{
    /// <summary>As documented.</summary>
    Documented = 0,

    /// <summary>An increase keeps its place in the queue.</summary>
    IncreaseKeepsPriority = 1,

    /// <summary>An iceberg's next part keeps its place.</summary>
    RefillKeepsPriority = 2,

    /// <summary>A linked order stays when its partner trades.</summary>
    LinksDoNothing = 4,
}
