using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-702, R-704: the price at which a cross account meets its requirement, over random accounts, against the account's own test.</summary>
[TestFixture]
internal sealed class CrossLiquidationPriceTests
{
    private const int Market = 1;

    [TestCase(1UL, false)]
    [TestCase(2UL, false)]
    [TestCase(3UL, true)]
    [TestCase(4UL, true)]
    [Description("R-702, R-704: at the price shown the account covers its requirement, a tick beyond it does not; long and short at once share one price.")]
    public void AccountTestFlipsAtThePriceShown(ulong seed, bool hedged)
    {
        var random = new SplitMix(seed);
        int shown = 0;
        for (int i = 0; i < 4_000; i++)
        {
            using var scene = new Scene(random, hedged);
            shown += scene.Check() ? 1 : 0;
        }

        Assert.That(shown, Is.GreaterThan(1_000));
    }

    [Test]
    [Description("R-702: both sides of a hedge show the same price; a perfect hedge with money enough has none.")]
    public void HedgeSharesOnePrice()
    {
        using ExchangeState state = NewState();
        AddMarket(state, default);
        AddPosition(state, Market, 10, 10_000);
        AddPosition(state, Market, -4, 4_000);
        state.Accounts.Edit(1).BalanceUnits = 1_000;
        var settlement = new Settlement(state);

        // net long 6, gross 14: 1000 + 6 (P - 1000) = 5 % of 14 P
        long price = settlement.LiquidationPrice(in state.Positions[1], in state.Markets[Market]);
        Assert.That(price, Is.EqualTo(944), "5000 / 5.3 = 943.4");
        Assert.That(settlement.LiquidationPrice(in state.Positions[2], in state.Markets[Market]), Is.EqualTo(price));

        state.Accounts.Edit(1).BalanceUnits = 1L << 55;
        Assert.That(settlement.LiquidationPrice(in state.Positions[1], in state.Markets[Market]), Is.Zero);
    }

    private static ExchangeState NewState()
    {
        Genesis genesis = new() { MaxAccounts = 2, MaxOrders = 4, MaxPositions = 8, MaxAssets = 1, MaxMarkets = 4, MaxWorkPerCommand = 16 };
        var state = new ExchangeState(in genesis);
        state.Accounts.Allocate();
        state.Accounts.Edit(1).Traits = AccountTraits.Hedge;
        return state;
    }

    private static int AddMarket(ExchangeState state, MarketParameters parameters)
    {
        int id = state.Markets.Allocate();
        state.Books[id] = new Matching.OrderBook(state.Orders, state.FarLevels, PriceLadder.MinWindowTicks);
        state.Triggers[id] = new Matching.TriggerBook(state.Orders, state.OrderTerms, state.FarLevels);
        state.Indexes[id] = new Liquidation.LiquidationIndex(state.Positions, 8);
        state.Indexes[id].Reserve(MarginTiers.Most);
        state.Rankings[id] = new Core.Waterfall.AdlRankings(state.Undo);
        state.Markets.Edit(id) = new Matching.Market
        {
            TickValueUnits = 1,
            MarkTicks = 1_000,
            HasMark = 1,
            Parameters = parameters.MaxLeverage != 0 ? parameters : TestExchange.Simple,
        };
        new MarginSchedule(state, new Settlement(state)).Begin(id);
        return id;
    }

    private static void AddPosition(ExchangeState state, int market, long size, long cost)
    {
        int row = state.Positions.Allocate();
        state.Positions.Edit(row) = new Position
        {
            Account = 1,
            Market = market,
            SizeLots = size,
            EntryCostUnits = cost,
            Next = state.Accounts[1].FirstPosition,
        };
        state.Accounts.Edit(1).FirstPosition = row;
        state.Accounts.Edit(1).Positions++;
        state.Accounts.Edit(1).CrossOpen++;
    }

    private sealed class Scene : IDisposable
    {
        private readonly ExchangeState _state = NewState();

        public Scene(SplitMix random, bool hedged)
        {
            for (int market = 1; market <= 3; market++)
            {
                AddMarket(_state, Parameters(random));
            }

            long notional = 0;
            int rows = hedged ? 2 : 1;
            for (int market = 1; market <= (hedged ? 1 + random.Below(2) : 3); market++)
            {
                for (int i = 0; i < (market == Market ? rows : 1); i++)
                {
                    long size = (1 + random.Below(400)) * (random.Below(2) == 0 ? 1 : -1);
                    long cost = Math.Abs(size) * (800 + random.Below(400)) + random.Below(50);
                    notional += Math.Abs(size) * 1_000;
                    AddPosition(_state, market, size, cost);
                }
            }

            _state.Accounts.Edit(1).BalanceUnits = notional / 10 + random.Below((int)notional);
        }

        public bool Check()
        {
            AccountFigures now = AccountFigures.Of(_state, 1);
            if (now.EquityUnits < now.RequirementUnits)
            {
                return false;
            }

            int row = 1;
            long shown = new Settlement(_state).LiquidationPrice(in _state.Positions[row], in _state.Markets[Market]);
            if (shown == 0)
            {
                bool isLong = _state.Positions[row].SizeLots > 0;
                Assert.That(Spare(1) >= -1 || (!isLong && Spare(1) >= Spare(2)), Is.True, "none means that it covers all the way down");
                return false;
            }

            bool below = shown <= 1_000;
            long beyond = below ? shown - 2 : shown + 2;
            long within = below ? shown + 1 : shown - 1;
            Assert.That(beyond < 1 || Spare(beyond) < 0, Is.True, $"two ticks beyond {shown}: {Spare(Math.Max(1, beyond))}");
            Assert.That(Spare(within), Is.GreaterThanOrEqualTo(0), $"a tick within {shown}");
            return true;
        }

        public void Dispose() => _state.Dispose();

        private static MarketParameters Parameters(SplitMix random)
        {
            MarketParameters p = TestExchange.Simple with { MaintenanceMarginBase = (MarginBase)random.Below(2), TakerFeeRate = random.Below(2) * 100_000 };
            if (random.Below(2) == 0)
            {
                p.TierCount = 3;
                p.Tiers = TestExchange.Tiers((20_000 + random.Below(200_000), 10, 2), (300_000, 10, 4), (MarginTier.NoLimit, 5, 10));
            }

            return p;
        }

        private long Spare(long ticks)
        {
            long mark = _state.Markets[Market].MarkTicks;
            _state.Markets.Edit(Market).MarkTicks = ticks;
            AccountFigures figures = AccountFigures.Of(_state, 1);
            _state.Markets.Edit(Market).MarkTicks = mark;
            return figures.EquityUnits - figures.RequirementUnits;
        }
    }
}
