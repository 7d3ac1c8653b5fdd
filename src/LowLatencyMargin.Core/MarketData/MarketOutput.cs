using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Core.MarketData;

/// <summary>
/// Numbers increments and hands them on. The last one of each market is held until the next one comes or the command ends: only then is it
/// known whether it is the command's last.
/// </summary>
internal sealed class MarketOutput : IDisposable
{
    /// <summary>Kinds are numbered below this.</summary>
    private const int Kinds = 8;

    private readonly NativeArray<Outlet> _outletOwner;
    private readonly NativeArray<long> _previousOwner;
    private readonly NativeArray<int> _openOwner;
    private readonly Rows<Outlet> _outlets;
    private readonly Rows<long> _previous;
    private readonly Rows<int> _open;
    private int _openCount;

    /// <summary>Outlets for markets 1 to <paramref name="markets"/>.</summary>
    [ColdPath]
    public MarketOutput(int markets)
    {
        _outletOwner = new NativeArray<Outlet>(markets + 1);
        _previousOwner = new NativeArray<long>((markets + 1) * Kinds);
        _openOwner = new NativeArray<int>(markets + 1);
        _outlets = _outletOwner.Rows;
        _previous = _previousOwner.Rows;
        _open = _openOwner.Rows;
    }

    /// <summary>The command whose increments come.</summary>
    public long CommandSequence { get; set; }

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _outletOwner.Bytes + _previousOwner.Bytes + _openOwner.Bytes;

    /// <summary>Number of a market's last increment.</summary>
    public long SequenceOf(int marketId) => _outlets[marketId].Sequence;

    /// <summary>The next increment of a market, zeroed but for its header; to be filled at once.</summary>
    public ref Increment Next<TSink>(int marketId, IncrementKind kind, Side side, ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        ref Outlet outlet = ref _outlets.Edit(marketId);
        if (outlet.IsOpen != 0)
        {
            sink.OnIncrement(in outlet.Held);
        }
        else
        {
            outlet.IsOpen = 1;
            _open.Edit(_openCount++) = marketId;
        }

        ref long previous = ref _previous.Edit((marketId * Kinds) + (int)kind);
        ref Increment held = ref outlet.Held;
        held = default;
        held.Header.Sequence = ++outlet.Sequence;
        held.Header.Previous = previous;
        held.Header.CommandSequence = CommandSequence;
        held.Header.MarketId = marketId;
        held.Header.Kind = kind;
        held.Header.Side = side;
        previous = outlet.Sequence;
        return ref held;
    }

    /// <summary>Hands on what is held: the command has ended.</summary>
    public void End<TSink>(ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        for (int i = 0; i < _openCount; i++)
        {
            ref Outlet outlet = ref _outlets.Edit(_open[i]);
            outlet.IsOpen = 0;
            outlet.Held.Header.Flags |= IncrementFlags.Last;
            sink.OnIncrement(in outlet.Held);
        }

        _openCount = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _outletOwner.Dispose();
        _previousOwner.Dispose();
        _openOwner.Dispose();
    }

    private struct Outlet
    {
        public Increment Held;
        public long Sequence;
        public long IsOpen;
    }
}
