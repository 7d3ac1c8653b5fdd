namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>Weight that an account may spend (R-1316), in billionths, so that what comes back per nanosecond is whole.</summary>
internal sealed class RateBudget
{
    private const long Whole = 1_000_000_000;

    private Big _spent;
    private long _seenNs;

    /// <summary>Whether a weight fits, at a time, within a limit.</summary>
    public bool Covers(in SetRateLimit limit, long nowNs, long weight, bool mayUseReserve)
    {
        if (limit.PerSecond == 0)
        {
            return true;
        }

        long room = limit.Burst + (mayUseReserve ? limit.Reserve : 0);
        return SpentAt(in limit, nowNs) + (new Big(weight) * Whole) <= new Big(room) * Whole;
    }

    public void Spend(in SetRateLimit limit, long nowNs, long weight)
    {
        if (limit.PerSecond == 0)
        {
            return;
        }

        _spent = SpentAt(in limit, nowNs) + (new Big(weight) * Whole);
        _seenNs = nowNs;
    }

    public void Reset()
    {
        _spent = 0;
        _seenNs = 0;
    }

    private Big SpentAt(in SetRateLimit limit, long nowNs) => Big.Max(0, _spent - (new Big(nowNs - _seenNs) * limit.PerSecond));
}
