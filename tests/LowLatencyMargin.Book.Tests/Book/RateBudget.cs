namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>Weight that an account has spent (R-1316), as the time after which all of it has come back.</summary>
internal sealed class RateBudget
{
    private const long NsPerSecond = 1_000_000_000;

    private Big _owedNs;
    private long _seenNs;

    /// <summary>Whether a weight fits, at a time, within a limit.</summary>
    public bool Covers(in SetRateLimit limit, long nowNs, long weight, bool mayUseReserve)
    {
        if (limit.PerSecond == 0)
        {
            return true;
        }

        long interval = NsPerSecond / limit.PerSecond;
        long room = limit.Burst + (mayUseReserve ? limit.Reserve : 0);
        return OwedAt(nowNs) + (new Big(weight) * interval) <= new Big(room) * interval;
    }

    public void Spend(in SetRateLimit limit, long nowNs, long weight)
    {
        if (limit.PerSecond == 0)
        {
            return;
        }

        _owedNs = OwedAt(nowNs) + (new Big(weight) * (NsPerSecond / limit.PerSecond));
        _seenNs = nowNs;
    }

    /// <summary>A new limit begins full.</summary>
    public void Reset() => _owedNs = 0;

    private Big OwedAt(long nowNs) => Big.Max(0, _owedNs - (nowNs - _seenNs));
}
