namespace LowLatencyMargin.Core.MarketData;

/// <summary>Where increments go. Implemented by structs, so that the call is compiled into the feed.</summary>
public interface IMarketDataSink
{
    /// <summary>Takes one increment; the reference is good during the call only.</summary>
    void OnIncrement(ref readonly Increment increment);
}
