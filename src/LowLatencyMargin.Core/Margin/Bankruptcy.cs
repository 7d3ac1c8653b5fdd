using System;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Margin;

/// <summary>
/// What a position is worth at its bankruptcy price, where nothing of the margin behind it is left: cost - margin, for a short
/// cost + margin. Losses elsewhere can push the margin behind it below zero; they stay with their account: nobody pays more for a long than the larger of
/// its cost and its value, or gets less for a short than the smaller of both.
/// </summary>
public readonly struct Bankruptcy
{
    private readonly long _lots;
    private readonly bool _isLong;
    private readonly long _units;

    /// <summary>The bankruptcy of an open position with this margin behind it, at the market's mark.</summary>
    public Bankruptcy(in Position position, long marginUnits, in Market market)
    {
        _lots = position.AbsoluteLots;
        _isLong = position.SizeLots > 0;
        long cost = position.EntryCostUnits;
        long value = Requirements.Notional(_lots, market.MarkTicks, in market);
        _units = _isLong ? Math.Max(0, Math.Min(cost - marginUnits, Math.Max(cost, value))) : Math.Max(cost + marginUnits, Math.Min(cost, value));
    }

    /// <summary>The same as it was found before.</summary>
    public Bankruptcy(bool isLong, long lots, long units)
    {
        _isLong = isLong;
        _lots = lots;
        _units = units;
    }

    /// <summary>Lots of the position.</summary>
    public long Lots => _lots;

    /// <summary>What they are worth at that price.</summary>
    public long Units => _units;

    /// <summary>Value of a part at the bankruptcy price, rounded to the owner's side.</summary>
    public long CostOf(long lots) => lots == _lots ? _units
        : _isLong ? Exact.MultiplyDivideUp(_units, lots, _lots)
        : Exact.MultiplyDivideDown(_units, lots, _lots);

    /// <summary>The bankruptcy price to the tick, rounded to the owner's side: a long is never sold lower, a short never bought back higher.</summary>
    public long PriceTicks(in Market market)
    {
        long lotValue = _lots * market.TickValueUnits;
        return Math.Clamp(_isLong ? Exact.MultiplyDivideUp(_units, 1, lotValue) : _units / lotValue, 1, Exact.MaxPriceTicks);
    }
}
