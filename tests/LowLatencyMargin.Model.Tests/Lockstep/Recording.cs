using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>A command's events of the exchange, in the model's words.</summary>
internal sealed class Recording
{
    public List<EventSlot> Slots { get; } = [];

    public List<ModelTrade> Trades { get; } = [];

    public List<ModelFill> Fills { get; } = [];

    public List<ModelCancel> Cancels { get; } = [];

    public List<ModelAcceptance> Acceptances { get; } = [];

    public List<ModelShortfall> Shortfalls { get; } = [];

    public List<PositionChanged> Positions { get; } = [];

    /// <summary>Orders of hedge positions.</summary>
    public List<OrderAssigned> Assignments { get; } = [];

    /// <summary>Trades of a day that were told.</summary>
    public List<(long Account, int Trades, bool IsLimit)> Daily { get; } = [];

    /// <summary>What the giver of a transfer realised.</summary>
    public long TransferProfit { get; private set; }

    public List<LiquidationStarted> Started { get; } = [];

    public List<ModelFundingUpdate> FundingUpdates { get; } = [];

    public List<ModelFundingPayment> Payments { get; } = [];

    /// <summary>Marks that were told.</summary>
    public List<(long Market, long Ticks)> Marks { get; } = [];

    /// <summary>Ids of orders taken in.</summary>
    public List<long> OrderIds { get; } = [];

    public List<ModelTaking> Takings { get; } = [];

    public LossRecording Losses { get; } = new();

    public SettlementRecording Settlements { get; } = new();

    /// <summary>Position events that stand before the last liquidation: it may have moved what a cross price depends on.</summary>
    public int PositionsBeforeLastLiquidation { get; private set; }

    /// <summary>Position events that stand before a change of maintenance rates.</summary>
    public int PositionsBeforeRates { get; private set; }

    public void Read(Exchange exchange)
    {
        Slots.Clear();
        Trades.Clear();
        Fills.Clear();
        Cancels.Clear();
        Acceptances.Clear();
        Shortfalls.Clear();
        Positions.Clear();
        Assignments.Clear();
        Daily.Clear();
        TransferProfit = 0;
        Started.Clear();
        OrderIds.Clear();
        Takings.Clear();
        Losses.Clear();
        Settlements.Clear();
        Marks.Clear();
        FundingUpdates.Clear();
        Payments.Clear();
        PositionsBeforeRates = 0;
        PositionsBeforeLastLiquidation = 0;
        Append(exchange);
    }

    /// <summary>The events of a further command behind those that are there.</summary>
    public void Append(Exchange exchange)
    {
        foreach (ref readonly EventSlot slot in exchange.Events.Span)
        {
            Slots.Add(slot);
            Read(in slot);
        }
    }

    private static T As<T>(ref readonly EventSlot slot)
        where T : unmanaged => EventSlot.As<T>(in slot);

