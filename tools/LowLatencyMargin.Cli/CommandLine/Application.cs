using System.CommandLine;

namespace LowLatencyMargin.Cli.CommandLine;

/// <summary>The program: its commands, and where they print.</summary>
internal static class Application
{
    internal const string Name = "llm-cli";

    internal static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        var root = new RootCommand(
            $"""
            Scenarios, rehearsals, journals and converters of the exchange core.

            Examples:
              {Name} scenario run tests/scenarios/R-701-liquidation-price.scn
              {Name} scenario run crash.scn --journal /var/tmp/crash
              {Name} journal replay /var/tmp/crash
              {Name} rehearse --marks ALGOUSDT_1m.csv --positions 100000 --svg crash.svg
              {Name} convert bitstamp orders.csv.gz --out /var/tmp/flow
            """)
        {
            ScenarioCommand.Create(output, errors),
            JournalCommand.Create(output, errors),
            RehearseCommand.Create(output, errors),
            ConvertCommand.Create(output, errors),
            RequirementsCommand.Create(output, errors),
        };
        ParseResult result = root.Parse(args);
        int code = result.Invoke(new InvocationConfiguration { Output = output, Error = errors });
        return result.Errors.Count > 0 ? ExitCode.NotUnderstood : code;
    }
}
