using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Ways to the codes of orders and protections, each with what has to be there before.</summary>
internal sealed partial class RejectionTests
{
    private static readonly Dictionary<ResultCode, (Action<Scene> Prepare, Func<Scene, ResultCode> Refused)> OrderWays = new()
    {
        [ResultCode.OrderFilled] = (s => s.X.Trade(s.A, s.B, s.Isolated, 1, 1_000), s => s.X.Cancel(s.A, s.X.LastOrderId)),
        [ResultCode.OrderCancelledBefore] = (s => s.X.Cancel(s.B, s.Order), s => s.X.Modify(s.B, s.Order, 1, 0)),
        [ResultCode.OrderExpired] = (Expire, s => s.X.Cancel(s.A, s.X.LastOrderId)),
        [ResultCode.OrderTriggeredBefore] = (Trigger, s => s.X.Cancel(s.A, s.X.LastOrderId)),
        [ResultCode.OrderEnded] = (Forget, s => s.X.Cancel(s.B, s.Order)),
        [ResultCode.PostOnlyWouldTrade] = (
            s => s.X.Sell(s.B, s.Isolated, 1, 1_001), s => Place(s, s.Isolated, Side.Buy, 1, 1_001, OrderFlags.PostOnly)),
        [ResultCode.NothingToReduce] = (Nothing, s => Place(s, s.Isolated, Side.Buy, 1, 999, OrderFlags.ReduceOnly)),
        [ResultCode.PriceOutsideBand] = (
            s => Set(s, TestExchange.Simple with { PriceBandRate = 5 * TestExchange.Percent }), s => s.X.Buy(s.A, s.Isolated, 1, 949)),
        [ResultCode.BelowMinimumSize] = (s => Set(s, TestExchange.Simple with { MinQuantityLots = 2 }), s => s.X.Buy(s.A, s.Isolated, 1, 999)),
        [ResultCode.BelowMinimumNotional] = (
            s => Set(s, TestExchange.Simple with { MinNotionalUnits = 1_999 }), s => s.X.Buy(s.A, s.Isolated, 2, 999)),
        [ResultCode.TriggerReached] = (Nothing, s => s.X.Order(Order(s, 1, 1_001), TestExchange.Stop(1_000))),
        [ResultCode.InvalidTrigger] = (Nothing, s => s.X.Order(Order(s, 1, 1_001), TestExchange.Stop(0))),
        [ResultCode.InvalidDisplay] = (Nothing, s => s.X.Order(Order(s, 101, 900), new OrderTerms { DisplayLots = 1 })),
        [ResultCode.InvalidExpiry] = (Nothing, s => s.X.Order(Order(s, 1, 900) with { TimeInForce = TimeInForce.GoodTillTime })),
        [ResultCode.MarketStateForbids] = (s => s.X.SetState(s.Isolated, MarketState.Halted), s => s.X.Buy(s.A, s.Isolated, 1, 900)),
        [ResultCode.RateLimited] = (
            s =>
            {
                s.X.LimitRate(s.A, 1, 1);
                s.X.Buy(s.A, s.Isolated, 1, 900);
            },
            s => s.X.Cancel(s.A, s.X.LastOrderId)),
        [ResultCode.MakerProtectionActive] = (Freeze, s => Place(s, s.Isolated, Side.Buy, 1, 900, OrderFlags.MakerProtected)),
        [ResultCode.KillSwitchActive] = (s => s.X.Kill(s.A, 0), s => s.X.Buy(s.A, s.Isolated, 1, 900)),
        [ResultCode.PositionLimit] = (s => Set(s, TestExchange.Simple with { MaxPositionLots = 10 }), s => s.X.Buy(s.A, s.Isolated, 1, 900)),
        [ResultCode.InvalidLink] = (Nothing, s => s.X.Order(Order(s, 1, 900), new OrderTerms { LinkedOrderId = s.Order })),
        [ResultCode.StopOnWinningSide] = (s => s.X.Mark(s.Isolated, 1_010), s => s.X.Bracket(s.A, s.Isolated, 1_005, 0)),
        [ResultCode.TradingPaused] = (s => Pause(s, PausePolicy.Override), s => s.X.Buy(s.A, s.Market, 1, 900)),
        [ResultCode.DailyTradeLimit] = (
            s =>
            {
                s.X.Rules(s.A, new TraderRules { DailyTrades = 1 });
                s.X.Trade(s.A, s.B, s.Isolated, 1, 1_000);
            },
            s => s.X.Buy(s.A, s.Isolated, 1, 900)),
        [ResultCode.StopRequired] = (s => s.X.Rules(s.A, TraderRules.S4r), s => s.X.Buy(s.A, s.Market, 1, 900)),
        [ResultCode.AboveSizing] = (
            s => s.X.Rules(s.A, TraderRules.S4r), s => s.X.Order(Order(s, 1_000, 900), new OrderTerms { ProtectiveStopTicks = 890 })),
        [ResultCode.NoPauseOverride] = (s => Pause(s, PausePolicy.Close), s => s.X.ResumeTrading(s.A)),
        [ResultCode.InvalidCombination] = (Nothing, s => Place(s, s.Isolated, Side.Buy, 1, 900, OrderFlags.Reprice)),
        [ResultCode.NoPosition] = (Nothing, s => s.X.Bracket(s.A, s.Unmarked, 5, 0)),
        [ResultCode.InvalidQuotes] = (Nothing, s => s.X.Quote(s.A, s.Isolated, [(1, 900)], [(1, 900)])),
        [ResultCode.DuplicateClientOrderId] = (Nothing, s => s.X.Batch(s.A, s.Isolated, BatchMode.Atomic, Named, Named)),
        [ResultCode.UnknownPosition] = (Nothing, s => s.X.Close(s.A, s.Market, position: 99)),
        [ResultCode.PositionIdMissing] = (
            s =>
            {
                int hedger = s.X.Hedger(100_000);
                _ = s.X.Opened(hedger, s.A, s.Isolated, Side.Buy, 1, 1_000);
                _ = s.X.Opened(hedger, s.A, s.Isolated, Side.Sell, 1, 1_000);
            },
            s => s.X.Close(s.X.State.Accounts.HighWater, s.Isolated)),
        [ResultCode.HedgeModeForbids] = (s => s.X.Hedger(100_000), s => s.X.Quote(s.X.State.Accounts.HighWater, s.Isolated, [(1, 900)], [])),
        [ResultCode.HedgeModeRequired] = (Nothing, s => s.X.Split(s.A, s.Market, 1)),
        [ResultCode.PositionsDiffer] = (
            s =>
            {
                int hedger = s.X.Hedger(100_000);
                _ = s.X.Opened(hedger, s.A, s.Isolated, Side.Buy, 1, 1_000);
                _ = s.X.Opened(hedger, s.A, s.Isolated, Side.Sell, 1, 1_000);
            },
            s => s.X.Merge(s.X.State.Accounts.HighWater, s.Isolated, s.X.State.LastPositionId - 1, s.X.State.LastPositionId)),
        [ResultCode.DifferentOwners] = (s => s.X.Account(1_000, owner: 8), s => s.X.Transfer(s.A, s.Market, s.X.State.Accounts.HighWater)),
        [ResultCode.PortfolioLeverageExceeded] = (s => s.X.PortfolioLeverage(s.A, 1), s => s.X.Buy(s.A, s.Isolated, 90, 1_000)),
        [ResultCode.StateUnchanged] = (Nothing, s => s.X.SetState(s.Isolated, MarketState.Open)),
    };

