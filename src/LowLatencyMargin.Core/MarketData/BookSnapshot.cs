using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.MarketData;

/// <summary>
/// A snapshot that is being written: as many pieces as the caller likes, as long as the market doesn't move in between. A value: copy it to
/// go back.
/// </summary>
public struct BookSnapshot
{
    internal int Row;
    internal int LevelsOfSide;
    internal int LevelLimit;
    internal Side Side;
    internal bool HasBegun;
    internal long PriceTicks;
    internal long Written;

    /// <summary>Market.</summary>
    public int MarketId { get; internal set; }

    /// <summary>What it holds.</summary>
    public BookContent Content { get; internal set; }

    /// <summary>Levels of a side at most; 0: all.</summary>
    public int Depth { get; internal set; }

    /// <summary>Entries in all, without the beginning.</summary>
    public int Entries { get; internal set; }

    /// <summary>The market's number at which it is exact: increments up to it are in it, the next one comes on top.</summary>
    public long Sequence { get; internal set; }

    /// <summary>The last command that is in it.</summary>
    public long CommandSequence { get; internal set; }

    /// <summary>The market moved before it was whole: begin again.</summary>
    public bool IsStale { get; internal set; }

    /// <summary>Whether all of it has been written.</summary>
    public readonly bool IsWhole => HasBegun && Written == Entries;
}
