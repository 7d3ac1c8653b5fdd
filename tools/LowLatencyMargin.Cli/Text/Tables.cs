using Spectre.Console;

namespace LowLatencyMargin.Cli.Text;

/// <summary>Aligned tables: drawn on a terminal, the same columns as plain text everywhere else.</summary>
internal static class Tables
{
    private const int PlainWidth = 400;

    internal static IAnsiConsole Console(TextWriter output)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = PlainWidth;
        }

        return console;
    }

    internal static void Write(TextWriter output, string title, IEnumerable<string> columns, IEnumerable<IEnumerable<string>> rows)
    {
        IAnsiConsole console = Console(output);
        Table table = new Table().Border(console.Profile.Out.IsTerminal ? TableBorder.Rounded : TableBorder.Minimal);
        table.Title = new TableTitle(Markup.Escape(title));
        table.Title.Style = Style.Plain;
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)));
        }

        foreach (IEnumerable<string> row in rows)
        {
            table.AddRow(row.Select(Markup.Escape).ToArray());
        }

        console.Write(table);
    }

    /// <summary>One record as a table of two columns.</summary>
    internal static void Write(TextWriter output, string title, Fields fields) =>
        Write(output, title, ["field", "value"], fields.Select(field => (IEnumerable<string>)[field.Key, field.Value.Text]));
}
