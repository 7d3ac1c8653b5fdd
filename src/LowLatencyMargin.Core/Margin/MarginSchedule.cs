using System;
using System.Numerics;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Timers;

namespace LowLatencyMargin.Core.Margin;

/// <summary>
/// Which margin rates of a market count from when: its parameters, the volatility add-on, the scaling by open interest, and the notice that
/// existing positions have before their maintenance rises.
/// </summary>
public sealed class MarginSchedule(ExchangeState state, Settlement settlement)
{
    private const long NsPerMs = 1_000_000;

    /// <summary>The rates of a new market.</summary>
    public void Begin(int marketId)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        Announce(ref market.Margin, in market.Parameters);
        PutInForce(marketId, out _);
    }

    /// <summary>
    /// Takes up new parameters: order margins of all rows follow at once, maintenance that rises has its notice. Walks all rows when there are orders.
    /// </summary>
    public void Change(int marketId, in MarketParameters parameters)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        MarketParameters before = market.Parameters;
        market.Parameters = parameters;
        if (before.VolatilityWindowMs != parameters.VolatilityWindowMs || parameters.VolatilityThresholdRate == 0)
        {
            state.VolatilityWindows.Edit(marketId) = default;
        }

        bool begins = before.VolatilityThresholdRate == 0 || before.VolatilityWindowMs != parameters.VolatilityWindowMs;
        if (begins && parameters.VolatilityThresholdRate != 0 && market.HasMark != 0)
        {
            // the mark of now is where the next one comes from
            state.VolatilityWindows.Edit(marketId).Add(state.TimeNs, market.MarkTicks, parameters.VolatilityWindowMs, out _, out _);
        }

        if (parameters.VolatilityThresholdRate == 0 && market.Margin.IsVolatile != 0)
        {
            Calm(marketId, market.MarkTicks, market.MarkTicks);
        }

        bool delayed = parameters.MaintenanceNoticeMs != 0 && market.PositionLots != 0 && Rises(in market.Margin, in parameters);
        long due = delayed ? Math.Max(market.Margin.NoticeEndsNs, state.TimeNs + (parameters.MaintenanceNoticeMs * NsPerMs)) : 0;
        bool wasDelayed = market.Margin.NoticeEndsNs != 0;
        state.Timers.Stop(TimerKind.MaintenanceNotice, marketId);
        market.Margin.NoticeEndsNs = due;
        if (delayed)
        {
            state.Timers.Start(TimerKind.MaintenanceNotice, marketId, due);
        }
        else
        {
            Announce(ref market.Margin, in parameters);
        }

        // the key of a position found healthy says so of the trigger and the reserve that it was tested with
        bool testMoves = before.Trigger != parameters.Trigger || before.ReserveRate != parameters.ReserveRate;
        PutInForce(marketId, out bool keysMove);
        if (keysMove || testMoves)
        {
            IndexAnew(marketId);
        }

        settlement.ReserveMarket(marketId);
        state.Events.Add<Accepted>(EventType.MarketParametersChanged, marketId).Command = CommandType.SetMarketParameters;
        if (delayed || wasDelayed)
        {
            long rate = parameters.TierCount == 0 ? parameters.MaintenanceMarginRate : parameters.Tiers[0].MaintenanceRate;
            AddMaintenanceEvent(EventType.MaintenanceMarginAnnounced, marketId, due, rate);
        }
    }

    /// <summary>A mark of a market whose rates follow it was set.</summary>
    public void FollowMark(int marketId)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        ref readonly MarketParameters p = ref market.Parameters;
        if (p.VolatilityThresholdRate != 0)
        {
            state.VolatilityWindows.Edit(marketId).Add(state.TimeNs, market.MarkTicks, p.VolatilityWindowMs, out long low, out long high);
            bool isVolatile = (UInt128)(ulong)(high - low) * Rate.Scale > (UInt128)(ulong)low * (ulong)p.VolatilityThresholdRate;
            if (isVolatile != (market.Margin.IsVolatile != 0))
            {
                if (isVolatile)
                {
                    Alarm(marketId, low, high);
                }
                else
                {
                    Calm(marketId, low, high);
                    Follow(marketId);
                }
            }
        }

        market.Margin.OpenInterestShare = OpenInterestShare(in market);
        SetInitial(ref market);
    }

    /// <summary>The grace of a volatile market is over.</summary>
    public void FollowInitial(int marketId)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        market.Margin.IsVolatileForInitial = 1;
        SetInitial(ref market);
        ref InitialMarginChanged changed = ref state.Events.Add<InitialMarginChanged>(EventType.InitialMarginChanged, marketId);
        changed.LongRate = market.Rates.InitialLongRate;
        changed.ShortRate = market.Rates.InitialShortRate;
    }

    /// <summary>The notice of a volatile market is over.</summary>
    public void FollowMaintenance(int marketId)
    {
        state.Markets.Edit(marketId).Margin.IsVolatileForMaintenance = 1;
        Follow(marketId);
    }

    /// <summary>The notice of parameters is over.</summary>
    public void EndNotice(int marketId)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        market.Margin.NoticeEndsNs = 0;
        Announce(ref market.Margin, in market.Parameters);
        Follow(marketId);
    }

    /// <summary>How far initial margin is on its way to 100 %: open interest between two caps (R-506 b).</summary>
    private static int OpenInterestShare(in Market market)
    {
        ref readonly MarketParameters p = ref market.Parameters;
        long units = Requirements.Notional(market.PositionLots / 2, market.MarkTicks, in market);
        return p.OpenInterestToUnits == 0 || units <= p.OpenInterestFromUnits ? 0
            : units >= p.OpenInterestToUnits ? Rate.Scale
            : (int)Exact.MultiplyDivideUp(units - p.OpenInterestFromUnits, Rate.Scale, p.OpenInterestToUnits - p.OpenInterestFromUnits);
    }

    /// <summary>Maintenance of the parameters, as tiers.</summary>
    private static void Announce(ref MarginState margin, in MarketParameters parameters)
    {
        margin.Count = Math.Max(1, parameters.TierCount);
        margin.Announced = parameters.TierCount == 0 ? default : parameters.Tiers;
        if (parameters.TierCount == 0)
        {
            margin.Announced[0] = new MarginTier { LimitUnits = MarginTier.NoLimit, MaintenanceRate = parameters.MaintenanceMarginRate };
        }
    }

    /// <summary>Whether any notional would need more than by the tiers announced before: looked at where a tier of either ends, and beyond.</summary>
    private static bool Rises(in MarginState margin, in MarketParameters parameters)
    {
        MarginState next = default;
        Announce(ref next, in parameters);
        for (int i = 0; i < margin.Count + next.Count; i++)
        {
            long limit = i < margin.Count ? margin.Announced[i].LimitUnits : next.Announced[i - margin.Count].LimitUnits;
            if (limit != MarginTier.NoLimit && Sum(limit, in next) > Sum(limit, in margin))
            {
                return true;
            }
        }

        return next.Announced[next.Count - 1].MaintenanceRate > margin.Announced[margin.Count - 1].MaintenanceRate;
    }

    private static UInt128 Sum(long notionalUnits, in MarginState margin)
    {
        UInt128 sum = 0;
        long from = 0;
        for (int tier = 0; tier < margin.Count && from < notionalUnits; tier++)
        {
            long to = tier == margin.Count - 1 ? notionalUnits : Math.Min(notionalUnits, margin.Announced[tier].LimitUnits);
            sum += (UInt128)(ulong)(to - from) * (ulong)margin.Announced[tier].MaintenanceRate;
            from = to;
        }

        return sum;
    }

    /// <summary>The bits of a notional of which a part of this size is a unit or more: what the two roundings of a requirement can add.</summary>
    private static byte CoversFromBits(int spareRate) =>
        spareRate <= 0 ? MarginRates.NeverCovers : (byte)(64 - BitOperations.LeadingZeroCount((ulong)(Rate.Scale - 1) / (uint)spareRate));

    /// <summary>Initial rates in force.</summary>
    private static void SetInitial(ref Market market)
    {
        ref readonly MarketParameters p = ref market.Parameters;
        market.Rates.InitialLongRate = (int)GradedMargin.WithAddOns(p.InitialMarginLongRate, in market);
        market.Rates.InitialShortRate = (int)GradedMargin.WithAddOns(p.InitialMarginShortRate, in market);
    }

    private void Alarm(int marketId, long low, long high)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        ref readonly MarketParameters p = ref market.Parameters;
        market.Margin.IsVolatile = 1;
        AddVolatilityEvent(marketId, low, high, p.VolatilityMultiplierRate, state.TimeNs + (p.AddOnGraceMs * NsPerMs));
        if (p.AddOnGraceMs == 0)
        {
            market.Margin.IsVolatileForInitial = 1;
        }
        else
        {
            state.Timers.Start(TimerKind.VolatilityGrace, marketId, state.TimeNs + (p.AddOnGraceMs * NsPerMs));
        }

        if (p.AddOnNoticeMs == 0 || market.PositionLots == 0)
        {
            FollowMaintenance(marketId);
            return;
        }

        long due = state.TimeNs + (p.AddOnNoticeMs * NsPerMs);
        state.Timers.Start(TimerKind.VolatilityNotice, marketId, due);
        AddMaintenanceEvent(
            EventType.MaintenanceMarginAnnounced,
            marketId,
            due,
            GradedMargin.Multiplied(market.Margin.Announced[0].MaintenanceRate, p.VolatilityMultiplierRate));
    }

    private void Calm(int marketId, long low, long high)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        if (market.Margin.AddOnTimerPlace != 0)
        {
            AddMaintenanceEvent(EventType.MaintenanceMarginAnnounced, marketId, 0, market.Rates.MaintenanceRate);
        }

        state.Timers.Stop(TimerKind.VolatilityGrace, marketId);
        state.Timers.Stop(TimerKind.VolatilityNotice, marketId);
        market.Margin.IsVolatile = 0;
        market.Margin.IsVolatileForInitial = 0;
        market.Margin.IsVolatileForMaintenance = 0;
        AddVolatilityEvent(marketId, low, high, Rate.Scale, state.TimeNs);
    }

    /// <summary>Puts in force what has come due, and tells.</summary>
    private void Follow(int marketId)
    {
        bool changes = PutInForce(marketId, out bool keysMove);
        if (keysMove)
        {
            IndexAnew(marketId);
        }

        if (changes)
        {
            AddMaintenanceEvent(EventType.MaintenanceMarginChanged, marketId, state.TimeNs, state.Markets[marketId].Rates.MaintenanceRate);
            state.Records.QueueMarket(marketId);
        }

        state.AddDue(marketId);
    }

    /// <summary>A rate that is part of the positions' keys changed: all are looked at before the command ends, or with the next ticks.</summary>
    private void IndexAnew(int marketId)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        market.IndexCursor = market.IsSpot ? 0 : 1;
        state.AddDue(marketId);
    }

    /// <summary>Computes the rates in force; whether maintenance changes.</summary>
    private bool PutInForce(int marketId, out bool keysMove)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        ref readonly MarketParameters p = ref market.Parameters;
        MarginTiers before = market.Margin.Maintenance;
        int countBefore = market.Rates.TierCount;
        market.Margin.Maintenance = market.Margin.Announced;
        market.Rates.TierCount = (byte)(market.Margin.Count == 1 ? 0 : market.Margin.Count);
        bool changes = countBefore != market.Rates.TierCount;
        for (int i = 0; i < market.Margin.Count; i++)
        {
            ref MarginTier tier = ref market.Margin.Maintenance[i];
            tier.MaintenanceRate = market.Margin.IsVolatileForMaintenance == 0
                ? tier.MaintenanceRate
                : (int)GradedMargin.Multiplied(tier.MaintenanceRate, p.VolatilityMultiplierRate);
            changes |= tier.MaintenanceRate != before[i].MaintenanceRate || tier.LimitUnits != before[i].LimitUnits;
        }

        keysMove = changes && (p.MaintenanceMarginBase == MarginBase.Entry || market.Rates.TierCount != 0 || countBefore != 0);
        market.Margin.OpenInterestShare = OpenInterestShare(in market);
        market.Rates.MaintenanceRate = market.Margin.Maintenance[0].MaintenanceRate;
        market.Rates.IsGraded = (byte)((p.TierCount | p.SizeAddOnRate) != 0 ? 1 : 0);
        market.Rates.IsDynamic = (byte)(p.VolatilityThresholdRate != 0 || p.OpenInterestToUnits != 0 ? 1 : 0);
        int initial = Math.Min(p.InitialMarginLongRate, p.InitialMarginShortRate);
        bool canExceed = (market.Rates.IsGraded | market.Rates.TierCount) != 0 || p.MaintenanceMarginBase == MarginBase.Entry || market.Margin.NoticeEndsNs != 0
            || initial < p.TakerFeeRate;
        market.Rates.CoversFromBits = canExceed ? MarginRates.NeverCovers : CoversFromBits(initial - market.Rates.MaintenanceRate - p.ReserveRate);
        SetInitial(ref market);
        return changes;
    }

    private void AddVolatilityEvent(int marketId, long low, long high, long multiplierRate, long fromNs)
    {
        ref VolatilityAddOnChanged changed = ref state.Events.Add<VolatilityAddOnChanged>(EventType.VolatilityAddOnChanged, marketId);
        changed.LowTicks = low;
        changed.HighTicks = high;
        changed.MultiplierRate = multiplierRate;
        changed.InitialFromNs = fromNs;
    }

    private void AddMaintenanceEvent(EventType type, int marketId, long fromNs, long rate)
    {
        ref MaintenanceMarginChanged changed = ref state.Events.Add<MaintenanceMarginChanged>(type, marketId);
        changed.FromNs = fromNs;
        changed.Rate = rate;
    }
}
