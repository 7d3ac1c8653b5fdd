using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using LowLatencyMargin.Cli.Text;

namespace LowLatencyMargin.Cli.CommandLine;

/// <summary><c>requirements [FROM-TO...]</c>: which tests and scenarios cite which requirement.</summary>
internal static partial class RequirementsCommand
{
    internal static Command Create(TextWriter output, TextWriter errors)
    {
        var ranges = new Argument<string[]>("RANGE")
        {
            Description = "Numbers that must be cited, such as 1301-1316 or 1401; without any, all that are cited are listed.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var tests = new Option<string>("--tests") { Description = "Where the tests are.", DefaultValueFactory = _ => "tests" };
        var command = new Command(
            "requirements",
            $"""
            Lists the tests and scenario files that cite each requirement. Ends with 1 when one of the numbers asked for is cited nowhere.

            Example:
              {Application.Name} requirements 1301-1316 1401-1405
            """)
        {
            ranges, tests,
        };
        command.SetAction(result => Run(result.GetValue(ranges)!, result.GetValue(tests)!, output, errors));
        return command;
    }

    private static int Run(string[] ranges, string directory, TextWriter output, TextWriter errors)
    {
        if (!Directory.Exists(directory))
        {
            errors.WriteLine($"{directory}: no such directory; expected the repository's tests (run it at the repository's root, or give --tests)");
            return ExitCode.NotUnderstood;
        }

        SortedDictionary<int, SortedSet<string>> citations = Read(directory);
        if (!TryReadRanges(ranges, citations.Keys, out List<int> numbers))
        {
            errors.WriteLine($"'{string.Join(' ', ranges)}' is not understood; expected numbers or ranges such as 1301-1316");
            return ExitCode.NotUnderstood;
        }

        Tables.Write(output, "", ["requirement", "tests", "scenarios", "cited by"], numbers.Select(number => Row(number, citations)));
        int missing = numbers.Count(number => !citations.ContainsKey(number));
        output.WriteLine($"{numbers.Count - missing} of {numbers.Count} requirements are cited");
        return missing == 0 ? ExitCode.Held : ExitCode.Failed;
    }

    private static SortedDictionary<int, SortedSet<string>> Read(string directory)
    {
        var citations = new SortedDictionary<int, SortedSet<string>>();
        IEnumerable<string> files = Directory.EnumerateFiles(directory, "*.*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".scn")
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Where(file => Path.GetFileName(file) != "RequirementCoverageTests.cs");
        foreach (string file in files)
        {
            foreach (Match match in Number.Matches(Path.GetFileName(file) + "\n" + File.ReadAllText(file)))
            {
                int number = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
                if (!citations.TryGetValue(number, out SortedSet<string>? cited))
                {
                    citations.Add(number, cited = new SortedSet<string>(StringComparer.Ordinal));
                }

                cited.Add(Path.GetFileName(file));
            }
        }

        return citations;
    }

    private static bool TryReadRanges(string[] ranges, IEnumerable<int> all, out List<int> numbers)
    {
        numbers = ranges.Length == 0 ? [.. all] : [];
        foreach (string range in ranges)
        {
            string[] ends = range.Replace("R-", "", StringComparison.Ordinal).Split('-');
            if (ends.Length > 2 || !int.TryParse(ends[0], out int first) || !int.TryParse(ends[^1], out int last) || last < first || last - first > 999)
            {
                return false;
            }

            numbers.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return true;
    }

    private static string[] Row(int number, SortedDictionary<int, SortedSet<string>> citations)
    {
        citations.TryGetValue(number, out SortedSet<string>? files);
        int scenarios = files?.Count(file => file.EndsWith(".scn", StringComparison.Ordinal)) ?? 0;
        string names = files is null ? "nothing" : string.Join(", ", files.Take(4)) + (files.Count > 4 ? ", ..." : "");
        return [$"R-{number}", $"{(files?.Count ?? 0) - scenarios}", $"{scenarios}", names];
    }

    [GeneratedRegex(@"\bR-(\d{3,4})(?!\d)")]
    private static partial Regex Number { get; }
}
