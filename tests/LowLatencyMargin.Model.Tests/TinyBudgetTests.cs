using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Model.Tests.Lockstep;

namespace LowLatencyMargin.Model.Tests;

/// <summary>The stream of a lockstep run on exchanges that may do 16 units of work a command: ticks finish what a command could not.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class TinyBudgetTests
{
    private const int Work = 16;
    private const int Commands = 20_000;
    private const int MostTicks = 2_000;

    private static readonly Profile[] Profiles =
    [
        new("violent crowd") { Accounts = 29, MarkShare = 15, JumpShare = 60, MaxOrders = 128, MeanDeposit = 3_000 },
        new("violent few") { Accounts = 6, MarkShare = 20, JumpShare = 50, MeanDeposit = 6_000 },
    ];

    [TestCase(0, 71UL)]
    [TestCase(0, 72UL)]
    [TestCase(1, 75UL)]
    [TestCase(1, 74UL)]
    [Description("R-103, R-104, R-1102, R-1113: with a budget of 16 and ticks after each command: conservation always, bounded events, everything drained, "
        + "no scope left below its requirement, no pool below zero without a position, and the same stream gives the same hashes.")]
    public void TicksFinishWhatCommandsCouldNot(int profile, ulong seed)
    {
        CommandTape tape = Record(Profiles[profile], seed);
        using var first = new Exchange();
        using var second = new Exchange();
        long interrupted = 0;
        foreach (byte[] bytes in tape.Commands)
        {
            Apply(first, second, bytes);
            interrupted += first.HasPendingWork ? 1 : 0;
            for (int ticks = 0; first.HasPendingWork; ticks++)
            {
                if (ticks == MostTicks)
                {
                    Assert.Fail($"seed {seed}: still pending after {ticks} ticks, sequence {first.Sequence}");
                }

                Apply(first, second, TickBytes());
            }

            CheckDrained(first, seed);
        }

        Assert.That(interrupted, Is.Positive, "the budget was reached");
        Assert.That(second.ComputeStateHash(), Is.EqualTo(first.ComputeStateHash()));
    }

    [TestCase(0, 81UL)]
    [Description("R-103, R-1102: the same with other commands in between instead of ticks at once: what is pending waits, money stays.")]
    public void CommandsBetweenTicks(int profile, ulong seed)
    {
        CommandTape tape = Record(Profiles[profile], seed);
        using var first = new Exchange();
        using var second = new Exchange();
        for (int i = 0; i < tape.Commands.Count; i++)
        {
            Apply(first, second, tape.Commands[i]);
            if (i % 3 == 0)
            {
                Apply(first, second, TickBytes());
            }
        }

        for (int ticks = 0; first.HasPendingWork && ticks < MostTicks; ticks++)
        {
            Apply(first, second, TickBytes());
        }

        Assert.That(first.HasPendingWork, Is.False);
        CheckDrained(first, seed);
    }

    private static CommandTape Record(Profile profile, ulong seed)
    {
        var tape = new CommandTape();
        using var run = new LockstepRun(profile, seed, tape);
        run.Run(Commands);
        return tape;
    }

    private static byte[] TickBytes()
    {
        Tick tick = new() { Header = new CommandHeader { Type = CommandType.Tick, Version = Exchange.CommandVersion } };
        return MemoryMarshal.AsBytes(new ReadOnlySpan<Tick>(in tick)).ToArray();
    }

    private static void Apply(Exchange first, Exchange second, byte[] bytes)
    {
        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(bytes.AsSpan());
        header.Sequence = first.Sequence + 1;
        if (header.Type == CommandType.Genesis && first.State is null)
        {
            MemoryMarshal.AsRef<Genesis>(bytes.AsSpan()).MaxWorkPerCommand = Work;
        }

        ResultCode code = first.Apply(bytes);
        Assert.That(second.Apply(bytes), Is.EqualTo(code));
        if (first.ChainHash != second.ChainHash)
        {
            Assert.Fail($"chain hashes differ after command {first.Sequence}");
        }

        if (first.Events.Count > ExchangeState.EventsPerCommand(Work) || Conservation.Imbalance(first.State!) != 0)
        {
            Assert.Fail($"command {first.Sequence}: {first.Events.Count} events, imbalance {Conservation.Imbalance(first.State!)}");
        }
    }

    private static void CheckDrained(Exchange exchange, ulong seed)
    {
        ExchangeState state = exchange.State!;
        for (int account = 1; account <= state.Accounts.HighWater; account++)
        {
            ref readonly Account owner = ref state.Accounts[account];
            if (owner.IsLiquidationAccount != 0)
            {
                continue;
            }

            AccountFigures figures = AccountFigures.Of(state, account);
            bool isNegative = owner.CrossOpen == 0 && owner.BalanceUnits < 0;
            if (isNegative || (owner.CrossOpen > 0 && figures.EquityUnits < figures.RequirementUnits))
            {
                Assert.Fail($"seed {seed}, sequence {exchange.Sequence}: account {account}: pool {owner.BalanceUnits}, "
                    + $"equity {figures.EquityUnits}, requirement {figures.RequirementUnits}");
            }
        }

        for (int row = 1; row <= state.Positions.HighWater; row++)
        {
            ref readonly Position position = ref state.Positions[row];
            if (position.IsIsolated == 0 || position.SizeLots == 0)
            {
                continue;
            }

            ref readonly Market market = ref state.Markets[position.Market];
            Big notional = (Big)position.AbsoluteLots * market.MarkTicks * market.TickValueUnits;
            Big equity = position.MarginUnits + (position.SizeLots > 0 ? notional - position.EntryCostUnits : position.EntryCostUnits - notional);
            long requirement = Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);
            if (equity < requirement)
            {
                Assert.Fail($"seed {seed}, sequence {exchange.Sequence}: isolated row {row}: equity {equity}, requirement {requirement}");
            }
        }
    }
}
