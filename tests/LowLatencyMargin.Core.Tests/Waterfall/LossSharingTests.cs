using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Tests.Waterfall;

/// <summary>R-1206: who shares a loss, and how much of it.</summary>
[TestFixture]
internal sealed class LossSharingTests
{
    private static readonly LossRules Shared = LossRules.Default with { Mode = LossMode.Socialise };

    private TestExchange _x = null!;
    private int _market;
    private int _owner;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange();
        _market = _x.Market(TestExchange.Simple, losses: Shared);
        _owner = _x.Account(1_000);
        _x.Mode(_owner, _market, MarginMode.Isolated);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [Test]
    [Description("R-1206: after insurance, by profit, rounded up; the entry moves and no purse is touched; what roundings bring is the fund's.")]
    public void ByProfit()
    {
        int first = Short(3, deposit: 10_000);
        int second = Short(7, deposit: 10_000);
        _x.Fund(_market, 99);
        _x.Mark(_market, 800);

        ShortfallCovered covered = _x.Events<ShortfallCovered>(EventType.ShortfallCovered).Single();
        Assert.That((covered.ShortfallUnits, covered.InsuranceUnits, covered.BadDebtUnits), Is.EqualTo((1_000L, 99L, 0L)));
        LossSharingStarted started = _x.Events<LossSharingStarted>(EventType.LossSharingStarted).Single();
        Assert.That((started.LossUnits, started.TotalProfitUnits, started.Holders, started.Header.Detail), Is.EqualTo((901L, 2_000L, 2L, (byte)1)));
        LossSocialised[] shares = [.. _x.Events<LossSocialised>(EventType.LossSocialised).OrderBy(each => each.AccountId)];
        Assert.That(shares.Select(each => (each.AccountId, each.ProfitUnits, each.ChargedUnits)), Is.EqualTo(new[]
        {
            ((long)first, 600L, 271L), // 270.3
            (second, 1_400L, 631L), // 630.7
        }));
        LossSharingEnded ended = _x.Events<LossSharingEnded>(EventType.LossSharingEnded).Single();
        Assert.That((ended.CollectedUnits, ended.BadDebtUnits, ended.InsuranceUnits, ended.Holders), Is.EqualTo((902L, 0L, 1L, 2L)));
        Assert.That((_x.Position(first, _market).EntryCostUnits, _x.Pool(first)), Is.EqualTo((3_000L - 271, 10_000L)));
        Assert.That((_x.Row(_market).InsuranceUnits, _x.State.Losses[_market].SocialisedUnits), Is.EqualTo((1L, 901L)));
        Assert.That(_x.State.Losses[_market].OpenUnits, Is.Zero);
    }

    [Test]
    [Description("R-1206: nobody pays more than the profit, nor below maintenance; what is left is bad debt.")]
    public void Limits()
    {
        int rich = _x.Account(10_000_000);
        int leaning = Short(10, deposit: 2_000);
        int other = _x.Market(TestExchange.Simple, losses: Shared);
        _x.Trade(leaning, rich, other, 10, 1_000);
        _x.SetState(_market, MarketState.Halted);
        _x.Mark(_market, 800);
        _x.Mark(other, 680);
        long equity = 2_000 + 2_000 - 3_200;
        long slack = equity - 400 - 340;
        _x.SetState(_market, MarketState.Open);
        LossSocialised share = _x.Events<LossSocialised>(EventType.LossSocialised).Single();
        Assert.That((share.AccountId, share.ProfitUnits, share.SlackUnits, share.ChargedUnits), Is.EqualTo(((long)leaning, 2_000L, slack, slack)));
        Assert.That(_x.Row(_market).BadDebtUnits, Is.EqualTo(1_000 - slack));
        Assert.That(_x.Size(leaning, other), Is.EqualTo(10), "not liquidated by somebody else's loss");
    }

    [Test]
    [Description("R-1206: an isolated position pays out of its profit, its margin stays.")]
    public void Isolated()
    {
        int holder = _x.Account(5_000);
        _x.Mode(holder, _market, MarginMode.Isolated);
        _x.Trade(_owner, holder, _market, 10, 1_000);
        _x.Mark(_market, 700);
        Position position = _x.Position(holder, _market);
        Assert.That((position.MarginUnits, position.EntryCostUnits, _x.Pool(holder)), Is.EqualTo((1_000L, 8_000L, 4_000L)), "2000 of a profit of 3000");
        Assert.That(_x.State.PositionDetails[_x.State.FindPosition(holder, _market)].RealizedPnlUnits, Is.Zero);
    }

    [Test]
    [Description("R-1206: by parameter the winners of both sides share.")]
    public void AllShare()
    {
        _x.Losses(_market, Shared with { Pool = LossPool.All });
        int seller = Short(10, deposit: 10_000);
        int cheap = _x.Account(100_000);
        _x.SetState(_market, MarketState.Halted);
        _x.SetState(_market, MarketState.Open);
        _x.Mark(_market, 960);
        _x.Trade(cheap, _x.Account(100_000), _market, 10, 700);
        _x.Mark(_market, 800);
        Assert.That(
            _x.Events<LossSocialised>(EventType.LossSocialised).Select(each => (each.AccountId, each.ProfitUnits)).Order(),
            Is.EqualTo(new[] { ((long)seller, 2_000L), (cheap, 1_000L) }));
        Assert.That(_x.Row(_market).BadDebtUnits, Is.Zero);
    }

    [Test]
    [Description("R-1206: of a cross account with several positions the newest pays first, and the next loss finds the profit smaller.")]
    public void HedgePositions()
    {
        int hedger = _x.Hedger(100_000);
        long first = _x.Opened(hedger, _x.Account(1_000_000), _market, Side.Sell, 10, 1_000);
        long second = _x.Opened(hedger, _owner, _market, Side.Sell, 10, 1_000);
        _x.Mark(_market, 780);
        LossSocialised share = _x.Events<LossSocialised>(EventType.LossSocialised).Single();
        Assert.That((share.AccountId, share.ProfitUnits, share.ChargedUnits), Is.EqualTo(((long)hedger, 4_400L, 1_200L)));
        Assert.That((_x.Of(hedger, _market, second).EntryCostUnits, _x.Of(hedger, _market, first).EntryCostUnits), Is.EqualTo((8_800L, 10_000L)));
    }

    [Test]
    [Description("R-1206: with maintenance on the entry cost the higher entry of a long asks for more, and it still covers it.")]
    public void MaintenanceOnEntry()
    {
        int market = _x.Market(TestExchange.Simple with { MaintenanceMarginBase = MarginBase.Entry }, losses: Shared);
        int holder = _x.Account(1_000);
        _x.Mode(holder, market, MarginMode.Isolated);
        int loser = _x.Account(1_000);
        _x.Mode(loser, market, MarginMode.Isolated);
        _x.Trade(holder, loser, market, 10, 1_000);
        _x.Remove(holder, market, 1);
        _x.Mark(market, 1_300);
        LossSocialised share = _x.Events<LossSocialised>(EventType.LossSocialised).Single();
        Assert.That((share.ProfitUnits, share.ChargedUnits, share.SlackUnits), Is.EqualTo((3_000L, 2_000L, ((4_000L - 500 - 1) * 100) / 105)));
        Assert.That(_x.Position(holder, market).EntryCostUnits, Is.EqualTo(12_000));
    }

    private int Short(long lots, long deposit)
    {
        int holder = _x.Account(deposit);
        _x.Trade(_owner, holder, _market, lots, 1_000);
        return holder;
    }
}
