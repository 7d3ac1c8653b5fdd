using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Streams of all commands: money and sums hold, nothing throws or allocates, the same twice, whatever the work.</summary>
[TestFixture]
internal sealed class MixedFlowTests
{
    private static readonly EventType[] Expected =
    [
        EventType.OrderTermsSet, EventType.OrdersLinked, EventType.OrderTriggered, EventType.OrderTrailed, EventType.OrderRefilled,
        EventType.SelfTradePrevented, EventType.DuplicateOrder, EventType.Trade, EventType.OrdersCancelled, EventType.BatchFinished,
        EventType.QuotesReplaced, EventType.MakerProtectionTriggered, EventType.MarketStateChanged, EventType.CancelAllAfterSet,
        EventType.KillSwitchChanged, EventType.LiquidationFinished, EventType.LiquidationTakeover,
    ];

    [TestCase(1UL, 4096)]
    [TestCase(2UL, 4096)]
    [TestCase(3UL, 64)]
    [TestCase(4UL, 17)]
    [TestCase(5UL, 16)]
    [Description("R-103, R-1304, R-601: after each command money is conserved; sums, counts, links, timers and queues are as the orders make them.")]
    public void StateHoldsAfterEachCommand(ulong seed, int work)
    {
        (TestExchange x, MixedFlow flow) = MixedFlow.Start(seed, work);
        using (x)
        {
            flow.HostilePerMille = 5;
            for (int i = 0; i < 30_000; i++)
            {
                flow.Step();
                Check(x);
            }

            foreach (EventType type in Expected)
            {
                Assert.That(flow.Seen(type), Is.GreaterThan(0), $"{type} never came");
            }
        }
    }

    [TestCase(11UL)]
    [TestCase(12UL)]
    [Description("R-604, R-105: small tables: orders run out of rows all the time, and nothing is lost or half done.")]
    public void SmallTables(ulong seed)
    {
        (TestExchange x, MixedFlow flow) = MixedFlow.Start(seed, work: 40, maxOrders: 24);
        using (x)
        {
            HashSet<ResultCode> seen = [];
            for (int i = 0; i < 30_000; i++)
            {
                seen.Add(flow.Step());
                Check(x);
            }

            Assert.That(seen, Does.Contain(ResultCode.CapacityExceeded));
        }
    }

    [Test]
    [NonParallelizable]
    [Description("ARCHITECTURE hot-path rules: after warm-up 280,000 commands of all types allocate not one byte.")]
    public void NothingIsAllocated()
    {
        (TestExchange x, MixedFlow flow) = MixedFlow.Start(seed: 21);
        using (x)
        {
            Run(flow, 50_000);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Run(flow, 280_000);
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
            Assert.That(flow.Seen(EventType.Trade), Is.GreaterThan(10_000));
        }
    }

    [TestCase(31UL, 4096)]
    [TestCase(32UL, 16)]
    [Description("R-104, R-1313: the same commands give the same chain hash after each of them and the same state in the end.")]
    public void SameTwice(ulong seed, int work)
    {
        (TestExchange first, MixedFlow firstFlow) = MixedFlow.Start(seed, work);
        (TestExchange second, MixedFlow secondFlow) = MixedFlow.Start(seed, work);
        using (first)
        using (second)
        {
            for (int i = 0; i < 40_000; i++)
            {
                firstFlow.Step();
                secondFlow.Step();
                if (first.Exchange.ChainHash != second.Exchange.ChainHash)
                {
                    Assert.Fail($"chain hashes differ after command {first.Exchange.Sequence}");
                }
            }

            Assert.That(second.Exchange.ComputeStateHash(), Is.EqualTo(first.Exchange.ComputeStateHash()));
        }
    }

    [TestCase(71UL)]
    [TestCase(72UL)]
    [Description("R-104, R-105: commands refused in between leave nothing behind that is not state: the others lead to the same events and state.")]
    public void RefusedCommandsLeaveNoTrace(ulong seed)
    {
        (TestExchange plain, MixedFlow flow) = MixedFlow.Start(seed);
        (TestExchange disturbed, MixedFlow _) = MixedFlow.Start(seed);
        using (plain)
        using (disturbed)
        {
            byte[] copy = new byte[CommandHeader.MaxCommandBytes];
            int refused = 0;
            for (int i = 0; i < 20_000; i++)
            {
                // a refused command goes on with what is left over, as any command does
                if (!disturbed.Exchange.HasPendingWork)
                {
                    Disturb(disturbed, 3 + (i % 16), 1 + (i % 3), i);
                    refused++;
                }

                flow.Step();
                flow.Last.CopyTo(copy);
                MemoryMarshal.AsRef<CommandHeader>(copy.AsSpan()).Sequence = disturbed.Exchange.Sequence + 1;
                disturbed.Exchange.Apply(copy.AsSpan(0, flow.Last.Length));
                if (!SameEvents(plain.Exchange.Events, disturbed.Exchange.Events) || (i % 500 == 0 && plain.StateHash != disturbed.StateHash))
                {
                    Assert.Fail($"differs at command {i}");
                }
            }

            Assert.That(disturbed.StateHash, Is.EqualTo(plain.StateHash));
            Assert.That(disturbed.Exchange.Sequence, Is.EqualTo(plain.Exchange.Sequence + refused));
            Assert.That(refused, Is.GreaterThan(15_000));
        }
    }

