using System.CommandLine;
using System.Globalization;
using LowLatencyMargin.Journal;
using LowLatencyMargin.Pipeline.Threads;

namespace LowLatencyMargin.Latency.CommandLine;

/// <summary>The options of the command line, and what they mean together.</summary>
internal sealed class Arguments
{
    private const int MaxCommands = 20_000_000;

    private readonly Option<bool> _quick = new("--quick") { Description = "Small sizes and short runs: done in less than a minute." };

    private readonly Option<string> _flow = new("--flow")
    {
        Description = "Order flow: a journal directory, or a Bitstamp CSV file, plain or gzip. A short one repeats.",
        HelpName = "FILE|DIR",
    };

    private readonly Option<string> _marks = new("--marks")
    {
        Description = "Candles (CSV): the flow's prices and marks follow the ratio of each close to the first. With --flow only.",
        HelpName = "FILE",
    };

    private readonly Option<string> _profile = new("--profile")
    {
        Description = "The generated flow: mix (exchange-core's benchmark) or liquidations.",
        DefaultValueFactory = _ => "mix",
        HelpName = "mix|liquidations",
    };

    private readonly Option<string> _mode = new("--mode")
    {
        Description = "When a command counts as durable: buffered (written), synced (on the disk), none (no journal).",
        DefaultValueFactory = _ => "buffered",
        HelpName = "buffered|synced|none",
    };

    private readonly Option<string> _rates = new("--rates")
    {
        Description = "Commands a second of the open-loop runs, separated by commas [default: 100000,500000,1000000,2000000]",
        HelpName = "N,N,...",
    };

    private readonly Option<double?> _seconds = new("--seconds")
    {
        Description = "Length of each latency line, in rounds of at most 5 [default: 20, quick: 1]",
        HelpName = "N",
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Seed of the generated flow.",
        DefaultValueFactory = _ => 1,
        HelpName = "N",
    };

    private readonly Option<string> _out = new("--out")
    {
        Description = "Where the result files go, and the journal while it is needed [default: perf/results/TIME-WORKLOAD]",
        HelpName = "DIR",
    };

    private readonly Option<string> _layout = new("--layout")
    {
        Description = "Threads: the number of processors to lay out for, or NAME=STAGE+STAGE[@CPU][:spin|yield|backoff],... with the stages "
            + "gateway, core, journal, publish [default: for this machine]",
        HelpName = "LAYOUT",
    };

    private readonly Option<bool> _json = new("--json") { Description = "The results as JSON on standard output in place of the report." };

    private readonly Option<int> _accounts = new("--accounts")
    {
        Description = "Accounts that get the orders of a CSV file in turn.",
        DefaultValueFactory = _ => 16,
        HelpName = "N",
    };

    private readonly Option<bool> _coreOnly = new("--core-only") { Description = "Only the core on one thread: nanoseconds per command." };

    private readonly Option<bool> _scale = new("--scale")
    {
        Description = "Only the core, over 10 thousand to 10 million accounts: nanoseconds per command and memory. Takes a few minutes and 16 GB.",
    };

    private readonly Option<bool> _cascade = new("--cascade")
    {
        Description = "Only the pipeline, while 100,000 positions of another market are liquidated: what orders wait, at the rates up to 500,000.",
    };

    private readonly Option<int> _resting = new("--resting")
    {
        Description = "Resting orders of the mix.",
        DefaultValueFactory = _ => 1_000,
        HelpName = "N",
    };

    private readonly Option<bool> _uniform = new("--uniform") { Description = "The mix picks among all resting orders, not the oldest 512." };

    private readonly Option<int?> _commands = new("--commands")
    {
        Description = "Commands of a flat-out run [default: 4000000, quick: 1000000]",
        HelpName = "N",
    };

    private readonly Option<int> _positions = new("--positions")
    {
        Description = "Open positions of the larger mark-move measurement.",
        DefaultValueFactory = _ => 100_000,
        HelpName = "N",
    };

    private readonly Option<int?> _rounds = new("--rounds") { Description = "Rounds of the core alone [default: 11, quick: 5]", HelpName = "N" };

    internal void AddTo(RootCommand root)
    {
        foreach (Option option in (Option[])[_quick, _flow, _marks, _profile, _mode, _rates, _seconds, _seed, _out, _layout, _json, _accounts,
            _coreOnly, _scale, _cascade, _resting, _uniform, _commands, _positions, _rounds])
        {
            root.Options.Add(option);
        }
    }

