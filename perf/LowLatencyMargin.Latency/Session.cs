using LowLatencyMargin.Latency.CommandLine;
using LowLatencyMargin.Latency.Flow;
using LowLatencyMargin.Latency.Flow.Recorded;
using LowLatencyMargin.Latency.Report;
using LowLatencyMargin.Latency.Runs;

namespace LowLatencyMargin.Latency;

/// <summary>One measurement from start to end: each part is printed as soon as it is known.</summary>
internal sealed class Session
{
    private const int WarmUpCommands = 500_000;
    private const int FewPositions = 1_000;
    private const double HighestShareOfFlatOut = 0.8;
    private const long HighestCascadeRate = 500_000;

    private readonly LatencyOptions _options;
    private readonly TextWriter _output;
    private readonly Progress _progress;
    private readonly TextReport _report;
    private readonly string _directory;

    public Session(LatencyOptions options, TextWriter output, TextWriter errors)
    {
        _options = options;
        _output = output;
        _progress = new Progress(errors, errors == Console.Error && !Console.IsErrorRedirected);
        _report = new TextReport(options.Json ? TextWriter.Null : output);
        _directory = ResultFiles.DirectoryFor(options);
    }

    private string FlatJournal => Path.Combine(_directory, "journal-flat");

    private string RateJournal => Path.Combine(_directory, "journal-rate");

    public int Run()
    {
        if (_options.Scale)
        {
            MeasureScale();
            return ExitCode.Done;
        }

        if (_options.Cascade)
        {
            MeasureCascade();
            return ExitCode.Done;
        }

        if (!_options.CoreOnly)
        {
            ResultFiles.Create(_directory);
        }

        using Workload workload = BuildWorkload();
        var measured = new Measurements(_options, Machine.Here(), workload);
        if (_options.CoreOnly)
        {
            _report.Workload(measured);
            MeasureCore(measured);
            MeasureBareCore(measured);
            return ExitCode.Done;
        }

        try
        {
            Measure(measured);
        }
        finally
        {
            ResultFiles.Remove(FlatJournal);
            ResultFiles.Remove(RateJournal);
        }

        _progress.Say("writing the result files");
        ResultFiles.Write(_directory, measured);
        _progress.Clear();
        _report.Files(_directory);
        if (_options.Json)
        {
            _output.WriteLine(JsonReport.Of(measured));
        }

        return measured.Replay is { IsEqual: false } ? ExitCode.ReplayDiffers : ExitCode.Done;
    }

    private void Measure(Measurements measured)
    {
        WarmUp(measured);
        _progress.Clear();
        _report.Machine(measured);
        _report.Workload(measured);
        _report.Mode(measured);
        _report.Memory(measured);
        MeasureCore(measured);
        MeasureFlatOut(measured);
        MeasureLatency(measured);
        MeasureReplay(measured);
        MeasureMarkMoves(measured);
    }

    private Workload BuildWorkload()
    {
        string what = _options.Flow is null
            ? $"generating {_options.Commands:N0} commands, profile {_options.Profile}"
            : $"building the flow from {_options.Flow}";
        _progress.Say(what);
        void Progress(int done) => _progress.Share(what, done, _options.Commands);
        Workload workload = _options.Flow is { } flow ? RecordedFlows.Build(flow, _options.Marks, _options.FlowAccounts, _options.Commands, Progress)
            : _options.Profile == "liquidations" ? Workloads.Liquidations(_options.Seed, _options.Commands, Progress)
            : Workloads.Mix(_options.Seed, _options.Commands, _options.RestingOrders, uniform: _options.Uniform, progress: Progress);
        _progress.Clear();
        return workload;
    }

    /// <summary>Everything once, thrown away: code is compiled, memory and files have been touched.</summary>
    private void WarmUp(Measurements measured)
    {
        _progress.Say("warming up");
        measured.BoundBytes = MemoryBound.Bytes();
        PipelineResult once = RunOf(measured, FlatJournal).Exchange(0, Math.Min(WarmUpCommands, _options.FlatCommands));
        measured.NotPinned = once.NotPinned;
        measured.RingBytes = once.RingBytes;
        if (_options.Mode is not null)
        {
            _ = ReplayRun.Run(FlatJournal, once, rounds: 1);
        }
    }

    private void MeasureCore(Measurements measured)
    {
        _progress.Say($"core alone, {_options.CoreRounds} rounds");
        measured.Core = CoreOf(measured.Workload, new RingedEvents());
        _report.Core(measured.Core, "client order ids, events into a ring");
    }

    /// <summary>Last, because it takes the ids out of the commands.</summary>
    private void MeasureBareCore(Measurements measured) =>
        _report.Core(CoreOf(measured.Workload.WithoutClientOrderIds(), default(CountedEvents)), "no client order ids, events counted");

