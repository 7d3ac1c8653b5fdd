using HdrHistogram;
using LowLatencyMargin.Latency.Runs;

namespace LowLatencyMargin.Benchmarks.Liquidation;

/// <summary>
/// cascade: 100,000 positions liquidatable on one mark. How fast ticks drain them, and how long orders of other markets wait meanwhile, with
/// ticks between commands as the sequencer puts them.
/// </summary>
internal static class CascadeVerb
{
    internal const string Help = "  cascade [--quick]                    100,000 positions fall on one mark: drained a second, what other markets' orders wait";

    private const int Market = 1;
    private const int OtherMarkets = 4;
    private const double DrainBar = 500_000;
    private const double WaitBarUs = 20;

    /// <summary>As the sequencer does while work is left over (CommandSequencer.CommandsPerTick).</summary>
    private const int CommandsPerTick = 16;

    internal static int Run(string[] args)
    {
        bool quick = args is ["--quick"];
        if (args.Length > 0 && !quick)
        {
            Console.Error.WriteLine($"'{string.Join(' ', args)}' is not understood; expected nothing or --quick");
            return 2;
        }

        int positions = quick ? 20_000 : 100_000;
        int rounds = quick ? 1 : 5;
        Console.WriteLine($"{positions:N0} positions liquidatable on one mark, one thread, {Environment.ProcessorCount} cores; medians of {rounds}");
        foreach (bool absorbs in (bool[])[true, false])
        {
            Drain(positions, absorbs, rounds);
        }

        Console.WriteLine(
            $"orders of {OtherMarkets} other markets meanwhile, open loop, a tick before every {CommandsPerTick} commands and whenever none waits:");
        foreach (int rate in (int[])[100_000, 500_000])
        {
            foreach (bool absorbs in (bool[])[true, false])
            {
                Wait(positions, absorbs, rate, rounds);
            }
        }

        return 0;
    }

    private static LiquidationFixture Prepare(int positions, bool absorbs)
    {
        var fixture = new LiquidationFixture(1 + OtherMarkets, positions + 16);
        fixture.Group(Market, 0, positions, isolated: true);
        fixture.SetMark(Market, LiquidationFixture.TurnOf(0) + 1);
        _ = fixture.Drain();
        if (absorbs)
        {
            fixture.Bid(Market, LiquidationFixture.TurnOf(0) - 100, positions * LiquidationFixture.Lots);
        }

        return fixture;
    }

    private static void Drain(int positions, bool absorbs, int rounds)
    {
        var rates = new List<double>();
        var times = new LongHistogram(10_000_000_000, 3);
        int ticks = 0;
        for (int round = 0; round < rounds; round++)
        {
            using LiquidationFixture fixture = Prepare(positions, absorbs);
            ticks = 0;
            long start = ThreadCpu.Ns;
            long last = start;
            fixture.SetMark(Market, LiquidationFixture.TurnOf(0) - 1);
            for (; fixture.Exchange.HasPendingWork; ticks++)
            {
                fixture.Tick();
                long now = ThreadCpu.Ns;
                times.RecordValue(Math.Max(1, now - last - Figures.ClockNs));
                last = now;
            }

            rates.Add(positions * 1e9 / (ThreadCpu.Ns - start));
        }

        double rate = Figures.Median(rates);
        Console.WriteLine(
            $"  {(absorbs ? "book absorbs" : "taken over"),-12} {rate,10:N0} liquidations/s, {ticks:N0} ticks, each {Line(times)}; "
            + $"bar {DrainBar:N0}: {(rate >= DrainBar ? "held" : "missed")}");
    }

    private static void Wait(int positions, bool absorbs, int rate, int rounds)
    {
        var waits = new LongHistogram(10_000_000_000, 3);
        var controls = new LongHistogram(10_000_000_000, 3);
        var drained = new List<double>();
        long orders = 0;
        for (int round = 0; round < rounds; round++)
        {
            using LiquidationFixture fixture = Prepare(positions, absorbs);
            // once without a cascade, for as long as it would take, then with it
            var line = new OrderLine(fixture, rate);
            int warmUp = rate / 20;
            _ = line.Run(warmUp, null);
            fixture.SetMark(Market, LiquidationFixture.TurnOf(0) - 1);
            OrderLine.Result cascade = line.Run(int.MaxValue, waits);
            _ = line.Run((int)cascade.Orders, controls);
            orders += cascade.Orders;
            drained.Add(positions / cascade.Seconds);
        }

        double p90 = waits.GetValueAtPercentile(90) / 1_000.0;
        double p99 = waits.GetValueAtPercentile(99) / 1_000.0;
        double control = controls.GetValueAtPercentile(99) / 1_000.0;
        Console.WriteLine(
            $"  {rate,9:N0}/s, {(absorbs ? "book absorbs" : "taken over"),-12} {Line(waits)}; control {Line(controls)}; "
            + $"{Figures.Median(drained):N0} liquidations/s, {orders:N0} orders; p90 {Figures.Bar(p90, WaitBarUs, "us")}; p99 {p99 / control:N1} x control");
    }

    private static string Line(LongHistogram histogram) =>
        $"p50 {Us(histogram, 50)} p90 {Us(histogram, 90)} p99 {Us(histogram, 99)} max {Us(histogram, 100)} us";

    private static string Us(LongHistogram histogram, double level) => (histogram.GetValueAtPercentile(level) / 1_000.0).ToString("0.0", null);

    /// <summary>
    /// A queue in front of one engine, in the engine's own time: orders come at fixed moments, each command takes the processor time that it is measured
    /// to take, and ticks go in where the sequencer puts them. What else runs on the machine does not count.
    /// </summary>
    private sealed class OrderLine(LiquidationFixture fixture, int perSecond)
    {
        private readonly int _account = fixture.Account(1L << 55);
        private long _orders;

        internal Result Run(int most, LongHistogram? waits)
        {
            double interval = 1e9 / perSecond;
            double now = 0;
            long sent = 0;
            int sinceTick = 0;
            bool cascades = fixture.Exchange.HasPendingWork;
            while (cascades ? fixture.Exchange.HasPendingWork : sent < most)
            {
                double due = sent * interval;
                bool pending = fixture.Exchange.HasPendingWork;
                if (due > now)
                {
                    now = pending ? now + Timed(fixture.Tick) : due;
                    continue;
                }

                if (pending && ++sinceTick >= CommandsPerTick)
                {
                    sinceTick = 0;
                    now += Timed(fixture.Tick);
                }

                now += Timed(Order);
                waits?.RecordValue((long)(now - due));
                sent++;
            }

            return new Result(sent, now / 1e9);
        }

        private static double Timed(Action command)
        {
            long start = ThreadCpu.Ns;
            command();
            return Math.Max(1, ThreadCpu.Ns - start - Figures.ClockNs);
        }

        /// <summary>Bids that rest and are taken in turn, over the other markets.</summary>
        private void Order()
        {
            int market = 2 + (int)(_orders / 2 % OtherMarkets);
            if ((_orders++ & 1) == 0)
            {
                fixture.Bid(market, LiquidationFixture.Mark, 1);
            }
            else
            {
                fixture.Sell(_account, market, LiquidationFixture.Mark, 1);
            }
        }

        internal sealed record Result(long Orders, double Seconds);
    }
}
