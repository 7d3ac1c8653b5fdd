using System.Globalization;
using HdrHistogram.Utilities;

namespace HdrHistogram;

/// <summary>
/// Reads histogram logs (.hlog) as any of the HdrHistogram libraries writes them. Time stamps of rows may be absolute, or relative to the
/// base time or the start time that the log states; histograms come out with absolute ones.
/// </summary>
public sealed class HistogramLogReader : IDisposable, IHistogramLogV1Reader
{
    private const int BufferChars = 1024;

    /// <summary>A row that starts this much before the log does cannot be absolute.</summary>
    private const double SecondsPerYear = 365 * 24 * 3600;

    private readonly StreamReader _reader;

    private string? _pendingRow;
    private double? _startTimeSeconds;
    private double? _baseTimeSeconds;

    /// <summary>Creates a reader.</summary>
    /// <param name="inputStream">Where from; stays open.</param>
    public HistogramLogReader(Stream inputStream)
    {
        ArgumentNullException.ThrowIfNull(inputStream);
        _reader = new StreamReader(
            inputStream,
            System.Text.Encoding.UTF8,
            detectEncodingFromByteOrderMarks: true,
            BufferChars,
            leaveOpen: true);
    }

    /// <summary>Reads the histograms of a log one after the other.</summary>
    /// <param name="inputStream">Where from; stays open.</param>
    /// <returns>The histograms.</returns>
    public static IEnumerable<HistogramBase> Read(Stream inputStream) => new HistogramLogReader(inputStream).ReadHistograms();

    /// <summary>Reads the histograms that are left, one after the other.</summary>
    /// <returns>The histograms.</returns>
    /// <exception cref="FormatException">A line is not of the log format.</exception>
    /// <exception cref="ArgumentException">The histogram of a line is damaged.</exception>
    public IEnumerable<HistogramBase> ReadHistograms()
    {
        while (NextRow() is { } row)
        {
            yield return ParseRow(row);
        }
    }

    /// <summary>Reads the start time that the log states: that of the first row when it states none.</summary>
    /// <returns>The start time, UTC; the Unix epoch for an empty log.</returns>
    public DateTime GetStartTime()
    {
        if (_startTimeSeconds is null)
        {
            _pendingRow = NextRow();
            if (_startTimeSeconds is null && _pendingRow is not null)
            {
                _startTimeSeconds = (_baseTimeSeconds ?? 0.0) + StartOf(_pendingRow);
            }
        }

        return DateTime.UnixEpoch.AddMilliseconds(Milliseconds(_startTimeSeconds ?? 0.0));
    }

    /// <summary>Ends reading; the stream stays open.</summary>
    public void Dispose() => _reader.Dispose();

    private static long Milliseconds(double seconds) => (long)Math.Round(seconds * HistogramLogFormat.MillisecondsPerSecond);

    private static double ParseSeconds(ReadOnlySpan<char> text) =>
        double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static double StartOf(string row)
    {
        string[] columns = row.Split(',');
        return ParseSeconds(columns[columns[0].StartsWith(HistogramLogFormat.TagPrefix, StringComparison.Ordinal) ? 1 : 0]);
    }

    private string? NextRow()
    {
        if (_pendingRow is not null)
        {
            string row = _pendingRow;
            _pendingRow = null;
            return row;
        }

        while (_reader.ReadLine() is { } line)
        {
            if (line.StartsWith(HistogramLogFormat.Comment))
            {
                ReadTimeFrom(line, HistogramLogFormat.StartTimePrefix, ref _startTimeSeconds);
                ReadTimeFrom(line, HistogramLogFormat.BaseTimePrefix, ref _baseTimeSeconds);
            }
            else if (!string.IsNullOrWhiteSpace(line) && !line.StartsWith(HistogramLogFormat.LegendPrefix, StringComparison.Ordinal))
            {
                return line;
            }
        }

        return null;
    }

    private static void ReadTimeFrom(string comment, string prefix, ref double? seconds)
    {
        if (comment.StartsWith(prefix, StringComparison.Ordinal))
        {
            ReadOnlySpan<char> rest = comment.AsSpan(prefix.Length);
            int end = rest.IndexOfAny(" ]");
            seconds = ParseSeconds(end < 0 ? rest : rest[..end]);
        }
    }

    private HistogramBase ParseRow(string row)
    {
        string[] columns = row.Split(',');
        bool hasTag = columns[0].StartsWith(HistogramLogFormat.TagPrefix, StringComparison.Ordinal);
        int first = hasTag ? 1 : 0;
        if (columns.Length != first + 4)
        {
            throw new FormatException($"A row of a histogram log has 4 columns after the tag, not {columns.Length - first}.");
        }

        double start = ParseSeconds(columns[first]);
        double length = ParseSeconds(columns[first + 1]);
        byte[] bytes = Convert.FromBase64String(columns[first + 3]);
        HistogramBase histogram = HistogramEncoding.DecodeFromCompressedByteBuffer(ByteBuffer.Allocate(bytes), 0);
        double absoluteStart = start + BaseFor(start);
        histogram.StartTimeStamp = Milliseconds(absoluteStart);
        histogram.EndTimeStamp = Milliseconds(absoluteStart + length);
        histogram.Tag = hasTag ? columns[0][HistogramLogFormat.TagPrefix.Length..] : null;
        return histogram;
    }

    private double BaseFor(double firstRowStart)
    {
        if (_baseTimeSeconds is null)
        {
            double logStart = _startTimeSeconds ?? firstRowStart;
            _startTimeSeconds ??= firstRowStart;
            _baseTimeSeconds = firstRowStart < logStart - SecondsPerYear ? logStart : 0.0;
        }

        return _baseTimeSeconds.Value;
    }
}
