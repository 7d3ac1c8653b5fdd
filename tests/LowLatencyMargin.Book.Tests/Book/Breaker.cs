namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>The marks of the last window, which is kept in ten parts (R-1401): a mark counts in its part and the nine after it.</summary>
internal sealed class Breaker
{
    private const int Parts = 10;

    private readonly List<(long TimeNs, long Mark)> _marks = [];

    public void Clear() => _marks.Clear();

    public void Add(long nowNs, long mark) => _marks.Add((nowNs, mark));

    /// <summary>The mark that a new one is too far from, among those not older than a window; 0: none.</summary>
    public long ReferenceFor(long mark, long nowNs, long windowNs, int rate)
    {
        long partNs = windowNs / Parts;
        List<long> marks = [.. _marks.Where(seen => (nowNs / partNs) - (seen.TimeNs / partNs) < Parts).Select(seen => seen.Mark)];
        if (marks.Count == 0)
        {
            return 0;
        }

        long low = marks.Min();
        long high = marks.Max();
        return rate == 0 ? 0 : mark > low && Moved(low, mark, rate) ? low : mark < high && Moved(high, mark, rate) ? high : 0;
    }

    private static bool Moved(long from, long to, int rate) => new Big(Math.Abs(to - from)) * Core.Numerics.Rate.Scale >= new Big(from) * rate;
}
