using System.CommandLine;
using LowLatencyMargin.Journal;
using LowLatencyMargin.Latency.Runs;
using LowLatencyMargin.MarketData;

namespace LowLatencyMargin.Latency.CommandLine;

/// <summary>The program: its options, what it prints, its exit codes.</summary>
internal static class Application
{
    internal const string Name = "run-perf.sh";

    private const string Description =
        $"""
        Drives the exchange, journal on, and reports commands a second, open-loop latency beside a control, allocation, and whether a replay of the
        journal ends in the same state. Without a file the order flow is generated from a seed.

        Examples:
          {Name} --quick                                        everything in less than a minute
          {Name}                                                the whole measurement, 3 to 4 minutes
          {Name} --profile liquidations --rates 100000,500000   a flow in which accounts fail all the time
          {Name} --flow orders.csv.gz --marks candles.csv       recorded orders, prices along the course of recorded candles
          {Name} --core-only --resting 100000 --uniform         only the core, on a big book, for profiling

        Exit codes: 0 measured; 2 an argument or a file was not understood; 3 the replay differs from the live exchange; 70 the engine failed.
        """;

    internal static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        var arguments = new Arguments();
        var root = new RootCommand(Description);
        arguments.AddTo(root);
        root.SetAction(result => Measure(arguments, result, output, errors));
        ParseResult parsed = root.Parse(args);
        int code = parsed.Invoke(new InvocationConfiguration { Output = output, Error = errors, EnableDefaultExceptionHandler = false });
        return parsed.Errors.Count > 0 ? ExitCode.NotUnderstood : code;
    }

    private static int Measure(Arguments arguments, ParseResult result, TextWriter output, TextWriter errors)
    {
        try
        {
            return new Session(arguments.Read(result), output, errors).Run();
        }
        catch (Exception error) when (error is UsageException or MarketDataException or FileNotFoundException or DirectoryNotFoundException
            or UnauthorizedAccessException)
        {
            errors.WriteLine(error.Message);
            return ExitCode.NotUnderstood;
        }
        catch (Exception error) when (error is PipelineFailedException or JournalException or InvalidOperationException or IOException
            or ArgumentException or OverflowException)
        {
            errors.WriteLine($"the engine failed: {error}");
            return ExitCode.Failed;
        }
    }
}
