using System.Globalization;
using System.Runtime.InteropServices;
using Disruptor;

namespace LowLatencyMargin.Benchmarks.Rings;

/// <summary>disruptor [quick] [name-part]: throughput and latency of the ring between two pinned threads.</summary>
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
        var scale = args.Contains("quick") ? QuickDivisor : 1;
        var wanted = args.Where(arg => arg != "quick").ToArray();
        Console.WriteLine($"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {Runs} runs of {Events / scale:N0} events of 64 bytes");

        foreach (var (strategy, make) in Strategies)
        {
            var events = Events / scale;
            Throughput("one-to-one", steps: 1, batch: 1, events);
            Throughput("one-to-one batch 16", steps: 1, batch: 16, events);
            Throughput("one-to-one batch 256", steps: 1, batch: 256, events / 256 * 256);

            // More spinning threads than cores measure the scheduler: a tenth of the events is enough of that.
            Throughput("three steps", steps: 3, batch: 1, events / 10);
            if (Selected($"{strategy} round trip", out var name))
                PingPong.Run(name, make, RoundTrips / scale, Runs);

            void Throughput(string what, int steps, int batch, long count)
            {
                if (Selected($"{strategy} {what}", out var name))
                    Rings.Throughput.Run(name, make(), steps, batch, count, Runs);
            }
        }

        return 0;

        bool Selected(string name, out string selected)
        {
            selected = name;
            return wanted.Length == 0 || wanted.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));
        }
    }

    private static readonly (string Name, Func<IWaitStrategy> Make)[] Strategies =
    [
        ("BusySpin", () => new BusySpinWaitStrategy()),
        ("Yielding", () => new YieldingWaitStrategy()),
    ];
}
