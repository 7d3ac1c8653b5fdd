using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Cli.Scenarios.Parameters;

/// <summary>A trader rule of an account under the name that scenarios use (docs/trader-rules.md).</summary>
internal sealed record TraderParameter(string Name, TraderParameter.Setter Set, Func<TraderRules, Value> Get)
{
    internal const string Preset = "preset";

    private const string Off = "off";

    internal delegate void Setter(ref TraderRules rules, ScenarioLine line, string text);

    /// <summary>All of them, in the order in which they are printed and, where one needs another, read.</summary>
    internal static IReadOnlyList<TraderParameter> All { get; } =
    [
        new("risk-per-trade", SetRisk, r => HumanUnits.Ratio(r.RiskPerTradeRate)),
        Switched("enforce-sizing", (ref TraderRules r) => ref r.EnforceSizing),
        Rated("sizing-cap", (ref TraderRules r) => ref r.SizingCapRate),
        Switched("worst-case-sizing", (ref TraderRules r) => ref r.WorstCaseSizing),
        Rated("sizing-buffer", (ref TraderRules r) => ref r.SizingBufferRate),
        Rated("sizing-gap", (ref TraderRules r) => ref r.SizingGapRate),
        Rated("sizing-fees", (ref TraderRules r) => ref r.SizingFeesRate),
        Rated("stop-warning", (ref TraderRules r) => ref r.StopWarningRate),
        new("drawdown-alerts", SetAlerts, r => Value.Of($"{HumanUnits.Ratio(r.DrawdownFirstRate)},{HumanUnits.Ratio(r.DrawdownSecondRate)}")),
        Rated("drawdown-pause", (ref TraderRules r) => ref r.DrawdownPauseRate),
        new("drawdown-policy", (ref TraderRules r, ScenarioLine line, string text) => r.PausePolicy = Choice<PausePolicy>(line, text),
            r => Value.Of(WordStyle.Kebab(r.PausePolicy.ToString()))),
        new("daily-trades", SetDailyTrades, r => Value.Of(r.DailyTrades)),
        new("daily-trades-warning", (ref TraderRules r, ScenarioLine line, string text) => r.DailyTradesWarning = Count(line, text),
            r => Value.Of(r.DailyTradesWarning)),
        new("daily-trades-count", (ref TraderRules r, ScenarioLine line, string text) => r.TradeCount = Choice<TradeCount>(line, text),
            r => Value.Of(WordStyle.Kebab(r.TradeCount.ToString()))),
        new("level-bands", SetBands, r => Value.Of(r.WatchesLevel
            ? $"{LevelOf(r.SafeLevel)},{LevelOf(r.CautionLevel)},{LevelOf(r.WarningLevel)},{LevelOf(r.LiquidationLevel)}"
            : Off)),
        new("level-hysteresis", (ref TraderRules r, ScenarioLine line, string text) => r.LevelHysteresis = Level(line, text),
            r => Value.Of(LevelOf(r.LevelHysteresis))),
        Switched("alerts", (ref TraderRules r) => ref r.Alerts),
        new("auto-reduce", SetAutoReduce, r => Value.Of(r.AutoReduceTarget != 0)),
        new("auto-reduce-target", (ref TraderRules r, ScenarioLine line, string text) => r.AutoReduceTarget = text == Off ? 0 : Level(line, text),
            r => r.AutoReduceTarget == 0 ? Value.None : Value.Of(LevelOf(r.AutoReduceTarget))),
    ];

    private delegate ref T Place<T>(ref TraderRules rules);

    /// <summary>Reads all options of a line that are trader rules, a preset first; how many there were.</summary>
    internal static int Read(ScenarioLine line, ref TraderRules rules)
    {
        int count = 0;
        if (line.Option(Preset) is { } preset)
        {
            bool hasRules = preset is "S4" or "s4" or "S4r" or "s4r" or Value.NoneText;
            rules = preset switch
            {
                "S4" or "s4" => TraderRules.S4,
                "S4r" or "s4r" => TraderRules.S4r,
                Value.NoneText => default,
                "S1" or "S1r" or "S2" or "S2r" or "S3" or "S3r" or "S5" or "S5r" => rules,
                _ => throw line.Error($"preset={preset} is not a preset of accounts", "preset=S1 to S5 or none; S2 and S4 have rules for accounts"),
            };
            count += hasRules ? 1 : 0;
        }

        foreach (TraderParameter parameter in All)
        {
            if (line.Option(parameter.Name) is { } text)
            {
                parameter.Set(ref rules, line, text);
                count++;
            }
        }

        return count;
    }

    internal static Fields Print(TraderRules rules)
    {
        var fields = new Fields();
        foreach (TraderParameter parameter in All)
        {
            fields.Add(parameter.Name, parameter.Get(rules));
        }

        return fields;
    }

    internal static ExactNumber LevelOf(int level) => new(level, Rate.Scale);

