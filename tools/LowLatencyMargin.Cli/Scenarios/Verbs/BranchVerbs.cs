namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>What-if branches: a saved point is the number of commands before it, and going back means applying those again.</summary>
internal sealed class BranchVerbs(ScenarioSession session)
{
    private readonly Dictionary<string, Point> _points = [];

    internal void Save(ScenarioLine line)
    {
        string name = line.Word(0, "a name");
        line.EndWords(1);
        line.EndOptions();
        if (!ScenarioParser.IsName(name) || _points.ContainsKey(name))
        {
            throw line.Error($"'{name}' can't be the name of a saved point", $"a new name of {ScenarioParser.NameRule}");
        }

        session.BeginCommand(line);
        _points[name] = new Point(
            session.Driver.Count, session.Driver.TimeNs, session.Names.Copy(), session.Liquidations.Copy(), session.Shortfalls.Copy(),
            session.Outcomes.Copy(), session.Ledger.Copy());
        session.Report.Branch(line, "Saved", name, session.Driver.Exchange.Sequence);
    }

    internal void Restore(ScenarioLine line)
    {
        string name = line.Word(0, "a name");
        line.EndWords(1);
        line.EndOptions();
        if (!_points.TryGetValue(name, out Point? point))
        {
            throw line.Error($"nothing was saved as '{name}'", _points.Count == 0 ? $"'save {name}' before" : $"one of {string.Join(", ", _points.Keys)}");
        }

        session.Forget();
        session.Driver.Rewind(point.Commands);
        session.Driver.TimeNs = point.TimeNs;
        session.Names = point.Names.Copy();
        session.Liquidations = point.Liquidations.Copy();
        session.Outcomes = point.Outcomes.Copy();
        session.Shortfalls = point.Shortfalls.Copy();
        session.Ledger = point.Ledger.Copy();
        session.Report.Branch(line, "Restored", name, session.Driver.Exchange.Sequence);
    }

    private sealed record Point(
        int Commands, long TimeNs, Names Names, LiquidationLog Liquidations, ShortfallLog Shortfalls, LiquidationOutcomes Outcomes, FillLedger Ledger);
}
