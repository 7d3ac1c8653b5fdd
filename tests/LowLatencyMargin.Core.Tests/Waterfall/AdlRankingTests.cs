using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Waterfall;

namespace LowLatencyMargin.Core.Tests.Waterfall;

/// <summary>R-1205, R-1207: who is ranked where, made when it is needed, in as many commands as it takes.</summary>
[TestFixture]
internal sealed class AdlRankingTests
{
    private const int Holders = 1_100;

    [Test]
    [Description("R-1204, R-1207: more holders than a ranking has places, in parts of any work limit: the same ones in the same order for the same values.")]
    public void AnyWorkLimit([Values(16, 61, 4_096)] int work, [Values(3, 1_024)] int most)
    {
        (List<AutoDeleveraged> whole, long[] pools) = Crash(work: 65_536, most: LossRules.MostHolders);
        (List<AutoDeleveraged> parts, long[] other) = Crash(work, most);
        Assert.That(whole, Has.Count.EqualTo(Holders - 10), "ten of them were closed by their owners");
        Assert.That(parts.Select(Figures), Is.EqualTo(whole.Select(Figures)));
        Assert.That(other, Is.EqualTo(pools));
    }

    [Test]
    [Description("R-1207: a ranking stands until the cascade has come to its end: money added meanwhile changes no place.")]
    public void StandsWithinACascade()
    {
        using var x = new TestExchange(work: 16);
        int market = x.Market(TestExchange.Simple, losses: LossRules.Default with { MaxHolders = 1 });
        int owner = Isolated(x, market, 3);
        int[] holders = [.. Enumerable.Range(1, 3).Select(i => Short(x, market, owner, 500 * i))];
        x.Mark(market, 800);
        Assert.That(Closed(x), Is.EqualTo(new long[] { holders[0] }), "one in a command");
        x.Deposit(holders[1], 1_000_000);
        var rest = new List<long>();
        while (x.Exchange.HasPendingWork)
        {
            x.Tick();
            rest.AddRange(Closed(x));
        }

        Assert.That(rest, Is.EqualTo(new long[] { holders[1], holders[2] }));

        int next = Isolated(x, market, 3, 800);
        int late = x.Account(100_000);
        x.Trade(next, late, market, 3, 800);
        x.Mark(market, 640);
        Assert.That(Closed(x), Is.EqualTo(new long[] { late }), "the next cascade ranks anew");
    }

    [TestCase(999_999_999)]
    [TestCase(1_000_000_000)]
    [Description("R-1207: another mark ranks anew, although the cascade goes on, but a ranking stands for a second whatever the marks do.")]
    public void AnotherMark(long waitedNs)
    {
        using var x = new TestExchange(work: 16) { TimeNs = 1 };
        int market = x.Market(TestExchange.Simple, losses: LossRules.Default with { MaxHolders = 1 });
        int owner = Isolated(x, market, 3);
        int[] holders = [.. Enumerable.Range(1, 3).Select(i => Short(x, market, owner, 500 * i))];
        x.Mark(market, 800);
        long made = x.TimeNs;
        x.Deposit(holders[1], 1_000_000);
        x.TimeNs = made + waitedNs;
        x.Mark(market, 790);
        Assert.That(Closed(x), Is.EqualTo(new long[] { holders[waitedNs < 1_000_000_000 ? 1 : 2] }));
        x.TickUntilDone();
        Assert.That(x.Size(holders[1], market), Is.Zero);
    }

    [Test]
    [Description("R-1207: a walk over more rows than one command can rank goes on over new marks, or fast marks would keep everybody from being closed.")]
    public void MarksFasterThanTheWalk()
    {
        using var x = new TestExchange(work: 16, maxAccounts: 2 * Holders, maxPositions: 2 * Holders) { ChecksEvery = 64 };
        int market = x.Market(TestExchange.Simple, losses: LossRules.Default);
        int owner = Isolated(x, market, Holders);
        int[] holders = [.. Enumerable.Range(0, Holders).Select(i => Short(x, market, owner, 300 + i))];
        x.Mark(market, 800);
        int closed = Closed(x).Length;
        for (int i = 0; i < 100; i++)
        {
            x.Mark(market, 800 + (i % 2));
            closed += Closed(x).Length;
        }

        Assert.That(closed, Is.GreaterThan(100));
        x.TickUntilDone();
        Assert.That(holders.Count(holder => x.Size(holder, market) != 0), Is.Zero);
        Assert.That(x.Row(market).BadDebtUnits, Is.Zero);
    }

