using System;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Core.MarketData;

/// <summary>The rows behind one or more <see cref="VisibleBook"/>s.</summary>
internal sealed class ShownRows : IDisposable
{
    private readonly NativeArray<ShownOrder> _owner;

    /// <summary>Room for orders in rows 1 to <paramref name="orders"/>, and for as many levels.</summary>
    [ColdPath]
    public ShownRows(int orders)
    {
        _owner = new NativeArray<ShownOrder>(orders + 1);
        Orders = _owner.Rows;
        Levels = new Slab<ShownLevel>(orders);
        FarLevels = new FarLevelStore(orders + 1);
    }

    /// <summary>Orders; whoever owns the rows decides which is whose.</summary>
    public Rows<ShownOrder> Orders { get; }

    /// <summary>Levels.</summary>
    public Slab<ShownLevel> Levels { get; }

    /// <summary>Far levels of all ladders.</summary>
    public FarLevelStore FarLevels { get; }

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _owner.Bytes + Levels.Bytes + FarLevels.Bytes;

    /// <inheritdoc/>
    public void Dispose()
    {
        _owner.Dispose();
        Levels.Dispose();
        FarLevels.Dispose();
    }
}

/// <summary>An order as market data knows it: one cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct ShownOrder
{
    public long OrderId;
    public long PriceTicks;

    /// <summary>What it shows, where it stands in a queue.</summary>
    public long ShownLots;

    /// <summary>What is left of it, shown or not.</summary>
    public long LeavesLots;

    /// <summary>Iceberg: what it shows at a time; 0: all.</summary>
    public long DisplayLots;

    public int Level;
    public int Next;
    public int Previous;
    public int MarketId;
    public OrderStage Stage;
    public Side Side;
    public byte IsImmediate;
    public byte IsHidden;
}

/// <summary>A price at which something is shown, or was when the command began.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ShownLevel
{
    public long PriceTicks;
    public long Lots;

    /// <summary>Lots of the last increment of this level.</summary>
    public long PublishedLots;

    public int Orders;
    public int PublishedOrders;
    public int Head;
    public int Tail;
    public int MarketId;
    public Side Side;
    public byte IsTouched;
}

/// <summary>Where an order is on its way.</summary>
internal enum OrderStage : byte
{
    /// <summary>No order.</summary>
    None = 0,

    /// <summary>It waits for its trigger.</summary>
    Waiting = 1,

    /// <summary>It trades, and rests when it has.</summary>
    Incoming = 2,

    /// <summary>It rests, and is seen.</summary>
    Shown = 3,

    /// <summary>It rests, and isn't seen.</summary>
    Hidden = 4,

    /// <summary>An iceberg whose shown part has traded; the next one comes with the next event of it.</summary>
    Refilling = 5,
}
