using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Matching;

/// <summary>
/// The waiting orders of one market, by trigger price: a ladder per price watched and direction, so that a price that sets nothing off costs one
/// comparison a ladder. Trailing orders stand in a second ladder too, at the price at which they move.
/// </summary>
public sealed class TriggerBook : Rewindable, IDisposable
{
    /// <summary>Mark, last and index.</summary>
    public const int Sources = 3;

    private readonly Slab<Order> _orders;
    private readonly Slab<OrderTermsRow> _terms;
    private readonly PriceLadder[] _triggers = new PriceLadder[2 * Sources];
    private readonly PriceLadder[] _trails = new PriceLadder[2 * Sources];
    private TrackedRows<PriceRange> _triggerRanges;
    private TrackedRows<PriceRange> _trailRanges;
    private Tracked<int> _count;

    /// <summary>An empty book.</summary>
    [ColdPath]
    public TriggerBook(Slab<Order> orders, Slab<OrderTermsRow> terms, FarLevelStore farLevels)
        : base(orders.Undo, always: false)
    {
        _orders = orders;
        _terms = terms;
        _triggerRanges = new TrackedRows<PriceRange>(Sources, orders.Undo);
        _trailRanges = new TrackedRows<PriceRange>(Sources, orders.Undo);
        for (int i = 0; i < _triggers.Length; i++)
        {
            bool rising = (i & 1) != 0;
            _triggers[i] = new PriceLadder(highestIsBest: !rising, PriceLadder.MinWindowTicks, farLevels);
            _trails[i] = new PriceLadder(highestIsBest: !rising, PriceLadder.MinWindowTicks, farLevels);
        }
    }

    /// <summary>Orders that wait here.</summary>
    public int Count => _count.Now;

    /// <summary>Address space in bytes.</summary>
    public long Bytes
    {
        get
        {
            long bytes = 0;
            for (int i = 0; i < _triggers.Length; i++)
            {
                bytes += _triggers[i].Bytes + _trails[i].Bytes;
            }

            return bytes;
        }
    }

    /// <summary>Whether an order is set off by a rising price: buy stops and sell take-profits.</summary>
    public static bool IsRising(Side side, TriggerKind kind) => (side == Side.Buy) != (kind == TriggerKind.TakeProfit);

    /// <summary>Whether a trigger is reached by a price.</summary>
    public static bool IsReached(bool rising, long triggerTicks, long priceTicks) =>
        rising ? priceTicks >= triggerTicks : priceTicks <= triggerTicks;

    /// <summary>Puts an order that waits at the end of the queue of its trigger price, and of the price at which it moves.</summary>
    public void Add(int slot)
    {
        _count.Now++;
        ref readonly Order order = ref _orders[slot];
        ref readonly OrderTermsRow terms = ref _terms[order.Terms];
        if (terms.TriggerTicks != 0)
        {
            AddTrigger(slot, in order, in terms);
        }

        if (terms.IsTrailing)
        {
            AddTrail(slot, in order, in terms);
        }
    }

    /// <summary>Takes an order out for good.</summary>
    public void Remove(int slot)
    {
        Take(slot);
        if (_count.Now == 0)
        {
            Forget();
        }
    }

    /// <summary>Takes an order out that comes back at once: what prices have reached stays noted.</summary>
    public void Take(int slot)
    {
        _count.Now--;
        ref readonly Order order = ref _orders[slot];
        ref readonly OrderTermsRow terms = ref _terms[order.Terms];
        if (terms.TriggerTicks != 0)
        {
            RemoveTrigger(slot, in order, in terms);
        }

        if (terms.IsTrailing)
        {
            RemoveTrail(in order, in terms);
        }
    }

    /// <summary>Notes that a price moved: the orders it reached are set off before the command ends. True when there may be any.</summary>
    public bool Note(TriggerSource source, long ticks)
    {
        if (_count.Now == 0)
        {
            return false;
        }

        _triggerRanges.Edit((int)source).Add(ticks);
        _trailRanges.Edit((int)source).Add(ticks);
        return true;
    }

