using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.MatchingBenchmark.Tests;

/// <summary>R-1301: what an order and a level cost in memory, and that matching allocates nothing.</summary>
internal sealed class MemoryTests
{
    private const int Capacity = 1 << 16;
    private const int MaxLevelBytes = 64;

    [Test]
    [Description("R-1301: a resting order is one cache line, with terms two, and a level at most one, near the best price or far from it")]
    public void RowsAreSmall()
    {
        using var far = new FarLevelStore(Capacity);
        using var ladder = new PriceLadder(highestIsBest: true, Capacity, far);
        Assert.Multiple(() =>
        {
            Assert.That(Unsafe.SizeOf<Order>(), Is.EqualTo(64));
            Assert.That(Unsafe.SizeOf<OrderTermsRow>(), Is.EqualTo(64));
            Assert.That(ladder.Bytes / Capacity, Is.InRange(1, MaxLevelBytes));
            Assert.That(far.Bytes / Capacity, Is.InRange(1, MaxLevelBytes));
        });
    }

    [Test]
    [Description("R-1301: a bare book allocates nothing while it works")]
    public void NothingIsAllocated()
    {
        const int Orders = 50_000;
        Message[] messages = Workload.WorkloadGenerator.Generate(Workload.Scenario.All[^1], Orders, seed: 1);
        using var session = new MatchingSession(Orders, 1 << 18);
        var sink = new CountingSink();
        session.ApplyAhead(messages.AsSpan(0, Orders), ref sink);
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.ApplyAhead(messages.AsSpan(Orders), ref sink);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(allocated, Is.Zero);
        Assert.That(sink.Count, Is.GreaterThan(messages.Length), "trades included");
    }

    private struct CountingSink : IReportSink
    {
        private Report _report;

        public int Count { get; private set; }

        [System.Diagnostics.CodeAnalysis.UnscopedRef]
        public ref Report Next() => ref _report;

        public void Written() => Count++;
    }
}
