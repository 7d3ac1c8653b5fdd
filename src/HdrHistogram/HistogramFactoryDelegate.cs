namespace HdrHistogram;

/// <summary>Makes the histograms that a recorder records into.</summary>
/// <param name="instanceId">Identity of the recorder.</param>
/// <param name="lowestDiscernibleValue">Smallest value told apart from 0.</param>
/// <param name="highestTrackableValue">Largest value that can be recorded.</param>
/// <param name="numberOfSignificantValueDigits">Significant decimal digits kept.</param>
/// <returns>A new, empty histogram.</returns>
public delegate HistogramBase HistogramFactoryDelegate(
    long instanceId,
    long lowestDiscernibleValue,
    long highestTrackableValue,
    int numberOfSignificantValueDigits);