    /// <summary>The next order that the prices of a source have reached, 0 when there is none.</summary>
    public int NextTriggered(TriggerSource source)
    {
        ref readonly PriceRange range = ref _triggerRanges[(int)source];
        int i = 2 * (int)source;
        return range.IsEmpty ? 0
            : _triggers[i].IsCrossedBy(range.Low) ? _triggers[i].At(_triggers[i].BestTicks).Head
            : _triggers[i + 1].IsCrossedBy(range.High) ? _triggers[i + 1].At(_triggers[i + 1].BestTicks).Head
            : 0;
    }

    /// <summary>
    /// The next trailing order that the prices of a source move, 0 when there is none. To be asked when no trigger is reached any more.
    /// </summary>
    /// <param name="source">Which price.</param>
    /// <param name="currentTicks">Where that price is.</param>
    /// <param name="ticks">The price to move by.</param>
    public int NextTrailing(TriggerSource source, long currentTicks, out long ticks)
    {
        ref PriceRange range = ref _trailRanges.Edit((int)source);
        ref PriceRange triggers = ref _triggerRanges.Edit((int)source);
        ticks = 0;
        if (range.IsEmpty)
        {
            triggers = default;
            return 0;
        }

        int i = 2 * (int)source;
        if (_trails[i + 1].IsCrossedBy(range.High))
        {
            ticks = range.High;
            triggers = default;
            triggers.Add(currentTicks);
            return _trails[i + 1].At(_trails[i + 1].BestTicks).Head;
        }

        if (_trails[i].IsCrossedBy(range.Low))
        {
            ticks = range.Low;
            triggers = default;
            triggers.Add(currentTicks);
            return _trails[i].At(_trails[i].BestTicks).Head;
        }

        range = default;
        triggers = default;
        return 0;
    }

    /// <summary>Forgets prices not yet compared: triggers are suspended.</summary>
    public void Forget()
    {
        for (int source = 0; source < Sources; source++)
        {
            _triggerRanges.Edit(source) = default;
            _trailRanges.Edit(source) = default;
        }
    }

    /// <summary>
    /// A trailing order follows a price, or begins to: its trigger moves, never back.
    /// </summary>
    public void Follow(int slot, long priceTicks)
    {
        ref readonly Order order = ref _orders[slot];
        ref OrderTermsRow terms = ref _terms.Edit(order.Terms);
        RemoveTrail(in order, in terms);
        if (terms.TriggerTicks != 0)
        {
            RemoveTrigger(slot, in order, in terms);
        }

        terms.BestTicks = priceTicks;
        terms.TriggerTicks = TrailedTrigger(order.Side, priceTicks, terms.Trail);
        AddTrigger(slot, in order, in terms);
        AddTrail(slot, in order, in terms);
    }

    /// <summary>The trigger at a distance from the best price: ticks, or, negative, a rate of it; at least one tick. Below 1: there is none.</summary>
    public static long TrailedTrigger(Side side, long bestTicks, long trail)
    {
        long distance = trail > 0 ? trail : Math.Max(1, Rate.OfRoundedDown(bestTicks, -trail));
        return side == Side.Sell ? bestTicks - distance : Math.Min(bestTicks + distance, Exact.MaxPriceTicks);
    }

    /// <summary>Any order that waits, 0 when there is none: for cancelling all of a market.</summary>
    public int First()
    {
        for (int i = 0; i < _triggers.Length; i++)
        {
            if (_triggers[i].Count > 0)
            {
                return _triggers[i].At(_triggers[i].BestTicks).Head;
            }

            if (_trails[i].Count > 0)
            {
                return _trails[i].At(_trails[i].BestTicks).Head;
            }
        }

        return 0;
    }

    /// <summary>Adds ladders and ranges; the orders are hashed by their slab.</summary>
    public void AddTo(ref Hash128 hash)
    {
        hash.Add((ulong)_count.Now);
        for (int i = 0; i < _triggers.Length; i++)
        {
            _triggers[i].AddTo(ref hash);
            _trails[i].AddTo(ref hash);
        }

        hash.Add(_triggerRanges.AsBytes(0, Sources));
        hash.Add(_trailRanges.AsBytes(0, Sources));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int i = 0; i < _triggers.Length; i++)
        {
            _triggers[i].Dispose();
            _trails[i].Dispose();
        }

