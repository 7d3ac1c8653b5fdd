using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>Size and entry cost of positions as their events told them last: what a close releases, and so its profit, can be computed from that.</summary>
internal sealed class PositionCosts
{
    private readonly Dictionary<(long Account, uint Market), long> _lastOfRow = [];
    private readonly Dictionary<long, Position> _positions = [];

    internal PositionCosts Copy()
    {
        var copy = new PositionCosts();
        foreach (((long Account, uint Market) row, long id) in _lastOfRow)
        {
            copy._lastOfRow[row] = id;
        }

        foreach ((long id, Position position) in _positions)
        {
            copy._positions[id] = position;
        }

        return copy;
    }

    internal void Take(ref readonly PositionChanged changed)
    {
        _lastOfRow[(changed.AccountId, changed.Header.MarketId)] = changed.PositionId;
        if (changed.Header.Type == EventType.PositionClosed)
        {
            _positions.Remove(changed.PositionId);
        }
        else
        {
            _positions[changed.PositionId] = new Position { SizeLots = changed.SizeLots, EntryCostUnits = changed.EntryCostUnits };
        }
    }

    /// <summary>Profit of a close in units.</summary>
    /// <param name="account">Whose position it is.</param>
    /// <param name="market">Market.</param>
    /// <param name="positionId">The position; 0: the one that the account has there.</param>
    /// <param name="lots">Lots closed.</param>
    /// <param name="valueUnits">What they came to.</param>
    internal long Close(long account, uint market, long positionId, long lots, long valueUnits)
    {
        long id = positionId != 0 ? positionId : _lastOfRow.GetValueOrDefault((account, market));
        if (!_positions.TryGetValue(id, out Position position) || position.AbsoluteLots < lots)
        {
            return 0;
        }

        long released = Requirements.ReleasedCost(in position, lots);
        bool isLong = position.SizeLots > 0;
        position.SizeLots += isLong ? -lots : lots;
        position.EntryCostUnits -= released;
        _positions[id] = position;
        return isLong ? valueUnits - released : released - valueUnits;
    }
}
