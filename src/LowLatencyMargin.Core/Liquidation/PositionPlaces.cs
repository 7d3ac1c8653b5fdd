using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>The places of positions in the liquidation index.</summary>
internal readonly struct PositionPlaces(Slab<Position> positions) : IPlaces
{
    /// <inheritdoc/>
    public void Set(int row, int place) => positions.Edit(row).IndexPlace = place;
}