    [TestCase(41UL)]
    [TestCase(42UL)]
    [Description("ARCHITECTURE, bounded work: no command makes more events than its work allows, and the ticks for what is left over end.")]
    public void TicksEnd(ulong seed)
    {
        (TestExchange x, MixedFlow flow) = MixedFlow.Start(seed, work: 16);
        using (x)
        {
            int most = 0;
            for (int i = 0; i < 10_000; i++)
            {
                flow.Step();
                most = Math.Max(most, x.Exchange.Events.Count);
                x.TickUntilDone();
            }

            Assert.That(most, Is.InRange(100, ExchangeState.EventsPerCommand(16)));
        }
    }

    [TestCase(51UL, 4096)]
    [TestCase(52UL, 4096)]
    [TestCase(53UL, 64)]
    [TestCase(54UL, 16)]
    [TestCase(55UL, 19)]
    [Description("R-105, R-109: half a million commands, half of them random bytes: a result code and an event each, nothing thrown, no money lost.")]
    public void AnyBytes(ulong seed, int work)
    {
        (TestExchange x, MixedFlow flow) = MixedFlow.Start(seed, work);
        using (x)
        {
            flow.HostilePerMille = 20;
            var random = new SplitMix(seed * 77);
            byte[] bytes = new byte[1024];
            HashSet<ResultCode> seen = [];
            for (int i = 0; i < 100_000; i++)
            {
                if (i % 2 == 0)
                {
                    seen.Add(flow.Step());
                }
                else
                {
                    int length = Garble(bytes, random, x.Exchange);
                    seen.Add(x.Exchange.Apply(bytes.AsSpan(0, length)));
                }

                if (i % 16 == 1)
                {
                    Check(x);
                }
            }

            Check(x);
            Assert.That(seen, Has.Count.GreaterThan(35));
        }
    }

    private static void Check(TestExchange x)
    {
        try
        {
            if (x.Exchange.Events.Count == 0 || Conservation.Imbalance(x.State) != 0)
            {
                Assert.Fail("no event, or money lost");
            }

            StateChecks.Run(x.State);
        }
        catch (AssertionException broken)
        {
            throw new AssertionException($"command {x.Exchange.Sequence}: {broken.Message}");
        }
    }

    private static void Run(MixedFlow flow, int commands)
    {
        for (int i = 0; i < commands; i++)
        {
            flow.Step();
        }
    }

    /// <summary>Commands that are looked at deeply before they are refused.</summary>
    private static void Disturb(TestExchange x, int account, int market, int i)
    {
        const long Most = (1L << 40) - 1;
        BatchItem good = TestExchange.Placed(Side.Sell, 7, 1_234) with { ClientOrderId = 77_000 };
        ResultCode code = (i % 6) switch
        {
            0 => x.Order(TestExchange.Limit(account, market, Side.Buy, Most, 1_000)),
            1 => x.Batch(account, market, BatchMode.Atomic, good, good with { ClientOrderId = 0 }, TestExchange.Placed(Side.Buy, Most, Most)),
            2 => x.Quote(account, market, [(3, 900), (Most, 800)], [(3, 1_100), (Most, 1_200)]),
            3 => x.Order(TestExchange.AtMarket(account, market, Side.Sell, 3, OrderFlags.Hidden), TestExchange.Stop(5)),
            4 => x.Order(TestExchange.Limit(account, market, Side.Sell, 9, 1_111), new OrderTerms { DisplayLots = 10, LinkedOrderId = 5 }),
            _ => x.Bracket(account, market, Most + 1, Most + 1),
        };
        Assert.That(code, Is.Not.EqualTo(ResultCode.Accepted));
        Assert.That(x.Exchange.Events.Count, Is.EqualTo(1), "nothing was left over that went on");
    }

    private static bool SameEvents(EventBuffer one, EventBuffer other)
    {
        bool same = one.Count == other.Count;
        ReadOnlySpan<ulong> words = one.Words;
        ReadOnlySpan<ulong> others = other.Words;
        for (int i = 0; same && i < words.Length; i++)
        {
            // the first word of an event is the command's sequence
            same = i % 8 == 0 || words[i] == others[i];
        }

        return same;
    }

    /// <summary>Words at random, small ones more often than huge ones, so that many fields hit; time goes on slowly.</summary>
    private static int Garble(byte[] bytes, SplitMix random, Exchange exchange)
    {
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan());
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = random.Below(8) switch
            {
                0 => random.Next(),
                1 => random.Next() >> random.Below(64),
                2 => (ulong)random.Below(2_000),
                3 => (1UL << 40) - (ulong)random.Below(3),
                _ => (ulong)random.Below(20),
            };
        }

        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(bytes.AsSpan());
        header.Sequence = exchange.Sequence + 1;
        header.TimeNs = exchange.TimeNs + random.Below(1_000_000);
        header.Version = (ushort)(random.Below(50) == 0 ? random.Below(5) : Exchange.CommandVersion);
        header.Type = (CommandType)(random.Below(40) == 0 ? random.Below(65_536) : 20 + random.Below(27));
        return random.Below(3) switch { 0 => CommandHeader.SizeBytes + random.Below(200), 1 => 48 + (40 * random.Below(8)), _ => bytes.Length };
    }
}
