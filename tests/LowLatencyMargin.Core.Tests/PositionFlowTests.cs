using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-209, R-210, R-303, R-305, R-409: what moves positions or settings without a trade makes nobody richer, poorer or liquidatable.</summary>
[TestFixture]
internal sealed class PositionFlowTests
{
    private static readonly CommandType[] WithoutTrade =
    [
        CommandType.SetMarginMode, CommandType.SetLeverage, CommandType.AllocateMargin, CommandType.RemoveMargin, CommandType.SetPositionMode,
        CommandType.SplitPosition, CommandType.MergePositions, CommandType.TransferPosition,
    ];

    [TestCase(81UL)]
    [TestCase(82UL)]
    [TestCase(83UL)]
    [Description("Every account's equity over all scopes is the same to the unit before and after, and no liquidation follows.")]
    public void NobodyGainsOrLoses(ulong seed)
    {
        (TestExchange x, MixedFlow flow) = MixedFlow.Start(seed);
        using (x)
        {
            long[] before = new long[x.State.Accounts.HighWater + 1];
            Dictionary<CommandType, int> applied = [];
            for (int i = 0; i < 60_000; i++)
            {
                bool wasPending = x.Exchange.HasPendingWork;
                Equities(x.State, before);
                ResultCode code = flow.Step();
                CommandType type = MemoryMarshal.AsRef<CommandHeader>(flow.Last).Type;

                // what became due on the way is not the command's doing
                bool came = x.Exchange.Events.Span.ToArray().Any(
                    slot => slot.Header.Type is EventType.Trade or EventType.MarkPriceUpdated or EventType.MarketStateChanged);

                // nor is a liquidation that was under way and that money has cured, or whose time has come (R-1114)
                bool isNew = x.Events<LiquidationStarted>(EventType.LiquidationStarted).Count != 0;
                came |= !isNew && x.Exchange.Events.Span.ToArray().Any(slot => slot.Header.Type is EventType.LiquidationStep or EventType.LiquidationFinished);
                if (code != ResultCode.Accepted || !WithoutTrade.Contains(type) || wasPending || came)
                {
                    continue;
                }

                applied[type] = applied.GetValueOrDefault(type) + 1;
                Assert.That(x.Events<LiquidationStarted>(EventType.LiquidationStarted), Is.Empty, $"{type} at {i}");
                long[] after = new long[before.Length];
                Equities(x.State, after);
                Assert.That(after, Is.EqualTo(before), $"{type} at {i}");
            }

            // an account in the flow is seldom flat: HedgeTests change its position mode
            IEnumerable<CommandType> expected = WithoutTrade.Where(
                type => type is not (CommandType.SetPositionMode or CommandType.SplitPosition or CommandType.MergePositions));
            foreach (CommandType type in expected)
            {
                Assert.That(applied.GetValueOrDefault(type), Is.GreaterThan(3), $"{type} was hardly ever accepted");
            }
        }
    }

    [TestCase(94UL)]
    [TestCase(92UL)]
    [Description("R-408: the status of every position id in events only moves forward, and ends once.")]
    public void StatusMovesForward(ulong seed)
    {
        (TestExchange x, MixedFlow flow) = MixedFlow.Start(seed);
        using (x)
        {
            Dictionary<long, PositionStatus> known = [];
            for (int i = 0; i < 80_000; i++)
            {
                flow.Step();
                foreach (ref readonly EventSlot slot in x.Exchange.Events.Span)
                {
                    if (slot.Header.Type is not (EventType.PositionOpened or EventType.PositionUpdated or EventType.PositionClosed))
                    {
                        continue;
                    }

                    long id = EventSlot.As<PositionChanged>(in slot).PositionId;
                    var status = (PositionStatus)slot.Header.Detail;
                    PositionStatus last = known.GetValueOrDefault(id);
                    bool isEnd = slot.Header.Type == EventType.PositionClosed;
                    if (id <= 0 || status < last || last >= PositionStatus.Closed || isEnd != status >= PositionStatus.Closed)
                    {
                        Assert.Fail($"position {id}: {last}, then {slot.Header.Type} as {status}, command {i}");
                    }

                    known[id] = status;
                }
            }

            foreach (PositionStatus status in Enum.GetValues<PositionStatus>().Where(status => status >= PositionStatus.Open))
            {
                Assert.That(known.Values.Count(value => value == status), Is.GreaterThan(0), $"{status} never came");
            }
        }
    }

    [TestCase(95UL)]
    [TestCase(96UL)]
    [Description("R-702, R-704: the shown price of cross hedge positions is where the equity test flips, to the tick.")]
    public void PriceAndTestAgree(ulong seed)
    {
        var random = new SplitMix(seed);
        for (int run = 0; run < 60; run++)
        {
            using var x = new TestExchange();
            int market = x.Market(TestExchange.Simple with { TakerFeeRate = 40_000, PenaltyRate = random.Below(2) * 1_000_000 });
            int other = x.Market(TestExchange.Simple);
            int a = x.Hedger(40_000 + random.Below(60_000));
            int b = x.Account(100_000_000);
            for (int i = 0; i < 5; i++)
            {
                Side side = (Side)random.Below(2);
                int where = random.Below(4) == 0 ? other : market;
                long ticks = 990 + random.Below(21);
                long lots = 1 + random.Below(90);
                _ = side == Side.Buy ? x.Sell(b, where, lots, ticks) : x.Buy(b, where, lots, ticks);
                _ = x.Order(TestExchange.Limit(a, where, side, lots, ticks));
                x.CancelAll(b);
            }

            int row = x.State.FirstHedge(a, market);
            if (row == 0 || x.State.Accounts[a].CrossOpen < 2 || x.Row(market).MarkTicks == 0)
            {
                continue;
            }

            var settlement = new Settlement(x.State);
            long price = settlement.LiquidationPrice(in x.State.Positions[row], in x.State.Markets[market]);
            if (price == 0)
            {
                continue;
            }

            long mark = x.Row(market).MarkTicks;
            x.State.Markets.Edit(market).MarkTicks = price;
            Assert.That(AccountFigures.Of(x.State, a).IsLiquidatable, Is.False, $"run {run}, at {price}");
            x.State.Markets.Edit(market).MarkTicks = price - Math.Sign(mark - price);
            Assert.That(AccountFigures.Of(x.State, a).IsLiquidatable, Is.True, $"run {run}, one tick beyond {price}");
            x.State.Markets.Edit(market).MarkTicks = mark;
        }
    }

    private static void Equities(ExchangeState state, long[] equities)
    {
        for (int account = 1; account < equities.Length; account++)
        {
            equities[account] = state.Accounts[account].BalanceUnits;
            for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
            {
                ref readonly Position position = ref state.Positions[row];
                equities[account] += position.MarginUnits + Requirements.UnrealizedPnl(in position, in state.Markets[position.Market]);
            }
        }
    }
}
