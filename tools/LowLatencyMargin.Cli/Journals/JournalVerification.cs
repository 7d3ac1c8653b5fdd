using LowLatencyMargin.Cli.CommandLine;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Journal;

namespace LowLatencyMargin.Cli.Journals;

/// <summary><c>journal verify</c>.</summary>
internal static class JournalVerification
{
    internal static int Run(string directory, bool json, TextWriter output, Action<long> progress)
    {
        JournalScan scan = JournalScan.Run(directory, progress);
        bool intact = scan.End.Kind != JournalEndKind.Corrupt;
        var fields = new Fields();
        fields.Add("journal", directory);
        fields.Add("verdict", intact ? "intact" : "corrupt");
        fields.Add("commands", scan.Commands);
        fields.Add("last sequence", scan.LastSequence);
        fields.Add("end", WordStyle.Kebab(scan.End.Kind.ToString()));
        fields.Add("file", Path.GetFileName(scan.End.File));
        fields.Add("byte offset", scan.End.OffsetBytes);
        fields.Add("torn bytes", scan.End.TornBytes);
        fields.Add("reason", scan.End.Reason);
        Report.Write(output, "verified", fields, json);
        return intact ? ExitCode.Held : ExitCode.Failed;
    }
}
