using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Matching;

/// <summary>What each state of a market allows (R-1402): the table of docs/matching.md.</summary>
public static class MarketRules
{
    /// <summary>Whether a new order is taken.</summary>
    public static bool Takes(MarketState state, bool reduceOnly, bool postOnly) => state switch
    {
        MarketState.Open => true,
        MarketState.PreOpen => postOnly,
        MarketState.ReduceOnly or MarketState.PriceStale => reduceOnly,
        _ => false,
    };

    /// <summary>Whether an order may be made smaller.</summary>
    public static bool TakesDecreases(MarketState state) => state is not (MarketState.Halted or MarketState.Settling or MarketState.Closed);

    /// <summary>Whether waiting orders are set off by this price.</summary>
    public static bool SetsOff(MarketState state, TriggerSource source) => state switch
    {
        MarketState.Open or MarketState.ReduceOnly => true,
        MarketState.PriceStale => source != TriggerSource.Mark,
        _ => false,
    };

    /// <summary>Whether positions are liquidated.</summary>
    public static bool Liquidates(MarketState state) => state is MarketState.Open or MarketState.ReduceOnly;
}
