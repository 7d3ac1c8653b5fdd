namespace LowLatencyMargin.Book.Tests.Lockstep;

/// <summary>Exchange and reference book differ.</summary>
internal sealed class DivergenceException(string message) : Exception(message);
