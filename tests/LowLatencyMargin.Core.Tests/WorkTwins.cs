using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Waterfall;

namespace LowLatencyMargin.Core.Tests;

/// <summary>
/// Exchanges that get the same commands, each with another limit for the work of liquidations, and ticks after every command until nothing is left
/// over: then money, positions, orders and funds are the same, and what was told.
/// </summary>
internal sealed class WorkTwins : IDisposable
{
    /// <summary>Work that a command may do, which is plenty: also that of the liquidations of the first exchange.</summary>
    public const int Plenty = 8_192;

    private const int MostTicks = 60_000;

    private static readonly int[] Limits = [Plenty, 1, 8, 16, 64];

    private readonly SortedSet<string>[] _closed = [.. Limits.Select(_ => new SortedSet<string>())];

    private readonly List<string>[] _told = [.. Limits.Select(_ => new List<string>())];

    private WorkTwins(TestExchange[] all)
    {
        All = all;
        for (int i = 0; i < all.Length; i++)
        {
            all[i].State.LiquidationWork = Limits[i];
        }
    }

    /// <summary>All of them, the one with plenty of work first.</summary>
    public TestExchange[] All { get; }

    /// <summary>Commands of the others that left something over.</summary>
    public int Interrupted { get; private set; }

    /// <summary>Events of a type that the first one told.</summary>
    public Dictionary<EventType, int> Seen { get; } = [];

    /// <summary>Each made in the same way.</summary>
    public static WorkTwins Of(Func<TestExchange> make) => new([.. Limits.Select(_ => make())]);

    /// <summary>A stream of commands that is made for the first of them.</summary>
    public static (WorkTwins Twins, MixedFlow Flow) Of(Func<(TestExchange X, MixedFlow Flow)> make)
    {
        (TestExchange x, MixedFlow flow) = make();
        var twins = new WorkTwins([x, .. Limits.Skip(1).Select(_ => make().X)]);
        flow.Before = twins.Others;
        return (twins, flow);
    }

    /// <summary>The next command of a stream, for all.</summary>
    public void Step(MixedFlow flow)
    {
        flow.Step();
        Note(0);
        Drain(0);
        Compare();
    }

    /// <summary>The same command for each.</summary>
    public void Each(Action<TestExchange> command)
    {
        for (int i = 0; i < All.Length; i++)
        {
            command(All[i]);
            Note(i);
            Drain(i);
        }

        Compare();
    }

    public void Dispose()
    {
        foreach (TestExchange x in All)
        {
            x.Dispose();
        }
    }

    private void Others(ReadOnlySpan<byte> command)
    {
        byte[] copy = new byte[command.Length];
        for (int i = 1; i < All.Length; i++)
        {
            command.CopyTo(copy);
            MemoryMarshal.AsRef<CommandHeader>(copy.AsSpan()).Sequence = All[i].Exchange.Sequence + 1;
            All[i].TimeNs = Math.Max(All[i].TimeNs, MemoryMarshal.AsRef<CommandHeader>(copy.AsSpan()).TimeNs);
            All[i].Exchange.Apply(copy);
            Note(i);
            Drain(i);
        }
    }

    private void Drain(int i)
    {
        for (int ticks = 0; All[i].Exchange.HasPendingWork; ticks++)
        {
            Assert.That(ticks, Is.LessThan(MostTicks), $"work {Limits[i]}: the work comes to an end");
            Interrupted += ticks == 0 && i > 0 ? 1 : 0;
            TestExchange.Expect(ResultCode.Accepted, All[i].Tick());
            Note(i);
        }

        ExchangeState state = All[i].State;
        for (int account = 1; account <= state.Accounts.HighWater; account++)
        {
            if (Wallets.IsolatedHolds(state, account) > Math.Max(0, Wallets.Pool(state, account)))
            {
                Assert.Fail($"R-605: orders of account {account} hold what its pool does not have, work {Limits[i]}, {All[i].Exchange.Sequence}");
            }
        }
    }

