namespace LowLatencyMargin.Cli.CommandLine;

/// <summary>What a run says to the shell.</summary>
internal static class ExitCode
{
    /// <summary>All well.</summary>
    internal const int Held = 0;

    /// <summary>An expectation failed, a journal is damaged, hashes differ.</summary>
    internal const int Failed = 1;

    /// <summary>The input was not understood.</summary>
    internal const int NotUnderstood = 2;

    /// <summary>The engine itself stopped: a bug.</summary>
    internal const int Broken = 3;
}
