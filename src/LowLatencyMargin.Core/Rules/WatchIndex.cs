using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Rules;

/// <summary>
/// The positions of one market whose accounts are watched, by the mark below and the mark above at which they are to be looked at. The
/// nearest of each stands in the market's row, so that a mark which reaches nobody's reads two numbers.
/// </summary>
public sealed class WatchIndex : Rewindable
{
    private readonly Slab<PositionRecord> _records;
    private readonly FarLevels _below;
    private readonly FarLevels _above;

    /// <summary>An empty index.</summary>
    [ColdPath]
    public WatchIndex(Slab<PositionRecord> records, FarLevelStore store)
        : base(records.Undo, always: false)
    {
        _records = records;
        _below = new FarLevels(store);
        _above = new FarLevels(store);
    }

    /// <summary>Puts a record, which is not there, under its prices; one out of range is never reached.</summary>
    public void Add(int record, ref Market market, long belowTicks, long aboveTicks)
    {
        ref PositionRecord row = ref _records.Edit(record);
        if (belowTicks >= 1)
        {
            row.BelowTicks = belowTicks;
            ref Level level = ref _below.Edit(_below.GetOrAdd(belowTicks, out _));
            row.NextBelow = level.Head;
            if (level.Head != 0)
            {
                _records.Edit(level.Head).PreviousBelow = record;
            }

            level.Head = record;
        }

        if (aboveTicks <= Exact.MaxPriceTicks)
        {
            row.AboveTicks = aboveTicks;
            ref Level level = ref _above.Edit(_above.GetOrAdd(Inverse(aboveTicks), out _));
            row.NextAbove = level.Head;
            if (level.Head != 0)
            {
                _records.Edit(level.Head).PreviousAbove = record;
            }

            level.Head = record;
        }

        NoteNearest(ref market);
    }

    /// <summary>Takes a record out, if it is there.</summary>
    public void Remove(int record, ref Market market)
    {
        ref PositionRecord row = ref _records.Edit(record);
        if (row.BelowTicks != 0)
        {
            if (row.PreviousBelow != 0)
            {
                _records.Edit(row.PreviousBelow).NextBelow = row.NextBelow;
            }
            else
            {
                SetHead(_below, row.BelowTicks, row.NextBelow);
            }

            if (row.NextBelow != 0)
            {
                _records.Edit(row.NextBelow).PreviousBelow = row.PreviousBelow;
            }
        }

        if (row.AboveTicks != 0)
        {
            if (row.PreviousAbove != 0)
            {
                _records.Edit(row.PreviousAbove).NextAbove = row.NextAbove;
            }
            else
            {
                SetHead(_above, Inverse(row.AboveTicks), row.NextAbove);
            }

            if (row.NextAbove != 0)
            {
                _records.Edit(row.NextAbove).PreviousAbove = row.PreviousAbove;
            }
        }

        row.BelowTicks = row.AboveTicks = 0;
        row.NextBelow = row.PreviousBelow = row.NextAbove = row.PreviousAbove = 0;
        NoteNearest(ref market);
    }

    /// <summary>A record that the market's mark has reached, 0 when there is none.</summary>
    public int Reached(in Market market)
    {
        if (market.MarkTicks <= market.WatchBelowTicks)
        {
            return _below.At(_below.AtOrBelow(Exact.MaxPriceTicks)).Head;
        }

        return market.WatchAboveTicks != 0 && market.MarkTicks >= market.WatchAboveTicks ? _above.At(_above.AtOrBelow(Exact.MaxPriceTicks)).Head : 0;
    }

    /// <summary>Adds the roots; rows are hashed where they live.</summary>
    public void AddTo(ref Hash128 hash)
    {
        _below.AddTo(ref hash);
        _above.AddTo(ref hash);
    }

    internal override void Keep()
    {
        _below.Close();
        _above.Close();
    }

    internal override void Rewind()
    {
        _below.Open();
        _above.Open();
    }

    // the tree finds the highest key: of upper prices the lowest is wanted
    private static long Inverse(long ticks) => Exact.MaxPriceTicks - ticks;

    private static void SetHead(FarLevels levels, long key, int head)
    {
        if (head == 0)
        {
            levels.Remove(key);
        }
        else
        {
            levels.Edit(levels.Find(key)).Head = head;
        }
    }

    private void NoteNearest(ref Market market)
    {
        market.WatchBelowTicks = _below.Count == 0 ? 0 : _below.KeyAt(_below.AtOrBelow(Exact.MaxPriceTicks));
        market.WatchAboveTicks = _above.Count == 0 ? 0 : Inverse(_above.KeyAt(_above.AtOrBelow(Exact.MaxPriceTicks)));
    }
}
