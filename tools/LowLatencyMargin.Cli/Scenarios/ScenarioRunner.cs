using LowLatencyMargin.Cli.CommandLine;
using LowLatencyMargin.Cli.Scenarios.Verbs;
using LowLatencyMargin.Journal;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>Runs a scenario on the production engine and says how it went by an exit code.</summary>
internal sealed class ScenarioRunner
{
    private readonly string _file;
    private readonly TextWriter _errors;
    private readonly ScenarioReport _report;

    internal ScenarioRunner(string file, TextWriter output, TextWriter errors, bool json)
    {
        _file = file;
        _errors = errors;
        _report = json ? new JsonReport(output, file) : new TextReport(output, file);
    }

    internal int Run(TextReader text, string? journalDirectory)
    {
        int at = 0;
        try
        {
            List<ScenarioLine> lines = ScenarioParser.Parse(text);
            RefuseRestore(lines, journalDirectory);
            using CommandJournal? journal = journalDirectory is null ? null : new CommandJournal(journalDirectory);
            using var session = new ScenarioSession(_report, journal) { Lines = lines };
            Dictionary<string, Action<ScenarioLine>> verbs = Verbs(session);
            foreach (ScenarioLine line in lines)
            {
                at = line.Number;
                _report.Line(line);
                verbs[line.Verb](line);
                CheckBalance(session, line);
            }

            journal?.Checkpoint(session.Driver.Exchange);
            _report.End(new ScenarioSummary(session.Driver.Count, session.Events, session.Expectations, session.Failed), session.Driver.Exchange);
            return session.Failed == 0 ? ExitCode.Held : ExitCode.Failed;
        }
        catch (ScenarioError error)
        {
            return Refuse(error.Line, error.Reason, error.Expected);
        }
        catch (JournalException error)
        {
            _errors.WriteLine(error.Message);
            _report.Error(at, error.Message, "a directory that a new journal can be written to");
            return ExitCode.NotUnderstood;
        }
        catch (Exception error) when (error is not (IOException or UnauthorizedAccessException))
        {
            _errors.WriteLine($"{_file}:{at}: the engine stopped: {error}");
            return ExitCode.Broken;
        }
    }

    private static Dictionary<string, Action<ScenarioLine>> Verbs(ScenarioSession session)
    {
        var setup = new SetupVerbs(session);
        var money = new MoneyVerbs(session);
        var lending = new LendingVerbs(session);
        var positions = new PositionVerbs(session);
        var trading = new TradingVerbs(session);
        var lists = new ListVerbs(session);
        var protection = new ProtectionVerbs(session);
        var keepers = new KeeperVerbs(session);
        var world = new WorldVerbs(session);
        var branches = new BranchVerbs(session);
        var rules = new RuleVerbs(session);
        var show = new ShowVerbs(session);
        var verbs = new Dictionary<string, Action<ScenarioLine>>
        {
            ["genesis"] = setup.Genesis,
            ["asset"] = setup.Asset,
            ["market"] = setup.Market,
            ["set"] = setup.Set,
            ["account"] = setup.Account,
            ["insurance"] = setup.Insurance,
            ["deposit"] = money.Deposit,
            ["withdraw"] = money.Withdraw,
            ["allocate"] = money.Allocate,
            ["remove"] = money.Remove,
            ["transfer"] = new TransferVerbs(session).Transfer,
            ["pool"] = lending.Pool,
            ["lend"] = lending.Lend,
            ["unlend"] = lending.Unlend,
            ["borrow"] = lending.Borrow,
            ["repay"] = lending.Repay,
            ["positions"] = positions.Positions,
            ["mode"] = positions.Mode,
            ["leverage"] = positions.Leverage,
            ["order"] = trading.Order,
            ["modify"] = trading.Modify,
            ["cancel"] = trading.Cancel,
            ["close"] = positions.Close,
            ["split"] = positions.Split,
            ["merge"] = positions.Merge,
            ["transfer-position"] = positions.Transfer,
            ["bracket"] = trading.Bracket,
            ["fund"] = world.Fund,
            [Grammar.Block] = lists.Batch,
            ["quote"] = lists.Quote,
            ["group"] = protection.Group,
            ["rate"] = protection.Rate,
            ["protect"] = protection.Protect,
            ["cancel-all-after"] = protection.CancelAllAfter,
            ["disconnect"] = protection.Disconnect,
            ["kill"] = protection.Kill,
            [RuleVerbs.Size] = rules.Sizing,
            ["resume"] = line =>
            {
                if (!rules.TryResume(line))
                {
                    protection.Resume(line);
                }
            },
            ["kill-market"] = protection.KillMarket,
            ["resume-market"] = protection.ResumeMarket,
            ["state"] = protection.State,
            ["liquidate"] = keepers.Liquidate,
            ["keeper"] = keepers.Register,
            ["time"] = world.Time,
            ["mark"] = world.Mark,
            ["index"] = world.Index,
            ["show"] = show.Show,
            ["params"] = show.Params,
            ["expect"] = new ExpectVerbs(session, show, rules).Expect,
            ["save"] = branches.Save,
            ["restore"] = branches.Restore,
        };
        verbs["preview"] = new PreviewVerbs(session, verbs).Preview;
        return verbs;
    }

    /// <summary>Found before anything is written, not in the middle of a journal.</summary>
    private static void RefuseRestore(List<ScenarioLine> lines, string? journalDirectory)
    {
        if (journalDirectory is not null && lines.Find(line => line.Verb == "restore") is { } restore)
        {
            throw restore.Error(
                "'restore' can't be used together with --journal: commands in a journal can't be taken back", "a run without --journal");
        }
    }

    private static void CheckBalance(ScenarioSession session, ScenarioLine line)
    {
        if (session.Driver.Exchange.State is { } state && ExpectVerbs.Balance(state, session.Names) is { Held: false } balance)
        {
            session.Expect(line, false, "conserved, checked after each line", "money and lots to the unit", balance.Actual);
        }
    }

    private int Refuse(int line, string reason, string expected)
    {
        _errors.WriteLine($"{_file}:{line}: {reason}; expected {expected}");
        _report.Error(line, reason, expected);
        return ExitCode.NotUnderstood;
    }
}
