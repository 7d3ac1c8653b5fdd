using LowLatencyMargin.Cli.Text;

namespace LowLatencyMargin.Cli.CommandLine;

/// <summary>One record of results, as a table or as JSON.</summary>
internal static class Report
{
    internal static void Write(TextWriter output, string kind, Fields fields, bool json)
    {
        if (!json)
        {
            Tables.Write(output, string.Empty, fields);
            return;
        }

        using var line = new JsonLine();
        line.Add("result", kind);
        foreach ((string name, Value value) in fields)
        {
            line.Add(name.Replace(",", string.Empty, StringComparison.Ordinal).Replace(' ', '-'), value.Text);
        }

        line.WriteTo(output);
    }
}
