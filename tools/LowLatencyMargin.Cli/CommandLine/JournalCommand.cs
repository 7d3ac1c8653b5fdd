using System.CommandLine;
using LowLatencyMargin.Cli.Journals;
using LowLatencyMargin.Journal;

namespace LowLatencyMargin.Cli.CommandLine;

/// <summary><c>journal inspect|verify|replay DIR</c>.</summary>
internal static class JournalCommand
{
    internal static Command Create(TextWriter output, TextWriter errors)
    {
        Command inspect = Verb(
            "inspect",
            "What a journal holds: segments, records, sequences, times, commands by type, and how it ends.",
            (directory, json, bar) => JournalInspection.Run(directory, json, output, bar.Report),
            errors);
        Command verify = Verb(
            "verify",
            "Checks every checksum and link of a journal. Ends with 0 when all is well, 1 with file and byte offset when it is damaged.",
            (directory, json, bar) => JournalVerification.Run(directory, json, output, bar.Report),
            errors);
        Command replay = Verb(
            "replay",
            "Applies a journal to a new exchange, compares the checkpoints on the way, and prints speed and hashes. Ends with 1 when a hash differs.",
            (directory, json, bar) => ReplayedJournal.Run(directory, json, output, bar.Report),
            errors);
        return new Command("journal", "Looks into journals. None of these changes one, and a writer may be at work.") { inspect, verify, replay };
    }

    private static Command Verb(string name, string description, Func<string, bool, Progress, int> work, TextWriter errors)
    {
        var directory = new Argument<string>("DIR") { Description = "The journal." };
        var json = new Option<bool>("--json") { Description = "JSON instead of tables." };
        var command = new Command(name, $"{description}\n\nExample:\n  {Application.Name} journal {name} DIR --json") { directory, json };
        command.SetAction(result => Run(result.GetValue(directory)!, result.GetValue(json), work, errors));
        return command;
    }

    private static int Run(string directory, bool json, Func<string, bool, Progress, int> work, TextWriter errors)
    {
        if (!Directory.Exists(directory))
        {
            errors.WriteLine($"{directory}: no such directory; expected a journal");
            return ExitCode.NotUnderstood;
        }

        try
        {
            int code = ExitCode.Held;
            Progress.Run(errors, "commands", bar => code = work(directory, json, bar));
            return code;
        }
        catch (Exception error) when (error is JournalException or IOException or UnauthorizedAccessException)
        {
            errors.WriteLine(error.Message);
            return error is JournalCorruptException ? ExitCode.Failed : ExitCode.NotUnderstood;
        }
    }
}
