using HdrHistogram;

namespace LowLatencyMargin.Latency.Report;

/// <summary>A panel for each rate, all on the same axes: percentile to the right, latency upward, both logarithmic; exchange over control.</summary>
internal sealed class LatencyPlot
{
    private const int Margin = 28;
    private const int HeadHeight = 96;
    private const int FootHeight = 44;
    private const int PanelWidth = 540;
    private const int PanelHeight = 330;
    private const int PlotLeft = 66;
    private const int PlotTop = 50;
    private const int PlotRight = 18;
    private const int PlotBottom = 44;
    private const double Step = 0.02;
    private const string Dashes = "6 4";

    private static readonly string[] PercentileNames = ["0 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %", "99.9999 %", "99.99999 %"];

    private readonly Measurements _measured;
    private readonly Svg _svg;
    private readonly int _width;
    private readonly int _height;
    private readonly double _nines;
    private readonly int _lowestDecade;
    private readonly int _highestDecade;

    private LatencyPlot(Measurements measured)
    {
        _measured = measured;
        int columns = Math.Min(2, measured.Latency.Count);
        int rows = (measured.Latency.Count + 1) / 2;
        _width = (2 * Margin) + (Math.Max(1, columns) * PanelWidth) + (columns == 1 ? 260 : 0);
        _height = HeadHeight + (rows * PanelHeight) + FootHeight;
        _svg = new Svg(_width, _height, "Latency by percentile");
        LongHistogram[] all = [.. measured.Latency.SelectMany(pair => (LongHistogram[])[pair.Control.EndToEnd, pair.Exchange.EndToEnd])];
        _nines = Math.Min(PercentileNames.Length - 1, Math.Max(1, all.Max(histogram => Math.Log10(Math.Max(10, histogram.TotalCount)))));
        _lowestDecade = (int)Math.Floor(Math.Log10(Math.Max(1, all.Min(histogram => histogram.GetValueAtPercentile(0)))));
        double highest = all.Max(histogram => histogram.GetValueAtPercentile(100));
        _highestDecade = Math.Max(_lowestDecade + 1, (int)Math.Ceiling(Math.Log10(Math.Max(10, highest))));
    }

    public static string Draw(Measurements measured)
    {
        var plot = new LatencyPlot(measured);
        plot.DrawHead();
        for (int i = 0; i < measured.Latency.Count; i++)
        {
            plot.DrawPanel(Margin + (i % 2 * PanelWidth), HeadHeight + (i / 2 * PanelHeight), measured.Latency[i]);
        }

        const string Foot = "Further right is rarer: one in ten, in a hundred, ... What the control shows too is the pipe's and the machine's.";
        plot._svg.Text(Margin, plot._height - 18, Foot, 11.5, Svg.Muted);
        return plot._svg.ToString();
    }

    private void DrawHead()
    {
        string mode = _measured.Options.Mode is { } durability ? $"{durability.ToString().ToLowerInvariant()} journal" : "no journal";
        _svg.Text(Margin, 36, $"Latency at fixed rates: {_measured.Workload.Name}, {mode}", 19, bold: true);
        _svg.Text(Margin, 57, "Open loop, every command: from its intended start until its events are shown", 12.5, Svg.Muted);
        _svg.Text(Margin, 75, $"{_measured.Machine.Processor}, {_measured.Machine.Cores} cores, {_measured.Machine.Runtime}", 11.5, Svg.Muted);
        double right = _width - Margin - PlotRight;
        _svg.Line(right - 288, 32, right - 258, 32, Svg.Accent, 2.4);
        _svg.Text(right - 250, 36, "exchange", 12.5);
        _svg.Line(right - 178, 32, right - 148, 32, Svg.Neutral, 2, Dashes);
        _svg.Text(right - 140, 36, "control: empty engine", 12.5);
    }

    private void DrawPanel(double left, double top, LatencyPair pair)
    {
        double x0 = left + PlotLeft;
        double x1 = left + PanelWidth - PlotRight;
        double y0 = top + PanelHeight - PlotBottom;
        double y1 = top + PlotTop;
        double X(double nines) => x0 + ((x1 - x0) * nines / _nines);
        double Y(long ns) => y0 - ((y0 - y1) * (Math.Log10(Math.Max(1, ns)) - _lowestDecade) / (_highestDecade - _lowestDecade));

        _svg.Text(x0, top + 22, $"{Figures.Rate(pair.PerSecond)}", 15, bold: true);
        _svg.Text(x0, top + 39, Caption(pair), 11.5, Svg.Muted);
        for (int decade = _lowestDecade; decade <= _highestDecade; decade++)
        {
            double y = Y((long)Math.Pow(10, decade));
            _svg.Line(x0, y, x1, y, decade == _lowestDecade ? Svg.Axis : Svg.Grid);
            _svg.Text(x0 - 8, y + 4, Figures.Duration((long)Math.Pow(10, decade)), 11, Svg.Muted, "end");
        }

        for (int nine = 0; nine <= (int)_nines; nine++)
        {
            _svg.Line(X(nine), y0, X(nine), y1, nine == 0 ? Svg.Axis : Svg.Grid);
            // the names get longer with every nine: where they would run into each other only every other one is written
            if (_nines < 6 || nine < 5 || nine % 2 == 0)
            {
                _svg.Text(X(nine), y0 + 18, PercentileNames[nine], 11, Svg.Muted, nine == 0 ? "start" : nine + 0.3 > _nines ? "end" : "middle");
            }
        }

        _svg.Curve(Points(pair.Control.EndToEnd, X, Y), Svg.Neutral, 2, Dashes);
        _svg.Curve(Points(pair.Exchange.EndToEnd, X, Y), Svg.Accent, 2.4);
    }

    private static string Caption(LatencyPair pair)
    {
        string Of(double level)
        {
            string exchange = Figures.Duration(pair.Exchange.EndToEnd.GetValueAtPercentile(level));
            return $"{exchange} (control {Figures.Duration(pair.Control.EndToEnd.GetValueAtPercentile(level))})";
        }

        return $"p50 {Of(50)} · p99 {Of(99)}";
    }

    private IEnumerable<(double X, double Y)> Points(LongHistogram histogram, Func<double, double> x, Func<long, double> y)
    {
        double last = Math.Min(_nines, Math.Log10(Math.Max(10, histogram.TotalCount)));
        for (double nines = 0; nines <= last; nines += Step)
        {
            yield return (x(nines), y(histogram.GetValueAtPercentile(100 * (1 - Math.Pow(10, -nines)))));
        }
    }
}
