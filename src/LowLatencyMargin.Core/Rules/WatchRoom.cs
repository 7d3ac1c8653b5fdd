namespace LowLatencyMargin.Core.Rules;

/// <summary>How far what a watched account has may move before it is to be looked at, and by how many that is shared.</summary>
public struct WatchRoom
{
    /// <summary>Of the account's loss to the next drawdown level; <see cref="long.MaxValue"/>: none.</summary>
    public long LossUnits;

    /// <summary>Of the cross scope to the edges of its band; <see cref="long.MaxValue"/>: none.</summary>
    public long CrossUnits;

    /// <summary>The level that <see cref="CrossUnits"/> is measured with.</summary>
    public long CrossLevel;

    /// <summary>Something is to be done that could not be: the next mark is to be looked at, however near.</summary>
    public bool IsUnfinished;

    /// <summary>Positions and holdings that share the loss.</summary>
    public int LossShares;

    /// <summary>Cross positions and holdings that share the room of the cross scope.</summary>
    public int CrossShares;
}
