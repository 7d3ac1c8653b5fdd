using BenchmarkDotNet.Running;
using LowLatencyMargin.Benchmarks.Core;
using LowLatencyMargin.Benchmarks.Journal;
using LowLatencyMargin.Benchmarks.Liquidation;
using LowLatencyMargin.Benchmarks.Matching;
using LowLatencyMargin.Benchmarks.Rings;

const string Help = $"""
    Benchmarks.

      disruptor [quick] [part of a name]   ring throughput and round trip between pinned threads
      journal [DIR] [ROUNDS]               append, group commit and read rates
      worst                                the commands that can take longest: sweep, mass cancel, stops, mass quote
      preview                              previews a second: orders that rest or fill, leverage, withdrawal
    {MarksVerb.Help}
    {CascadeVerb.Help}
    {MatchingVerb.Help}
    {BookVerb.Help}
      --list flat                          the BenchmarkDotNet benchmarks
      --filter '*MarkMove*'                runs those that match

    Example: dotnet run -c Release --project perf/LowLatencyMargin.Benchmarks -- disruptor quick
    """;

// A verb runs a benchmark of our own, which needs threads on given cores; anything else goes to BenchmarkDotNet.
switch (args)
{
    case [] or ["--help"] or ["-h"]:
        Console.WriteLine(Help);
        return 0;
    case ["disruptor", .. var rest]:
        return DisruptorVerb.Run(rest);
    case ["journal", .. var rest]:
        return JournalBenchmark.Run(rest);
    case ["worst"]:
        return WorstCommands.Run();
    case ["preview"]:
        return PreviewVerb.Run();
    case ["marks", .. var rest]:
        return MarksVerb.Run(rest);
    case ["cascade", .. var rest]:
        return CascadeVerb.Run(rest);
    case ["matching", .. var rest]:
        return MatchingVerb.Run(rest);
    case ["book", .. var rest]:
        return BookVerb.Run(rest);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(DisruptorVerb).Assembly).Run(args);
        return 0;
}
