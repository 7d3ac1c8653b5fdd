using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.MarketData;

namespace LowLatencyMargin.Pipeline.MarketData;

/// <summary>
/// Market data on the publishing thread: events go through a feed into a sink. The feed must see the stream from the first command on, or from one
/// before the first market was listed: after a restart it sees the replay, of which the sink gets nothing.
/// </summary>
/// <typeparam name="TSink">Where increments go.</typeparam>
/// <param name="feed">The feed; snapshots of it are taken on the publishing thread too.</param>
/// <param name="sink">The sink.</param>
public sealed class MarketDataConsumer<TSink>(BookFeed feed, TSink sink) : IRebuiltConsumer
    where TSink : struct, IMarketDataSink
{
    private TSink _sink = sink;

    /// <inheritdoc/>
    public void OnEvents(ReadOnlySpan<EventSlot> events) => feed.OnEvents(events, ref _sink);

    /// <inheritdoc/>
    public void OnReplayed(ReadOnlySpan<EventSlot> events)
    {
        var nobody = default(Nobody);
        feed.OnEvents(events, ref nobody);
    }

    private readonly struct Nobody : IMarketDataSink
    {
        public void OnIncrement(ref readonly Increment increment)
        {
        }
    }
}
