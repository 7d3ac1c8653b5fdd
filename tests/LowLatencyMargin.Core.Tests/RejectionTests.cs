using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Every result code is produced, and none but Accepted changes anything.</summary>
[TestFixture]
internal sealed partial class RejectionTests
{
    private static readonly Dictionary<ResultCode, Func<Scene, ResultCode>> Ways = new()
    {
        [ResultCode.Accepted] = s => s.X.Tick(),
        [ResultCode.MalformedCommand] = s => s.X.Place(s.A, s.Market, (Side)2, 1, 1_000, TimeInForce.GoodTillCancel),
        [ResultCode.UnknownCommand] = s => Send(s, (CommandType)999),
        [ResultCode.UnsupportedVersion] = s => SendVersion(s, Exchange.CommandVersion + 1),
        [ResultCode.GenesisRepeated] = s => Send(s, CommandType.Genesis),
        [ResultCode.UnknownAccount] = s => s.X.Deposit(99, 1),
        [ResultCode.UnknownMarket] = s => s.X.Mark(9, 1),
        [ResultCode.UnknownAsset] = s => s.X.Deposit(s.A, 1, asset: 9),
        [ResultCode.UnknownOrder] = s => s.X.Cancel(s.A, 1 << 24),
        [ResultCode.AssetNotCollateral] = s => s.X.Fund(s.Spot, 1),
        [ResultCode.InvalidAmount] = s => s.X.Deposit(s.A, 0),
        [ResultCode.InsufficientBalance] = s => s.X.Withdraw(s.A, 10_000_000),
        [ResultCode.InsufficientMargin] = s => s.X.Buy(s.A, s.Market, 1_000_000, 1_000),
        [ResultCode.LockedFunds] = s => s.X.Remove(s.B, s.Isolated, 1),
        [ResultCode.ActivePosition] = s => s.X.Mode(s.A, s.Market, MarginMode.Isolated),
        [ResultCode.ActiveOrders] = s => s.X.Mode(s.B, s.Unmarked, MarginMode.Isolated),
        [ResultCode.ModeConflict] = s => s.X.Allocate(s.A, s.Market, 1),
        [ResultCode.InvalidLeverage] = s => s.X.Leverage(s.A, s.Market, 0),
        [ResultCode.InvalidPrice] = s => s.X.Buy(s.A, s.Market, 1, 1L << 40),
        [ResultCode.InvalidQuantity] = s => s.X.Buy(s.A, s.Market, 1L << 40, 1),
        [ResultCode.NoReferencePrice] = s => s.X.MarketOrder(s.A, s.Unmarked, Side.Buy, 1),
        [ResultCode.TooManyOrders] = s => s.X.Buy(s.B, s.Market, 1, 10),
        [ResultCode.NothingToModify] = s => s.X.Modify(s.B, s.Order, 2, 500),
        [ResultCode.NothingToSettle] = s => s.X.Settle(s.Spot, 0),
        [ResultCode.FundingOff] = s => s.X.ForceFunding(s.Spot),
        [ResultCode.IndexMissing] = s => s.X.ForceFunding(s.Unmarked),
        [ResultCode.CapacityExceeded] = s => s.X.AddAsset("THIRD"),
        [ResultCode.Overflow] = s => s.X.Deposit(s.A, long.MaxValue),
        [ResultCode.InvalidParameter] = s => s.X.Parameters(s.Market, TestExchange.Simple with { PenaltyKeeperRate = 1 }),
        [ResultCode.TickValueNotWhole] = s => List(s, TestExchange.Listing("ODD", TestExchange.Simple) with { LotSizeE9 = 1 }),
        [ResultCode.QuoteNotCollateral] = s => List(s, TestExchange.Listing("EUR", TestExchange.Simple) with { QuoteAssetId = 2 }),
        [ResultCode.LotNotWhole] = s => List(s, TestExchange.Spot("TINY", "OTHER", 2, 1, TestExchange.Simple) with { LotSizeE9 = 1 }),
        [ResultCode.InvalidPair] = s => s.X.Mode(s.A, s.Spot, MarginMode.Isolated),
        [ResultCode.MarginDisabled] = s => s.X.Buy(s.SpotOnly, s.Market, 1, 1_000),
        [ResultCode.NotOwnAccount] = s => s.X.Between(s.A, s.A, 1),
        [ResultCode.PositionHealthy] = s => s.X.Liquidate(s.Stranger, s.A, s.Market),
        [ResultCode.SelfLiquidation] = s => s.X.Liquidate(s.B, s.A, s.Market),
        [ResultCode.InvalidSymbol] = s => List(s, TestExchange.Listing("M1", TestExchange.Simple)),
    };