    private static TraderParameter Rated(string name, Place<int> place) => new(
        name,
        (ref TraderRules r, ScenarioLine line, string text) => place(ref r) = Ratio(line, text),
        r => HumanUnits.Ratio(place(ref r)));

    private static TraderParameter Switched(string name, Place<byte> place) => new(
        name,
        (ref TraderRules r, ScenarioLine line, string text) => place(ref r) = HumanUnits.IsOn(line, name, text) ? (byte)1 : (byte)0,
        r => Value.Of(place(ref r) != 0));

    private static int Ratio(ScenarioLine line, string text) => text == Off ? 0 : HumanUnits.Ratio(line, text);

    private static int Count(ScenarioLine line, string text) =>
        text == Off ? 0 : (int)Math.Clamp(HumanUnits.Whole(line, text, "a number of trades"), -1, int.MaxValue);

    private static T Choice<T>(ScenarioLine line, string text)
        where T : struct, Enum => WordStyle.Find<T>(text)
        ?? throw line.Error($"'{text}' is not understood", string.Join(" or ", Enum.GetNames<T>().Select(WordStyle.Kebab)));

    /// <summary>A margin level: 1.3 or 130%.</summary>
    private static int Level(ScenarioLine line, string text) =>
        ExactNumber.TryParseWithUnit(text, out ExactNumber number) && (number * new ExactNumber(Rate.Scale, 1)) is { IsWhole: true } scaled
            ? (int)System.Numerics.BigInteger.Clamp(scaled.Numerator, -1, int.MaxValue)
            : throw line.Error($"'{text}' is not a margin level", "a level such as 1.3 or 130%");

    /// <summary>Risk per trade by itself has the usual cap, fees and warning; switched off, the rest of sizing goes with it.</summary>
    private static void SetRisk(ref TraderRules rules, ScenarioLine line, string text)
    {
        rules.RiskPerTradeRate = Ratio(line, text);
        if (rules.RiskPerTradeRate == 0)
        {
            (rules.SizingCapRate, rules.EnforceSizing, rules.WorstCaseSizing) = (0, 0, 0);
        }
        else if (rules.SizingCapRate == 0)
        {
            TraderRules usual = TraderRules.S4;
            (rules.SizingCapRate, rules.SizingFeesRate, rules.StopWarningRate) = (usual.SizingCapRate, usual.SizingFeesRate, usual.StopWarningRate);
        }
    }

    private static void SetAlerts(ref TraderRules rules, ScenarioLine line, string text)
    {
        string[] parts = text == Off ? [Off, Off] : text.Split(',', '/');
        if (parts.Length > 2)
        {
            throw line.Error($"drawdown-alerts={text} is not understood", "one or two rates such as 2%,3%, or off");
        }

        rules.DrawdownFirstRate = Ratio(line, parts[0]);
        rules.DrawdownSecondRate = parts.Length == 2 ? Ratio(line, parts[1]) : 0;
    }

    /// <summary>The warning comes at four fifths unless it is set as well (R-1505).</summary>
    private static void SetDailyTrades(ref TraderRules rules, ScenarioLine line, string text)
    {
        rules.DailyTrades = Count(line, text);
        rules.DailyTradesWarning = (int)Math.Max(0, rules.DailyTrades * 4L / 5);
    }

    private static void SetBands(ref TraderRules rules, ScenarioLine line, string text)
    {
        if (text == Off)
        {
            (rules.SafeLevel, rules.CautionLevel, rules.WarningLevel, rules.LiquidationLevel, rules.AutoReduceTarget) = (0, 0, 0, 0, 0);
            return;
        }

        string[] parts = text.Split(',', '/');
        if (parts.Length != 4)
        {
            throw line.Error($"level-bands={text} is not understood", "four levels safe,caution,warning,liquidation such as 2.0,1.3,1.1,1.0, or off");
        }

        if (!rules.WatchesLevel)
        {
            (rules.LevelHysteresis, rules.Alerts) = (TraderRules.S4.LevelHysteresis, 1);
        }

        (rules.SafeLevel, rules.CautionLevel, rules.WarningLevel, rules.LiquidationLevel) =
            (Level(line, parts[0]), Level(line, parts[1]), Level(line, parts[2]), Level(line, parts[3]));
    }

    /// <summary>Auto-reduce needs bands: without any it has the usual ones.</summary>
    private static void SetAutoReduce(ref TraderRules rules, ScenarioLine line, string text)
    {
        bool on = HumanUnits.IsOn(line, "auto-reduce", text);
        if (on && !rules.WatchesLevel)
        {
            TraderRules usual = TraderRules.S4;
            (rules.SafeLevel, rules.CautionLevel, rules.WarningLevel, rules.LiquidationLevel, rules.LevelHysteresis, rules.Alerts) =
                (usual.SafeLevel, usual.CautionLevel, usual.WarningLevel, usual.LiquidationLevel, usual.LevelHysteresis, usual.Alerts);
        }

        rules.AutoReduceTarget = on ? rules.SafeLevel : 0;
    }
}
