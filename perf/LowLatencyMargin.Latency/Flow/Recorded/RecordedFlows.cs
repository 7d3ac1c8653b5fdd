namespace LowLatencyMargin.Latency.Flow.Recorded;

/// <summary>Flows from files.</summary>
internal static class RecordedFlows
{
    /// <summary>A flow of that many commands from a journal directory or a CSV file, its prices along the course of candles if given.</summary>
    public static Workload Build(string path, string? marks, int accounts, int commands, Action<int>? progress = null)
    {
        MarkPath course = marks is null ? MarkPath.Flat : MarkPath.Read(marks);
        Workload workload = Directory.Exists(path)
            ? JournalFlow.Build(path, course, commands, progress)
            : BitstampFlow.Build(path, course, accounts, commands, progress);
        if (marks is null)
        {
            return workload;
        }

        return workload.With(
            $"prices and marks follow {course.Candles:N0} candles of {Path.GetFileName(marks)}, "
            + $"from {course.Lowest:P1} to {course.Highest:P1} of the first");
    }

    internal static IEnumerable<string> NotesOn(FlowPlayer player, RecordedFlow record)
    {
        yield return player.Repetitions > 1
            ? $"the flow is played {player.Repetitions:N2} times with fresh ids: accounts take turns, what rests at the end of a time is cancelled, "
                + "losses are topped up"
            : player.Repetitions < 1 ? $"only the first {player.Repetitions:P1} of the flow is played" : "the flow is played once";
        yield return $"{player.LeftOut:N0} cancels and changes are left out: their order was refused, has filled or was cancelled by a liquidation";
        if (record.MarksFollowTrades)
        {
            yield return "the mark follows the last trade, every 100 steps";
        }
    }
}
