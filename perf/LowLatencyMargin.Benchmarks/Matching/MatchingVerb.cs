using System.Globalization;
using System.Runtime.InteropServices;
using LowLatencyMargin.MatchingBenchmark;
using LowLatencyMargin.MatchingBenchmark.Workload;

namespace LowLatencyMargin.Benchmarks.Matching;

/// <summary>matching: the public benchmark's five scenarios, messages a second with reports handed to another thread.</summary>
internal static class MatchingVerb
{
    public const string Help = """
          matching [--orders N] [--seed N] [--runs N] [--batch N] [--files DIR] [--alone yes]
                                               the public matching benchmark's scenarios, 1,000,000 new orders each; or its files from a folder;
                                               alone: on one thread only
        """;

    /// <summary>Runs the verb; returns the exit code.</summary>
    public static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var options = new Options(args);
        Console.WriteLine($"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}");
        Console.WriteLine($"best and median of {options.Runs} runs, batches of {options.Batch}");
        Console.WriteLine("ring, push: millions of messages a second, every report taken out by a second thread");
        Console.WriteLine("one thread: ns of CPU a message, ring, reports taken out by the same thread\n");
        Console.WriteLine($"{"scenario",-14}{"messages",12}{"reports",12}{"one thread",12}{"ring best",12}{"median",9}{"push best",12}{"median",9}");
        var rates = new List<double>();
        foreach ((string name, Func<Message[]> make) in options.Workloads())
        {
            Message[] messages = make();
            double alone = Enumerable.Range(0, options.Runs).Min(_ => MatchingRun.OnOneThread(messages, options.Batch));
            Console.Write($"{name,-14}{messages.Length,12:N0}");
            if (options.IsAlone)
            {
                Console.WriteLine($"{alone,24:F1}");
                continue;
            }

            Figures ring = Measure(messages, options, isPush: false);
            Figures push = ForeignQueue.IsSupported ? Measure(messages, options, isPush: true) : default;
            rates.Add(ring.Best);
            Console.WriteLine($"{ring.Reports,12:N0}{alone,12:F1}{ring}{push}");
        }

        if (options.IsAlone)
        {
            return 0;
        }

        Console.WriteLine($"\nworst scenario: {rates.Min():F1} M messages/s over the ring");
        return 0;
    }

    /// <summary>One run before the others is not counted: it finds out how many reports there are.</summary>
    private static Figures Measure(Message[] messages, Options options, bool isPush)
    {
        long reports = MatchingRun.Once(messages, options.Batch, isPush, expectedReports: 0).Reports;
        var results = new List<MatchingResult>();
        for (int run = 0; run < options.Runs; run++)
        {
            results.Add(MatchingRun.Once(messages, options.Batch, isPush, reports));
        }

        double[] rates = [.. results.Select(result => messages.Length * 1e3 / result.Ns).Order()];
        return new Figures(rates[^1], rates[rates.Length / 2], reports);
    }

    private readonly record struct Figures(double Best, double Median, long Reports)
    {
        public override string ToString() => $"{Best,12:F1}{Median,9:F1}";
    }

    private sealed class Options
    {
        private readonly int _orders = 1_000_000;
        private readonly int _seed = 7;
        private readonly string? _files;

        public Options(string[] args)
        {
            for (int i = 0; i + 1 < args.Length; i += 2)
            {
                switch (args[i])
                {
                    case "--files":
                        _files = args[i + 1];
                        break;
                    case "--orders":
                        _orders = int.Parse(args[i + 1]);
                        break;
                    case "--seed":
                        _seed = int.Parse(args[i + 1]);
                        break;
                    case "--runs":
                        Runs = int.Parse(args[i + 1]);
                        break;
                    case "--alone":
                        IsAlone = true;
                        break;
                    case "--batch":
                        Batch = int.Parse(args[i + 1]);
                        break;
                    default:
                        throw new ArgumentException($"unknown option {args[i]}");
                }
            }
        }

        public bool IsAlone { get; }

        public int Runs { get; } = 7;

        public int Batch { get; } = 256;

        public IEnumerable<(string Name, Func<Message[]> Make)> Workloads() => _files is null
            ? Scenario.All.Select(scenario => (scenario.Name, (Func<Message[]>)(() => WorkloadGenerator.Generate(scenario, _orders, _seed))))
            : Directory.GetFiles(_files, "orders_*.bin*").Order().Select(path => (NameOf(path), (Func<Message[]>)(() => WorkloadFile.Read(path))));

        private static string NameOf(string path) => Path.GetFileName(path).Split('_')[1];
    }
}
