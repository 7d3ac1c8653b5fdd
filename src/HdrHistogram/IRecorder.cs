namespace HdrHistogram;

/// <summary>Anything that values can be recorded into.</summary>
public interface IRecorder
{
    /// <summary>Records one value.</summary>
    /// <param name="value">The value, within the trackable range.</param>
    void RecordValue(long value);

    /// <summary>Records a value as many times as <paramref name="count"/> says.</summary>
    /// <param name="value">The value, within the trackable range.</param>
    /// <param name="count">How often the value was seen.</param>
    void RecordValueWithCount(long value, long count);

    /// <summary>
    /// Records a value and, when it is longer than the interval at which samples were due, also the samples that its own length
    /// kept from being taken (the correction for coordinated omission).
    /// </summary>
    /// <param name="value">The value, within the trackable range.</param>
    /// <param name="expectedIntervalBetweenValueSamples">The interval at which samples were due; 0 or less means no correction.</param>
    void RecordValueWithExpectedInterval(long value, long expectedIntervalBetweenValueSamples);
}
