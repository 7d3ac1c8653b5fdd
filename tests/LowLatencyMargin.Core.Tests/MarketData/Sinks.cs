using LowLatencyMargin.Core.MarketData;

namespace LowLatencyMargin.Core.Tests.MarketData;

/// <summary>Keeps all increments.</summary>
internal readonly struct KeepingSink(List<Increment> kept) : IMarketDataSink
{
    public void OnIncrement(ref readonly Increment increment) => kept.Add(increment);
}

/// <summary>Counts increments and allocates nothing.</summary>
internal struct CountingSink : IMarketDataSink
{
    public long Count;

    public void OnIncrement(ref readonly Increment increment) => Count++;
}
