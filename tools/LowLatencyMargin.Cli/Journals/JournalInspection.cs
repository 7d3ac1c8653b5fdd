using LowLatencyMargin.Cli.CommandLine;
using LowLatencyMargin.Cli.Scenarios;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Journal;

namespace LowLatencyMargin.Cli.Journals;

/// <summary><c>journal inspect</c>.</summary>
internal static class JournalInspection
{
    internal static int Run(string directory, bool json, TextWriter output, Action<long> progress)
    {
        JournalScan scan = JournalScan.Run(directory, progress);
        PrintSegments(scan, json, output);
        var fields = new Fields();
        fields.Add("journal", directory);
        fields.Add("segments", scan.Segments.Count);
        fields.Add("bytes", scan.Segments.Sum(segment => segment.FileBytes));
        fields.Add("record bytes", scan.RecordBytes);
        fields.Add("commands", scan.Commands);
        fields.Add("checkpoints", scan.Checkpoints);
        fields.Add("first sequence", scan.FirstSequence);
        fields.Add("last sequence", scan.LastSequence);
        fields.Add("first time", scan.Commands == 0 ? Value.NoneText : ScenarioTime.Format(scan.FirstTimeNs));
        fields.Add("last time", scan.Commands == 0 ? Value.NoneText : ScenarioTime.Format(scan.LastTimeNs));
        foreach ((CommandType type, long count) in scan.ByType)
        {
            fields.Add($"commands, {type}", count);
        }

        fields.Add("end", WordStyle.Kebab(scan.End.Kind.ToString()));
        fields.Add("durable position", $"{Path.GetFileName(scan.End.File)}:{EndOffset(scan)}");
        fields.Add("torn bytes", scan.End.TornBytes);
        fields.Add("reason", scan.End.Reason);
        Report.Write(output, "journal", fields, json);
        return scan.End.Kind == JournalEndKind.Corrupt ? ExitCode.Failed : ExitCode.Held;
    }

    /// <summary>A closed journal ends with its last file.</summary>
    private static long EndOffset(JournalScan scan) =>
        scan.End.OffsetBytes == 0 && scan.End.Kind == JournalEndKind.Clean ? scan.Segments[^1].FileBytes : scan.End.OffsetBytes;

    private static void PrintSegments(JournalScan scan, bool json, TextWriter output)
    {
        List<Fields> rows = scan.Segments.Select(Print).ToList();
        if (!json)
        {
            Tables.Write(output, string.Empty, rows[0].Names, rows.Select(row => row.Select(field => field.Value.Text)));
            return;
        }

        rows.ForEach(row => Report.Write(output, "segment", row, json));
    }

    private static Fields Print(JournalSegment segment)
    {
        var fields = new Fields();
        fields.Add("segment", Path.GetFileName(segment.Path));
        fields.Add("epoch", segment.Epoch);
        fields.Add("first sequence", segment.FirstSequence);
        fields.Add("bytes", segment.FileBytes);
        return fields;
    }
}
