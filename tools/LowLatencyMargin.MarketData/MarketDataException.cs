namespace LowLatencyMargin.MarketData;

/// <summary>A file of market data has a row that can't be read: which, why, and what was expected.</summary>
public sealed class MarketDataException(string file, long line, string reason, string expected)
    : Exception($"{file}:{line}: {reason}; expected {expected}")
{
    /// <summary>The file.</summary>
    public string File { get; } = file;

    /// <summary>The line, from 1.</summary>
    public long Line { get; } = line;

    /// <summary>What was found.</summary>
    public string Reason { get; } = reason;

    /// <summary>What should have been there.</summary>
    public string Expected { get; } = expected;
}
