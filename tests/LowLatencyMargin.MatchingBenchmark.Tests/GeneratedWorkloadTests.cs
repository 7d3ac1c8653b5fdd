using LowLatencyMargin.MatchingBenchmark.Workload;

namespace LowLatencyMargin.MatchingBenchmark.Tests;

/// <summary>R-1301: generated workloads, report by report and level by level against an engine that is two sorted lists.</summary>
internal sealed class GeneratedWorkloadTests
{
    private const int Orders = 4_000;
    private const int MessagesBetweenLooks = 500;

    private static readonly int[] Seeds = [1, 2, 3, 11, 977];

    private static IEnumerable<TestCaseData> Cases =>
        from scenario in Scenario.All from seed in Seeds select new TestCaseData(scenario, seed).SetArgDisplayNames(scenario.Name, $"{seed}");

    [TestCaseSource(nameof(Cases))]
    [Description("R-1301: the same reports in the same order, and after every few messages the same best prices and depths.")]
    public void AgreesWithTheNaiveEngine(Scenario scenario, int seed) => Compare(
        WorkloadGenerator.Generate(scenario, Orders, seed), batch: 7, trades: scenario.Reach > 0);

    [TestCase(byte.MaxValue, long.MinValue)]
    [TestCase((byte)2, long.MaxValue)]
    [Description("R-1301: what stands in a cancel behind its sequence is not looked at, since a harness need not have written it")]
    public void CancelsEndBehindTheirSequence(byte side, long price)
    {
        Message[] messages = WorkloadGenerator.Generate(Scenario.All[^1], Orders, 6);
        for (int i = 0; i < messages.Length; i++)
        {
            if (messages[i].Type == MessageType.Cancel)
            {
                messages[i] = messages[i] with { Side = side, PriceTicks = price, QuantityLots = uint.MaxValue, IsImmediate = side };
            }
        }

        Compare(messages, batch: 256, trades: true);
    }

    [TestCase(1L << 39)]
    [TestCase((1L << 40) - 300_000)]
    [Description("R-1301: the same with prices far outside those of the benchmark: the book does not depend on their range.")]
    public void AgreesAtAnyPrice(long addedTicks)
    {
        Message[] messages = WorkloadGenerator.Generate(Scenario.All[^1], Orders, 5);
        for (int i = 0; i < messages.Length; i++)
        {
            // two markets' worth of prices in one book: every other order is far away, so that orders stand in and outside the window
            messages[i].PriceTicks += messages[i].OrderId % 2 == 0 ? addedTicks : 0;
        }

        Compare(messages, batch: 64, trades: true);
    }

    [TestCase(1)]
    [TestCase(1000)]
    [Description("R-1301: a sweep with more reports than the ring has slots does not wait for itself")]
    public void SweepsLongerThanTheRing(int batch)
    {
        const int Makers = 3 * ReportRing.Slots;
        var messages = new Message[Makers + 1];
        for (int i = 0; i < Makers; i++)
        {
            messages[i] = Order(i, side: 1, price: 1000 + (i % 50), lots: 2);
        }

        messages[Makers] = Order(Makers, side: 0, price: 1049, lots: (uint)(2 * Makers) + 5);
        using var harness = new Harness(pushCapacity: 0);
        Harness.Process(messages, batch);
        List<Report> trades = [.. harness.Finish().Where(report => report.Type == ReportType.Trade)];
        Assert.That(trades, Has.Count.EqualTo(Makers));
        Assert.That(trades.Select(trade => trade.PriceTicks), Is.Ordered);
        Assert.That(trades[1].MakerId, Is.EqualTo(50UL), "the second at the best price");
        Assert.That((Harness.BestBid, Harness.BestAsk, Harness.Depth(1049, 0)), Is.EqualTo((1049L, long.MaxValue, 5UL)));
    }

    [Test]
    [Description("R-1301: ids that were never given are refused, whatever they are")]
    public void UnknownIdsAreRefused()
    {
        Message[] messages =
        [
            new() { Type = MessageType.Cancel, OrderId = ulong.MaxValue, Sequence = 1 },
            new() { Type = MessageType.Modify, OrderId = 1UL << 40, Sequence = 2, PriceTicks = 5, QuantityLots = 5 },
        ];
        using var harness = new Harness(pushCapacity: 0);
        Harness.Process(messages, 2);
        Assert.That(harness.Finish().Select(report => report.Type), Is.EqualTo(new[] { ReportType.CancelReject, ReportType.ModifyReject }));
        Assert.That((Harness.BestBid, Harness.BestAsk, Harness.Depth(1, 0)), Is.EqualTo((long.MinValue, long.MaxValue, 0UL)));
    }

    [Test]
    [Description("R-1301: a generated workload has the benchmark's shape: kinds of messages, immediate orders, changes, cancels, repeats")]
    public void TheShapeIsTheBenchmarks()
    {
        const int Count = 100_000;
        Message[] messages = WorkloadGenerator.Generate(Scenario.All[1], Count, 7);
        Message[] orders = [.. messages.Where(message => message.Type == MessageType.New)];
        double resting = orders.Count(order => order.IsImmediate == 0);
        ulong[] cancelled = [.. messages.Where(message => message.Type == MessageType.Cancel).Select(message => message.OrderId)];
        int distinct = cancelled.Distinct().Count();
        Assert.Multiple(() =>
        {
            Assert.That(orders.Select(order => order.OrderId).Order(), Is.EqualTo(Enumerable.Range(0, Count).Select(id => (ulong)id)));
            Assert.That(messages.Select(message => message.Sequence), Is.EqualTo(Enumerable.Range(0, messages.Length).Select(at => (ulong)at)));
            Assert.That(messages, Has.Length.InRange(195_000, 203_000));
            Assert.That(resting / Count, Is.EqualTo(0.85).Within(0.01));
            Assert.That(messages.Count(message => message.Type == MessageType.Modify) / resting, Is.EqualTo(0.2).Within(0.01));
            Assert.That(distinct / resting, Is.EqualTo(0.95).Within(0.01));
            Assert.That((cancelled.Length - distinct) / (double)distinct, Is.EqualTo(0.02).Within(0.005));
        });
    }

    private static void Compare(Message[] messages, int batch, bool trades)
    {
        using var harness = new Harness(pushCapacity: 0);
        var naive = new NaiveEngine();
        for (int start = 0; start < messages.Length; start += MessagesBetweenLooks)
        {
            Span<Message> some = messages.AsSpan(start, Math.Min(MessagesBetweenLooks, messages.Length - start));
            Harness.Process(some, batch);
            foreach (ref Message message in some)
            {
                naive.Apply(in message);
            }

            Assert.That((Harness.BestBid, Harness.BestAsk), Is.EqualTo((naive.BestBid, naive.BestAsk)));
            foreach ((byte side, long price) in naive.Levels)
            {
                Assert.That(Harness.Depth(price, side), Is.EqualTo(naive.Depth(price, side)));
            }
        }

        bool traded = naive.Reports.Any(report => report.Type == ReportType.Trade);
        Assert.That(traded || !trades, "a workload that should trade and does not proves nothing");
        Assert.That(harness.Finish().Select(Text), Is.EqualTo(naive.Reports.Select(Text)));
    }

    private static string Text(Report report) => CanonicalReports.LineOf(in report);

    private static Message Order(int id, byte side, long price, uint lots) => new()
    {
        Type = MessageType.New, OrderId = (ulong)id, Sequence = (ulong)id, Side = side, PriceTicks = price, QuantityLots = lots,
    };
}
