using System.Globalization;
using System.Text;

namespace HdrHistogram;

/// <summary>Writes histogram logs (.hlog): a line per histogram, with its interval, its maximum and its counts, compressed, in Base64.</summary>
public sealed class HistogramLogWriter : IDisposable
{
    private const int BufferChars = 1024;

    private readonly StreamWriter _writer;

    private bool _hasHeader;

    /// <summary>Creates a writer.</summary>
    /// <param name="outputStream">Where to; stays open.</param>
    public HistogramLogWriter(Stream outputStream)
    {
        ArgumentNullException.ThrowIfNull(outputStream);
        _writer = new StreamWriter(outputStream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferChars, leaveOpen: true)
        {
            NewLine = "\n",
        };
    }

    /// <summary>Writes a whole log.</summary>
    /// <param name="outputStream">Where to; stays open.</param>
    /// <param name="startTime">When the log starts; taken as UTC unless local.</param>
    /// <param name="histograms">What to write.</param>
    public static void Write(Stream outputStream, DateTime startTime, params HistogramBase[] histograms)
    {
        using var writer = new HistogramLogWriter(outputStream);
        writer.Write(startTime, histograms);
    }

    /// <summary>Writes the head of the log and then histograms.</summary>
    /// <param name="startTime">When the log starts; taken as UTC unless local.</param>
    /// <param name="histograms">What to write.</param>
    public void Write(DateTime startTime, params HistogramBase[] histograms)
    {
        ArgumentNullException.ThrowIfNull(histograms);
        WriteHeader(startTime.Kind == DateTimeKind.Local ? startTime.ToUniversalTime() : DateTime.SpecifyKind(startTime, DateTimeKind.Utc));
        foreach (HistogramBase histogram in histograms)
        {
            WriteRow(histogram);
        }

        _writer.Flush();
    }

    /// <summary>Writes a histogram; into a log without a head, one that starts with this histogram first.</summary>
    /// <param name="histogram">What to write.</param>
    public void Append(HistogramBase histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        if (!_hasHeader)
        {
            WriteHeader(DateTimeOffset.FromUnixTimeMilliseconds(histogram.StartTimeStamp).UtcDateTime);
        }

        WriteRow(histogram);
        _writer.Flush();
    }

    /// <summary>Writes out what is not written yet.</summary>
    public void Dispose() => _writer.Dispose();

    private void WriteHeader(DateTime startTimeUtc)
    {
        double seconds = (startTimeUtc - DateTime.UnixEpoch).TotalSeconds;
        string date = startTimeUtc.ToString("ddd MMM dd HH:mm:ss 'UTC' yyyy", CultureInfo.InvariantCulture);
        _writer.WriteLine(HistogramLogFormat.Version);
        _writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{HistogramLogFormat.StartTimePrefix}{seconds:F3} (seconds since epoch), {date}]"));
        _writer.WriteLine(HistogramLogFormat.Legend);
        _hasHeader = true;
    }

    private void WriteRow(HistogramBase histogram)
    {
        if (histogram.Tag is not null)
        {
            _writer.Write($"{HistogramLogFormat.TagPrefix}{histogram.Tag},");
        }

        double start = histogram.StartTimeStamp / HistogramLogFormat.MillisecondsPerSecond;
        double length = (histogram.EndTimeStamp - histogram.StartTimeStamp) / HistogramLogFormat.MillisecondsPerSecond;
        double max = histogram.GetMaxValue() / HistogramLogFormat.MaxValueUnitRatio;
        _writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{start:F3},{length:F3},{max:F3},{HistogramEncoding.ToBase64(histogram)}"));
    }
}
