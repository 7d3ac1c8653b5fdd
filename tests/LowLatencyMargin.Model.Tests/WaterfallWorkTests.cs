using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Waterfall;
using LowLatencyMargin.Model.Tests.Lockstep;

namespace LowLatencyMargin.Model.Tests;

/// <summary>Crashes on exchanges that may do little work a command, ticks in between: who is deleveraged and charged, and for how much, is the same.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class WaterfallWorkTests
{
    private const int Commands = 2_500;
    private const int MostTicks = 5_000;

    private static IEnumerable<TestCaseData> Cases =>
        from profile in WaterfallLockstepTests.Plain
        from work in new[] { 16, 30, 2_000 }
        from seed in new ulong[] { 4_100, 4_200, 4_300 }
        select new TestCaseData(profile.Name, work, seed);

    [TestCaseSource(nameof(Cases))]
    [Description("R-103, R-104, R-1113, R-1204, R-1206: with no other command in between the same balances, positions, funds and losses for any work limit"
        + " (2,000: with one holder a command instead), and the"
        + " same figures told; what is told can be recomputed also when it comes in several commands.")]
    public void AnyWorkLimitGivesTheSame(string profile, int work, ulong seed)
    {
        Profile kind = WaterfallLockstepTests.Plain.Single(candidate => candidate.Name == profile);
        var tape = new CommandTape();
        using (var run = new LockstepRun(kind, seed, tape))
        {
            run.Run(Commands);
        }

        using var whole = new Exchange();
        using var parts = new Exchange();
        var told = new List<string>();
        var toldInParts = new List<string>();
        var audit = new EventAudit();
        long interrupted = 0;
        foreach (byte[] bytes in tape.Commands)
        {
            told.Clear();
            toldInParts.Clear();
            ApplyWhole(whole, bytes, kind.Work, told, null);
            interrupted += ApplyWhole(parts, bytes, work, toldInParts, audit) > 0 ? 1 : 0;

            string context = $"profile {profile}, work {work}, seed {seed}, command {whole.Sequence} {MemoryMarshal.AsRef<CommandHeader>(bytes).Type}";
            Assert.That(toldInParts, Is.EqualTo(told), context);
            Compare(whole.State!, parts.State!, context);
        }

        Assert.That(work > 16 || interrupted > 0, Is.True, "the budget was reached");
    }

    /// <summary>With the ticks that finish it; how many.</summary>
    private static int ApplyWhole(Exchange exchange, byte[] bytes, int work, List<string> told, EventAudit? audit)
    {
        Apply(exchange, bytes, work, told, audit);
        int ticks = 0;
        for (; exchange.HasPendingWork; ticks++)
        {
            Assert.That(ticks, Is.LessThan(MostTicks), $"still pending at sequence {exchange.Sequence}");
            Apply(exchange, TickBytes(), work, told, audit);
        }

        return ticks;
    }

    private static void Apply(Exchange exchange, byte[] bytes, int work, List<string> told, EventAudit? audit)
    {
        byte[] copy = [.. bytes];
        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(copy.AsSpan());
        if (header.Type == CommandType.SetLossRules && work == 2_000 && copy.Length >= Unsafe.SizeOf<SetLossRules>())
        {
            ref LossRules rules = ref MemoryMarshal.AsRef<SetLossRules>(copy.AsSpan()).Rules;
            rules.MaxHolders = Math.Min(rules.MaxHolders, (ushort)1);
        }

        header.Sequence = exchange.Sequence + 1;
        if (header.Type == CommandType.Genesis && exchange.State is null)
        {
            MemoryMarshal.AsRef<Genesis>(copy.AsSpan()).MaxWorkPerCommand = work;
        }

        exchange.Apply(copy);
        audit?.Check(exchange.Events.Span);
        foreach (ref readonly EventSlot slot in exchange.Events.Span)
        {
            if (slot.Header.Type is (>= EventType.AutoDeleveraged and <= EventType.InsuranceSurplus) or EventType.AutoDeleveragePrice
                or EventType.ShortfallCovered)
            {
                told.Add(EventText.Of(in slot).Replace(", Last", string.Empty, StringComparison.Ordinal).Replace("[Last]", "[None]", StringComparison.Ordinal));
            }
        }

        if (exchange.State is { } state && (exchange.Events.Count > ExchangeState.EventsPerCommand(work) || Conservation.Imbalance(state) != 0))
        {
            Assert.Fail($"command {exchange.Sequence}: {exchange.Events.Count} events, imbalance {Conservation.Imbalance(state)}");
        }
    }

    private static void Compare(ExchangeState whole, ExchangeState parts, string context)
    {
        Assert.That(parts.GlobalInsuranceUnits, Is.EqualTo(whole.GlobalInsuranceUnits), context);
        for (int account = 1; account <= whole.Accounts.HighWater; account++)
        {
            Same(whole.Accounts[account].BalanceUnits, parts.Accounts[account].BalanceUnits, "pool", account, context);
        }

        for (int row = 1; row <= whole.Positions.HighWater; row++)
        {
            ref readonly Position one = ref whole.Positions[row];
            int other = parts.FindPosition(one.Account, one.Market);
            if (one.Account == 0 || whole.IsHedge(one.Account))
            {
                continue;
            }

            Same(one.SizeLots, parts.Positions[other].SizeLots, "size", one.Account, context);
            Same(one.EntryCostUnits, parts.Positions[other].EntryCostUnits, "cost", one.Account, context);
            Same(one.MarginUnits, parts.Positions[other].MarginUnits, "margin", one.Account, context);
        }

        for (int market = 1; market <= whole.Markets.HighWater; market++)
        {
            ref readonly Market one = ref whole.Markets[market];
            ref readonly Market other = ref parts.Markets[market];
            Same(one.InsuranceUnits, other.InsuranceUnits, "fund", market, context);
            Same(one.BadDebtUnits, other.BadDebtUnits, "bad debt", market, context);
            Same(one.ShortfallUnits, other.ShortfallUnits, "shortfalls", market, context);
            ref readonly MarketLoss loss = ref whole.Losses[market];
            Same(loss.OpenUnits, parts.Losses[market].OpenUnits, "open losses", market, context);
            Same(loss.SocialisedUnits, parts.Losses[market].SocialisedUnits, "socialised", market, context);
            Same(loss.DeleveragedUnits, parts.Losses[market].DeleveragedUnits, "deleveraged", market, context);
        }
    }

    private static void Same(long whole, long parts, string what, int of, string context)
    {
        if (whole != parts)
        {
            Assert.Fail($"{what} of {of}: {whole} at once, {parts} in parts; {context}");
        }
    }

    private static byte[] TickBytes()
    {
        Tick tick = new() { Header = new CommandHeader { Type = CommandType.Tick, Version = Exchange.CommandVersion } };
        return MemoryMarshal.AsBytes(new ReadOnlySpan<Tick>(in tick)).ToArray();
    }
}
