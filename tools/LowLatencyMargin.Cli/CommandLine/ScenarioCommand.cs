using System.CommandLine;
using System.Text;
using LowLatencyMargin.Cli.Scenarios;

namespace LowLatencyMargin.Cli.CommandLine;

/// <summary><c>scenario run FILE</c>.</summary>
internal static class ScenarioCommand
{
    internal static Command Create(TextWriter output, TextWriter errors)
    {
        var file = new Argument<string>("FILE") { Description = "The scenario; - reads standard input." };
        var json = new Option<bool>("--json") { Description = "One JSON object a line instead of text." };
        var journal = new Option<string?>("--journal") { Description = "Also write the commands to a new journal in this directory.", HelpName = "DIR" };
        var run = new Command(
            "run",
            $"""
            Runs a scenario on the production engine and prints what came of each line.

            Ends with 0 when all expectations held, 1 when one failed, 2 when a line is not understood.

            Examples:
              {Application.Name} scenario run crash.scn
              {Application.Name} scenario run crash.scn --json
              {Application.Name} scenario run crash.scn --journal DIR    then: {Application.Name} journal replay DIR
              echo 'asset USDC decimals=6' | {Application.Name} scenario run -
            """)
        {
            file, json, journal,
        };
        run.SetAction(result => Run(result.GetValue(file)!, result.GetValue(json), result.GetValue(journal), output, errors));
        return new Command("scenario", $"Text files that drive the exchange. The verbs:\n\n{Verbs()}") { run };
    }

    private static string Verbs() => string.Join('\n', Grammar.Verbs.Values.Select(verb => "  " + Wrap(verb)));

    /// <summary>Long forms go on in further lines, indented.</summary>
    private static string Wrap(string form)
    {
        const int Columns = 120;
        var text = new StringBuilder();
        int column = 0;
        foreach (string word in form.Split(' '))
        {
            bool wraps = column + word.Length > Columns;
            text.Append(wraps ? "\n      " : column == 0 ? string.Empty : " ").Append(word);
            column = wraps ? word.Length : column + word.Length + 1;
        }

        return text.ToString();
    }

    private static int Run(string file, bool json, string? journal, TextWriter output, TextWriter errors)
    {
        try
        {
            using TextReader text = file == "-" ? Console.In : new StreamReader(file);
            return new ScenarioRunner(file, output, errors, json).Run(text, journal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"{file}: {error.Message}");
            return ExitCode.NotUnderstood;
        }
    }
}
