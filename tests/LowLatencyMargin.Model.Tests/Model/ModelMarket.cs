using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>A market: its book as two plain lists, and its money.</summary>
internal sealed partial class ModelMarket
{
    public required long Id { get; init; }

    public required Big TickValue { get; init; }

    public MarketKind Kind { get; init; }

    public long QuoteAsset { get; init; } = ModelAsset.Collateral;

    /// <summary>Of a spot market; 0 of a perpetual, whose base is a label.</summary>
    public long BaseAsset { get; init; }

    public string BaseSymbol { get; init; } = string.Empty;

    public long TickSizeE9 { get; init; }

    public Big BaseUnitsPerLot { get; init; }

    /// <summary>Base against quote, no positions.</summary>
    public bool IsSpot => Kind != MarketKind.Perpetual;

    public required ModelAccount LiquidationAccount { get; init; }

    public MarketParameters Parameters { get; set; }

    public bool ModeSwitchIsChecked { get; set; }

    public long Mark { get; set; }

    public bool HasMark { get; set; }

    public long Last { get; set; }

    public long Ceiling { get; set; }

    public Big Fees { get; set; }

    public Big Protocol { get; set; }

    public Big Keeper { get; set; }

    public Big Insurance { get; set; }

    public Big BadDebt { get; set; }

    public Big Shortfalls { get; set; }

    public long Liquidations { get; set; }

    public List<ModelOrder> Bids { get; } = [];

    public List<ModelOrder> Asks { get; } = [];

    public List<ModelRow> Rows { get; } = [];

    public int ReserveRate => Parameters.TriggerIncludesFee == 0 ? 0 : Parameters.TakerFeeRate + Parameters.PenaltyRate;

    public List<ModelOrder> Book(Side side) => side == Side.Buy ? Bids : Asks;

    /// <summary>The order that an incoming one of the other side meets first.</summary>
    public ModelOrder? Best(Side side)
    {
        ModelOrder? best = null;
        foreach (ModelOrder order in Book(side))
        {
            if (best is null || IsBefore(order, best))
            {
                best = order;
            }
        }

        return best;
    }

    private static bool IsBefore(ModelOrder left, ModelOrder right) =>
        left.Price == right.Price ? left.Arrival < right.Arrival : left.Side == Side.Buy ? left.Price > right.Price : left.Price < right.Price;
}
