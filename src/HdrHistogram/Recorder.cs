namespace HdrHistogram;

/// <summary>
/// Records values without ever waiting while another thread takes interval histograms away: two histograms take turns, and every recorded
/// value is in exactly one interval. As many threads may record at a time as the histograms allow: one for <see cref="LongHistogram"/>.
/// </summary>
public class Recorder : IRecorder
{
    private static long _lastInstanceId;

    private readonly WriterReaderPhaser _phaser = new();
    private readonly Lock _readLock = new();
    private readonly HistogramFactoryDelegate _histogramFactory;
    private readonly long _instanceId = Interlocked.Increment(ref _lastInstanceId);
    private readonly long _lowestDiscernibleValue;
    private readonly long _highestTrackableValue;
    private readonly int _numberOfSignificantValueDigits;

    private HistogramBase _active;
    private HistogramBase? _inactive;

    /// <summary>Creates a recorder whose first interval starts now.</summary>
    /// <param name="lowestDiscernibleValue">Smallest value told apart from 0.</param>
    /// <param name="highestTrackableValue">Largest value that can be recorded.</param>
    /// <param name="numberOfSignificantValueDigits">Significant decimal digits kept.</param>
    /// <param name="histogramFactory">Makes the histograms.</param>
    public Recorder(
        long lowestDiscernibleValue,
        long highestTrackableValue,
        int numberOfSignificantValueDigits,
        HistogramFactoryDelegate histogramFactory)
    {
        ArgumentNullException.ThrowIfNull(histogramFactory);
        _lowestDiscernibleValue = lowestDiscernibleValue;
        _highestTrackableValue = highestTrackableValue;
        _numberOfSignificantValueDigits = numberOfSignificantValueDigits;
        _histogramFactory = histogramFactory;
        _active = NewHistogram();
        _active.StartTimeStamp = Now();
    }

    /// <inheritdoc/>
    public void RecordValue(long value)
    {
        long ticket = _phaser.EnterWriter();
        try
        {
            Volatile.Read(ref _active).RecordValue(value);
        }
        finally
        {
            _phaser.ExitWriter(ticket);
        }
    }

    /// <inheritdoc/>
    public void RecordValueWithCount(long value, long count)
    {
        long ticket = _phaser.EnterWriter();
        try
        {
            Volatile.Read(ref _active).RecordValueWithCount(value, count);
        }
        finally
        {
            _phaser.ExitWriter(ticket);
        }
    }

    /// <inheritdoc/>
    public void RecordValueWithExpectedInterval(long value, long expectedIntervalBetweenValueSamples)
    {
        long ticket = _phaser.EnterWriter();
        try
        {
            Volatile.Read(ref _active).RecordValueWithExpectedInterval(value, expectedIntervalBetweenValueSamples);
        }
        finally
        {
            _phaser.ExitWriter(ticket);
        }
    }

    /// <summary>Ends the interval and starts the next.</summary>
    /// <returns>What was recorded since the interval before, which is the caller's from now on.</returns>
    public HistogramBase GetIntervalHistogram()
    {
        lock (_readLock)
        {
            return TakeInterval();
        }
    }

    /// <summary>Ends the interval and starts the next, with a histogram taken earlier as the spare: no new one is made.</summary>
    /// <param name="histogramToRecycle">A histogram got from this recorder before and no longer used by the caller; or null.</param>
    /// <returns>What was recorded since the interval before, which is the caller's from now on.</returns>
    /// <exception cref="InvalidOperationException">The histogram to recycle is not from this recorder, or is the one in use.</exception>
    public HistogramBase GetIntervalHistogram(HistogramBase? histogramToRecycle)
    {
        lock (_readLock)
        {
            if (histogramToRecycle is not null)
            {
                if (histogramToRecycle.InstanceId != _instanceId || ReferenceEquals(histogramToRecycle, _active))
                {
                    throw new InvalidOperationException("Only a histogram that this recorder handed out before can be recycled.");
                }

                _inactive = histogramToRecycle;
            }

            return TakeInterval();
        }
    }

    /// <summary>Ends the interval and copies what was recorded; the recorder keeps its own histograms.</summary>
    /// <param name="targetHistogram">Where to, overwritten.</param>
    public void GetIntervalHistogramInto(HistogramBase targetHistogram)
    {
        ArgumentNullException.ThrowIfNull(targetHistogram);
        lock (_readLock)
        {
            SwapHistograms().CopyInto(targetHistogram);
        }
    }

    /// <summary>Forgets what was recorded since the last interval.</summary>
    public void Reset()
    {
        lock (_readLock)
        {
            SwapHistograms();
        }
    }

    private static long Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private HistogramBase TakeInterval()
    {
        HistogramBase interval = SwapHistograms();
        _inactive = null;
        return interval;
    }

    private HistogramBase SwapHistograms()
    {
        HistogramBase next = _inactive ?? NewHistogram();
        next.Reset();
        HistogramBase ended = _active;
        long now = Now();
        next.StartTimeStamp = now;
        Volatile.Write(ref _active, next);
        _phaser.FlipPhase();

        // No writer is left in the ended histogram: from here on only the reader sees it.
        ended.EndTimeStamp = now;
        _inactive = ended;
        return ended;
    }

    private HistogramBase NewHistogram() => _histogramFactory(
        _instanceId,
        _lowestDiscernibleValue,
        _highestTrackableValue,
        _numberOfSignificantValueDigits);
}
