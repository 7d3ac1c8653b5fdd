namespace HdrHistogram.Iteration;

/// <summary>The ways to step through a histogram. Each step is a new object, so steps may be kept.</summary>
internal static class HistogramIteration
{
    public static IEnumerable<HistogramIterationValue> All(HistogramBase histogram)
    {
        var cursor = new IterationCursor(histogram);
        while (cursor.MoveNext())
        {
            yield return cursor.Step();
        }
    }

    public static IEnumerable<HistogramIterationValue> Recorded(HistogramBase histogram)
    {
        var cursor = new IterationCursor(histogram);
        while (cursor.MoveNextRecorded())
        {
            yield return cursor.Step();
        }
    }

    /// <summary>
    /// Steps through percentile levels that get closer the nearer they are to 100: each half of the distance still to go is divided into as
    /// many ticks. The last level is always 100.
    /// </summary>
    public static IEnumerable<HistogramIterationValue> Percentiles(HistogramBase histogram, int ticksPerHalfDistance)
    {
        var cursor = new IterationCursor(histogram);
        double level = 0.0;
        while (cursor.MoveNextRecorded())
        {
            while (cursor.Percentile >= level)
            {
                yield return cursor.Step(level);
                level = NextLevel(level, ticksPerHalfDistance);
                if (!cursor.HasMoreValues)
                {
                    break;
                }
            }
        }

        if (cursor.TotalCount > 0)
        {
            yield return cursor.Step(100.0);
        }
    }

    private static double NextLevel(double level, int ticksPerHalfDistance)
    {
        long halvings = (long)(Math.Log(100.0 / (100.0 - level)) / Math.Log(2)) + 1;
        return level + (100.0 / (ticksPerHalfDistance * Math.Pow(2, halvings)));
    }
}
