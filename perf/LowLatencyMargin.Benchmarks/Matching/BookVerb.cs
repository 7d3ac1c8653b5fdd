using System.Globalization;
using System.Runtime.InteropServices;
using LowLatencyMargin.Latency.Runs;
using LowLatencyMargin.MatchingBenchmark;

namespace LowLatencyMargin.Benchmarks.Matching;

/// <summary>book: the bare book on one thread, exchange-core's stream, CPU time of the thread.</summary>
internal static class BookVerb
{
    public const string Help = """
          book [--commands N] [--runs N] [--seed N] [ec1k|ec100k|ec1m|ec10m, with _uni] ...
                                               the bare book on one thread, exchange-core's stream: ns of CPU a command, with look-ahead and without
        """;

    private const int Batch = 256;
    private const int WarmUpCommands = 200_000;

    private static readonly Dictionary<string, int> Sizes = new()
    {
        ["ec1k"] = 1_000, ["ec100k"] = 100_000, ["ec1m"] = 1_000_000, ["ec10m"] = 10_000_000,
    };

    private static readonly string[] Default = ["ec1k_uni", "ec100k_uni", "ec1m_uni", "ec10m_uni"];

    /// <summary>Runs the verb; returns the exit code.</summary>
    public static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        int commands = 3_000_000;
        int runs = 5;
        int seed = 2;
        var names = new List<string>();
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--commands":
                    commands = int.Parse(args[++i]);
                    break;
                case "--runs":
                    runs = int.Parse(args[++i]);
                    break;
                case "--seed":
                    seed = int.Parse(args[++i]);
                    break;
                default:
                    names.Add(args[i]);
                    break;
            }
        }

        Console.WriteLine(
            $"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, one thread, {commands:N0} commands, least of {runs} runs");
        Console.WriteLine($"{"stream",-12}{"resting",12}{"levels",9}{"trades",11}{"moves",8}{"ns plain",10}{"ns ahead",10}");
        WarmUp();
        foreach (string name in names.Count == 0 ? [.. Default] : names)
        {
            Measure(name, Sizes[name.Split('_')[0]], commands, runs, seed);
        }

        return 0;
    }

    private static void WarmUp()
    {
        Message[] messages = BookStream.Generate(Sizes["ec1k"], WarmUpCommands, isUniform: true, seed: 1);
        for (int i = 0; i < 10; i++)
        {
            Once(messages, 0, isAhead: i % 2 == 0);
            Thread.Sleep(100);
        }
    }

    private static void Measure(string name, int resting, int commands, int runs, int seed)
    {
        Message[] messages = BookStream.Generate(resting, commands, name.EndsWith("_uni", StringComparison.Ordinal), seed);
        double plain = double.MaxValue;
        double ahead = double.MaxValue;
        Outcome outcome = default;
        for (int run = 0; run < runs; run++)
        {
            outcome = Once(messages, resting, isAhead: false);
            plain = Math.Min(plain, outcome.Ns);
            ahead = Math.Min(ahead, Once(messages, resting, isAhead: true).Ns);
        }

        double moves = messages.AsSpan(resting).ToArray().Count(message => message.Type == MessageType.Modify) * 100.0 / commands;
        Console.WriteLine($"{name,-12}{outcome.Resting,12:N0}{outcome.Levels,9:N0}{outcome.Trades,11:N0}{moves,6:F1} %{plain,10:F1}{ahead,10:F1}");
    }

    /// <summary>Fills a new book with the first messages, then measures the others.</summary>
    private static Outcome Once(Message[] messages, int resting, bool isAhead)
    {
        using var session = new MatchingSession(messages.Length, BookStream.LadderTicks);
        var sink = new TradeCountingSink();
        session.ApplyAhead(messages.AsSpan(0, resting), ref sink);
        ReadOnlySpan<Message> commands = messages.AsSpan(resting);
        long start = ThreadCpu.Ns;
        if (isAhead)
        {
            for (int i = 0; i < commands.Length; i += Batch)
            {
                session.ApplyAhead(commands.Slice(i, Math.Min(Batch, commands.Length - i)), ref sink);
            }
        }
        else
        {
            session.ApplyAll(commands, ref sink);
        }

        double ns = (ThreadCpu.Ns - start) / (double)commands.Length;
        return new Outcome(ns, session.RestingOrders, session.Book.Bids.Count + session.Book.Asks.Count, sink.Trades);
    }

    private readonly record struct Outcome(double Ns, int Resting, int Levels, long Trades);

    /// <summary>Writes every report, and counts the trades.</summary>
    private struct TradeCountingSink : IReportSink
    {
        private Report _report;

        public long Trades { get; private set; }

        [System.Diagnostics.CodeAnalysis.UnscopedRef]
        public ref Report Next() => ref _report;

        public void Written() => Trades += _report.Type == ReportType.Trade ? 1 : 0;
    }
}
