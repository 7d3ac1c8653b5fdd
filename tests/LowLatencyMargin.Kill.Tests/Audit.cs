using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Journal;
using LowLatencyMargin.KillTarget;

namespace LowLatencyMargin.Kill.Tests;

/// <summary>Holds the ledger against the journal, command by command, in an exchange of its own.</summary>
internal sealed class Audit(string directory, Ledger ledger)
{
    private readonly Dictionary<long, long> _idsOfRun = [];
    private readonly HashSet<long> _found = [];

    /// <summary>Commands in the journal.</summary>
    public long Commands { get; private set; }

    public long Trades { get; private set; }

    public long Liquidations { get; private set; }

    public long Checkpoints { get; private set; }

    public void Run()
    {
        Walk();
        Assert.That(ledger.Commands.Keys.Where(sequence => !_found.Contains(sequence)), Is.Empty, "acknowledged and not in the journal");
        Compare();
    }

    /// <summary>Reads the journal as it is, applies each command, and compares id, events and hashes with what the client was told.</summary>
    private void Walk()
    {
        ILookup<long, Acknowledgement> hashes = ledger.Hashes.ToLookup(hash => hash.Sequence);
        using var exchange = new Exchange();
        using JournalReader reader = JournalReader.Open(directory);
        while (reader.TryRead(out RecordView record))
        {
            if (record.IsCheckpoint)
            {
                continue;
            }

            Require(record.Sequence == ++Commands, $"command {record.Sequence} in the journal, expected {Commands}: sequences are dense");
            Require(exchange.Apply(record.Bytes) != ResultCode.OutOfSequence, $"command {Commands} can't be applied");
            Examine(record.Bytes, exchange);
            foreach (Acknowledgement hash in hashes[Commands])
            {
                bool isChain = hash.Kind is AcknowledgementKind.RecoveredChain or AcknowledgementKind.EndChain;
                Hash128 here = isChain ? exchange.ChainHash : exchange.ComputeStateHash();
                Require(
                    hash.Id == unchecked((long)here.Low) && hash.EventHash == here.High,
                    $"{hash.Kind} at command {Commands} is {hash.Id:x16} {hash.EventHash:x16}, "
                    + $"offline replay comes to {here.Low:x16} {here.High:x16}");
            }

            if (Commands % 1_000 == 0)
            {
                RequireConservation(exchange);
            }
        }

        Require(reader.End!.Kind != JournalEndKind.Corrupt, reader.End.ToString());
        RequireConservation(exchange);
        Trades = exchange.State!.LastTradeId;
        Liquidations = exchange.State.LastLiquidationId;
    }

    private void Examine(ReadOnlySpan<byte> command, Exchange exchange)
    {
        if (System.Runtime.InteropServices.MemoryMarshal.AsRef<CommandHeader>(command).Type == CommandType.PlaceOrder)
        {
            // per run the ids count from 1 without gaps, so this finds a command that is missing, doubled or moved, acknowledged or not
            long id = Acknowledgement.IdOf(command);
            long run = id >> Load.RunShift;
            long count = id & ((1L << Load.RunShift) - 1);
            long before = _idsOfRun.GetValueOrDefault(run);
            Require(count == before + 1, $"order {count} of run {run} at command {Commands}, expected {before + 1}: lost, doubled or out of order");
            _idsOfRun[run] = count;
        }

        if (!ledger.Commands.TryGetValue(Commands, out Acknowledgement told))
        {
            return;
        }

        _found.Add(Commands);
        Acknowledgement here = Acknowledgement.Of(exchange.Events.Span);
        Require(
            told.Id == here.Id && told.EventHash == here.EventHash && told.Events == here.Events && told.First == here.First,
            $"command {Commands}: told {told.First} id {told.Id}, {told.Events} events, hash {told.EventHash:x16}; "
            + $"the journal comes to {here.First} id {here.Id}, {here.Events} events, hash {here.EventHash:x16}");
        long asked = Acknowledgement.IdOf(command);
        bool saysId = asked != 0 && told.First != Core.Events.EventType.Rejected;
        Require(here.Id == asked || !saysId, $"command {Commands}: told id {told.Id}, the command says {asked}");
    }

    /// <summary>The replay that recovery and the tool use: compares the journal's checkpoints.</summary>
    private void Compare()
    {
        using var exchange = new Exchange();
        ReplayReport report = JournalReplay.Run(directory, exchange);
        Assert.That(report.Commands, Is.EqualTo(Commands));
        Checkpoints = report.Checkpoints;
    }

    private void RequireConservation(Exchange exchange)
    {
        Int128 imbalance = Conservation.Imbalance(exchange.State!);
        Require(imbalance == 0, $"R-103: money after command {Commands} is off by {imbalance}");
        for (int market = 1; market <= exchange.State!.Markets.HighWater; market++)
        {
            Require(Conservation.OpenInterestImbalance(exchange.State, market) == 0, $"longs are not shorts after command {Commands}");
        }
    }

    private static void Require(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            Assert.Fail(otherwise);
        }
    }
}
