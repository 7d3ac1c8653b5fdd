using System.Runtime.InteropServices;
using LowLatencyMargin.Book.Tests.Lockstep;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Book.Tests;

/// <summary>
/// The stream of lockstep runs on exchanges that may do 16 units of work a command. Where work ends is not foretold; what must hold however it
/// ends is checked: books uncrossed, sums right, money conserved, everything finished by ticks, the same stream the same hashes.
/// </summary>
[TestFixture]
internal sealed class TinyWorkTests
{
    private const int Work = 16;
    private const int MostTicks = 2_000;

    [TestCase(0, 11UL)]
    [TestCase(2, 12UL)]
    [TestCase(3, 13UL)]
    [TestCase(7, 14UL)]
    [Description("R-103, R-104, R-1301, R-1306, R-1315: a budget of 16 units, ticks for what is left over.")]
    public void InvariantsHoldHoweverWorkEnds(int profile, ulong seed)
    {
        using var first = new Exchange();
        using var second = new Exchange();
        int leftOver = 0;
        foreach (byte[] command in Record(Profiles.Small[profile], seed))
        {
            Apply(first, second, command);
            leftOver += first.HasPendingWork ? 1 : 0;
            if (first.Sequence % 3 != 0)
            {
                continue;
            }

            for (int ticks = 0; first.HasPendingWork; ticks++)
            {
                Assert.That(ticks, Is.LessThan(MostTicks), "ticks finish what was left over");
                Apply(first, second, TickBytes(first.TimeNs));
            }
        }

        Assert.That(leftOver, Is.Positive, "the budget was reached");
        Assert.That(second.ComputeStateHash(), Is.EqualTo(first.ComputeStateHash()));
    }

    private static List<byte[]> Record(Profile profile, ulong seed)
    {
        List<byte[]> tape = [];
        using var run = new BookRun(profile, new Tally(), tape: tape);
        var source = new StepSource(new Prng(seed), profile, run.Book);
        for (int i = 0; i < 20_000 && run.Try(source.Next()) is null; i++)
        {
        }

        Assert.That(tape, Has.Count.GreaterThan(20_000), "the recording run agreed");
        return tape;
    }

    private static byte[] TickBytes(long timeNs)
    {
        Tick tick = new() { Header = new CommandHeader { Type = CommandType.Tick, Version = Exchange.CommandVersion, TimeNs = timeNs } };
        return MemoryMarshal.AsBytes(new ReadOnlySpan<Tick>(in tick)).ToArray();
    }

    private static void Apply(Exchange first, Exchange second, byte[] command)
    {
        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(command.AsSpan());
        header.Sequence = first.Sequence + 1;
        if (header.Type == CommandType.Genesis && first.State is null)
        {
            MemoryMarshal.AsRef<Genesis>(command.AsSpan()).MaxWorkPerCommand = Work;
        }

        ResultCode code = first.Apply(command);
        ResultCode again = second.Apply(command);
        if (again != code || first.ChainHash != second.ChainHash)
        {
            Assert.Fail($"command {first.Sequence}: not the same twice");
        }

        ExchangeState state = first.State!;
        if (first.Events.Count > ExchangeState.EventsPerCommand(Work) || Conservation.Imbalance(state) != 0)
        {
            Assert.Fail($"command {first.Sequence} {header.Type}: {first.Events.Count} events, imbalance {Conservation.Imbalance(state)}");
        }

        for (int market = 1; market <= state.Markets.HighWater; market++)
        {
            Check(state, market, first.Sequence);
        }

        for (int row = 1; row <= state.Positions.HighWater && first.Sequence % 16 == 0; row++)
        {
            CheckRow(state, row, first.Sequence);
        }
    }

    private static void Check(ExchangeState state, int market, long sequence)
    {
        OrderBook book = state.Books[market];
        bool isCrossed = book.Bids.BestTicks != 0 && book.Asks.BestTicks != 0 && book.Bids.BestTicks >= book.Asks.BestTicks;
        if (isCrossed || Conservation.OpenInterestImbalance(state, market) != 0)
        {
            Assert.Fail($"command {sequence}: market {market} bid {book.Bids.BestTicks} ask {book.Asks.BestTicks}, or longs and shorts differ");
        }

        foreach (PriceLadder ladder in (PriceLadder[])[book.Bids, book.Asks])
        {
            for (long ticks = ladder.BestTicks; ticks != 0; ticks = ladder.NextWorse(ticks))
            {
                Level level = ladder.At(ticks);
                long lots = 0;
                for (int slot = level.Head; slot != 0; slot = state.Orders[slot].Next)
                {
                    lots += state.Orders[slot].LeavesLots;
                }

                if (lots != level.Lots || lots == 0)
                {
                    Assert.Fail($"command {sequence}: market {market} at {ticks}: {level.Lots} lots, its orders have {lots}");
                }
            }
        }
    }

    private static void CheckRow(ExchangeState state, int row, long sequence)
    {
        ref readonly Position position = ref state.Positions[row];
        long buys = 0;
        long sells = 0;
        int orders = 0;
        for (int slot = position.FirstOrder; slot != 0; slot = state.Orders[slot].NextOfPosition, orders++)
        {
            ref readonly Order order = ref state.Orders[slot];
            bool isCounted = !order.Has(OrderMarks.Waiting) && !order.Has(OrderMarks.ReduceOnly);
            buys += isCounted && order.Side == Side.Buy ? order.LeavesLots : 0;
            sells += isCounted && order.Side == Side.Sell ? order.LeavesLots : 0;
        }

        if (orders != position.OpenOrders || buys != position.Orders.BuyLots || sells != position.Orders.SellLots)
        {
            Assert.Fail($"command {sequence}: row {row}: {position.OpenOrders} orders, {position.Orders.BuyLots} bought, "
                + $"{position.Orders.SellLots} sold; its orders: {orders}, {buys}, {sells}");
        }
    }
}