    private void Note(int i)
    {
        foreach (ref readonly EventSlot slot in All[i].Exchange.Events.Span)
        {
            if (i == 0)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(Seen, slot.Header.Type, out _)++;
            }

            // rows are told at the end of a command, or of a step
            if (slot.Header.Type is EventType.PositionClosed)
            {
                _closed[i].Add(TextOf(in slot));
                continue;
            }

            bool isTick = slot.Header.Type == EventType.Accepted && EventSlot.As<Accepted>(in slot).Command == CommandType.Tick;
            if (!isTick && slot.Header.Type is not (EventType.PositionOpened or EventType.PositionUpdated or EventType.BalanceUpdated))
            {
                _told[i].Add(TextOf(in slot));
            }
        }
    }

    /// <summary>Type, market and the words of the body; not the sequence, nor which one was the last.</summary>
    private static string TextOf(in EventSlot slot)
    {
        ReadOnlySpan<long> words = MemoryMarshal.Cast<EventSlot, long>(new ReadOnlySpan<EventSlot>(in slot));
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{slot.Header.Type} {slot.Header.MarketId}/{slot.Header.Detail}/{slot.Header.Flags & ~EventFlags.Last}");
        foreach (long word in words[2..])
        {
            text.Append(CultureInfo.InvariantCulture, $" {word}");
        }

        return text.ToString();
    }

    private void Compare()
    {
        string whole = StateOf(All[0].State);
        for (int i = 1; i < All.Length; i++)
        {
            string context = $"work {Limits[i]}, command {All[0].Exchange.Sequence}";
            for (int k = 0; k < Math.Max(_told[0].Count, _told[i].Count); k++)
            {
                if (k >= _told[0].Count || k >= _told[i].Count || _told[0][k] != _told[i][k])
                {
                    Assert.Fail($"{context}, event {k}\n  at once: {From(_told[0], k)}\n  in parts: {From(_told[i], k)}");
                }
            }

            Assert.That(_closed[i], Is.EqualTo(_closed[0]), context);
            string parts = StateOf(All[i].State);
            if (parts != whole)
            {
                string[] one = whole.Split('\n');
                string[] other = parts.Split('\n');
                int line = Enumerable.Range(0, Math.Min(one.Length, other.Length)).FirstOrDefault(k => one[k] != other[k]);
                Assert.Fail($"{context}\n  at once: {one[line]}\n  in parts: {other[line]}\n  told: {From(_told[0], 0)}");
            }
        }

        for (int i = 0; i < All.Length; i++)
        {
            _told[i].Clear();
            _closed[i].Clear();
        }
    }

    private static string From(List<string> told, int first) =>
        string.Join("\n    ", told.Skip(Math.Max(0, first - 3)).Take(12).Select((text, k) => Math.Max(0, first - 3) + k == first ? "> " + text : text));

    /// <summary>Balances, positions, orders, loans and funds.</summary>
    private static string StateOf(ExchangeState state)
    {
        var text = new StringBuilder();
        IFormatProvider culture = CultureInfo.InvariantCulture;
        text.Append(culture, $"ids {state.LastLiquidationId} {state.LastTradeId} {state.LastPositionId}, layer {state.GlobalInsuranceUnits}\n");
        for (int account = 1; account <= state.Accounts.HighWater; account++)
        {
            text.Append(culture, $"account {account}: {state.Accounts[account].BalanceUnits} {state.Accounts[account].PoolHoldUnits}");
            text.Append(culture, $" {state.Accounts[account].Traits}\n");
            for (int row = state.Accounts[account].FirstBalance; row != 0; row = state.Balances[row].Next)
            {
                text.Append(culture, $"  of {account}: asset {state.Balances[row].Asset} {state.Balances[row].Units} {state.Balances[row].HoldUnits}\n");
            }

            for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
            {
                Margin.Position position = state.Positions[row];
                text.Append(culture, $"  of {account}: market {position.Market} id {state.PositionDetails[row].PositionId} size {position.SizeLots}");
                text.Append(culture, $" cost {position.EntryCostUnits} margin {position.MarginUnits} isolated {position.IsIsolated}");
                text.Append(culture, $" leverage {position.Leverage} liquidation {state.PositionDetails[row].LiquidationId}\n");
                for (int slot = position.FirstOrder; slot != 0; slot = state.Orders[slot].NextOfPosition)
                {
                    Matching.Order order = state.Orders[slot];
                    text.Append(culture, $"    order {Matching.Order.IdOf(slot, order.Generation)} {order.Side} {order.LeavesLots} {order.PriceTicks}\n");
                }
            }
        }

        for (int market = 1; market <= state.Markets.HighWater; market++)
        {
            Matching.Market row = state.Markets[market];
            MarketLoss loss = state.Losses[market];
            text.Append(culture, $"market {market}: {row.InsuranceUnits} {row.BadDebtUnits} {row.ShortfallUnits} {row.ProtocolUnits} {row.FeeUnits}");
            text.Append(culture, $" {row.Liquidations} {row.LastTicks} {row.MarkTicks} {row.RestingLots} {row.PositionLots} {row.State}");
            text.Append(culture, $" {loss.OpenUnits} {loss.SocialisedUnits} {loss.DeleveragedUnits} {loss.GlobalPaidUnits}\n");
        }

        for (int pool = 1; pool <= state.Pools.HighWater; pool++)
        {
            Lending.LendingPool row = state.Pools[pool];
            text.Append(culture, $"pool {pool}: {row.LiquidityUnits} {row.DebtShares} {row.DebtIndex} {row.ReserveUnits} {row.SupplyShares} {row.LostUnits}\n");
        }

        for (int loan = 1; loan <= state.Loans.HighWater; loan++)
        {
            Lending.Loan row = state.Loans[loan];
            text.Append(culture, $"loan {loan}: {row.Position} {row.PrincipalUnits} {row.Shares}\n");
        }

        return text.ToString();
    }
}
