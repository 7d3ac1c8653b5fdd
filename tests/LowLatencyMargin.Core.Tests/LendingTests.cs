using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Pools: shares, interest, limits of withdrawals (R-1001, R-1002, R-1010).</summary>
internal sealed class LendingTests
{
    private const long HourNs = 3_600_000_000_000;
    private const int Percent = TestExchange.Percent;

    [Test]
    [Description("R-1001: a lender who is alone gets all of the interest, to the unit")]
    public void SoleLenderGetsAllInterest()
    {
        using var exchange = new TestExchange();
        int market = exchange.Lending(TestExchange.Simple, lent: 0);
        int lender = exchange.Account(1_000_000);
        int borrower = exchange.Account(1_000_000);
        TestExchange.Expect(ResultCode.Accepted, exchange.Lend(lender, 1_000_000));
        TestExchange.Expect(ResultCode.Accepted, exchange.Borrow(borrower, market, 500_000));
        exchange.TimeNs = 24 * HourNs;
        TestExchange.Expect(ResultCode.Accepted, exchange.Tick());
        long owed = exchange.Owed(borrower, market);
        Assert.That(owed, Is.GreaterThan(500_000));
        TestExchange.Expect(ResultCode.Accepted, exchange.Repay(borrower, market, 0));
        TestExchange.Expect(ResultCode.Accepted, exchange.Unlend(lender, 0));
        Assert.That(exchange.Pool(lender), Is.EqualTo(1_000_000 + owed - 500_000));
        Assert.That(exchange.PoolOf(1).LiquidityUnits, Is.Zero);
        Assert.That(exchange.PoolOf(1).SupplyShares, Is.Zero);
    }

    [Test]
    [Description("R-1002, R-104: interest is compounded by whole steps, whether time passes in one command or in many")]
    public void InterestDoesNotDependOnTheCommands()
    {
        long atOnce = Index(steps: 1);
        Assert.That(atOnce, Is.GreaterThan(LendingPool.IndexOne));
        Assert.That(Index(steps: 48), Is.EqualTo(atOnce));
        Assert.That(Index(steps: 7), Is.EqualTo(atOnce));

        static long Index(int steps)
        {
            using var exchange = new TestExchange();
            int market = exchange.Lending(TestExchange.Simple);
            int borrower = exchange.Account(1_000_000_000);
            TestExchange.Expect(ResultCode.Accepted, exchange.Borrow(borrower, market, 900_000_000));
            for (int i = 1; i <= steps; i++)
            {
                exchange.TimeNs = 48 * HourNs * i / steps;
                TestExchange.Expect(ResultCode.Accepted, exchange.Tick());
            }

            return exchange.PoolOf(1).DebtIndex;
        }
    }

    [Test]
    [Description("R-1002, R-101: the index ends at 256, and a pool of any age stays within its numbers")]
    public void IndexEnds()
    {
        LendingPool pool = new()
        {
            Parameters = PoolParameters.Default with { RateAtZero = 10 * Rate.Scale, RateAtOptimal = 10 * Rate.Scale, RateAtMax = 10 * Rate.Scale },
            DebtIndex = LendingPool.IndexOne,
            DebtShares = LendingPool.MaxUnits * LendingPool.SharesPerUnit,
            PrincipalUnits = LendingPool.MaxUnits,
        };
        for (int hour = 0; hour < 10_000; hour++)
        {
            _ = pool.Accrue(pool.CurrentRate, out _);
        }

        Assert.That(pool.DebtIndex, Is.EqualTo(LendingPool.MaxIndex));
        Assert.That(pool.BorrowedUnits, Is.EqualTo(LendingPool.MaxUnits * 256));
        Assert.That(pool.DebtOf(pool.DebtSharesOf(LendingPool.MaxUnits)), Is.EqualTo(LendingPool.MaxUnits));
    }

    [Test]
    [Description("R-1008: a debt set at any index is exactly that debt")]
    public void DebtIsExact([Values(1, 2, 3, 7, 1_000_003, 999_999_999_999_999)] long units)
    {
        LendingPool pool = default;
        for (long index = LendingPool.IndexOne; index < LendingPool.MaxIndex; index += (index / 7) + 3)
        {
            pool.DebtIndex = index;
            Assert.That(pool.DebtOf(pool.DebtSharesOf(units)), Is.EqualTo(units), $"index {index}");
        }
    }

    [Test]
    [Description("R-1001: who lends after the shares were made dear loses no more than a 65,536th")]
    public void DearSharesDoNotEatDeposits()
    {
        LendingPool pool = new() { SupplyShares = LendingPool.MinLentShares, LiquidityUnits = 1_000_000_000_000 };
        foreach (long amount in (long[])[1_000_000_000_000, 1_234_567_890_123, 7_000_000_000_001])
        {
            long shares = pool.SharesFor(amount);
            LendingPool after = pool;
            after.SupplyShares += shares;
            after.LiquidityUnits += amount;
            Assert.That(after.ValueOf(shares), Is.LessThanOrEqualTo(amount).And.GreaterThan(amount - (amount / 65_536) - 2));
        }
    }

