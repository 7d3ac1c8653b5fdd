using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.MarketData;

namespace LowLatencyMargin.Latency.Flow.Recorded;

/// <summary>
/// Order events of Bitstamp as a flow: created rows are limit orders, deleted rows with volume cancels; changed rows and deleted rows
/// without volume are what the engine does by itself. Market BTC-USD, tick 0.01, lot 0.000001: with 8 decimals of the dollar, tick x lot is one unit.
/// </summary>
internal static class BitstampFlow
{
    private const long Dollar = 100_000_000;
    private const long VolumePerLot = 100;
    private const long AmpleUnits = 1_000_000_000 * Dollar / 100;
    private const int Samples = 1_000;
    private const int StepsPerTrial = 100_000;
    private const double MostRefused = 0.2;

    public static Workload Build(string file, MarkPath path, int accounts, int commands, Action<int>? progress)
    {
        (RecordedFlow record, long firstTicks) = Read(file, accounts, commands);
        long need = Rehearse(record, accounts, firstTicks);
        long deposit = Fund(record, accounts, firstTicks, need / 2);
        using FlowBuilder flow = Begin(accounts, deposit, firstTicks, out long[] ids);
        flow.StartFlow(commands);
        var player = new FlowPlayer(flow, record, ids, path, commands);
        player.Play(progress);
        return flow.Build(
            "bitstamp",
            [
                .. record.Notes,
                $"{accounts} accounts get the orders in turn, {deposit / Dollar:N0} USD each: "
                    + $"about {100.0 * deposit / Math.Max(1, need):F0} % of what "
                    + "the account in the middle would need to have no order refused; every other account is isolated",
                .. RecordedFlows.NotesOn(player, record),
            ]);
    }

    private static (RecordedFlow Record, long FirstTicks) Read(string file, int accounts, int commands)
    {
        var record = new RecordedFlow { MarksFollowTrades = true };
        var keys = new Dictionary<long, int>();
        long firstTicks = 0;
        long rows = 0;
        long tooSmall = 0;
        long unknown = 0;
        long skipped = 0;
        foreach (BitstampOrder row in BitstampOrders.Read(file))
        {
            rows++;
            firstTicks = firstTicks == 0 ? row.PriceCents : firstTicks;
            if (row.Action == BitstampAction.Created && row.VolumeE8 < VolumePerLot)
            {
                tooSmall++;
            }
            else if (row.Action == BitstampAction.Created)
            {
                keys[row.Id] = record.Orders;
                record.Steps.Add(new FlowStep
                {
                    Kind = StepKind.Place,
                    Key = record.Orders,
                    Account = record.Orders % accounts,
                    Market = 1,
                    PriceTicks = row.PriceCents,
                    QuantityLots = row.VolumeE8 / VolumePerLot,
                    Side = row.IsBid ? Side.Buy : Side.Sell,
                });
                record.Orders++;
            }
            else if (row.Action == BitstampAction.Deleted && row.VolumeE8 > 0 && keys.Remove(row.Id, out int key))
            {
                record.Steps.Add(new FlowStep { Kind = StepKind.Cancel, Key = key });
            }
            else
            {
                unknown += row.Action == BitstampAction.Deleted && row.VolumeE8 > 0 ? 1 : 0;
                skipped += row.Action == BitstampAction.Deleted && row.VolumeE8 > 0 ? 0 : 1;
            }

            if (record.Steps.Count >= RecordedFlow.StepsFor(commands))
            {
                break;
            }
        }

        if (record.Orders == 0)
        {
            throw new MarketDataException(file, 2, "no created rows", "at least one order event of action created");
        }

        record.Notes.Add($"{Path.GetFileName(file)}: {rows:N0} rows, {record.Orders:N0} orders, {record.Steps.Count - record.Orders:N0} cancels");
        record.Notes.Add(
            $"skipped: {skipped:N0} rows of changed or filled orders, {unknown:N0} cancels of orders from before the file, "
            + $"{tooSmall:N0} orders below one lot");
        return (record, firstTicks);
    }

    /// <summary>Runs the record once over accounts with ample money: where the last trade is at each step, and what accounts would need.</summary>
    private static long Rehearse(RecordedFlow record, int accounts, long firstTicks)
    {
        using FlowBuilder flow = Begin(accounts, AmpleUnits, firstTicks, out long[] ids);
        var rehearsal = new FlowRehearsal(flow, record, ids);
        long[] most = new long[accounts];
        int stepsPerSample = Math.Max(1, record.Steps.Count / Samples);
        rehearsal.Run(step =>
        {
            if (step % stepsPerSample == 0)
            {
                for (int i = 0; i < accounts; i++)
                {
                    most[i] = Math.Max(most[i], NeedOf(flow.State, (int)ids[i]));
                }
            }
        });
        return most.Order().ElementAt(accounts / 2);
    }

    /// <summary>Money with which some orders are refused, but most are not.</summary>
    private static long Fund(RecordedFlow record, int accounts, long firstTicks, long deposit)
    {
        while (true)
        {
            deposit = Math.Max(1, deposit / Dollar) * Dollar;
            using FlowBuilder flow = Begin(accounts, deposit, firstTicks, out long[] ids);
            double refused = new FlowRehearsal(flow, record, ids).RefusedShare(StepsPerTrial);
            if (refused <= MostRefused || deposit >= AmpleUnits)
            {
                return deposit;
            }

            deposit += Math.Max(Dollar, deposit / 2);
        }
    }

    private static long NeedOf(ExchangeState state, int id)
    {
        ref readonly Account account = ref state.Accounts[id];
        var figures = AccountFigures.Of(state, id);
        return AmpleUnits - figures.EquityUnits + account.PoolHoldUnits + (long)AccountFigures.InitialMarginOf(state, id);
    }

    private static FlowBuilder Begin(int accounts, long depositUnits, long markTicks, out long[] ids)
    {
        var flow = new FlowBuilder(Workloads.GenesisFor(accounts, restingOrders: 500_000));
        ExchangeSetup.Collateral(flow, "USD", 8);
        MarketParameters parameters = MarketParameters.Default with { MaxOpenOrders = 100_000 };
        ExchangeSetup.Market(flow, "BTC-USD", parameters, markTicks, tickSizeE9: 10_000_000, lotSizeE9: 1_000);
        long first = ExchangeSetup.Accounts(flow, accounts, depositUnits);
        ids = [.. Enumerable.Range(0, accounts).Select(i => first + i)];
        ExchangeSetup.Isolate(flow, first, accounts);
        return flow;
    }
}
