namespace HdrHistogram;

/// <summary>Reads histogram logs.</summary>
public interface IHistogramLogV1Reader
{
    /// <summary>Reads the histograms of the log one after the other.</summary>
    /// <returns>The histograms.</returns>
    IEnumerable<HistogramBase> ReadHistograms();

    /// <summary>Reads the start time that the log states.</summary>
    /// <returns>The start time, UTC.</returns>
    DateTime GetStartTime();
}
