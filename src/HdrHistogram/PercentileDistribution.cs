using System.Globalization;
using HdrHistogram.Iteration;

namespace HdrHistogram;

/// <summary>The text forms of a percentile distribution. Lines end in a line feed whatever the platform, as in the files of other tools.</summary>
internal readonly struct PercentileDistribution(HistogramBase histogram, int ticksPerHalfDistance, double scalingRatio)
{
    private const string HgrmHeader = "       Value     Percentile TotalCount 1/(1-Percentile)\n\n";
    private const string CsvHeader = "\"Value\",\"Percentile\",\"TotalCount\",\"1/(1-Percentile)\"\n";

    public void WriteHgrm(TextWriter writer)
    {
        writer.Write(HgrmHeader);
        foreach (HistogramIterationValue step in histogram.Percentiles(ticksPerHalfDistance))
        {
            double level = step.PercentileLevelIteratedTo / 100.0;
            Write(writer, $"{step.ValueIteratedTo / scalingRatio,12:F3} {level,2:F12} {step.TotalCountToThisValue,10}");
            if (step.IsLastValue())
            {
                writer.Write('\n');
            }
            else
            {
                Write(writer, $" {1 / (1.0 - level),14:F2}\n");
            }
        }

        double mean = histogram.GetMean() / scalingRatio;
        double deviation = histogram.GetStdDeviation() / scalingRatio;
        double max = histogram.GetMaxValue() / scalingRatio;
        Write(writer, $"#[Mean    = {mean,12:F3}, StdDeviation   = {deviation,12:F3}]\n");
        Write(writer, $"#[Max     = {max,12:F3}, Total count    = {histogram.TotalCount,12}]\n");
        Write(writer, $"#[Buckets = {histogram.BucketCount,12}, SubBuckets     = {histogram.SubBucketCount,12}]\n");
    }

    public void WriteCsv(TextWriter writer)
    {
        writer.Write(CsvHeader);
        foreach (HistogramIterationValue step in histogram.Percentiles(ticksPerHalfDistance))
        {
            double level = step.PercentileLevelIteratedTo / 100.0;
            Write(writer, $"{step.ValueIteratedTo / scalingRatio:F3},{level:F12},{step.TotalCountToThisValue},");
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

    private static void Write(TextWriter writer, FormattableString text) => writer.Write(text.ToString(CultureInfo.InvariantCulture));
}
