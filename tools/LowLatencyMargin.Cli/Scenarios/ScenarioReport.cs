using LowLatencyMargin.Cli.Scenarios.Views;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>How one expectation came out.</summary>
internal sealed record Expectation(bool Held, string What, string Expected, string Actual);

/// <summary>Counts of a run.</summary>
internal sealed record ScenarioSummary(int Commands, int Events, int Expectations, int Failed);

/// <summary>Where a run prints to.</summary>
internal abstract class ScenarioReport(TextWriter output, string file)
{
    protected TextWriter Output { get; } = output;

    protected string File { get; } = file;

    internal abstract void Line(ScenarioLine line);

    internal abstract void Event(ScenarioLine line, EventRecord record);

    internal abstract void Note(ScenarioLine line, string text);

    internal abstract void Show(ScenarioLine line, View view);

    internal abstract void Expectation(ScenarioLine line, Expectation result);

    internal abstract void Branch(ScenarioLine line, string what, string name, long sequence);

    internal abstract void Error(int line, string reason, string expected);

    internal abstract void End(ScenarioSummary summary, Exchange exchange);
}

/// <summary>For people: each line of the file, and indented under it what came of it.</summary>
internal sealed class TextReport(TextWriter output, string file) : ScenarioReport(output, file)
{
    private const string Indent = "        ";
    private const int NameWidth = 27;

    internal override void Line(ScenarioLine line)
    {
        Output.WriteLine($"{line.Number,5}  {line.Text}");
        foreach (ScenarioLine item in line.Items)
        {
            Output.WriteLine($"{item.Number,5}    {item.Text}");
        }
    }

    internal override void Event(ScenarioLine line, EventRecord record) => Output.WriteLine(
        $"{Indent}{record.Name.PadRight(NameWidth)}{string.Join(' ', record.Fields.Select(Print))}");

    internal override void Note(ScenarioLine line, string text) => Output.WriteLine($"{Indent}({text})");

    internal override void Show(ScenarioLine line, View view)
    {
        Output.WriteLine($"{Indent}{view.Kind} {view.Subject}".TrimEnd());
        Tables.Write(Output, Indent, view.Fields);
        if (view.Rows.Count > 0)
        {
            string[] columns = view.Rows[0].Fields.Names.Where(name => view.RowColumns is null || view.RowColumns.Contains(name)).ToArray();
            Output.WriteLine($"{Indent}{view.RowKind}s");
            Tables.Write(Output, Indent, columns, view.Rows.Select(row => columns.Select(column => row.Fields.Find(column)!.Text)));
        }
    }

    internal override void Expectation(ScenarioLine line, Expectation result) => Output.WriteLine(
        result.Held
            ? $"{Indent}held: {result.What} {result.Expected}".TrimEnd()
            : $"{Indent}FAILED {File}:{line.Number}: {result.What}: expected {result.Expected}, actual {result.Actual}");

    internal override void Branch(ScenarioLine line, string what, string name, long sequence) =>
        Output.WriteLine($"{Indent}{what.PadRight(NameWidth)}name={name} sequence={sequence}");

    internal override void Error(int line, string reason, string expected)
    {
    }

    internal override void End(ScenarioSummary summary, Exchange exchange)
    {
        string expectations = summary.Failed == 0
            ? $"{summary.Expectations} expectations, all held"
            : $"{summary.Failed} of {summary.Expectations} expectations FAILED";
        Output.WriteLine();
        Output.WriteLine($"{File}: {summary.Commands} commands, {summary.Events} events, {expectations}");
        Output.WriteLine($"sequence {exchange.Sequence}, chain hash {exchange.ChainHash}, state hash {exchange.ComputeStateHash()}");
    }

    private static string Print(KeyValuePair<string, Value> field) =>
        field.Value.Text.Contains(' ', StringComparison.Ordinal) ? $"{field.Key}=\"{field.Value.Text}\"" : $"{field.Key}={field.Value.Text}";
}

/// <summary>For programs: one object a line.</summary>
internal sealed class JsonReport(TextWriter output, string file) : ScenarioReport(output, file)
{
    internal override void Line(ScenarioLine line)
    {
    }

    internal override void Event(ScenarioLine line, EventRecord record) =>
        Write(line.Number, json => json.Add("seq", record.Sequence).Add("event", record.Name).Add(record.Fields));

    internal override void Note(ScenarioLine line, string text) => Write(line.Number, json => json.Add("note", text));

    internal override void Show(ScenarioLine line, View view)
    {
        Write(line.Number, json => json.Add("show", view.Kind).Add("of", view.Subject).Add(view.Fields));
        foreach ((_, Fields fields) in view.Rows)
        {
            Write(line.Number, json => json.Add("row", view.RowKind).Add("of", view.Subject).Add(fields));
        }
    }

    internal override void Expectation(ScenarioLine line, Expectation result) => Write(line.Number, json => json
        .Add("expect", result.What).Add("held", result.Held).Add("expected", result.Expected).Add("actual", result.Actual).Add("file", File));

    internal override void Branch(ScenarioLine line, string what, string name, long sequence) =>
        Write(line.Number, json => json.Add("branch", what).Add("name", name).Add("seq", sequence));

    internal override void Error(int line, string reason, string expected) =>
        Write(line, json => json.Add("error", reason).Add("expected", expected).Add("file", File));

    internal override void End(ScenarioSummary summary, Exchange exchange)
    {
        using var json = new JsonLine();
        json.Add("file", File).Add("commands", summary.Commands).Add("events", summary.Events)
            .Add("expectations", summary.Expectations).Add("failed", summary.Failed).Add("sequence", exchange.Sequence)
            .Add("chain", exchange.ChainHash.ToString()).Add("state", exchange.ComputeStateHash().ToString()).WriteTo(Output);
    }

    private void Write(int line, Action<JsonLine> fill)
    {
        using var json = new JsonLine();
        json.Add("line", line);
        fill(json);
        json.WriteTo(Output);
    }
}
