using LowLatencyMargin.Cli.Scenarios;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Rehearsal;

/// <summary>Counts from the event stream alone what liquidations did.</summary>
internal sealed class LiquidationTally(ExchangeState state)
{
    private readonly MinuteFigures[] _minute = new MinuteFigures[state.Markets.HighWater + 1];
    private readonly Dictionary<long, Liquidation> _open = [];
    private readonly LiquidationOutcomes _outcomes = new();
    private readonly HashSet<(long Account, int Market)> _deleveraged = [];
    private readonly Dictionary<(long Account, int Market), long> _first = [];

    /// <summary>Positions that were closed against a liquidation, by account and market.</summary>
    internal IReadOnlySet<(long Account, int Market)> Deleveraged => _deleveraged;

    /// <summary>When each position's first liquidation began, by account and market.</summary>
    internal IReadOnlyDictionary<(long Account, int Market), long> FirstLiquidations => _first;

    /// <summary>Time of the command that is told of next.</summary>
    internal long TimeNs { get; set; }

    /// <summary>From here on a market's figures go to this minute.</summary>
    internal void Begin(int market, MinuteFigures minute) => _minute[market] = minute;

    internal void Take(ReadOnlySpan<EventSlot> events)
    {
        foreach (ref readonly EventSlot slot in events)
        {
            long failed = _outcomes.Failed;
            _outcomes.Add(in slot);
            if (_outcomes.Failed > failed)
            {
                Of(in slot).Failed++;
            }

            switch (slot.Header.Type)
            {
                case EventType.LiquidationStarted:
                    Start(in EventSlot.As<LiquidationStarted>(in slot));
                    break;
                case EventType.Trade when (slot.Header.Flags & EventFlags.Liquidation) != 0:
                    Trade(in EventSlot.As<Trade>(in slot));
                    break;
                case EventType.LiquidationTakeover:
                    Of(in slot).TakenOverUnits += EventSlot.As<LiquidationTakeover>(in slot).CostUnits;
                    break;
                case EventType.PenaltyPaid:
                    ref readonly PenaltyPaid paid = ref EventSlot.As<PenaltyPaid>(in slot);
                    Of(in slot).PenaltyUnits += (Int128)paid.KeeperUnits + paid.ProtocolUnits + paid.InsuranceUnits + paid.MakersUnits;
                    break;
                case EventType.ShortfallCovered:
                    Cover(in EventSlot.As<ShortfallCovered>(in slot), Of(in slot));
                    break;
                case EventType.AutoDeleveraged:
                    Deleverage(in EventSlot.As<AutoDeleveraged>(in slot), Of(in slot));
                    break;
                case EventType.LossSharingEnded:
                    ref readonly LossSharingEnded shared = ref EventSlot.As<LossSharingEnded>(in slot);
                    Of(in slot).SocialisedUnits += shared.CollectedUnits - shared.InsuranceUnits;
                    Of(in slot).BadDebtUnits += shared.BadDebtUnits;
                    break;
                case EventType.LiquidationFinished:
                    Of(in slot).Finished++;
                    _ = _open.Remove(EventSlot.As<LiquidationFinished>(in slot).LiquidationId);
                    break;
                default:
                    break;
            }
        }
    }

    private MinuteFigures Of(ref readonly EventSlot slot) => _minute[(int)slot.Header.MarketId];

    private void Start(ref readonly LiquidationStarted started)
    {
        int market = (int)started.Header.MarketId;
        _minute[market].Started++;
        _minute[market].FirstTime += _first.TryAdd((started.AccountId, market), TimeNs) ? 1 : 0;
        // where the scope's equity would be zero: the mark, less the equity for each unit of size
        decimal value = (decimal)started.SizeLots * state.Markets[market].TickValueUnits;
        _open[started.LiquidationId] = new Liquidation(started.SizeLots > 0, started.MarkTicks - (started.EquityUnits / value));
    }

    private void Trade(ref readonly Trade trade)
    {
        int market = (int)trade.Header.MarketId;
        MinuteFigures minute = _minute[market];
        bool sells = trade.Header.Side == Side.Sell;
        Int128 value = (Int128)trade.QuantityLots * state.Markets[market].TickValueUnits;
        long mark = state.Markets[market].MarkTicks;
        minute.ClosedUnits += value * trade.PriceTicks;
        minute.ClosedAtMarkUnits += value * mark;
        minute.SlippageUnits += value * (sells ? mark - trade.PriceTicks : trade.PriceTicks - mark);
        if (_open.TryGetValue(trade.TakerOrderId, out Liquidation liquidation))
        {
            decimal ticks = liquidation.IsLong ? trade.PriceTicks - liquidation.BankruptcyTicks : liquidation.BankruptcyTicks - trade.PriceTicks;
            minute.CushionUnits += ticks * (decimal)value;
            decimal cushion = liquidation.BankruptcyTicks == 0 ? 0 : ticks / liquidation.BankruptcyTicks;
            minute.LeastCushion = minute.LeastCushion is { } least ? Math.Min(least, cushion) : cushion;
        }
    }

    private static void Cover(ref readonly ShortfallCovered covered, MinuteFigures minute)
    {
        minute.ShortfallUnits += covered.ShortfallUnits;
        minute.InsuranceUsedUnits += (Int128)covered.InsuranceUnits + covered.GlobalUnits;
        minute.BadDebtUnits += covered.BadDebtUnits;
    }

    private void Deleverage(ref readonly AutoDeleveraged closed, MinuteFigures minute)
    {
        minute.Deleveraged++;
        minute.DeleveragedUnits += closed.ValueUnits;
        _ = _deleveraged.Add((closed.AccountId, (int)closed.Header.MarketId));
    }

    private readonly record struct Liquidation(bool IsLong, decimal BankruptcyTicks);
}
