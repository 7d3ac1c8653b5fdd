using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Disruptor;

namespace LowLatencyMargin.Benchmarks.Rings;

/// <summary>disruptor [quick] [part of a name]: throughput and latency of the ring between two pinned threads.</summary>
internal static class DisruptorVerb
{
    private const long Events = 100_000_000;
    private const int RoundTrips = 1_000_000;
    private const int Runs = 7;
    private const int QuickDivisor = 10;

    /// <summary>Runs the verb.</summary>
    /// <param name="args">"quick" for a tenth of the events; anything else selects by part of the name.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var divisor = args.Contains("quick") ? QuickDivisor : 1;
        var cases = Cases(divisor);
        if (args is ["only", var only, ..])
        {
            cases[only]();
            return 0;
        }

        var wanted = args.Where(arg => arg != "quick").ToArray();
        Console.WriteLine(
            $"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {Runs} runs of {Events / divisor:N0} events of 64 bytes");
        foreach (var name in cases.Keys.Where(name => wanted.Length == 0 || wanted.Any(name.Contains)))
        {
            // Before each, since a virtual machine's cores move apart and together.
            RawPingPong.Run();
            RunAlone(name, divisor);
        }

        return 0;
    }

    private static Dictionary<string, Action> Cases(int divisor)
    {
        var events = Events / divisor;
        var cases = new Dictionary<string, Action>();
        Add("BusySpin", () => new BusySpinWaitStrategy());
        Add("Yielding", () => new YieldingWaitStrategy());
        return cases;

        void Add(string strategy, Func<IWaitStrategy> make)
        {
            AddThroughput("one-to-one", steps: 1, batch: 1, events);
            AddThroughput("one-to-one batch 16", steps: 1, batch: 16, events);
            AddThroughput("one-to-one batch 256", steps: 1, batch: 256, events / 256 * 256);

            // With more spinning threads than cores this measures the scheduler: a tenth of the events is enough of that.
            AddThroughput("three steps", steps: 3, batch: 1, events / 10);
            var roundTrip = $"{strategy} round trip";
            cases.Add(roundTrip, () => PingPong.Run(roundTrip, make, RoundTrips / divisor, Runs));

            void AddThroughput(string what, int steps, int batch, long count)
            {
                var name = $"{strategy} {what}";
                cases.Add(name, () => Throughput.Run(name, make(), steps, batch, count, Runs));
            }
        }
    }

    // In a process of its own: what the runtime learnt from one case must not decide how it compiles the next.
    private static void RunAlone(string name, int divisor)
    {
        var executable = Environment.ProcessPath!;
        List<string> arguments = ["disruptor", "only", name];
        if (divisor != 1)
            arguments.Add("quick");
        if (Path.GetFileNameWithoutExtension(executable) == "dotnet")
            arguments.Insert(0, Environment.GetCommandLineArgs()[0]);
        using var process = Process.Start(executable, arguments);
        process.WaitForExit();
    }
}