    private static IEnumerable<ResultCode> Refusals => Ways.Keys.Where(code => code != ResultCode.Accepted).Concat(OrderWays.Keys);

    [Test]
    [Description("R-109: this fixture knows a way to every result code.")]
    public void EveryCodeIsTested()
    {
        IEnumerable<ResultCode> elsewhere =
            [ResultCode.GenesisMissing, ResultCode.LiquidationActive, ResultCode.OutOfSequence, ResultCode.PreviewTooLarge, ResultCode.NotPreviewable];
        Assert.That(Ways.Keys.Concat(OrderWays.Keys).Concat(LoanRefusalTests.Codes).Concat(elsewhere), Is.EquivalentTo(Enum.GetValues<ResultCode>()));
    }

    [TestCaseSource(nameof(Refusals))]
    [Description("R-105, R-109: a refused command answers with its code and a text, and leaves the state as it was, bit for bit.")]
    public void RefusalsChangeNothing(ResultCode code)
    {
        using var scene = new Scene();
        if (OrderWays.TryGetValue(code, out (Action<Scene> Prepare, Func<Scene, ResultCode> Refused) way))
        {
            way.Prepare(scene);
        }

        Hash128 before = scene.X.StateHash;

        Assert.That((way.Refused ?? Ways[code])(scene), Is.EqualTo(code));

        Assert.That(scene.X.StateHash, Is.EqualTo(before));
        Assert.That(scene.X.Events<Rejected>(EventType.Rejected).Single().Code, Is.EqualTo(code));
        Assert.That(ResultText.Of(code), Is.Not.EqualTo(ResultText.Of((ResultCode)9_999)));
    }

    [Test]
    [Description("R-109: the texts are different sentences.")]
    public void TextsDiffer() => Assert.That(Enum.GetValues<ResultCode>().Select(ResultText.Of), Is.Unique);

    /// <summary>R-109: a refusal of parameters says which, and what they have to be.</summary>
    [Test]
    public void EveryRuleOfParametersHasASentenceOfItsOwn()
    {
        string[] texts = Enum.GetValues<ParameterRule>().Where(rule => rule != ParameterRule.None).Select(ParameterRuleText.Of).ToArray();
        Assert.That(texts, Has.None.Empty);
        Assert.That(texts, Is.Unique);
    }