    [Test]
    [Description("R-1204: a liquidation that finds nobody left of a ranking of an earlier mark ranks anew before it gives up: profits may be new.")]
    public void NewProfitsAreFound()
    {
        using var x = new TestExchange(work: 16);
        int market = x.Market(TestExchange.Simple, losses: LossRules.Default with { MaxHolders = 1, Price = AdlPrice.Mark });
        int owner = Isolated(x, market, 2);
        int early = Short(x, market, owner, 500);
        int late = Short(x, market, owner, 50_000);
        x.Trade(x.Account(1_000_000), late, market, 3, 700);
        x.Mark(market, 800);
        Assert.That(Closed(x), Is.EqualTo(new long[] { early }), "the other one has no profit yet");
        x.Mark(market, 600);
        x.TickUntilDone();
        Assert.That(x.Size(late, market), Is.EqualTo(-3));
    }

    [Test]
    [Description("R-1207: when nobody is left, not each further liquidation at another mark walks over all rows to see that again.")]
    public void NobodyLeftStandsToo()
    {
        using var x = new TestExchange(work: 16, maxAccounts: 2 * Holders, maxPositions: 2 * Holders) { ChecksEvery = 64 };
        int other = x.Market(TestExchange.Simple);
        int market = x.Market(TestExchange.Simple, losses: LossRules.Default with { MaxHolders = 1 });
        Bystanders(x, other, Holders);
        int first = Isolated(x, market, 3);
        int early = Short(x, market, first, 500);
        int late = x.Account(1_000_000);
        x.Trade(first, late, market, 2, 1_000);
        for (int i = 0; i < 12; i++)
        {
            int owner = Isolated(x, market, 1, 950);
            x.Trade(owner, late, market, 1, 950);
        }

        x.Trade(x.Account(1_000_000), late, market, 60, 700);
        x.Mark(market, 800);
        for (int i = 0; i < 10 && x.Size(early, market) != 0; i++)
        {
            x.Tick();
        }

        Assert.That(x.Size(early, market), Is.Zero);
        int marks = 0;
        for (; x.Exchange.HasPendingWork && marks < 40; marks++)
        {
            x.Mark(market, 790 - marks);
        }

        Assert.That(x.Size(late, market), Is.EqualTo(-74));
        Assert.That(marks, Is.LessThan(12), "less than one for each liquidation, and a walk takes more than one");
    }

    [TestCase(999_999_999, true)]
    [TestCase(1_000_000_000, false)]
    [Description("R-1204, R-1207: a walk made because nobody was left stands for a second, whatever the mark does and whoever asks.")]
    public void AnewOnceInASecond(long waitedNs, bool isFinal)
    {
        using var x = new TestExchange();
        using var ranking = new AdlRanking(x.State.Undo);
        ranking.Begin(markTicks: 800, cascade: 1, isAnew: false);
        ranking.WalkAt(800);
        ranking.Finish(timeNs: 5);
        Assert.That((ranking.IsFinal(800, 5), ranking.IsFinal(790, 5)), Is.EqualTo((true, false)));
        ranking.Begin(markTicks: 790, cascade: 1, isAnew: true);
        ranking.WalkAt(790);
        ranking.Finish(timeNs: 7);
        Assert.That((ranking.IsFinal(790, 7 + waitedNs), ranking.IsFinal(780, 7 + waitedNs)), Is.EqualTo((true, isFinal)));
    }

    [Test]
    [Description("R-1204: a walk that was partly made at another mark, which came back, may have passed over profits: it is not the last word.")]
    public void MarkThatCameBack()
    {
        using var x = new TestExchange(work: 16, maxAccounts: 3 * Holders, maxPositions: 3 * Holders) { ChecksEvery = 64 };
        int other = x.Market(TestExchange.Simple);
        int market = x.Market(TestExchange.Simple, losses: LossRules.Default with { Price = AdlPrice.Mark });
        Bystanders(x, other, Holders);
        int owner = Isolated(x, market, 1);
        int holder = Short(x, market, owner, 100_000);
        x.Trade(x.Account(1_000_000), holder, market, 1, 700);
        Bystanders(x, other, Holders);
        AdlRanking ranking = x.State.Rankings[market].Of(isLong: false);
        int row = x.State.FindPosition(holder, market);

        // profit below 850
        x.Mark(market, 800);
        Assert.That(ranking.Cursor, Is.InRange(1, row));
        for (int i = 0; i < 10 && ranking.Cursor <= row; i++)
        {
            x.Mark(market, 860 + i);
        }

        Assert.That(ranking.Cursor, Is.GreaterThan(row));
        x.Mark(market, 800);
        x.TickUntilDone();
        Assert.That(x.Size(holder, market), Is.EqualTo(-1));
        Assert.That(x.Row(market).BadDebtUnits, Is.EqualTo(100), "the margin that lacks of the price at mark");
    }

