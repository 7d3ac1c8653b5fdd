namespace LowLatencyMargin.Latency.Report;

/// <summary>Commands a second of the core, the pipeline and the replay, as bars.</summary>
internal static class ThroughputPlot
{
    private const int Width = 900;
    private const int Left = 250;
    private const int Right = 110;
    private const int Top = 92;
    private const int RowHeight = 44;
    private const int BarHeight = 24;

    public static string Draw(Measurements measured)
    {
        List<(string Name, double PerSecond, string Color)> bars = [];
        if (measured.Core is { } core)
        {
            bars.Add(("core alone, one thread", core.PerSecond, Svg.Neutral));
        }

        if (measured.FlatWithoutJournal is { } without)
        {
            bars.Add(("pipeline without journal", without.Median, Svg.Neutral));
        }

        if (measured.Options.Mode is { } mode && measured.Flat is { } flat)
        {
            bars.Add(($"pipeline, {mode.ToString().ToLowerInvariant()} journal", flat.Median, Svg.Accent));
        }

        if (measured.Replay is { } replay)
        {
            bars.Add(("replay of that journal", replay.Median, Svg.Neutral));
        }

        int height = Top + (bars.Count * RowHeight) + 40;
        var svg = new Svg(Width, height, "Commands per second");
        svg.Text(28, 36, $"Million commands per second, flat out: {measured.Workload.Name}", 19, bold: true);
        svg.Text(28, 57, "Medians of several runs; the core by thread CPU time, the others by the clock", 12.5, Svg.Muted);
        svg.Text(28, 75, $"{measured.Machine.Processor}, {measured.Machine.Cores} cores, {measured.Machine.Runtime}", 11.5, Svg.Muted);
        double most = bars.Max(bar => bar.PerSecond);
        for (int i = 0; i < bars.Count; i++)
        {
            (string name, double perSecond, string color) = bars[i];
            double y = Top + (i * RowHeight) + 10;
            double length = Math.Max(2, (Width - Left - Right) * perSecond / most);
            svg.Text(Left - 12, y + 17, name, 13, anchor: "end");
            svg.Box(Left, y, length, BarHeight, color);
            svg.Text(Left + length + 8, y + 17, Figures.Millions(perSecond), 13, bold: color == Svg.Accent);
        }

        svg.Line(Left, Top + 2, Left, Top + (bars.Count * RowHeight) + 2, Svg.Axis);
        return svg.ToString();
    }
}