    [Test]
    [Description("R-1010, R-105: more than the liquidity is denied, not queued")]
    public void WithdrawalsAreLimitedByLiquidity()
    {
        using var exchange = new TestExchange();
        int market = exchange.Lending(TestExchange.Simple, lent: 0);
        int lender = exchange.Account(1_000_000);
        int borrower = exchange.Account(2_000_000);
        TestExchange.Expect(ResultCode.Accepted, exchange.Lend(lender, 1_000_000));
        TestExchange.Expect(ResultCode.Accepted, exchange.Borrow(borrower, market, 600_000));
        Hash128 before = exchange.StateHash;
        TestExchange.Expect(ResultCode.InsufficientLiquidity, exchange.Unlend(lender, 400_001));
        TestExchange.Expect(ResultCode.BorrowUnavailable, exchange.Borrow(borrower, market, 400_001));
        Assert.That(exchange.StateHash, Is.EqualTo(before));
        TestExchange.Expect(ResultCode.Accepted, exchange.Unlend(lender, 400_000));
        Assert.That(exchange.PoolOf(1).LiquidityUnits, Is.Zero);
    }

    [Test]
    [Description("R-1010: announce, then withdraw from the next epoch on; no more leaves in an epoch than the cap")]
    public void EpochsAndFlowCap()
    {
        using var exchange = new TestExchange();
        _ = exchange.Lending(TestExchange.Simple, PoolParameters.Default with { Unlock = 1, FlowCapRate = 10 * Percent }, lent: 0);
        int lender = exchange.Account(1_000_000);
        TestExchange.Expect(ResultCode.Accepted, exchange.Lend(lender, 1_000_000));
        TestExchange.Expect(ResultCode.NotUnlocked, exchange.Unlend(lender, 50_000));
        TestExchange.Expect(ResultCode.Accepted, exchange.Unlend(lender, 150_000, announce: true));
        TestExchange.Expect(ResultCode.NotUnlocked, exchange.Unlend(lender, 50_000));
        exchange.TimeNs = 24 * HourNs;
        TestExchange.Expect(ResultCode.FlowCapReached, exchange.Unlend(lender, 100_001));
        TestExchange.Expect(ResultCode.Accepted, exchange.Unlend(lender, 100_000));
        TestExchange.Expect(ResultCode.FlowCapReached, exchange.Unlend(lender, 1));
        exchange.TimeNs = 48 * HourNs;
        TestExchange.Expect(ResultCode.NotUnlocked, exchange.Unlend(lender, 50_001));
        TestExchange.Expect(ResultCode.Accepted, exchange.Unlend(lender, 50_000));
    }

    [Test]
    [Description("R-1002: parameters that can't work are refused, and the model stays while something is borrowed")]
    public void ParametersAreChecked()
    {
        using var exchange = new TestExchange();
        int market = exchange.Lending(TestExchange.Simple);
        PoolParameters fine = PoolParameters.Default;
        PoolParameters[] wrong =
        [
            fine with { RateAtZero = 5 * Percent }, fine with { OptimalUtilisation = 0 }, fine with { OptimalUtilisation = 100 * Percent },
            fine with { InterestStepSeconds = 7 }, fine with { FixedTermSeconds = 0 }, fine with { ReserveFactorRate = -1 }, fine with { EpochSeconds = 0 },
            fine with { Model = (InterestModel)2 }, fine with { Reserved = 1 }, fine with { BorrowCapUnits = -1 },
        ];
        foreach (PoolParameters parameters in wrong)
        {
            TestExchange.Expect(ResultCode.InvalidParameter, exchange.Pool(1, parameters));
        }

        int borrower = exchange.Account(1_000_000);
        TestExchange.Expect(ResultCode.Accepted, exchange.Borrow(borrower, market, 1_000));
        TestExchange.Expect(ResultCode.PoolInUse, exchange.Pool(1, fine with { Model = InterestModel.FixedFull }));
        TestExchange.Expect(ResultCode.Accepted, exchange.Repay(borrower, market, 0));
        TestExchange.Expect(ResultCode.Accepted, exchange.Pool(1, fine with { Model = InterestModel.FixedFull }));
    }

    [Test]
    [Description("R-1002: a fixed loan owes its whole term at once, and a term more when it stays longer")]
    public void FixedLoansRenew()
    {
        using var exchange = new TestExchange();
        int market = exchange.Lending(TestExchange.Simple, PoolParameters.Default with { Model = InterestModel.FixedFull }, lent: 0);
        int lender = exchange.Account(1_000_000);
        int borrower = exchange.Account(10_000_000);
        TestExchange.Expect(ResultCode.Accepted, exchange.Lend(lender, 1_000_000));
        TestExchange.Expect(ResultCode.Accepted, exchange.Borrow(borrower, market, 500_000));
        const long Interest = 3_288; // up(500,000 x 8 % x 30 / 365)
        Assert.That(exchange.Owed(borrower, market), Is.EqualTo(500_000 + Interest));
        Assert.That(exchange.PoolOf(1).AssetUnits, Is.EqualTo(1_000_000), "interest counts when it is paid");
        exchange.TimeNs = 30 * 24 * HourNs;
        TestExchange.Expect(ResultCode.Accepted, exchange.Tick());
        Assert.That(exchange.Events<LoanGrown>(EventType.LoanRenewed).Single().ChargeUnits, Is.EqualTo(Interest));
        Assert.That(exchange.Owed(borrower, market), Is.EqualTo(500_000 + (2 * Interest)));
        TestExchange.Expect(ResultCode.Accepted, exchange.Repay(borrower, market, 0));
        Assert.That(exchange.PoolOf(1).AssetUnits, Is.EqualTo(1_000_000 + (2 * Interest)));
    }
}