    [Test]
    [Description("R-1204: who was passed over is looked at again by the next liquidation, which may end at another price.")]
    public void PassedOverIsNotForgotten()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple, losses: LossRules.Default);
        int rich = x.Account(100_000_000);
        int high = Isolated(x, market, 10);
        int low = Isolated(x, market, 10, 940);
        int patient = x.Account(100_000);
        int seller = x.Account(2_000);
        x.Trade(high, rich, market, 10, 1_000);
        x.Mark(market, 960);
        x.Trade(low, patient, market, 10, 940);
        x.Trade(rich, seller, market, 10, 880);
        x.Mark(market, 700);
        Assert.That(
            x.Events<AutoDeleveraged>(EventType.AutoDeleveraged).Select(each => (each.AccountId, each.ValueUnits, each.RealizedPnlUnits)),
            Is.EqualTo(new[] { ((long)patient, 9_000L, 400L), (seller, 8_460L, 340L) }),
            "the seller comes first, but would lose at 900; at 846 it does not");
        Assert.That(x.Row(market).BadDebtUnits, Is.Zero);
    }

    [Test]
    [Description("R-1205: place, percentile and lights of a holder; a warning at five lights.")]
    public void Lights()
    {
        Assert.That(new AdlRank(0, 10).Lights, Is.Zero);
        Assert.That(Enumerable.Range(1, 5).Select(place => new AdlRank(place, 5).Lights), Is.EqualTo(new[] { 5, 4, 3, 2, 1 }));
        Assert.That(new[] { 1, 2, 3, 10 }.Select(place => new AdlRank(place, 10).Lights), Is.EqualTo(new[] { 5, 5, 4, 1 }));
        Assert.That(new AdlRank(1, 1).IsWarning, Is.True);
        Assert.That(new AdlRank(3, 10).IsWarning, Is.False);
    }

    private static (long Account, long Lots, long Value, long Profit) Figures(AutoDeleveraged each) =>
        (each.AccountId, each.ClosedLots, each.ValueUnits, each.RealizedPnlUnits);

    private static long[] Closed(TestExchange x) => [.. x.Events<AutoDeleveraged>(EventType.AutoDeleveraged).Select(each => each.AccountId)];

    private static int Isolated(TestExchange x, int market, long lots, long price = 1_000)
    {
        int account = x.Account(lots * price / 10);
        x.Mode(account, market, MarginMode.Isolated);
        return account;
    }

    /// <summary>Rows that a walk passes.</summary>
    private static void Bystanders(TestExchange x, int market, int rows)
    {
        for (int i = 0; i < rows; i += 2)
        {
            x.Trade(x.Account(1_000), x.Account(1_000), market, 1, 1_000);
        }
    }

    private static int Short(TestExchange x, int market, int buyer, long deposit)
    {
        int holder = x.Account(deposit);
        x.Trade(buyer, holder, market, 1, 1_000);
        return holder;
    }

    private static (List<AutoDeleveraged> Closed, long[] Pools) Crash(int work, int most)
    {
        using var x = new TestExchange(work, maxAccounts: 2 * Holders, maxPositions: 2 * Holders) { ChecksEvery = 64 };
        int market = x.Market(TestExchange.Simple, losses: LossRules.Default with { MaxHolders = (ushort)most });
        int owner = Isolated(x, market, Holders);
        var random = new SplitMix(7);
        int[] holders = new int[Holders];
        for (int i = 0; i < Holders; i++)
        {
            holders[i] = Short(x, market, owner, 300 + random.Below(2_000));
        }

        // those that are left over would buy at a loss
        int other = x.Account(1_000_000);
        for (int i = 0; i < 10; i++)
        {
            x.Trade(holders[100 * i], other, market, 1, 880);
        }

        var closed = new List<AutoDeleveraged>();
        x.Mark(market, 800);
        closed.AddRange(x.Events<AutoDeleveraged>(EventType.AutoDeleveraged));
        while (x.Exchange.HasPendingWork)
        {
            x.Tick();
            closed.AddRange(x.Events<AutoDeleveraged>(EventType.AutoDeleveraged));
        }

        Assert.That(x.Row(market).BadDebtUnits, Is.EqualTo(10 * 100), "what the ten would have taken");
        return (closed, [.. holders.Select(x.Pool)]);
    }
}
