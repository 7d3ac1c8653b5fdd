using LowLatencyMargin.Latency.Runs;

namespace LowLatencyMargin.Benchmarks.Liquidation;

/// <summary>marks: what a mark costs when it affects nobody, and what it costs for each position that it does affect.</summary>
internal static class MarksVerb
{
    internal const string Help = "  marks [--quick]                      a mark over 10 k, 100 k, 1 M positions: nobody affected, k liquidated";

    private const int Markets = 10;
    private const double QuietBarNs = 200;
    private const double AffectedBarNs = 1_000;

    /// <summary>How often each number of affected positions is measured: the more there are, the less often.</summary>
    private static readonly (int Affected, int Times)[] Groups = [(1, 1_000), (100, 30), (10_000, 3)];

    internal static int Run(string[] args)
    {
        bool quick = args is ["--quick"];
        if (args.Length > 0 && !quick)
        {
            Console.Error.WriteLine($"'{string.Join(' ', args)}' is not understood; expected nothing or --quick");
            return 2;
        }

        // once for nothing: the compiler has seen it all
        TextWriter output = Console.Out;
        Console.SetOut(TextWriter.Null);
        Measure(10_000, quick);
        Console.SetOut(output);
        Console.WriteLine($"marks in {Markets} markets, CPU time of one thread, {Environment.ProcessorCount} cores; medians");
        foreach (int positions in quick ? [10_000, 100_000] : (int[])[10_000, 100_000, 1_000_000])
        {
            Measure(positions, quick);
        }

        return 0;
    }

    private static void Measure(int positions, bool quick)
    {
        int cross = positions / 10;
        (int Affected, int Times)[] groups = [.. Groups.Select(group => quick ? group with { Times = Math.Max(1, group.Times / 10) } : group)];
        int affected = 4 * groups.Sum(group => group.Affected * group.Times);
        using var fixture = new LiquidationFixture(Markets, positions + cross + affected);
        fixture.Bystanders(positions, isolated: true, Markets);
        fixture.Bystanders(cross, isolated: false, Markets);
        Console.WriteLine($"{positions:N0} isolated positions, {cross:N0} cross accounts");
        Quiet(fixture, quick ? 200_000 : 1_000_000);
        double close = Close(fixture);
        Console.WriteLine($"  a trade of the same size between two accounts: {close:N0} ns");
        int market = 1;
        foreach (bool isolated in (bool[])[true, false])
        {
            foreach (bool absorbs in (bool[])[true, false])
            {
                Affected(fixture, market++, isolated, absorbs, groups, absorbs ? close : 0);
            }
        }
    }

    private static void Quiet(LiquidationFixture fixture, int marks)
    {
        const int Rounds = 7;
        var times = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            long start = ThreadCpu.Ns;
            for (int i = 0; i < marks; i++)
            {
                fixture.SetMark(1 + (i % Markets), LiquidationFixture.Mark + ((i / Markets) & 1));
            }

            times.Add((ThreadCpu.Ns - start) / (double)marks);
        }

        double median = Figures.Median(times);
        Console.WriteLine($"  nobody affected: {median:N0} ns a mark, best {times[0]:N0}; {Figures.Bar(median, QuietBarNs, "ns")}");
    }

    /// <summary>What a trade on one resting order costs by itself: the matching and settling that a liquidation has to do too.</summary>
    private static double Close(LiquidationFixture fixture)
    {
        const int Trades = 20_000;
        const int Market = Markets;
        int trader = fixture.Account(1L << 50);
        var times = new List<double>();
        for (int round = 0; round < 7; round++)
        {
            fixture.Bid(Market, LiquidationFixture.Mark, Trades * LiquidationFixture.Lots);
            long start = ThreadCpu.Ns;
            for (int i = 0; i < Trades; i++)
            {
                fixture.Sell(trader, Market, LiquidationFixture.Mark, LiquidationFixture.Lots);
            }

            times.Add((ThreadCpu.Ns - start) / (double)Trades);
        }

        return Figures.Median(times);
    }

    private static void Affected(
        LiquidationFixture fixture, int market, bool isolated, bool absorbs, (int Affected, int Times)[] groups, double closeNs)
    {
        int group = 0;
        foreach ((int affected, int times) in groups)
        {
            for (int i = 0; i < times; i++)
            {
                fixture.Group(market, group++, affected, isolated);
            }
        }

        // to where the first group holds: what lies between is looked at here, and not in the figures
        fixture.SetMark(market, LiquidationFixture.TurnOf(0) + 1);
        fixture.Drain();
        group = 0;
        foreach ((int affected, int times) in groups)
        {
            var each = new List<double>();
            for (int i = 0; i < times; i++, group++)
            {
                long ticks = LiquidationFixture.TurnOf(group) - 1;
                if (absorbs)
                {
                    fixture.Bid(market, ticks - 100, affected * LiquidationFixture.Lots);
                }

                long before = fixture.Exchange.State!.LastLiquidationId;
                long start = ThreadCpu.Ns;
                fixture.SetMark(market, ticks);
                fixture.Drain();
                each.Add((ThreadCpu.Ns - start - Figures.ClockNs) / (double)affected);
                if (fixture.Exchange.State!.LastLiquidationId - before != affected)
                {
                    throw new InvalidOperationException($"{fixture.Exchange.State.LastLiquidationId - before} liquidations, expected {affected}");
                }
            }

            double median = Figures.Median(each);
            string kind = $"{(isolated ? "isolated" : "cross")}, {(absorbs ? "book absorbs" : "taken over")}";
            Console.WriteLine(
                $"  {kind,-24} {affected,6:N0} affected: {median,6:N0} ns each, best {each[0],6:N0}; "
                + Figures.Bar(median, AffectedBarNs + closeNs, absorbs ? "ns, its trade included" : "ns"));
        }
    }
}
