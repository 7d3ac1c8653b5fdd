using LowLatencyMargin.Latency.CommandLine;
using LowLatencyMargin.Latency.Flow;
using LowLatencyMargin.Latency.Runs;
using Spectre.Console;

namespace LowLatencyMargin.Latency.Report;

/// <summary>The report as text, part by part. Plain when it does not go to a terminal.</summary>
internal sealed class TextReport
{
    private const int PlainWidth = 200;
    private readonly IAnsiConsole _console;

    public TextReport(TextWriter output)
    {
        bool isTerminal = output == Console.Out && !Console.IsOutputRedirected;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });
        if (!isTerminal)
        {
            _console.Profile.Width = PlainWidth;
        }
    }

    public void Machine(Measurements measured)
    {
        Head("Machine");
        Line(measured.Machine.ToString());
        Line($"threads: {measured.Options.Layout}");
        int pinned = measured.Options.Layout.Threads.Count(plan => plan.Processor >= 0);
        Line(pinned == 0 ? "pinning: none asked for"
            : measured.NotPinned.Count == 0 ? $"pinning: all {pinned} threads are where the layout puts them"
            : $"pinning: NOT pinned: {string.Join(", ", measured.NotPinned)}");
    }

    public void Workload(Measurements measured)
    {
        FlowCounts counts = measured.Workload.Counts;
        Head($"Workload: {measured.Workload.Name}");
        foreach (string note in measured.Workload.Notes)
        {
            Line(note);
        }

        string kinds = string.Join(", ", counts.Kinds.Select(kind => $"{kind.Name} {Share(kind.Count, counts.Commands)}"));
        Line($"{Figures.Count(counts.Commands)} commands: {kinds}");
        Line($"{Figures.Count(counts.Trades)} trades ({Share(counts.Trades, counts.Commands)}), "
            + $"{Figures.Count(counts.Liquidations)} liquidations ({Share(counts.Liquidations, counts.Commands)}), "
            + $"{Figures.Count(counts.RestingOrders)} orders rest and {Figures.Count(counts.OpenPositions)} positions are open at the end");
        string reasons = string.Join(", ", counts.RejectedBy.Select(pair => $"{pair.Key} {Figures.Count(pair.Value)}"));
        Line($"{Figures.Count(counts.Rejected)} rejected{(reasons.Length > 0 ? $": {reasons}" : string.Empty)}");
    }

    public void Mode(Measurements measured)
    {
        Head("Mode");
        Line(Figures.Sentence(measured.Options.Mode));
    }

    public void Memory(Measurements measured)
    {
        Head("Memory");
        string verdict = measured.BoundBytes < MemoryBound.LimitBytes ? "below the bar of 2 GB" : "ABOVE the bar of 2 GB";
        Line($"state with {Figures.Count(MemoryBound.Orders)} resting orders, {Figures.Count(MemoryBound.Accounts)} accounts, "
            + $"{Figures.Count(MemoryBound.Positions)} positions: at most {Figures.Bytes(measured.BoundBytes)}, {verdict}");
        Line($"this run: state at most {Figures.Bytes(measured.Workload.StateBytes)}, rings {Figures.Bytes(measured.RingBytes)}; "
            + $"the flow itself, held by the harness, {Figures.Bytes(measured.Workload.Flow.Bytes)}");
    }

    public void Core(CoreRun.Result core, string how)
    {
        Head("Core alone (one thread: margin check, matching, settlement, liquidation; thread CPU time)");
        Line(Text($"{how}: {core.Median:F1} ns a command median, {core.Best:F1} best of {core.NsPerCommand.Length} rounds of {core.Commands:N0}; ")
            + Text($"allocated {core.AllocatedBytes:N0} B, {core.Collections} collections"));
    }

    public void ScaleHead()
    {
        Head("Core alone by accounts (a tenth with an open position; median ns a command, thread CPU time)");
        Line($"{"accounts",12} {"positions",12} {"resting",10} {"without hints",14} {"with hints",12} {"memory",10}");
    }

    public void Scale(ScaleRun.Row row) => Line(Text(
        $"{row.Accounts,12:N0} {row.OpenPositions,12:N0} {row.RestingOrders,10:N0} {row.Plain.Median,14:F1} {row.Hinted.Median,12:F1} ")
        + $"{Figures.Bytes(row.Hinted.ResidentBytes),10}");

    public void CascadeHead(int positions) => Head(
        Text($"Orders of one market while {positions:N0} positions of another are liquidated (whole pipeline, open loop, µs from intended start to shown)"));

    public void Cascade(CascadeRun.Row row)
    {
        Line($"{Figures.Rate(row.PerSecond)}, {row.Rounds} rounds, {Figures.Count(row.Cascade.EndToEnd.TotalCount)} orders; "
            + $"{Figures.Count(row.Cascade.Liquidations)} liquidations, {Figures.Count(row.Cascade.Ticks)} ticks");
        Line($"  cascade        {Waits(row.Cascade)}");
        Line($"  without        {Waits(row.Quiet)}");
        Line($"  empty engine   {Waits(row.Empty)}");
        double p90 = row.Cascade.EndToEnd.GetValueAtPercentile(90) - row.Quiet.EndToEnd.GetValueAtPercentile(90);
        double p99 = (double)row.Cascade.EndToEnd.GetValueAtPercentile(99) / row.Quiet.EndToEnd.GetValueAtPercentile(99);
        Line(Text($"  p90 {p90 / 1e3:F1} µs more (bar 20), p99 {p99:F2} x without (bar 1.2)"));
    }

    private static string Waits(PipelineResult result) => string.Join(
        ' ', Figures.Percentiles[..3].Select(percentile => $"{percentile.Name} {Figures.Micros(result.EndToEnd.GetValueAtPercentile(percentile.Level)),8}"));

    public void FlatOut(Measurements measured)
    {
        Head("Flat out (whole pipeline, as fast as the command ring takes it)");
        FlatOut flat = measured.Flat!;
        if (measured.Options.Mode is { } mode)
        {
            Line($"{mode.ToString().ToLowerInvariant()} journal: {Figures.Millions(flat.Median)} M commands/s median, "
                + $"{Figures.Millions(flat.Best)} best of {flat.Runs.Count} runs of {Figures.Count(flat.Last.Commands)}; "
                + $"journal {Figures.Bytes(flat.JournalBytesPerSecond)}/s, {(double)flat.JournalBytes / flat.Last.Commands:F1} B a command");
        }

        FlatOut without = measured.FlatWithoutJournal!;
        Line($"without journal: {Figures.Millions(without.Median)} M commands/s median, "
            + $"{Figures.Millions(without.Best)} best of {without.Runs.Count}");
        PipelineResult last = flat.Last;
        Line($"last run: {Figures.Count(last.Fills)} fills, {Figures.Count(last.Liquidations)} liquidations, "
            + $"{Figures.Count(last.Rejected)} rejected, "
            + $"{Figures.Count(last.Ticks)} ticks added; {Allocated(last)}, {last.Collections} collections");
    }

    public void Latency(Measurements measured)
    {
        LatencyOptions options = measured.Options;
        Head("Latency in µs (open loop: from the intended start of a command until its events are shown, every command)");
        foreach (long rate in measured.SkippedRates)
        {
            Line($"{Figures.Rate(rate)} left out: more than 80 % of what flat out reached at best");
        }

        if (measured.Latency.Count == 0)
        {
            return;
        }

        string rounds = options.Rounds == 1 ? "1 round" : $"{options.Rounds} rounds";
        Line(Text($"{options.Seconds:0.###} s a line in {rounds}, control and exchange in turn; ")
            + Text($"the first {LatencyOptions.WarmUpSeconds:0.#} s of a round warm up"));
        Table table = NewTable("rate", "line");
        foreach ((string name, _) in Figures.Percentiles)
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        foreach (LatencyPair pair in measured.Latency)
        {
            AddLine(table, Figures.Rate(pair.PerSecond), "control (empty engine)", pair.Control.EndToEnd);
            AddLine(table, string.Empty, "exchange, end to end", pair.Exchange.EndToEnd);
            AddLine(table, string.Empty, "  start to core done", pair.Exchange.ToCore);
            AddLine(table, string.Empty, "  core done to shown", pair.Exchange.ToShown);
        }

        _console.Write(table);
        Line("The stages are those of every 16th command. What the control shows too is the pipe's and the machine's, not the exchange's.");
        Table counts = NewTable("rate", "line");
        foreach (string name in (string[])["achieved/s", "fills", "liquidations", "rejected", "ticks", "busy", "allocated", "collections"])
        {
            counts.AddColumn(new TableColumn(name).RightAligned());
        }

        foreach (LatencyPair pair in measured.Latency)
        {
            AddCounts(counts, Figures.Rate(pair.PerSecond), "control", pair.Control);
            AddCounts(counts, string.Empty, "exchange", pair.Exchange);
        }

        _console.Write(counts);
    }

    public void Replay(Measurements measured)
    {
        Head("Replay (the journal of the last flat-out run, into a fresh exchange)");
        if (measured.Replay is not { } replay)
        {
            Line("no journal in this mode, nothing to replay");
            return;
        }

        Line($"{Figures.Count(replay.Commands)} commands at {Figures.Millions(replay.Median)} M/s median of {replay.PerSecond.Length}, "
            + $"{measured.ReplayToLive:F2} times live; {Figures.Count(replay.Checkpoints)} checkpoints agree; {replay.End}");
        PipelineResult live = measured.Flat!.Last;
        Line($"live   chain {live.ChainHash} state {live.StateHash}");
        Line($"replay chain {replay.ChainHash} state {replay.StateHash}: {(replay.IsEqual ? "equal" : "DIFFERENT")}");
    }

    public void MarkMoves(Measurements measured)
    {
        Head("A mark that liquidates nothing (core alone, positions half isolated, half cross)");
        foreach (MarkMoves.Result result in (MarkMoves.Result[])[measured.FewPositions!, measured.ManyPositions!])
        {
            Line(Text($"{result.OpenPositions,7:N0} positions open: {result.MedianNs:F1} ns a mark median, {result.BestNs:F1} best")
                + (result.LiquidatedNothing ? string.Empty : "; SOMETHING was liquidated"));
        }
    }

    public void Files(string directory)
    {
        Head("Files");
        string shown = Path.GetRelativePath(Environment.CurrentDirectory, directory);
        Line($"{shown}: results.json, latency.svg, throughput.svg, a .hgrm for each latency line");
    }

    private static void AddLine(Table table, string rate, string name, HdrHistogram.HistogramBase histogram) => table.AddRow(
        [rate, name, .. Figures.Percentiles.Select(percentile => Figures.Micros(histogram.GetValueAtPercentile(percentile.Level)))]);

    private static void AddCounts(Table table, string rate, string name, PipelineResult result) => table.AddRow(
        rate,
        name,
        Figures.Count((long)result.AchievedPerSecond),
        Figures.Count(result.Fills),
        Figures.Count(result.Liquidations),
        Figures.Count(result.Rejected),
        Figures.Count(result.Ticks),
        Figures.Count(result.Busy),
        string.Join(", ", result.AllocatedBytes.Select(pair => $"{pair.Key} {Figures.Count(pair.Value)} B")),
        Figures.Count(result.Collections));

    private static string Allocated(PipelineResult result) =>
        $"allocated after warm-up: {string.Join(", ", result.AllocatedBytes.Select(pair => $"{pair.Key} {Figures.Count(pair.Value)} B"))}";

    private static Table NewTable(params string[] columns)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(column).NoWrap());
        }

        return table;
    }

    private static string Share(long count, long of) => Text($"{100.0 * count / Math.Max(1, of):0.0#} %");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private void Head(string text) => _console.Write(new Text($"\n{text}\n", new Style(decoration: Decoration.Bold)));

    private void Line(string text) => _console.WriteLine($"  {text}");
}
