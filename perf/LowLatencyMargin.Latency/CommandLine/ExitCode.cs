namespace LowLatencyMargin.Latency.CommandLine;

/// <summary>What a run says to the shell.</summary>
internal static class ExitCode
{
    /// <summary>All measured.</summary>
    internal const int Done = 0;

    /// <summary>An argument or a file was not understood.</summary>
    internal const int NotUnderstood = 2;

    /// <summary>The replay ended in another state than the live exchange.</summary>
    internal const int ReplayDiffers = 3;

    /// <summary>The engine, the journal or the pipeline failed.</summary>
    internal const int Failed = 70;
}
