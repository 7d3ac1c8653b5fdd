using System.Globalization;
using System.Text;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1113: everything falls at once, over several markets, with any work limit.</summary>
[TestFixture]
internal sealed class CascadeTests
{
    private const int Accounts = 900;
    private const int Markets = 3;

    [TestCase(1UL, LossMode.None)]
    [TestCase(2UL, LossMode.None)]
    [TestCase(3UL, LossMode.Adl)]
    [Description("R-1113, ARCHITECTURE: 2,000 and more positions are liquidated at once: with only ticks in between, balances, positions, orders and funds "
        + "are the same for any work limit.")]
    public void AnyWorkLimitEndsTheSame(ulong seed, LossMode mode)
    {
        string plenty = EndOf(65_536, seed, mode, out int liquidations);
        Assert.That(liquidations, Is.GreaterThan(1_000), "R-1113: stress");
        Assert.That(EndOf(16, seed, mode, out _), Is.EqualTo(plenty));
        Assert.That(EndOf(17, seed, mode, out _), Is.EqualTo(plenty));
        Assert.That(EndOf(64, seed, mode, out _), Is.EqualTo(plenty));
    }

    [Test]
    [Description("R-104, R-1113: a cascade that other commands interrupt ends in the same state when it is replayed.")]
    public void InterleavedCascadesReplay()
    {
        Hash128Of(out string first);
        Hash128Of(out string second);
        Assert.That(second, Is.EqualTo(first));

        static void Hash128Of(out string hash)
        {
            (TestExchange x, int[] accounts, int rich) = Scene(16, 4, LossMode.Adl);
            using (x)
            {
                var random = new SplitMix(99);
                Fall(x, random);
                for (int i = 0; i < 4_000; i++)
                {
                    int account = accounts[random.Below(accounts.Length)];
                    int market = 1 + random.Below(Markets);
                    switch (random.Below(5))
                    {
                        case 0:
                            x.Deposit(account, 1 + random.Below(300));
                            break;
                        case 1:
                            x.Buy(rich, market, 1 + random.Below(9), 850 + random.Below(40));
                            break;
                        case 2:
                            x.Mark(market, 860 + random.Below(40));
                            break;
                        default:
                            x.Tick();
                            break;
                    }
                }

                x.TickUntilDone();
                hash = x.Exchange.ComputeStateHash() + " " + x.Exchange.ChainHash;
            }
        }
    }

    private static (TestExchange X, int[] Accounts, int Rich) Scene(int work, ulong seed, LossMode mode)
    {
        var x = new TestExchange(work, maxOrders: 4_096, maxAccounts: Accounts + 16, maxPositions: 4_096, maxMarkets: Markets) { ChecksEvery = 2_000 };
        for (int i = 0; i < Markets; i++)
        {
            MarketParameters parameters = TestExchange.Simple with
            {
                PenaltyRate = TestExchange.Percent,
                PenaltyMakersRate = 20 * TestExchange.Percent,
                PenaltyKeeperRate = 0,
                PenaltyProtocolRate = 40 * TestExchange.Percent,
                PenaltyInsuranceRate = 40 * TestExchange.Percent,
            };
            int market = x.Market(parameters, losses: LossRules.Default with { Mode = mode });
            TestExchange.Expect(ResultCode.Accepted, x.Liquidations(market, LiquidationRules.Default));
            x.Fund(market, 20_000);
        }

        int rich = x.Account(1_000_000_000);
        var random = new SplitMix(seed);
        int[] accounts = [.. Enumerable.Range(0, Accounts).Select(_ => x.Account(4_000 + random.Below(2_000)))];
        foreach (int account in accounts)
        {
            for (int market = 1; market <= Markets; market++)
            {
                x.Mode(account, market, random.Below(2) == 0 ? MarginMode.Isolated : MarginMode.Cross);
                bool isLong = random.Below(8) != 0;
                x.Trade(isLong ? account : rich, isLong ? rich : account, market, 5 + random.Below(8), 1_000);
                if (random.Below(4) == 0)
                {
                    x.Buy(account, market, 1, 500 + random.Below(100));
                }
            }
        }

        for (int market = 1; market <= Markets; market++)
        {
            for (int i = 0; i < 300; i++)
            {
                x.Buy(rich, market, 1 + random.Below(20), 845 + random.Below(60));
            }
        }

        return (x, accounts, rich);
    }

    private static void Fall(TestExchange x, SplitMix random)
    {
        for (int market = 1; market <= Markets; market++)
        {
            TestExchange.Expect(ResultCode.Accepted, x.Mark(market, 880 + random.Below(20)));
        }
    }

    private static string EndOf(int work, ulong seed, LossMode mode, out int liquidations)
    {
        (TestExchange x, int[] accounts, int _) = Scene(work, seed, mode);
        using (x)
        {
            var random = new SplitMix(seed + 1);
            var told = new StringBuilder();
            x.State.LiquidationWork = work;
            for (int market = 1; market <= Markets; market++)
            {
                TestExchange.Expect(ResultCode.Accepted, x.Mark(market, 870 + random.Below(30)));
                Tell(x, told);
                while (x.Exchange.HasPendingWork)
                {
                    TestExchange.Expect(ResultCode.Accepted, x.Tick());
                    Tell(x, told);
                }
            }

            liquidations = Enumerable.Range(1, Markets).Sum(market => (int)x.Row(market).Liquidations);
            var text = new StringBuilder();
            for (int account = 1; account <= x.State.Accounts.HighWater; account++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{account}: {x.Pool(account)}");
                for (int market = 1; market <= Markets; market++)
                {
                    Margin.Position position = x.Position(account, market);
                    text.Append(CultureInfo.InvariantCulture, $" {position.SizeLots}/{position.EntryCostUnits}/{position.MarginUnits}/{position.OpenOrders}");
                }

                text.AppendLine();
            }

            for (int market = 1; market <= Markets; market++)
            {
                Matching.Market row = x.Row(market);
                text.AppendLine(CultureInfo.InvariantCulture, $"{row.InsuranceUnits} {row.BadDebtUnits} {row.ShortfallUnits} {row.ProtocolUnits}");
                text.AppendLine(CultureInfo.InvariantCulture, $"{row.FeeUnits} {row.Liquidations} {row.LastTicks} {row.RestingLots}");
            }

            Assert.That(accounts, Is.Not.Empty);
            return text.Append(told).ToString();
        }
    }

    /// <summary>What liquidations told, in order.</summary>
    private static void Tell(TestExchange x, StringBuilder told)
    {
        foreach (ref readonly EventSlot slot in x.Exchange.Events.Span)
        {
            if (slot.Header.Type == EventType.LiquidationStep)
            {
                ref readonly LiquidationStep step = ref EventSlot.As<LiquidationStep>(in slot);
                told.AppendLine(
                    CultureInfo.InvariantCulture, $"step {step.LiquidationId} {step.MeantLots} {step.ClosedLots} {step.ClosedUnits} {step.EquityUnits}");
            }
            else if (slot.Header.Type == EventType.Trade)
            {
                ref readonly Trade trade = ref EventSlot.As<Trade>(in slot);
                told.AppendLine(CultureInfo.InvariantCulture, $"trade {trade.TakerOrderId} {trade.MakerOrderId} {trade.QuantityLots} {trade.PriceTicks}");
            }
            else if (slot.Header.Type is EventType.LiquidationStarted or EventType.LiquidationFinished or EventType.AutoDeleveraged)
            {
                told.AppendLine(CultureInfo.InvariantCulture, $"{slot.Header.Type} {EventSlot.As<LiquidationStarted>(in slot).LiquidationId}");
            }
        }
    }
}
