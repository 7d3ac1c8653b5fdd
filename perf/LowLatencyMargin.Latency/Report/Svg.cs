using System.Globalization;
using System.Security;
using System.Text;

namespace LowLatencyMargin.Latency.Report;

/// <summary>A drawing on white: lines, boxes, text, each where it is told to be.</summary>
internal sealed class Svg
{
    public const string Ink = "#1f2933";
    public const string Muted = "#5f6b7a";
    public const string Grid = "#e4e8ed";
    public const string Axis = "#9aa5b1";
    public const string Accent = "#0b62c4";
    public const string Neutral = "#8b95a1";

    private readonly StringBuilder _text = new();

    public Svg(int width, int height, string title)
    {
        _text.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" ");
        _text.Append(CultureInfo.InvariantCulture, $"viewBox=\"0 0 {width} {height}\" role=\"img\" ");
        _text.Append("font-family=\"Inter, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif\">\n");
        _text.Append(CultureInfo.InvariantCulture, $"<title>{SecurityElement.Escape(title)}</title>\n");
        _text.Append(CultureInfo.InvariantCulture, $"<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n");
    }

    public void Text(double x, double y, string text, double size = 12, string color = Ink, string anchor = "start", bool bold = false)
    {
        _text.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.##}\" y=\"{y:0.##}\" font-size=\"{size}\" ");
        _text.Append(CultureInfo.InvariantCulture, $"fill=\"{color}\" text-anchor=\"{anchor}\"");
        _text.Append(bold ? " font-weight=\"600\">" : ">").Append(SecurityElement.Escape(text)).Append("</text>\n");
    }

    public void Line(double x1, double y1, double x2, double y2, string color, double width = 1, string? dashes = null)
    {
        _text.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" ");
        _text.Append(CultureInfo.InvariantCulture, $"stroke=\"{color}\" stroke-width=\"{width}\"{Dashes(dashes)}/>\n");
    }

    public void Curve(IEnumerable<(double X, double Y)> points, string color, double width, string? dashes = null)
    {
        _text.Append("<polyline points=\"");
        foreach ((double x, double y) in points)
        {
            _text.Append(CultureInfo.InvariantCulture, $"{x:0.#},{y:0.#} ");
        }

        _text.Length--;
        _text.Append(CultureInfo.InvariantCulture, $"\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\" ");
        _text.Append(CultureInfo.InvariantCulture, $"stroke-linejoin=\"round\"{Dashes(dashes)}/>\n");
    }

    public void Box(double x, double y, double width, double height, string color)
    {
        _text.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" ");
        _text.Append(CultureInfo.InvariantCulture, $"rx=\"2\" fill=\"{color}\"/>\n");
    }

    public override string ToString() => _text + "</svg>\n";

    private static string Dashes(string? dashes) => dashes is null ? string.Empty : $" stroke-dasharray=\"{dashes}\"";
}
