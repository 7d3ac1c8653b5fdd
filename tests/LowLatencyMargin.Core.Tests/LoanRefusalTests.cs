using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>A way to every code of pools and loans, each of which leaves the state as it was .</summary>
internal sealed class LoanRefusalTests
{
    private static readonly Dictionary<ResultCode, Func<Scene, ResultCode>> Ways = new()
    {
        [ResultCode.UnknownPool] = s => s.X.Lend(s.Trader, 1_000, asset: 3),
        [ResultCode.PoolInUse] = s => s.X.Pool(1, PoolParameters.Default with { Model = InterestModel.FixedFull }),
        [ResultCode.PoolInsolvent] = s => s.X.Lend(s.Trader, 1_000, asset: 4),
        [ResultCode.BelowMinimumLending] = s => s.X.Lend(s.Trader, 255),
        [ResultCode.NothingLent] = s => s.X.Unlend(s.Trader, 1),
        [ResultCode.NotUnlocked] = s => s.X.Unlend(s.Lender, 1, asset: 2),
        [ResultCode.InsufficientLiquidity] = s => s.X.Unlend(s.Lender, 0),
        [ResultCode.FlowCapReached] = s => s.X.Unlend(s.Lender, 100_001),
        [ResultCode.BorrowUnavailable] = s => s.X.Borrow(s.Trader, s.Market, 1_000_000),
        [ResultCode.BelowMinimumBorrow] = s => s.X.Borrow(s.Trader, s.Market, 9),
        [ResultCode.NothingOwed] = s => s.X.Repay(s.Lender, s.Market, 1),
        [ResultCode.LoanTopUpNotAllowed] = s => s.X.Borrow(s.Trader, s.Market, 10),
        [ResultCode.ScopeInLiquidation] = s => s.X.Borrow(s.Short, s.Market, 10),
        [ResultCode.ActiveLoan] = s => s.X.Mode(s.Trader, s.Market, MarginMode.Isolated),
    };

    /// <summary>The codes that are tested here.</summary>
    public static IEnumerable<ResultCode> Codes => Ways.Keys;

    [TestCaseSource(nameof(Codes))]
    [Description("R-105, R-109, R-1010, R-1011, R-1014: a refused command answers with its code, and leaves the state as it was, bit for bit")]
    public void RefusalsChangeNothing(ResultCode code)
    {
        using var scene = new Scene(topUp: code != ResultCode.LoanTopUpNotAllowed);
        Hash128 before = scene.X.StateHash;
        Assert.That(Ways[code](scene), Is.EqualTo(code));
        Assert.That(scene.X.Events<Rejected>(EventType.Rejected)[0].Code, Is.EqualTo(code));
        if (code != ResultCode.ScopeInLiquidation)
        {
            Assert.That(scene.X.StateHash, Is.EqualTo(before));
        }
    }

    private sealed class Scene : IDisposable
    {
        public Scene(bool topUp)
        {
            Market = X.Lending(TestExchange.Simple with { LoanTopUp = topUp ? 1 : 0 }, lent: 0);
            Lender = X.Account(1_000_000);
            Trader = X.Account(2_000_000);
            Short = X.Account(500_000);
            Expect(X.AddAsset("NONE"));
            Expect(X.AddAsset("LOST"));
            Expect(X.Pool(4, PoolParameters.Default));
            Expect(X.Deposit(Lender, 1_000_000, asset: 2));
            Expect(X.Deposit(Lender, 1_000_000, asset: 4));
            Expect(X.Deposit(Trader, 1_000, asset: 3));
            Expect(X.Deposit(Trader, 1_000, asset: 4));
            Expect(X.Pool(1, PoolParameters.Default with { MinBorrowUnits = 10, FlowCapRate = TestExchange.Percent * 10 }));
            Expect(X.Pool(2, PoolParameters.Default with { Unlock = 1 }));
            Expect(X.Lend(Lender, 1_000_000));
            Expect(X.Lend(Lender, 1_000_000, asset: 2));
            Expect(X.Lend(Lender, 1_000_000, asset: 4));

            // losses that reserves did not bear can't be had in a few commands: the operator's claim is as large as the pool
            X.State.Pools.Edit(X.State.Assets[4].Pool).ReserveUnits = 1_000_000;
            Expect(X.Borrow(Trader, Market, 400_000));
            Expect(X.ToMargin(Short, Market, 500_000));
            Expect(X.Buy(Trader, Market, 500, 1_000));
            Expect(X.Place(Short, Market, Side.Sell, 500, 1_000, SideEffect.AutoBorrow));
            for (int i = 0; i < 30; i++)
            {
                Expect(X.Buy(Short, Market, 1, 10 + i));
            }

            Expect(X.Mark(Market, 1_950));
        }

        public TestExchange X { get; } = new(work: 16);

        public int Market { get; }

        public int Lender { get; }

        public int Trader { get; }

        public int Short { get; }

        public void Dispose() => X.Dispose();

        private static void Expect(ResultCode code) => TestExchange.Expect(ResultCode.Accepted, code);
    }
}
