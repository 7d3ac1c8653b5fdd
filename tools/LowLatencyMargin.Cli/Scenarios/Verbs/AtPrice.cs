using LowLatencyMargin.Cli.Text;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>The notation QTY@PRICE, compared as numbers.</summary>
internal static class AtPrice
{
    internal static bool AreSame(ScenarioLine line, string actual, string expected)
    {
        (ExactNumber quantity, ExactNumber price) = Parse(line, expected);
        return (quantity, price) == Parse(line, actual);
    }

    internal static bool AreSameLists(ScenarioLine line, string actual, string expected)
    {
        string[] a = actual.Split(',');
        string[] b = expected.Split(',');
        bool same = true;
        for (int i = 0; i < b.Length; i++)
        {
            _ = Parse(line, b[i]);
            same &= i < a.Length && AreSame(line, a[i], b[i]);
        }

        return same && a.Length == b.Length;
    }

    private static (ExactNumber Quantity, ExactNumber Price) Parse(ScenarioLine line, string text)
    {
        string[] parts = text.Split('@');
        return parts.Length == 2 && ExactNumber.TryParse(parts[0], out ExactNumber quantity) && ExactNumber.TryParse(parts[1], out ExactNumber price)
            ? (quantity, price)
            : throw line.Error($"'{text}' is not understood", "QTY@PRICE such as 1.5@50000, or none");
    }
}
