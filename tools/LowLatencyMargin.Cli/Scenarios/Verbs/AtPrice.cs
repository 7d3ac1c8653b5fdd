using LowLatencyMargin.Cli.Text;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>The notation QTY@PRICE, compared as numbers.</summary>
internal static class AtPrice
{
    internal static bool AreSameLists(ScenarioLine line, IEnumerable<string> actual, IEnumerable<string> expected)
    {
        // all that was written is read, so that what is not understood is found whatever the engine did
        List<(ExactNumber Quantity, ExactNumber Price)> wanted = expected.Select(text => Parse(line, text)).ToList();
        return wanted.SequenceEqual(actual.Select(text => Parse(line, text)));
    }

    private static (ExactNumber Quantity, ExactNumber Price) Parse(ScenarioLine line, string text)
    {
        string[] parts = text.Split('@');
        return parts.Length == 2 && ExactNumber.TryParse(parts[0], out ExactNumber quantity) && ExactNumber.TryParse(parts[1], out ExactNumber price)
            ? (quantity, price)
            : throw line.Error($"'{text}' is not understood", "QTY@PRICE such as 1.5@50000, or none");
    }
}
