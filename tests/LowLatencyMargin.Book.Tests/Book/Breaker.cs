namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>The marks of the last window, each with its time (R-1401).</summary>
internal sealed class Breaker
{
    private readonly List<(long TimeNs, long Mark)> _marks = [];

    public void Clear() => _marks.Clear();

    public void Add(long nowNs, long mark) => _marks.Add((nowNs, mark));

    /// <summary>The mark that a new one is too far from, among those not older than a window; 0: none.</summary>
    public long ReferenceFor(long mark, long nowNs, long windowNs, int rate)
    {
        List<long> marks = [.. _marks.Where(seen => seen.TimeNs > nowNs - windowNs).Select(seen => seen.Mark)];
        if (marks.Count == 0)
        {
            return 0;
        }

        long low = marks.Min();
        long high = marks.Max();
        return rate == 0 ? 0 : mark < high && Moved(high, mark, rate) ? high : mark > low && Moved(low, mark, rate) ? low : 0;
    }

    private static bool Moved(long from, long to, int rate) => new Big(Math.Abs(to - from)) * Core.Numerics.Rate.Scale >= new Big(from) * rate;
}
