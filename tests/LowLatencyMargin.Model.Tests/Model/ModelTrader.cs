using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Rules;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>What trading came to in a day, a month or altogether (R-1506).</summary>
internal sealed class ModelFigures
{
    public int Period { get; private set; }

    public Big Profit { get; set; }

    public Big Fees { get; set; }

    public Big Funding { get; set; }

    public int Closed { get; set; }

    public int Won { get; set; }

    public int Lost { get; set; }

    /// <summary>These figures, begun anew when the period is another.</summary>
    public ModelFigures In(int period)
    {
        if (period != Period)
        {
            (Period, Profit, Fees, Funding, Closed, Won, Lost) = (period, 0, 0, 0, 0, 0, 0);
        }

        return this;
    }
}

/// <summary>Profit and closed positions of a kind of exit.</summary>
internal sealed class ModelExits
{
    public Big Profit { get; set; }

    public long Closed { get; set; }
}

/// <summary>The trader rules of an account and what they count (docs/trader-rules.md).</summary>
internal sealed class ModelTrader
{
    public TraderRules Rules { get; set; }

    public long Day { get; set; }

    public int TradesToday { get; set; }

    public bool IsPaused { get; set; }

    /// <summary>1, 2, 3: alerts and the pause told this month.</summary>
    public int Told { get; set; }

    public bool IsBaseOpen { get; set; }

    public Big Base { get; set; }

    public Big Flow { get; set; }

    public LevelBand CrossBand { get; set; }

    public ModelFigures OfDay { get; } = new();

    public ModelFigures OfMonth { get; } = new();

    public ModelFigures OfAll { get; } = new();

    public ModelExits ByOther { get; } = new();

    public ModelExits ByLiquidation { get; } = new();

    /// <summary>A position opened and closed within one command, was divided or transferred: what counts as closed is the exchange's business.</summary>
    /// <summary>When the next base is taken; null: drawdown is not watched.</summary>
    public long? MonthEndsNs { get; set; }

    /// <summary>When that timer was set, counted over all timers.</summary>
    public long MonthSet { get; set; }

    public bool IsClosedBlurred { get; set; }

    /// <summary>A position flipped, or was open before there were rules: so is what it came to.</summary>
    public bool IsResultBlurred { get; set; }

    public bool WatchesDrawdown => (Rules.DrawdownFirstRate | Rules.DrawdownSecondRate | Rules.DrawdownPauseRate) != 0;

    public bool WatchesLevel => Rules.SafeLevel != 0;

    public static bool CanWork(in TraderRules r)
    {
        const int One = 100_000_000;
        bool sized = r.RiskPerTradeRate is >= 0 and <= One
            && (r.RiskPerTradeRate == 0 ? r.SizingCapRate == 0 && r.EnforceSizing == 0 && r.WorstCaseSizing == 0 : r.SizingCapRate is > 0 and <= One);
        bool buffers = new[] { r.SizingBufferRate, r.SizingGapRate, r.SizingFeesRate }.All(rate => rate is >= 0 and <= One / 10);
        bool drawdown = IsAbove(r.DrawdownFirstRate, 0) && IsAbove(r.DrawdownSecondRate, r.DrawdownFirstRate)
            && IsAbove(r.DrawdownPauseRate, Math.Max(r.DrawdownFirstRate, r.DrawdownSecondRate)) && r.DrawdownPauseRate <= One
            && r.DrawdownFirstRate <= One && r.DrawdownSecondRate <= One;
        bool trades = r.DailyTrades is >= 0 and <= 1_000_000 && r.DailyTradesWarning >= 0 && r.DailyTradesWarning <= r.DailyTrades;
        bool noLevels = (r.SafeLevel | r.CautionLevel | r.WarningLevel | r.LiquidationLevel) == 0;
        bool levels = noLevels || (r.SafeLevel > r.CautionLevel && r.CautionLevel > r.WarningLevel && r.WarningLevel > r.LiquidationLevel
            && r.LiquidationLevel >= One && r.SafeLevel <= 20 * One);
        bool reduce = r.AutoReduceTarget == 0
            || (!noLevels && r.AutoReduceTarget >= r.CautionLevel + r.LevelHysteresis && r.AutoReduceTarget <= 20L * One);
        return sized && buffers && r.StopWarningRate is >= 0 and <= One && drawdown && trades && levels && r.LevelHysteresis is >= 0 and <= One && reduce;
    }

    /// <summary>The band that a scope comes to from the one it was in; null: it is new.</summary>
    public LevelBand BandAfter(LevelBand? before, Big equity, Big requirement)
    {
        if (requirement.IsZero)
        {
            return LevelBand.Safe;
        }

        LevelBand plain = Plain(equity, requirement, 0);
        if (before is not { } band || plain >= band)
        {
            return plain;
        }

        LevelBand lasting = Plain(equity, requirement, Rules.LevelHysteresis);
        return lasting < band ? lasting : band;
    }

    private LevelBand Plain(Big equity, Big requirement, Big hysteresis)
    {
        Big level = equity * Rounding.Scale;
        return level >= (Rules.SafeLevel + hysteresis) * requirement ? LevelBand.Safe
            : level >= (Rules.CautionLevel + hysteresis) * requirement ? LevelBand.Caution
            : level >= (Rules.WarningLevel + hysteresis) * requirement ? LevelBand.Warning
            : level > (Rules.LiquidationLevel + hysteresis) * requirement ? LevelBand.Critical
            : LevelBand.Liquidation;
    }

    private static bool IsAbove(int rate, int other) => rate == 0 || (rate > 0 && rate > other);
}
