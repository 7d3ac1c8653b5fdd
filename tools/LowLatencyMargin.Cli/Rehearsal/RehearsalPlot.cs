using System.Globalization;
using LowLatencyMargin.Latency.Report;

namespace LowLatencyMargin.Cli.Rehearsal;

/// <summary>A panel for each market: the price, liquidations below it as bars, and the insurance fund below those, over one axis of time.</summary>
internal sealed class RehearsalPlot
{
    private const int Width = 1180;
    private const int Left = 78;
    private const int Right = 96;
    private const int Head = 84;
    private const int PriceHeight = 170;
    private const int BarsHeight = 78;
    private const int FundHeight = 44;
    private const int Gap = 26;
    private const int PanelHeight = 34 + PriceHeight + Gap + BarsHeight + Gap + FundHeight + 44;
    private const string Bars = "#c2410c";
    private const string Fund = "#0f766e";
    private const decimal UnitsPerQuote = 1_000_000m;

    private readonly RehearsalRun _run;
    private readonly Svg _svg;
    private readonly long _firstNs;
    private readonly long _lastNs;

    private RehearsalPlot(RehearsalRun run)
    {
        _run = run;
        _svg = new Svg(Width, Head + (PanelHeight * run.Markets.Count), "Crash rehearsal");
        _firstNs = run.Markets.Min(market => market.Minutes[0].TimeNs);
        _lastNs = Math.Max(_firstNs + 1, run.Markets.Max(market => market.Minutes[^1].TimeNs));
    }

    private static double PlotWidth => Width - Left - Right;

    internal static string Draw(RehearsalOptions options, RehearsalRun run)
    {
        var plot = new RehearsalPlot(run);
        plot._svg.Text(Left, 34, $"Crash rehearsal: {string.Join(", ", run.Markets.Select(market => market.Name.Name))}", 19, bold: true);
        plot._svg.Text(
            Left,
            56,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{run.Population.Positions.Count:N0} positions, {options.Mix}, {options.LongPercent}% long, {options.IsolatedPercent}% isolated;"
                + $" book depth {options.DepthQuote:N0} {options.Paths[0].Quote} a side, insurance {options.InsuranceQuote:N0} a market"),
            12.5,
            Svg.Muted);
        for (int i = 0; i < run.Markets.Count; i++)
        {
            plot.Panel(run.Markets[i], Head + (i * PanelHeight));
        }

