using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1701: events say which command, market, account and order they are about.</summary>
[TestFixture]
internal sealed class EventTests
{
    private static readonly EventType[] OrderEvents =
    [
        EventType.OrderAccepted, EventType.OrderCancelled, EventType.OrderAmended, EventType.OrdersLinked, EventType.OrderTriggered,
        EventType.OrderTrailed, EventType.OrderRefilled, EventType.DuplicateOrder,
    ];

    // what only an operator's commands make, which the flow does not send
    private static readonly EventType[] NotInFlow =
    [
        // trader rules have a flow of their own: RuleFlowTests
        EventType.TraderRulesChanged, EventType.MarginLevelChanged, EventType.DrawdownBaseSet, EventType.DrawdownAlert, EventType.TradingPaused,
        EventType.TradingResumed, EventType.DailyTradesWarning, EventType.DailyTradesReached, EventType.PositionAutoReduced,
        EventType.PerformanceUpdated,
        EventType.None, EventType.AssetAdded, EventType.MarketListed, EventType.MarketParametersChanged, EventType.AccountCreated,
        EventType.InsuranceFunded, EventType.MarginModeChanged, EventType.LeverageChanged,

        // what only markets bring whose own fund is empty: WaterfallTests
        EventType.GlobalInsuranceUsed,

        // what only deep falls bring: DeleveragingTests, LossSharingTests
        EventType.AutoDeleveraged, EventType.AutoDeleverageInputs, EventType.AutoDeleveragePrice, EventType.LossSharingStarted, EventType.LossSocialised,
        EventType.LossSharingEnded, EventType.InsuranceSurplus, EventType.GlobalInsuranceUsed,

        // what only several assets bring: AssetFlowTests
        EventType.AssetParametersChanged, EventType.TransferSpotToIsolated, EventType.TransferIsolatedToSpot, EventType.AccountTransfer,
        EventType.MarginEnabledChanged, EventType.BalanceUpdated, EventType.CollateralTakenOver,
    ];

    [Test]
    [Description("R-1701: every event carries the command's sequence, the last one is flagged, and account, market and order of each are there.")]
    public void EventsNameWhatTheyAreAbout()
    {
        (TestExchange x, MixedFlow flow) = MixedFlow.Start(seed: 62, work: 64);
        using (x)
        {
            for (int i = 0; i < 120_000; i++)
            {
                flow.Step();
                int count = x.Exchange.Events.Count;
                for (int j = 0; j < count; j++)
                {
                    Check(x, in x.Exchange.Events.Span[j], isLast: j == count - 1);
                }
            }

            // those of pools and loans: LoanFlowTests
            IEnumerable<EventType> inFlow = Enum.GetValues<EventType>().Except(NotInFlow)
                .Where(type => type is < EventType.PoolSet or > EventType.LoanLiquidationFinished);
            foreach (EventType type in inFlow)
            {
                Assert.That(flow.Seen(type), Is.GreaterThan(0), $"{type} never came");
            }
        }
    }

    private static void Check(TestExchange x, ref readonly EventSlot slot, bool isLast)
    {
        EventHeader header = slot.Header;
        bool holds = header.CommandSequence == x.Exchange.Sequence && ((header.Flags & EventFlags.Last) != 0) == isLast;
        if (OrderEvents.Contains(header.Type))
        {
            // all of them begin with account and order
            ref readonly OrderChanged order = ref EventSlot.As<OrderChanged>(in slot);
            holds &= order.AccountId >= 1 && order.AccountId <= x.State.Accounts.HighWater && header.MarketId is >= 1 and <= 3
                && Order.SlotOf(order.OrderId) >= 1 && Order.SlotOf(order.OrderId) <= x.State.Orders.HighWater && order.OrderId > Order.MaxTerms;
        }

        if (!holds)
        {
            Assert.Fail($"{header.Type} of command {x.Exchange.Sequence}");
        }
    }
}
