using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Isolated orders that could fill in part (docs/margin.md, parts of an isolated order).</summary>
[TestFixture]
internal sealed class PartialFillTests
{
    private TestExchange _x = null!;
    private int _rich;
    private int _a;

    private static MarketParameters Tiered => TestExchange.Simple with
    {
        InitialMarginLongRate = 5 * TestExchange.Percent,
        InitialMarginShortRate = 5 * TestExchange.Percent,
        MaxLeverage = 20,
        TierCount = 3,
        Tiers = TestExchange.Tiers((9_000, 20, 2), (30_000, 10, 4), (MarginTier.NoLimit, 5, 8)),
    };

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange();
        _rich = _x.Account(10_000_000);
        _a = _x.Account(1_000_000);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [Test]
    [Description("R-504, R-503: the whole draws the rate of its tier, a part that ends in the tier before draws less and would be liquidatable: refused.")]
    public void PartOfALowerTier()
    {
        int market = Isolated(Tiered, 1_000);

        // 8 lots at 1036: 415 - 288 = 127 for 160
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Buy(_a, market, 40, 1_036));
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(_a, market, 40, 1_030));
    }

    [Test]
    [Description("R-504, R-503: the lot that takes the position into a tier draws that tier's rate; no part is liquidatable, so the order is accepted.")]
    public void LotThatReachesATier()
    {
        int market = Isolated(Tiered, 1_050);

        // 8 lots at 1020: 408 - 240 = 168 for 168; 9 lots draw 10 %: 918 - 270 = 648 for 198
        TestExchange.Expect(ResultCode.Accepted, _x.Sell(_a, market, 40, 1_020));
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Sell(_a, market, 40, 1_019));
    }

    [Test]
    [Description("R-504, R-506: with a size add-on larger parts draw at higher rates, which count from one eighth to the next.")]
    public void SizeAddOnInEighths()
    {
        int market = Isolated(
            TestExchange.Simple with { SizeAddOnRate = 10 * TestExchange.Percent, SizeAddOnStepUnits = 10_000, SizeAddOnFromUnits = 10_000 }, 1_000);
        _x.Trade(_a, _rich, market, 10, 1_000);

        // at 10 % alone a lot at 1060 brings 106 - 60 - 50: 500 last for 125 lots
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(_a, market, 130, 1_060));
    }

    [Test]
    [Description("R-101, R-504: isolated margin far beyond what any order draws is no overflow.")]
    public void HugeMargin()
    {
        MarketParameters cheap = TestExchange.Simple with
        {
            MaxLeverage = 100,
            InitialMarginLongRate = TestExchange.Percent,
            InitialMarginShortRate = TestExchange.Percent,
            MaintenanceMarginRate = TestExchange.Percent / 2,
        };
        int market = Isolated(cheap, 1_000);
        _x.Deposit(_a, Exact.MaxMoneyUnits / 2);
        TestExchange.Expect(ResultCode.Accepted, _x.Allocate(_a, market, Exact.MaxMoneyUnits / 2));
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(_a, market, 10, 1_000));
    }

    private int Isolated(MarketParameters parameters, long mark)
    {
        int market = _x.Market(parameters, mark);
        TestExchange.Expect(ResultCode.Accepted, _x.Mode(_a, market, MarginMode.Isolated));
        return market;
    }
}