    /// <summary>What the options ask for.</summary>
    /// <exception cref="UsageException">One can't be, or not with another.</exception>
    internal LatencyOptions Read(ParseResult result)
    {
        bool quick = result.GetValue(_quick);
        bool coreOnly = result.GetValue(_coreOnly);
        double seconds = result.GetValue(_seconds) ?? (quick ? 1 : 20);
        Require(seconds is > 0 and <= 600, $"--seconds {seconds}: expected more than 0, at most 600");
        IReadOnlyList<long> rates = Rates(result.GetValue(_rates), quick);
        int flatCommands = result.GetValue(_commands) ?? (coreOnly ? 2_000_000 : quick ? 1_000_000 : 4_000_000);
        Require(flatCommands is >= 1_000 and <= MaxCommands, $"--commands {flatCommands}: expected 1000 to {MaxCommands}");
        int rounds = result.GetValue(_rounds) ?? (coreOnly ? 15 : quick ? 5 : 11);
        Require(rounds is >= 1 and <= 1_000, $"--rounds {rounds}: expected 1 to 1000");
        int resting = result.GetValue(_resting);
        Require(resting is >= 10 and <= 8_000_000, $"--resting {resting}: expected 10 to 8000000");
        int accounts = result.GetValue(_accounts);
        Require(accounts is >= 2 and <= 100_000, $"--accounts {accounts}: expected 2 to 100000");
        int positions = result.GetValue(_positions);
        Require(positions is >= 2 and <= 1_000_000, $"--positions {positions}: expected 2 to 1000000");
        string? flow = Path(result.GetValue(_flow), "--flow");
        string? marks = Path(result.GetValue(_marks), "--marks");
        Require(marks is null || flow is not null, "--marks: only together with --flow, whose prices follow the marks");
        Require(flow is null || result.GetResult(_profile) is not { Implicit: false }, "--profile: not together with --flow");
        long fastest = coreOnly ? 0 : (long)(rates.Max() * (Math.Min(seconds, LatencyOptions.MaxRoundSeconds) + LatencyOptions.WarmUpSeconds));
        return new LatencyOptions
        {
            Commands = (int)Math.Min(MaxCommands, Math.Max(flatCommands, fastest)),
            Profile = Word(result.GetValue(_profile)!, "--profile", "mix", "liquidations"),
            Flow = flow,
            Marks = marks,
            FlowAccounts = accounts,
            Seed = result.GetValue(_seed),
            Mode = Mode(result.GetValue(_mode)!),
            Rates = rates,
            Seconds = seconds,
            CoreRounds = rounds,
            CoreCommands = Math.Min(flatCommands, 2_000_000),
            FlatRuns = quick ? 3 : 5,
            FlatCommands = flatCommands,
            MarkMovePositions = positions,
            RestingOrders = resting,
            Uniform = result.GetValue(_uniform),
            Layout = Layout(result.GetValue(_layout)),
            OutDirectory = result.GetValue(_out) ?? string.Empty,
            IsQuick = quick,
            CoreOnly = coreOnly,
            Scale = result.GetValue(_scale),
            Cascade = result.GetValue(_cascade),
            Json = result.GetValue(_json),
        };
    }

    private static List<long> Rates(string? text, bool quick)
    {
        if (text is null)
        {
            return quick ? [100_000, 500_000, 1_000_000] : [100_000, 500_000, 1_000_000, 2_000_000];
        }

        var rates = new List<long>();
        foreach (string part in text.Split(','))
        {
            bool isRate = long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out long rate) && rate is >= 100 and <= 20_000_000;
            Require(isRate, $"--rates: '{part}' is not a rate; expected whole numbers from 100 to 20000000, separated by commas");
            rates.Add(rate);
        }

        return rates;
    }

    private static DurabilityMode? Mode(string text) => Word(text, "--mode", "buffered", "synced", "none") switch
    {
        "buffered" => DurabilityMode.Buffered,
        "synced" => DurabilityMode.Synced,
        _ => null,
    };

    private static ThreadLayout Layout(string? text)
    {
        try
        {
            return text is null ? ThreadLayout.For(Environment.ProcessorCount) : LayoutText.Parse(text, Environment.ProcessorCount);
        }
        catch (ArgumentException wrong)
        {
            throw new UsageException($"--layout: {wrong.Message}");
        }
    }

    private static string Word(string text, string option, params string[] words)
    {
        Require(words.Contains(text), $"{option} {text}: expected {string.Join(", ", words[..^1])} or {words[^1]}");
        return text;
    }

    private static string? Path(string? path, string option)
    {
        Require(path is null || File.Exists(path) || Directory.Exists(path), $"{option} {path}: no such file");
        return path;
    }

    private static void Require(bool isSo, string message)
    {
        if (!isSo)
        {
            throw new UsageException(message);
        }
    }
}