    private static BatchItem Named => TestExchange.Placed(Side.Buy, 1, 900) with { ClientOrderId = 9_001 };

    /// <summary>A loses more than it lets itself lose.</summary>
    private static void Pause(Scene s, PausePolicy policy)
    {
        TestExchange.Expect(ResultCode.Accepted, s.X.Rules(s.A, new TraderRules { DrawdownPauseRate = 1, PausePolicy = policy }));
        s.X.Mark(s.Market, s.X.Size(s.A, s.Market) > 0 ? 999 : 1_001);
    }

    private static void Nothing(Scene scene)
    {
    }

    private static void Expire(Scene scene)
    {
        scene.X.Order(Order(scene, 1, 900) with { TimeInForce = TimeInForce.GoodTillTime }, new OrderTerms { ExpiresNs = 5 });
        scene.X.TimeNs = 5;
        scene.X.Tick();
    }

    private static void Trigger(Scene scene)
    {
        scene.X.Order(Order(scene, 1, 0) with { Type = OrderType.Market }, TestExchange.Stop(1_001));
        scene.X.Mark(scene.Isolated, 1_001);
    }

    private static void Forget(Scene scene)
    {
        scene.X.Cancel(scene.B, scene.Order);
        for (int i = 0; i < 4; i++)
        {
            scene.X.Buy(scene.A, scene.Isolated, 1, 900);
            scene.X.Cancel(scene.A, scene.X.LastOrderId);
        }
    }

    private static void Freeze(Scene scene)
    {
        scene.X.Protect(scene.A, scene.Isolated, fills: 1);
        Place(scene, scene.Isolated, Side.Buy, 1, 1_000, OrderFlags.MakerProtected);
        scene.X.Sell(scene.B, scene.Isolated, 1, 1_000);
    }

    private static void Set(Scene scene, MarketParameters parameters) =>
        TestExchange.Expect(ResultCode.Accepted, scene.X.Parameters(scene.Isolated, parameters));

    private static PlaceOrder Order(Scene scene, long lots, long ticks) => TestExchange.Limit(scene.A, scene.Isolated, Side.Buy, lots, ticks);

    private static ResultCode Place(Scene scene, int market, Side side, long lots, long ticks, OrderFlags flags) =>
        scene.X.Order(TestExchange.Limit(scene.A, market, side, lots, ticks, flags));
}
