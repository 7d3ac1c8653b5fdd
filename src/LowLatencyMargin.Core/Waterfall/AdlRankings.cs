using System;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Waterfall;

/// <summary>Who is deleveraged first in a market: of its longs, and of its shorts.</summary>
public sealed class AdlRankings : Rewindable, IDisposable
{
    private readonly AdlRanking _longs;
    private readonly AdlRanking _shorts;

    /// <summary>Rankings that are not made yet.</summary>
    [ColdPath]
    public AdlRankings(UndoLog undo)
        : base(undo, always: false)
    {
        _longs = new AdlRanking(undo);
        _shorts = new AdlRanking(undo);
    }

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _longs.Bytes + _shorts.Bytes;

    /// <summary>Adds both.</summary>
    public void AddTo(ref Hash128 hash)
    {
        _longs.AddTo(ref hash);
        _shorts.AddTo(ref hash);
    }

    /// <summary>Forgets both.</summary>
    public void Drop()
    {
        _longs.Drop();
        _shorts.Drop();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _longs.Dispose();
        _shorts.Dispose();
    }

    /// <summary>That of a side.</summary>
    internal AdlRanking Of(bool isLong) => isLong ? _longs : _shorts;

    internal override void Keep()
    {
        _longs.Close();
        _shorts.Close();
    }

    internal override void Rewind()
    {
        _longs.Open();
        _shorts.Open();
    }
}
