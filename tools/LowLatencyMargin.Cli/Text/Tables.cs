using System.Globalization;
using Spectre.Console;

namespace LowLatencyMargin.Cli.Text;

/// <summary>Aligned tables, the same on a terminal and in a file.</summary>
internal static class Tables
{
    private const int Width = 400;

    internal static void Write(TextWriter output, string indent, IEnumerable<string> columns, IEnumerable<IEnumerable<string>> rows)
    {
        Table table = new Table().Border(TableBorder.Minimal);
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)));
        }

        foreach (IEnumerable<string> row in rows)
        {
            table.AddRow(row.Select(Markup.Escape).ToArray());
        }

        using var text = new StringWriter(CultureInfo.InvariantCulture);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = Width;
        console.Write(table);
        foreach (string line in text.ToString().Split('\n'))
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                output.WriteLine(indent + line.Trim('\r').TrimEnd());
            }
        }
    }

    /// <summary>One record as a table of two columns.</summary>
    internal static void Write(TextWriter output, string indent, Fields fields) =>
        Write(output, indent, ["field", "value"], fields.Select(field => (IEnumerable<string>)[field.Key, field.Value.Text]));
}
