namespace LowLatencyMargin.MarketData;

/// <summary>What happened to an order.</summary>
public enum BitstampAction : byte
{
    /// <summary>It came in, with its full size, even if it traded at once.</summary>
    Created,

    /// <summary>It traded in part.</summary>
    Changed,

    /// <summary>It is gone: cancelled when volume is left, else filled.</summary>
    Deleted,
}

/// <summary>One row of order flow.</summary>
/// <param name="Line">Line of the file.</param>
/// <param name="Id">The venue's id of the order.</param>
/// <param name="TimeMs">When it was captured, in milliseconds since 1970, UTC.</param>
/// <param name="PriceCents">Price in cents of a dollar.</param>
/// <param name="VolumeE8">What remains after the event, in 1e-8 BTC.</param>
/// <param name="Action">What happened.</param>
/// <param name="IsBid">Buy or sell.</param>
public readonly record struct BitstampOrder(long Line, long Id, long TimeMs, long PriceCents, long VolumeE8, BitstampAction Action, bool IsBid);
