namespace HdrHistogram;

/// <summary>The fixed texts of histogram logs (.hlog).</summary>
internal static class HistogramLogFormat
{
    public const char Comment = '#';
    public const string Version = "#[Histogram log format version 1.3]";
    public const string StartTimePrefix = "#[StartTime: ";
    public const string BaseTimePrefix = "#[BaseTime: ";
    public const string TagPrefix = "Tag=";
    public const string LegendPrefix = "\"StartTimestamp\"";
    public const string Legend = "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"";

    /// <summary>The third column is in millions of what was recorded: milliseconds for nanoseconds.</summary>
    public const double MaxValueUnitRatio = 1_000_000.0;

    public const double MillisecondsPerSecond = 1_000.0;
}
