using System.Globalization;
using HdrHistogram.Iteration;

namespace HdrHistogram;

/// <summary>The text forms of a percentile distribution. Lines end in a line feed whatever the platform, as in the files of other tools.</summary>
internal readonly struct PercentileDistribution(HistogramBase histogram, int ticksPerHalfDistance, double scalingRatio)
{
    private const int ValueColumns = 12;

    private const string HgrmHeader = "       Value     Percentile TotalCount 1/(1-Percentile)\n\n";
    private const string CsvHeader = "\"Value\",\"Percentile\",\"TotalCount\",\"1/(1-Percentile)\"\n";

    public void WriteHgrm(TextWriter writer)
    {
        writer.Write(HgrmHeader);
        foreach (HistogramIterationValue step in histogram.Percentiles(ticksPerHalfDistance))
        {
            double level = step.PercentileLevelIteratedTo / 100.0;
            Write(writer, $"{Value(step.ValueIteratedTo)} {level,2:F12} {step.TotalCountToThisValue,10}");
            if (step.IsLastValue())
            {
                writer.Write('\n');
            }
            else
            {
                Write(writer, $" {1 / (1.0 - level),14:F2}\n");
            }
        }

        Write(writer, $"#[Mean    = {Value(histogram.GetMean())}, StdDeviation   = {Value(histogram.GetStdDeviation())}]\n");
        Write(writer, $"#[Max     = {Value(histogram.GetMaxValue())}, Total count    = {histogram.TotalCount,12}]\n");
        Write(writer, $"#[Buckets = {histogram.BucketCount,12}, SubBuckets     = {histogram.SubBucketCount,12}]\n");
    }

    public void WriteCsv(TextWriter writer)
    {
        writer.Write(CsvHeader);
        foreach (HistogramIterationValue step in histogram.Percentiles(ticksPerHalfDistance))
        {
            double level = step.PercentileLevelIteratedTo / 100.0;
            Write(writer, $"{Value(step.ValueIteratedTo).TrimStart()},{level:F12},{step.TotalCountToThisValue},");
            if (step.IsLastValue())
            {
                writer.Write("Infinity\n");
            }
            else
            {
                Write(writer, $"{1 / (1.0 - level):F2}\n");
            }
        }
    }

    /// <summary>A value with as many decimal places as the histogram keeps significant digits, as the other libraries write it.</summary>
    private string Value(double value) =>
        (value / scalingRatio).ToString($"F{histogram.NumberOfSignificantValueDigits}", CultureInfo.InvariantCulture).PadLeft(ValueColumns);

    private static void Write(TextWriter writer, FormattableString text) => writer.Write(text.ToString(CultureInfo.InvariantCulture));
}