    private CoreRun.Result CoreOf<TOutput>(Workload workload, TOutput output)
        where TOutput : struct, IEventOutput
    {
        CoreRun.Result result = CoreRun.Run(
            workload,
            _options.CoreRounds,
            _options.CoreCommands,
            round => _progress.Share("core alone", round, _options.CoreRounds),
            output);
        _progress.Clear();
        return result;
    }

    private void MeasureScale()
    {
        _report.ScaleHead();
        foreach (int resting in (int[])[1_000, 100_000])
        {
            foreach (int accounts in ScaleRun.Sizes)
            {
                _progress.Say($"{accounts:N0} accounts, {resting:N0} resting orders");
                ScaleRun.Row row = ScaleRun.Run(accounts, resting, _options.CoreCommands, _options.Seed);
                _progress.Clear();
                _report.Scale(row);
            }
        }
    }

    private void MeasureCascade()
    {
        ResultFiles.Create(_directory);
        int positions = _options.IsQuick ? 20_000 : 100_000;
        int rounds = _options.IsQuick ? 2 : 10;
        _report.CascadeHead(positions);
        try
        {
            foreach (long rate in _options.Rates.Where(rate => rate <= HighestCascadeRate).Order())
            {
                _progress.Say($"a cascade of {positions:N0} at {rate:N0}/s, {rounds} rounds");
                CascadeRun.Row row = CascadeRun.Run(_options, rate, positions, rounds, RateJournal);
                _progress.Clear();
                _report.Cascade(row);
            }
        }
        finally
        {
            ResultFiles.Remove(_directory);
        }
    }

    private void MeasureFlatOut(Measurements measured)
    {
        var without = new PipelineRun(measured.Workload, null, _options.Layout, FlatJournal);
        measured.FlatWithoutJournal = FlatOutOf(without, "without journal", journal: false);
        measured.Flat = _options.Mode is null
            ? measured.FlatWithoutJournal
            : FlatOutOf(RunOf(measured, FlatJournal), $"{_options.Mode.Value.ToString().ToLowerInvariant()} journal", journal: true);
        _progress.Clear();
        _report.FlatOut(measured);
    }

    private FlatOut FlatOutOf(PipelineRun run, string name, bool journal)
    {
        int rounds = journal ? _options.FlatRuns : Math.Max(1, (_options.FlatRuns + 1) / 2);
        var runs = new List<PipelineResult>();
        for (int i = 1; i <= rounds; i++)
        {
            _progress.Say($"flat out, {name}, run {i} of {rounds}");
            runs.Add(run.Exchange(0, _options.FlatCommands));
        }

        PipelineResult last = runs[^1];
        return new FlatOut(runs, journal ? ReplayRun.RecordBytes(FlatJournal, last.LastSequence - last.Commands - last.Ticks + 1) : 0);
    }

    private void MeasureLatency(Measurements measured)
    {
        PipelineRun run = RunOf(measured, RateJournal);
        foreach (long rate in _options.Rates.Order())
        {
            if (rate > measured.Flat!.Best * HighestShareOfFlatOut)
            {
                measured.SkippedRates.Add(rate);
                continue;
            }

            measured.Latency.Add(PairAt(run, rate));
        }

        _progress.Clear();
        _report.Latency(measured);
    }

    private LatencyPair PairAt(PipelineRun run, long rate)
    {
        long warmUp = (long)(rate * LatencyOptions.WarmUpSeconds);
        long commands = warmUp + (long)(rate * _options.RoundSeconds);
        PipelineResult? control = null;
        PipelineResult? exchange = null;
        for (int round = 1; round <= _options.Rounds; round++)
        {
            _progress.Say($"open loop, {rate:N0}/s, round {round} of {_options.Rounds}");
            PipelineResult one = run.Control(rate, commands, warmUp);
            control = control?.With(one) ?? one;
            one = run.Exchange(rate, commands, warmUp);
            exchange = exchange?.With(one) ?? one;
        }

        return new LatencyPair(rate, control!, exchange!);
    }

    private void MeasureReplay(Measurements measured)
    {
        if (_options.Mode is not null)
        {
            _progress.Say("replaying the journal of the last flat-out run");
            measured.Replay = ReplayRun.Run(FlatJournal, measured.Flat!.Last, _options.IsQuick ? 3 : 5);
            _progress.Clear();
        }

        _report.Replay(measured);
    }

    private void MeasureMarkMoves(Measurements measured)
    {
        int moves = _options.IsQuick ? 100_000 : 500_000;
        _progress.Say("mark moves with few positions and with many");
        measured.FewPositions = MarkMoves.Run(FewPositions, moves);
        measured.ManyPositions = MarkMoves.Run(_options.MarkMovePositions, moves);
        _progress.Clear();
        _report.MarkMoves(measured);
    }

    private PipelineRun RunOf(Measurements measured, string journal) => new(measured.Workload, _options.Mode, _options.Layout, journal);
}
