using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-605: accounts whose isolated orders their pool no longer covers, noted until they are looked at.</summary>
[TestFixture]
internal sealed class UnaffordableNotesTests
{
    [Test]
    [Description("R-605, R-103: noting an account again moves it to the front, whoever is noted besides, at the same cost however many they are.")]
    public void NotedAgainComesFirst()
    {
        const int Accounts = 1_000;
        using var x = new TestExchange(maxAccounts: Accounts + 1) { ChecksEvery = 100 };
        int[] accounts = [.. Enumerable.Range(0, Accounts).Select(_ => x.Account())];
        Array.ForEach(accounts, x.State.NoteShort);
        x.State.Undo.Begin();
        x.State.NoteShort(accounts[0]);
        x.State.Undo.Rollback();
        Assert.That(x.State.Undo.UsedBytes, Is.LessThan(1_000), "rows written");
        Assert.That(x.State.FirstShort, Is.EqualTo(accounts[^1]));

        x.State.NoteShort(accounts[0]);
        x.State.NoteShort(accounts[500]);
        x.State.NoteShort(accounts[^1]);
        x.State.NoteShort(accounts[^1]);
        Assert.That(x.State.ShortCount, Is.EqualTo(Accounts));
        IEnumerable<int> others = accounts.Skip(1).Take(Accounts - 2).Where(account => account != accounts[500]).Reverse();
        Assert.That(Taken(x.State), Is.EqualTo((int[])[accounts[^1], accounts[500], accounts[0], .. others]));
        x.State.NoteShort(accounts[3]);
        Assert.That(Taken(x.State), Is.EqualTo(new[] { accounts[3] }));
    }

    [Test]
    [Description("R-605: who is noted, and in which order, is part of the state's hash.")]
    public void NotesAreHashed()
    {
        using var x = new TestExchange();
        int one = x.Account();
        int other = x.Account();
        Numerics.Hash128 none = x.Exchange.ComputeStateHash();
        x.State.NoteShort(one);
        x.State.NoteShort(other);
        Numerics.Hash128 noted = x.Exchange.ComputeStateHash();
        x.State.NoteShort(one);
        Assert.That(x.Exchange.ComputeStateHash(), Is.Not.EqualTo(noted).And.Not.EqualTo(none));
        x.State.NoteShort(other);
        Assert.That(x.Exchange.ComputeStateHash(), Is.EqualTo(noted));
        Assert.That(Taken(x.State), Has.Length.EqualTo(2));
        Assert.That(x.Exchange.ComputeStateHash(), Is.EqualTo(none));
    }

    [Test]
    [Description("R-605: an account that holds nothing isolated is not looked at, however far below zero its pool is.")]
    public void NothingHeldNothingNoted()
    {
        using var x = new TestExchange(work: 16);
        int rising = x.Market(TestExchange.Simple);
        int market = x.Market(TestExchange.Simple, losses: LossRules.Default with { Mode = LossMode.None });
        int rich = x.Account(1_000_000);
        int maker = x.Account(5_000);
        x.Trade(maker, rich, rising, 20, 1_000);
        x.Mark(rising, 3_000);
        x.Trade(maker, rich, market, 20, 1_000);
        x.Trade(rich, maker, market, 20, 100);
        Assert.That(x.Pool(maker), Is.Negative);
        for (int i = 0; i < 20; i++)
        {
            int owner = x.Account(100);
            x.Mode(owner, market, MarginMode.Isolated);
            x.Trade(owner, rich, market, 1, 1_000);
            TestExchange.Expect(ResultCode.Accepted, x.Buy(maker, market, 1, 940));
        }

        x.Mark(market, 940);
        Assert.That(x.Size(maker, market), Is.Positive);
        Assert.That((x.State.WorkLeft, x.State.ShortCount), Is.EqualTo((0, 0)), "an account that was noted would wait for work");
        x.TickUntilDone();
        Assert.That(x.Size(maker, market), Is.EqualTo(20));
    }

    private static int[] Taken(ExchangeState state)
    {
        var taken = new List<int>();
        while (state.ShortCount > 0)
        {
            taken.Add(state.FirstShort);
            state.TakeShort();
        }

        return [.. taken];
    }
}