    [Test]
    [Description("R-104: before genesis there is no state, and only genesis can come.")]
    public void GenesisComesFirst()
    {
        using var exchange = new Exchange();
        Assert.That(Apply(exchange, CommandType.Tick), Is.EqualTo(ResultCode.GenesisMissing));
        Assert.That(exchange.State, Is.Null);
        Assert.That(Apply(exchange, CommandType.Genesis, work: 15), Is.EqualTo(ResultCode.InvalidParameter));
        Assert.That(Apply(exchange, CommandType.Genesis, work: 16), Is.EqualTo(ResultCode.Accepted));
        Assert.That(exchange.Sequence, Is.EqualTo(3));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(2)]
    [Description("R-104: a command that does not follow the last one changes nothing, not even the sequence, and makes no event.")]
    public void OutOfSequence(long step)
    {
        using var scene = new Scene();
        Hash128 before = scene.X.Exchange.ComputeStateHash();
        long sequence = scene.X.Exchange.Sequence;
        Tick tick = new() { Header = new CommandHeader { Type = CommandType.Tick, Version = Exchange.CommandVersion, Sequence = sequence + step } };
        ReadOnlySpan<byte> bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<Tick>(in tick));
        Assert.That(scene.X.Exchange.Apply(bytes), Is.EqualTo(ResultCode.OutOfSequence));
        Assert.That(scene.X.Exchange.Apply(bytes[..31]), Is.EqualTo(ResultCode.OutOfSequence));
        Assert.That(scene.X.Exchange.ComputeStateHash(), Is.EqualTo(before));
    }

    [Test]
    [Description("R-101: quantity x price at the extreme of both ranges is refused cleanly.")]
    public void ExtremesAreRefused()
    {
        using var scene = new Scene();
        Hash128 before = scene.X.StateHash;
        long most = (1L << 40) - 1;
        TestExchange.Expect(ResultCode.Overflow, scene.X.Buy(scene.A, scene.Market, most, most));
        TestExchange.Expect(ResultCode.Overflow, scene.X.Sell(scene.A, scene.Market, most, most));
        TestExchange.Expect(ResultCode.Overflow, scene.X.Buy(scene.A, scene.Market, most, 1 << 17));
        TestExchange.Expect(ResultCode.Overflow, scene.X.Sell(scene.A, scene.Market, most, 1 << 17));
        Assert.That(scene.X.StateHash, Is.EqualTo(before));
    }

    [Test]
    [Description("R-101: a mark at which what is open could not be valued exactly is refused, the last one that could is taken.")]
    public void MarkAtTheLimit()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple, mark: 1, tickValue: 1);
        int a = x.Account(1L << 58);
        int b = x.Account(1L << 58);
        x.Trade(a, b, market, 1L << 20, 1);
        TestExchange.Expect(ResultCode.Overflow, x.Mark(market, (1L << 35) + 1));
        TestExchange.Expect(ResultCode.Accepted, x.Mark(market, 1L << 35));
    }

    private static ResultCode Send(Scene scene, CommandType type)
    {
        Genesis genesis = new() { MaxAccounts = 1, MaxOrders = 1, MaxPositions = 1, MaxAssets = 1, MaxMarkets = 1, MaxWorkPerCommand = 16 };
        return scene.X.Send(ref genesis, type);
    }

    private static ResultCode SendVersion(Scene scene, ushort version)
    {
        Tick tick = default;
        return scene.X.Send(ref tick, CommandType.Tick, version);
    }

    private static ResultCode List(Scene scene, ListMarket command) => scene.X.Send(ref command, CommandType.ListMarket);

    private static ResultCode Apply(Exchange exchange, CommandType type, int work = 16)
    {
        Genesis genesis = new()
        {
            Header = new CommandHeader { Type = type, Version = Exchange.CommandVersion, Sequence = exchange.Sequence + 1 },
            MaxAccounts = 4,
            MaxOrders = 4,
            MaxPositions = 4,
            MaxAssets = 1,
            MaxMarkets = 1,
            MaxWorkPerCommand = work,
        };
        return exchange.Apply(System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<Genesis>(in genesis)));
    }

    /// <summary>Two traders in a cross market, one of them isolated in a second, and a market without a price.</summary>
    private sealed class Scene : IDisposable
    {
        public Scene()
        {
            X = new TestExchange(maxAssets: 2, recentOrders: 4);
            TestExchange.Expect(ResultCode.Accepted, X.AddAsset("OTHER"));
            Market = X.Market(TestExchange.Simple with { MaxOpenOrders = 1 });
            Isolated = X.Market(TestExchange.Simple);
            Unmarked = X.Market(TestExchange.Simple, mark: 0);
            Spot = X.SpotMarket("USD", 1, 2, TestExchange.Simple);
            SpotOnly = X.Account(100_000);
            TestExchange.Expect(ResultCode.Accepted, X.Margin(SpotOnly, enabled: false));
            A = X.Account(100_000);
            B = X.Account(100_000);
            TestExchange.Expect(ResultCode.Accepted, X.Mode(B, Isolated, MarginMode.Isolated));
            X.Trade(A, B, Isolated, 10, 1_000);
            X.Trade(A, B, Market, 10, 1_000);
            TestExchange.Expect(ResultCode.Accepted, X.Buy(B, Market, 2, 500));
            Order = X.LastOrderId;
            TestExchange.Expect(ResultCode.Accepted, X.Buy(B, Unmarked, 1, 10));
            Stranger = X.Account(1_000, owner: 8);
        }

        public TestExchange X { get; }

        public int Market { get; }

        public int Isolated { get; }

        public int Unmarked { get; }

        public int Spot { get; }

        public int SpotOnly { get; }

        public int Stranger { get; }

        public int A { get; }

        public int B { get; }

        public long Order { get; }

        public void Dispose() => X.Dispose();
    }
}