        return plot._svg.ToString();
    }

    private double X(long ns) => Left + (PlotWidth * (ns - _firstNs) / (_lastNs - _firstNs));

    private void Panel(RehearsalMarket market, double top)
    {
        double price = top + 34;
        double bars = price + PriceHeight + Gap;
        double fund = bars + BarsHeight + Gap;
        double foot = fund + FundHeight;
        string caption = string.Create(
            CultureInfo.InvariantCulture,
            $"{market.Total.Started:N0} liquidations, {Whole(market.Total.ClosedUnits)} closed, {Whole(market.Total.TakenOverUnits)} taken over,"
            + $" {Whole(market.Total.ShortfallUnits)} shortfall, success {(market.Total.Success ?? 1) * 100:0.00}%");
        _svg.Text(Left, top + 18, market.Name.Name, 15, bold: true);
        _svg.Text(Left + 120, top + 18, caption, 12, Svg.Muted);
        Times(price, foot);
        Price(market, price);
        Liquidations(market, bars);
        Insurance(market, fund);
    }

    private void Times(double top, double foot)
    {
        long span = _lastNs - _firstNs;
        long hour = 3_600_000_000_000;
        long[] steps = [hour / 60, hour / 12, hour / 4, hour, 3 * hour, 6 * hour, 12 * hour, 24 * hour, 7 * 24 * hour];
        long step = Array.Find(steps, step => span / step <= 12) is var found and > 0 ? found : steps[^1];
        for (long ns = (_firstNs + step - 1) / step * step; ns <= _lastNs; ns += step)
        {
            DateTime time = DateTime.UnixEpoch.AddTicks(ns / 100);
            bool isDay = time.TimeOfDay == TimeSpan.Zero;
            _svg.Line(X(ns), top, X(ns), foot, isDay ? Svg.Axis : Svg.Grid);
            _svg.Text(X(ns), foot + 17, time.ToString(isDay ? "d MMM" : "HH:mm", CultureInfo.InvariantCulture), 11, Svg.Muted, "middle", isDay);
        }
    }

    private void Price(RehearsalMarket market, double top)
    {
        long low = market.Minutes.Min(minute => minute.LowTicks);
        long high = Math.Max(low + 1, market.Minutes.Max(minute => minute.HighTicks));
        double Y(long ticks) => top + PriceHeight - (PriceHeight * (double)(ticks - low) / (high - low));
        foreach (long ticks in (ReadOnlySpan<long>)[low, low + ((high - low) / 2), high])
        {
            _svg.Line(Left, Y(ticks), Width - Right, Y(ticks), Svg.Grid);
            _svg.Text(Left - 8, Y(ticks) + 4, Scenarios.HumanUnits.PriceOf(ticks, market.Name).ToString(), 11, Svg.Muted, "end");
        }

        _svg.Curve(Course(market, Y), Svg.Accent, 1.3);
        _svg.Text(Width - Right + 10, top + 12, "mark", 11.5, Svg.Accent);
    }

    /// <summary>High and low of each pixel's minutes, in the order in which they came: no spike gets lost.</summary>
    private IEnumerable<(double X, double Y)> Course(RehearsalMarket market, Func<long, double> y)
    {
        foreach (IGrouping<int, MinuteFigures> pixel in market.Minutes.GroupBy(minute => (int)X(minute.TimeNs)))
        {
            MinuteFigures low = pixel.MinBy(minute => minute.LowTicks)!;
            MinuteFigures high = pixel.MaxBy(minute => minute.HighTicks)!;
            bool lowFirst = low.TimeNs < high.TimeNs;
            yield return (pixel.Key, y(lowFirst ? low.LowTicks : high.HighTicks));
            yield return (pixel.Key + 0.5, y(lowFirst ? high.HighTicks : low.LowTicks));
        }
    }

    private void Liquidations(RehearsalMarket market, double top)
    {
        double foot = top + BarsHeight;
        int columns = Math.Min(market.Minutes.Count, (int)(PlotWidth / 2));
        int perBar = (market.Minutes.Count + columns - 1) / columns;
        List<(long Ns, long Count)> bars = [.. market.Minutes.Chunk(perBar).Select(chunk => (chunk[0].TimeNs, chunk.Sum(minute => minute.Started)))];
        long most = Math.Max(1, bars.Max(bar => bar.Count));
        _svg.Line(Left, top, Width - Right, top, Svg.Grid);
        _svg.Line(Left, foot, Width - Right, foot, Svg.Axis);
        _svg.Text(Left - 8, top + 4, most.ToString("N0", CultureInfo.InvariantCulture), 11, Svg.Muted, "end");
        _svg.Text(Left - 8, foot + 4, "0", 11, Svg.Muted, "end");
        double width = Math.Max(1.2, (PlotWidth * perBar / market.Minutes.Count) - 0.6);
        foreach ((long ns, long count) in bars.Where(bar => bar.Count > 0))
        {
            double height = Math.Max(1, BarsHeight * (double)count / most);
            _svg.Box(X(ns), foot - height, width, height, Bars);
        }

        _svg.Text(Width - Right + 10, top + 12, "liquidations", 11.5, Bars);
        _svg.Text(Width - Right + 10, top + 26, perBar == 1 ? "a minute" : $"in {perBar} minutes", 11, Svg.Muted);
    }

    private void Insurance(RehearsalMarket market, double top)
    {
        double foot = top + FundHeight;
        Int128 most = Int128.Max(1, market.Minutes.Max(minute => minute.InsuranceUnits));
        double Y(Int128 units) => foot - (FundHeight * (double)units / (double)most);
        _svg.Line(Left, foot, Width - Right, foot, Svg.Axis);
        _svg.Text(Left - 8, top + 4, Whole(most), 11, Svg.Muted, "end");
        _svg.Text(Left - 8, foot + 4, "0", 11, Svg.Muted, "end");
        var points = new List<(double X, double Y)>();
        Int128 last = -1;
        foreach (MinuteFigures minute in market.Minutes)
        {
            if (minute.InsuranceUnits != last || minute == market.Minutes[^1])
            {
                if (points.Count > 0)
                {
                    points.Add((X(minute.TimeNs), points[^1].Y));
                }

                points.Add((X(minute.TimeNs), Y(minute.InsuranceUnits)));
                last = minute.InsuranceUnits;
            }
        }

        _svg.Curve(points, Fund, 1.8);
        _svg.Text(Width - Right + 10, top + 12, "insurance", 11.5, Fund);
        _svg.Text(Width - Right + 10, top + 26, $"{Whole(market.Minutes[^1].InsuranceUnits)} left", 11, Svg.Muted);
    }

    private static string Whole(Int128 units) => Math.Round((decimal)units / UnitsPerQuote).ToString("N0", CultureInfo.InvariantCulture);
}
