namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Exchange and model differ.</summary>
internal sealed class DivergenceException(string message) : Exception(message)
{
    /// <summary>The account to show, 0 for none.</summary>
    public long AccountId { get; init; }
}
