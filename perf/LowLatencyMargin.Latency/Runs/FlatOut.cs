namespace LowLatencyMargin.Latency.Runs;

/// <summary>Several runs as fast as the pipeline takes it.</summary>
/// <param name="Runs">In order; the last one's journal is kept.</param>
/// <param name="JournalBytes">Records that the last run's flow left in the journal; 0: none.</param>
internal sealed record FlatOut(IReadOnlyList<PipelineResult> Runs, long JournalBytes)
{
    public double Median => Runs.Select(run => run.AchievedPerSecond).Order().ElementAt(Runs.Count / 2);

    public double Best => Runs.Max(run => run.AchievedPerSecond);

    public PipelineResult Last => Runs[^1];

    public double JournalBytesPerSecond => JournalBytes / Last.Seconds;
}