    private void Read(ref readonly EventSlot slot)
    {
        long market = slot.Header.MarketId;
        bool byLiquidation = slot.Header.Flags.HasFlag(EventFlags.Liquidation);
        switch (slot.Header.Type)
        {
            case EventType.Trade:
                Trade trade = As<Trade>(in slot);
                Trades.Add(new ModelTrade(market, trade.PriceTicks, trade.QuantityLots, slot.Header.Side, byLiquidation));
                PositionsBeforeLastLiquidation = byLiquidation ? Positions.Count : PositionsBeforeLastLiquidation;
                break;
            case EventType.Fill:
                Fill fill = As<Fill>(in slot);
                bool isTaker = slot.Header.Flags.HasFlag(EventFlags.Taker);
                Fills.Add(new ModelFill(fill.AccountId, market, fill.ClientOrderId, fill.LeavesLots, fill.FeeUnits, fill.RealizedPnlUnits, isTaker));
                break;
            case EventType.OrderAccepted:
            case EventType.OrderAmended:
                OrderChanged order = As<OrderChanged>(in slot);
                bool isAmendment = slot.Header.Type == EventType.OrderAmended;
                if (!isAmendment)
                {
                    OrderIds.Add(order.OrderId);
                }

                Acceptances.Add(new ModelAcceptance(isAmendment,
                    order.AccountId, order.ClientOrderId, order.PriceTicks, order.QuantityLots, order.LeavesLots));
                break;
            case EventType.OrderCancelled:
                PositionsBeforeLastLiquidation =
                    (CancelReason)slot.Header.Detail == CancelReason.Liquidation ? Positions.Count : PositionsBeforeLastLiquidation;
                OrderChanged gone = As<OrderChanged>(in slot);
                Cancels.Add(new ModelCancel(gone.AccountId, market, gone.ClientOrderId, gone.LeavesLots, (CancelReason)slot.Header.Detail));
                break;
            case EventType.MarkPriceUpdated:
                PositionsBeforeLastLiquidation = Positions.Count;
                Marks.Add((market, As<MarkPriceUpdated>(in slot).PriceTicks));
                break;
            case EventType.FundingUpdated:
                FundingUpdated funding = As<FundingUpdated>(in slot);
                FundingUpdates.Add(new ModelFundingUpdate(market, funding.IntervalEndNs, funding.RateE8, funding.PremiumE8, funding.MarkTicks,
                    funding.IndexTicks, funding.CumulativeE8, slot.Header.Detail == 1));
                PositionsBeforeRates = Positions.Count;
                break;
            case EventType.FundingPaid:
                FundingPaid paid = As<FundingPaid>(in slot);
                Payments.Add(new ModelFundingPayment(paid.AccountId, market, paid.PositionId, paid.SizeLots, paid.EntryE8, paid.IndexE8, paid.AmountUnits,
                    slot.Header.Flags.HasFlag(EventFlags.Isolated)));
                break;
            case EventType.MaintenanceMarginChanged:
                PositionsBeforeRates = Positions.Count;
                break;
            case EventType.ShortfallCovered:
                ShortfallCovered s = As<ShortfallCovered>(in slot);
                Shortfalls.Add(new ModelShortfall(s.AccountId, market, s.ShortfallUnits, s.InsuranceUnits, s.BadDebtUnits, s.InsuranceBalanceUnits,
                    s.GlobalUnits));
                break;
            case EventType.CollateralTakenOver:
                CollateralTakenOver taken = As<CollateralTakenOver>(in slot);
                PositionsBeforeLastLiquidation = Positions.Count;
                Takings.Add(new ModelTaking(taken.AccountId, market, taken.AssetId, taken.TakenUnits, taken.PaidUnits));
                break;
            case EventType.PositionOpened:
            case EventType.PositionUpdated:
            case EventType.PositionClosed:
                Positions.Add(As<PositionChanged>(in slot));
                break;
            case EventType.DailyTradesWarning:
            case EventType.DailyTradesReached:
                DailyTradesCounted counted = As<DailyTradesCounted>(in slot);
                Daily.Add((counted.AccountId, (int)counted.Trades, slot.Header.Type == EventType.DailyTradesReached));
                break;
            case EventType.LiquidationStep:
            case EventType.LoanLiquidationStep:
            case EventType.LoanTakenOver:
            case EventType.LiquidationTakeover:
            case EventType.PenaltyPaid:
            case EventType.LiquidationFinished:
            case EventType.PositionAutoReduced:
                PositionsBeforeLastLiquidation = Positions.Count;
                break;
            case EventType.OrderAssigned:
                Assignments.Add(As<OrderAssigned>(in slot));
                break;
            case EventType.PositionTransferred:
                TransferProfit = As<PositionTransferred>(in slot).RealizedPnlUnits;
                break;
            case EventType.LiquidationStarted:
                PositionsBeforeLastLiquidation = Positions.Count;
                Started.Add(As<LiquidationStarted>(in slot));
                break;
            default:
                PositionsBeforeLastLiquidation = Losses.Read(in slot) || Settlements.Read(in slot) ? Positions.Count : PositionsBeforeLastLiquidation;
                break;
        }
    }
}
