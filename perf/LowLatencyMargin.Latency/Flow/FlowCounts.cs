using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Latency.Flow;

/// <summary>What a flow is made of, and what the exchange answered while it was built.</summary>
internal sealed class FlowCounts
{
    public long Commands { get; private set; }

    /// <summary>Orders that may rest.</summary>
    public long GoodTillCancel { get; private set; }

    /// <summary>Orders that trade at once or not at all.</summary>
    public long Immediate { get; private set; }

    public long Cancels { get; private set; }

    /// <summary>Changes of the quantity alone.</summary>
    public long Reductions { get; private set; }

    /// <summary>Changes of the price.</summary>
    public long Moves { get; private set; }

    public long Marks { get; private set; }

    public long Deposits { get; private set; }

    public long Ticks { get; private set; }

    public long Others { get; private set; }

    public long Rejected { get; private set; }

    public long Trades { get; set; }

    public long Liquidations { get; set; }

    public long RestingOrders { get; set; }

    public long OpenPositions { get; set; }

    public SortedDictionary<ResultCode, long> RejectedBy { get; } = [];

    /// <summary>The kinds that occur, by name.</summary>
    public IEnumerable<(string Name, long Count)> Kinds => new (string Name, long Count)[]
    {
        ("new orders", GoodTillCancel), ("immediate", Immediate), ("cancels", Cancels), ("reductions", Reductions), ("moves", Moves),
        ("marks", Marks), ("deposits", Deposits), ("ticks", Ticks), ("others", Others),
    }.Where(kind => kind.Count > 0);

    public void Add(ReadOnlySpan<byte> command, ResultCode code)
    {
        Commands++;
        switch (MemoryMarshal.AsRef<CommandHeader>(command).Type)
        {
            case CommandType.PlaceOrder
                when MemoryMarshal.AsRef<PlaceOrder>(command) is { TimeInForce: TimeInForce.GoodTillCancel, Type: OrderType.Limit }:
                GoodTillCancel++;
                break;
            case CommandType.PlaceOrder:
                Immediate++;
                break;
            case CommandType.CancelOrder:
                Cancels++;
                break;
            case CommandType.ModifyOrder when MemoryMarshal.AsRef<ModifyOrder>(command).PriceTicks == 0:
                Reductions++;
                break;
            case CommandType.ModifyOrder:
                Moves++;
                break;
            case CommandType.SetMarkPrice:
                Marks++;
                break;
            case CommandType.Deposit:
                Deposits++;
                break;
            case CommandType.Tick:
                Ticks++;
                break;
            default:
                Others++;
                break;
        }

        if (code != ResultCode.Accepted)
        {
            Rejected++;
            RejectedBy[code] = RejectedBy.GetValueOrDefault(code) + 1;
        }
    }
}
