using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.MatchingBenchmark;

/// <summary>
/// What a harness written in C calls, in process. One thread calls <see cref="Init"/>, <see cref="Batch"/> and the queries, another one
/// <see cref="Drain"/>.
/// </summary>
public static unsafe class NativeEntry
{
    private const int MaxOrders = (1 << 21) + 1;
    private const int LadderTicks = 1 << 18;

    private static MatchingSession? _session;
    private static ReportRing? _ring;
    private static PushSink _push;

    /// <summary>Reports will go over the product's own ring. Before <see cref="Init"/>.</summary>
    [UnmanagedCallersOnly]
    public static void OpenRing() => _ring = new ReportRing();

    /// <summary>An empty book.</summary>
    /// <param name="push">int push(void* sink, const Report* report): 1 taken, 0 full; null with a ring.</param>
    /// <param name="sink">Goes to <paramref name="push"/> as it came.</param>
    [UnmanagedCallersOnly]
    public static void Init(void* push, void* sink)
    {
        _push = new PushSink((delegate* unmanaged[SuppressGCTransition]<void*, Report*, int>)push, sink);
        if (push != null)
        {
            _ring = null;
        }

        WarmUp.Once();
        _session?.Dispose();
        _session = new MatchingSession(MaxOrders, LadderTicks);
    }

    /// <summary>Processes messages in their order.</summary>
    /// <param name="messages">The first.</param>
    /// <param name="n">How many.</param>
    [UnmanagedCallersOnly]
    public static void Batch(Message* messages, uint n)
    {
        var batch = new ReadOnlySpan<Message>(messages, checked((int)n));
        if (_ring is { } ring)
        {
            var sink = new RingSink(ring);
            _session!.ApplyAhead(batch, ref sink);
            ring.Publish();
        }
        else
        {
            // to the letter: every report of a message is pushed before the next message is looked at, be it only for a hint
            PushSink sink = _push;
            _session!.ApplyAll(batch, ref sink);
        }
    }

    /// <summary>The highest bid in ticks, the lowest long when there is none.</summary>
    [UnmanagedCallersOnly]
    public static long BestBid() => _session!.Book.Bids.BestTicks is var ticks and not 0 ? ticks : long.MinValue;

    /// <summary>The lowest ask in ticks, the highest long when there is none.</summary>
    [UnmanagedCallersOnly]
    public static long BestAsk() => _session!.Book.Asks.BestTicks is var ticks and not 0 ? ticks : long.MaxValue;

    /// <summary>Quantity that rests at a price.</summary>
    /// <param name="priceTicks">The price.</param>
    /// <param name="side">0 buy, 1 sell.</param>
    [UnmanagedCallersOnly]
    public static ulong Depth(long priceTicks, byte side) => (ulong)_session!.LotsAt((Side)side, priceTicks);

    /// <summary>Copies published reports, as many as there are and have room. On another thread than <see cref="Batch"/>.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="max">Room there.</param>
    [UnmanagedCallersOnly]
    public static uint Drain(Report* destination, uint max) =>
        (uint)_ring!.Drain(new Span<Report>(destination, (int)Math.Min(max, int.MaxValue)));
}
