namespace LowLatencyMargin.Latency.CommandLine;

/// <summary>What was asked for can't be measured: an argument or a file, and what was expected.</summary>
internal sealed class UsageException(string message) : Exception(message);
