using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Waterfall;

/// <summary>The score by which a position is deleveraged, and what it is made of (R-1204, R-1207).</summary>
public readonly struct AdlScore
{
    /// <summary>Profit of 100 % in <see cref="Roi"/>.</summary>
    public const long RoiScale = Rate.Scale;

    /// <summary>Leverage of one in <see cref="Leverage"/>.</summary>
    public const long LeverageScale = 10_000;

    private const long MostRoi = 1L << 40;

    private const long MostLeverage = 1L << 30;

    private const long MostScore = 1L << 62;

    /// <summary>The score of an open position at the market's mark.</summary>
    public AdlScore(in Position position, in Market market, long equityUnits, AdlScoring scoring)
    {
        EquityUnits = equityUnits;
        ProfitUnits = Requirements.PricePnl(in position, in market);
        Roi = Ratio(Math.Abs(ProfitUnits), RoiScale, position.EntryCostUnits, MostRoi);
        Leverage = Ratio(Requirements.Notional(position.AbsoluteLots, market.MarkTicks, in market), LeverageScale, equityUnits, MostLeverage);
        Value = scoring switch
        {
            AdlScoring.PnlLeverage => Ratio(Math.Max(0, ProfitUnits), Leverage, LeverageScale, MostScore),
            AdlScoring.Bitmex when ProfitUnits < 0 => -Ratio(Roi, LeverageScale, Leverage, MostScore),
            _ => Ratio(Roi, Leverage, LeverageScale, MostScore),
        };
    }

    /// <summary>The higher, the sooner.</summary>
    public long Value { get; }

    /// <summary>Unrealised profit that the price made.</summary>
    public long ProfitUnits { get; }

    /// <summary>Equity of the scope.</summary>
    public long EquityUnits { get; }

    /// <summary>Profit by entry cost, without sign.</summary>
    public long Roi { get; }

    /// <summary>Value at mark by equity.</summary>
    public long Leverage { get; }

    /// <summary>The score of a row.</summary>
    public static AdlScore Of(ExchangeState state, int row)
    {
        ref readonly Position position = ref state.Positions[row];
        ref readonly Market market = ref state.Markets[position.Market];
        long equity = position.IsIsolated != 0
            ? position.MarginUnits + Requirements.UnrealizedPnl(in position, in market)
            : AccountFigures.Of(state, position.Account).BackingUnits;
        return new AdlScore(in position, in market, equity, state.Losses[position.Market].Rules.Score);
    }

    private static long Ratio(long value, long numerator, long denominator, long most)
    {
        UInt128 ratio = (UInt128)(ulong)value * (ulong)numerator / (ulong)Math.Max(1, denominator);
        return (long)UInt128.Min(ratio, (ulong)most);
    }
}
