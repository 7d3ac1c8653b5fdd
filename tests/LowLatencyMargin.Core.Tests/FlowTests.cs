using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Streams of commands: no allocation, the same outcome twice, bounded work, any bytes.</summary>
[TestFixture]
internal sealed class FlowTests
{
    [Test]
    [NonParallelizable]
    [Description("ARCHITECTURE hot-path rules: after warm-up 250,000 mixed commands allocate not one byte.")]
    public void NothingIsAllocated()
    {
        (TestExchange x, Flow flow) = Flow.Start(seed: 11);
        using (x)
        {
            Run(flow, 50_000);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Run(flow, 250_000);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.That(allocated, Is.Zero);
            Assert.That(flow.Trades, Is.GreaterThan(10_000));
            Assert.That(flow.Liquidations, Is.GreaterThan(100));
        }
    }

    [Test]
    [Description("R-104: the same commands give the same chain hash after each of them and the same state hash; other commands do not.")]
    public void SameCommandsSameHashes()
    {
        (TestExchange first, Flow firstFlow) = Flow.Start(seed: 3);
        (TestExchange second, Flow secondFlow) = Flow.Start(seed: 3);
        (TestExchange other, Flow otherFlow) = Flow.Start(seed: 4);
        using (first)
        using (second)
        using (other)
        {
            for (int i = 0; i < 30_000; i++)
            {
                firstFlow.Step();
                secondFlow.Step();
                otherFlow.Step();
                if (first.Exchange.ChainHash != second.Exchange.ChainHash)
                {
                    Assert.Fail($"chain hashes differ after command {first.Exchange.Sequence}");
                }
            }

            Assert.That(second.Exchange.ComputeStateHash(), Is.EqualTo(first.Exchange.ComputeStateHash()));
            Assert.That(other.Exchange.ComputeStateHash(), Is.Not.EqualTo(first.Exchange.ComputeStateHash()));
            Assert.That(other.Exchange.ChainHash, Is.Not.EqualTo(first.Exchange.ChainHash));
        }
    }

    [Test]
    [Description("R-1102, R-1113: a mark that makes 40 positions liquidatable does bounded work a command; ticks finish it, and nothing stays pending.")]
    public void ManyLiquidationsAreSpreadOverTicks()
    {
        const int Work = 16;
        const int Traders = 40;
        using var x = new TestExchange(work: Work, maxAccounts: 64);
        int market = x.Market(TestExchange.Simple);
        int rich = x.Account(10_000_000);
        int first = x.State.Accounts.HighWater + 1;
        for (int i = 0; i < Traders; i++)
        {
            int trader = x.Account(2_000);
            if (i % 2 == 0)
            {
                x.Mode(trader, market, MarginMode.Isolated);
            }

            x.Trade(trader, rich, market, 10, 1_000);
        }

        x.Buy(rich, market, 100, 950);
        x.Mark(market, 880);

        Assert.That(x.Exchange.HasPendingWork, Is.True);
        int commands = 1;
        int liquidated = Count();
        Assert.That(liquidated, Is.InRange(1, Work));
        while (x.Exchange.HasPendingWork && commands < 200)
        {
            x.Tick();
            commands++;
            Assert.That(x.Exchange.Events.Count, Is.LessThanOrEqualTo(ExchangeState.EventsPerCommand(Work)));
            liquidated += Count();
        }

        Assert.That(x.Exchange.HasPendingWork, Is.False);
        Assert.That(commands, Is.LessThan(20));
        Assert.That(liquidated, Is.GreaterThanOrEqualTo(Traders / 2));
        for (int account = first; account < first + Traders; account++)
        {
            Position position = x.Position(account, market);
            long equity = (position.IsIsolated != 0 ? position.MarginUnits : x.Pool(account)) + Requirements.UnrealizedPnl(in position, x.Row(market));
            Assert.That(position.SizeLots == 0 || equity >= Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, x.Row(market)), Is.True);
        }

        int Count() => x.Events<LiquidationFinished>(EventType.LiquidationFinished).Count;
    }

    [TestCase(1UL)]
    [TestCase(2UL)]
    [Description("R-105, R-109: any bytes get a result code and an event, throw nothing and lose no money.")]
    public void AnyBytes(ulong seed)
    {
        (TestExchange x, Flow flow) = Flow.Start(seed);
        using (x)
        {
            var random = new SplitMix(seed * 77);
            byte[] bytes = new byte[256];
            HashSet<ResultCode> seen = [];
            for (int i = 0; i < 100_000; i++)
            {
                if (i % 8 == 0)
                {
                    seen.Add(flow.Step());
                    continue;
                }

                int length = Garble(bytes, random, x.Exchange.Sequence + 1);
                seen.Add(x.Exchange.Apply(bytes.AsSpan(0, length)));
                if (x.Exchange.Events.Count == 0 || (i % 16 == 1 && Conservation.Imbalance(x.State) != 0))
                {
                    Assert.Fail($"command {x.Exchange.Sequence}: {x.Exchange.Events.Count} events, imbalance {Conservation.Imbalance(x.State)}");
                }
            }

            Assert.That(Conservation.Imbalance(x.State), Is.EqualTo((Int128)0));
            Assert.That(seen, Has.Count.GreaterThan(12));
        }
    }

    [Test]
    [Description("R-104: time never goes back, whatever the header says.")]
    public void TimeNeverGoesBack()
    {
        using var x = new TestExchange();
        Tick later = new() { Header = new CommandHeader { TimeNs = 500 } };
        x.Send(ref later, CommandType.Tick);
        Tick earlier = new() { Header = new CommandHeader { TimeNs = 400 } };
        x.Send(ref earlier, CommandType.Tick);
        Assert.That(x.Exchange.TimeNs, Is.EqualTo(500));
    }

    private static void Run(Flow flow, int commands)
    {
        for (int i = 0; i < commands; i++)
        {
            flow.Step();
        }
    }

    /// <summary>A known type with random bytes, small numbers more often than huge ones, so that some fields hit.</summary>
    private static int Garble(byte[] bytes, SplitMix random, long sequence)
    {
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan());
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = random.Below(4) switch { 0 => random.Next(), 1 => (ulong)random.Below(3),
                2 => (ulong)random.Below(2_000), _ => random.Next() >> random.Below(64) };
        }

        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(bytes.AsSpan());
        header.Sequence = sequence;
        header.TimeNs = (long)(random.Next() >> 8);
        header.Version = (ushort)(random.Below(20) == 0 ? random.Below(5) : Exchange.CommandVersion);
        header.Type = (CommandType)(random.Below(12) == 0 ? random.Below(65_536) : random.Below(48));
        int length = random.Below(10) == 0 ? CommandHeader.SizeBytes + random.Below(64) : bytes.Length;
        return length;
    }
}
