using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Latency.Flow;

namespace LowLatencyMargin.Latency.Runs;

/// <summary>The most memory that the state of a large exchange can take: its slabs are sized by genesis and never grow.</summary>
internal static class MemoryBound
{
    public const int Orders = 1_000_000;
    public const int Accounts = 100_000;
    public const int Positions = 100_000;

    /// <summary>The bar.</summary>
    public const long LimitBytes = 2_000_000_000;

    public static long Bytes()
    {
        using var flow = new FlowBuilder(new Genesis
        {
            MaxAccounts = Accounts,
            MaxOrders = Orders,
            MaxPositions = Positions,
            MaxAssets = 1,
            MaxMarkets = 1,
            MaxWorkPerCommand = 512,
            RecentOrders = 1 << 13,
        });
        _ = Workloads.Begin(flow, 0, 0);
        return flow.State.Bytes;
    }
}
