using System.CommandLine;

namespace LowLatencyMargin.Cli.CommandLine;

internal static class JournalCommand
{
    internal static Command Create(TextWriter output, TextWriter errors) => new("journal", "Journals.");
}