        _triggerRanges.Dispose();
        _trailRanges.Dispose();
    }

    internal override void Keep()
    {
        _count.Keep();
        _triggerRanges.Close();
        _trailRanges.Close();
        for (int i = 0; i < _triggers.Length; i++)
        {
            _triggers[i].Close();
            _trails[i].Close();
        }
    }

    internal override void Rewind()
    {
        _count.Rewind();
        _triggerRanges.Open();
        _trailRanges.Open();
        for (int i = 0; i < _triggers.Length; i++)
        {
            _triggers[i].Open();
            _trails[i].Open();
        }
    }

    private static long MovesAt(in Order order, in OrderTermsRow terms) =>
        terms.TriggerTicks == 0 ? terms.BestTicks
        : order.Side == Side.Sell ? terms.BestTicks + terms.StepTicks
        : terms.BestTicks - terms.StepTicks;

    private PriceLadder TriggersOf(in Order order, in OrderTermsRow terms) =>
        _triggers[(2 * (int)terms.Source) + (IsRising(order.Side, terms.Kind) ? 1 : 0)];

    private PriceLadder TrailsOf(in Order order, in OrderTermsRow terms) => _trails[(2 * (int)terms.Source) + (order.Side == Side.Sell ? 1 : 0)];

    private void AddTrigger(int slot, in Order order, in OrderTermsRow terms)
    {
        ref Order row = ref _orders.Edit(slot);
        ref Level level = ref TriggersOf(in order, in terms).GetOrAdd(terms.TriggerTicks);
        row.Previous = level.Tail;
        row.Next = 0;
        if (level.Tail != 0)
        {
            _orders.Edit(level.Tail).Next = slot;
        }
        else
        {
            level.Head = slot;
        }

        level.Tail = slot;
    }

    private void RemoveTrigger(int slot, in Order order, in OrderTermsRow terms)
    {
        PriceLadder ladder = TriggersOf(in order, in terms);
        ref Level level = ref ladder.Edit(terms.TriggerTicks);
        ref Order row = ref _orders.Edit(slot);
        if (row.Previous != 0)
        {
            _orders.Edit(row.Previous).Next = row.Next;
        }
        else
        {
            level.Head = row.Next;
        }

        if (row.Next != 0)
        {
            _orders.Edit(row.Next).Previous = row.Previous;
        }
        else
        {
            level.Tail = row.Previous;
        }

        if (level.Head == 0)
        {
            ladder.Remove(terms.TriggerTicks);
        }
    }

    /// <summary>A trailing order whose next move would leave the range of prices moves no more.</summary>
    private void AddTrail(int slot, in Order order, in OrderTermsRow terms)
    {
        long at = MovesAt(in order, in terms);
        if (at is < 1 or > Exact.MaxPriceTicks)
        {
            return;
        }

        ref OrderTermsRow row = ref _terms.Edit(order.Terms);
        ref Level level = ref TrailsOf(in order, in terms).GetOrAdd(at);
        row.PreviousTrailing = level.Tail;
        row.NextTrailing = 0;
        if (level.Tail != 0)
        {
            TermsOf(level.Tail).NextTrailing = slot;
        }
        else
        {
            level.Head = slot;
        }

        level.Tail = slot;
    }

    private void RemoveTrail(in Order order, in OrderTermsRow terms)
    {
        long at = MovesAt(in order, in terms);
        if (at is < 1 or > Exact.MaxPriceTicks)
        {
            return;
        }

        PriceLadder ladder = TrailsOf(in order, in terms);
        ref Level level = ref ladder.Edit(at);
        if (terms.PreviousTrailing != 0)
        {
            TermsOf(terms.PreviousTrailing).NextTrailing = terms.NextTrailing;
        }
        else
        {
            level.Head = terms.NextTrailing;
        }

        if (terms.NextTrailing != 0)
        {
            TermsOf(terms.NextTrailing).PreviousTrailing = terms.PreviousTrailing;
        }
        else
        {
            level.Tail = terms.PreviousTrailing;
        }

        if (level.Head == 0)
        {
            ladder.Remove(at);
        }
    }

    private ref OrderTermsRow TermsOf(int slot) => ref _terms.Edit(_orders[slot].Terms);

    /// <summary>The lowest and highest of the prices not yet compared; zeroed: none.</summary>
    private struct PriceRange
    {
        public long Low;
        public long High;

        public readonly bool IsEmpty => High == 0;

        public void Add(long ticks)
        {
            Low = High == 0 ? ticks : Math.Min(Low, ticks);
            High = Math.Max(High, ticks);
        }
    }
}
