using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>An asset of a profile besides the collateral, and about how much of it an account has at first.</summary>
internal sealed record AssetListing(string Symbol, int Decimals, long Stock, AssetParameters Parameters);

/// <summary>A spot market of a profile.</summary>
internal sealed record SpotListing(string Symbol, int Base, int Quote, long TickSizeE9, long LotSizeE9, MarketParameters Parameters)
{
    public MarketKind Kind { get; init; } = MarketKind.Spot;
}
