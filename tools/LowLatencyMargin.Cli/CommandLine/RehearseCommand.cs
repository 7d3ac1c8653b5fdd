using System.CommandLine;
using LowLatencyMargin.Cli.Rehearsal;
using LowLatencyMargin.MarketData;

namespace LowLatencyMargin.Cli.CommandLine;

/// <summary><c>rehearse --marks CSV...</c>.</summary>
internal static class RehearseCommand
{
    private const int MaxPositions = 5_000_000;
    private const long MaxQuote = 1_000_000_000;

    internal static Command Create(TextWriter output, TextWriter errors)
    {
        var marks = new Option<string[]>("--marks")
        {
            Description = $"Candles of a market, columns {Candles.Header}; plain or gzip. Once for each market.",
            Required = true,
            HelpName = "CSV",
        };
        var positions = Whole("--positions", "Positions over all markets.", 10_000);
        var mix = new Option<string>("--leverage-mix")
        {
            Description = "How many of them have which leverage.", HelpName = "MIX", DefaultValueFactory = _ => LeverageMix.Usual,
        };
        var longs = Whole("--longs", "How many of a hundred are long.", 60);
        var isolated = Whole("--isolated", "How many of a hundred are isolated; the others are cross, of accounts with one in each market.", 70);
        var size = Whole("--size", "Half of them are smaller than this, in the quote asset.", 2_000);
        var spread = Whole("--entry-spread", "How far from the first mark they were entered, in basis points either way.", 200);
        var depth = Usual("--depth", "What market makers quote on each side, in the quote asset; again at every mark.");
        var range = Whole("--depth-range", "How far from the mark their last quote is, in basis points.", 100);
        var insurance = Usual("--insurance", "Insurance fund of each market, in the quote asset.");
        var lossMode = new Option<string?>("--loss-mode")
        {
            Description = "What covers a loss that the insurance fund can't: adl, socialise or none (bad debt); as --market loss-mode=.", HelpName = "MODE",
        };
        var market = new Option<string[]>("--market")
        {
            Description = "A parameter of the markets as in scenarios, such as mm=2% or preset=S5. Any number of times.", HelpName = "NAME=VALUE",
        };
        var seed = Whole("--seed", "Another population.", 1);
        var rows = Whole("--rows", "Minutes in the table: those in which most was closed.", 20);
        var csv = new Option<string?>("--csv") { Description = "Also every minute of every market into this file.", HelpName = "FILE" };
        var svg = new Option<string?>("--svg") { Description = "Also a picture: price, liquidations a minute, insurance fund.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line instead of tables." };
        var command = new Command(
            "rehearse",
            $"""
            Rehearses a crash: plays candles as marks into the production engine over a generated population, and reports for each minute what was
            liquidated, at which prices, and who paid.

            A candle is four marks, 15 seconds apart: open, low, high, close when it rises, open, high, low, close when it falls. Market makers move their
            quotes before each. Markets get room for the highest leverage of the mix: im = 1 / leverage, mm=1%, fees 2bp and 5bp, penalty 1%, no
            funding, unless --market says otherwise.

            Ends with 1 when a unit of money or a lot is unaccounted for.

            Examples:
              {Application.Name} rehearse --marks ALGOUSDT_1m.csv --positions 100000
              {Application.Name} rehearse --marks ALGOUSDT_1m.csv --marks FILUSDT_1m.csv --insurance 0 --depth 50000 --svg crash.svg
              {Application.Name} rehearse --marks ALGOUSDT_1m.csv --leverage-mix 5x:50%,10x:50% --market mm=2% --market liquidation-penalty=2% --csv crash.csv
            """)
        {
            marks, positions, mix, longs, isolated, size, spread, depth, range, insurance, lossMode, market, seed, rows, csv, svg, json,
        };
        command.SetAction(result =>
        {
            try
            {
                long count = InRange(result, positions, 1, MaxPositions);
                long median = InRange(result, size, 1, MaxQuote);
                string[] files = Known(result.GetValue(marks)!);
                long Otherwise() => RehearsalOptions.UsualQuote(count, median, files.Length);
                var options = new RehearsalOptions
                {
                    Paths = [.. files.Select(PricePath.Read)],
                    Positions = (int)count,
                    Mix = LeverageMix.Parse(result.GetValue(mix)!)
                        ?? throw new RehearsalException($"--leverage-mix {result.GetValue(mix)}: expected {LeverageMix.Expected}"),
                    LongPercent = (int)InRange(result, longs, 0, 100),
                    IsolatedPercent = (int)InRange(result, isolated, 0, 100),
                    MedianQuote = median,
                    EntrySpreadBp = (int)InRange(result, spread, 0, 5_000),
                    DepthQuote = InRange(result, depth, MaxQuote, Otherwise),
                    DepthRangeBp = (int)InRange(result, range, 1, 5_000),
                    InsuranceQuote = InRange(result, insurance, MaxQuote, Otherwise),
                    Parameters = [.. Parameters(result.GetValue(market) ?? [], result.GetValue(lossMode))],
                    Seed = (ulong)InRange(result, seed, 0, long.MaxValue),
                };
                var outputs = new Outputs(
                    (int)InRange(result, rows, 0, 100_000), result.GetValue(csv), result.GetValue(svg), result.GetValue(json));
                return Run(options, outputs, output, errors);
            }
            catch (Exception error) when (error is RehearsalException or MarketDataException or IOException or UnauthorizedAccessException)
            {
                errors.WriteLine(error.Message);
                return ExitCode.NotUnderstood;
            }
        });
        return command;
    }

    private static Option<long> Whole(string name, string description, long otherwise) =>
        new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => otherwise };

    private static Option<long?> Usual(string name, string description) =>
        new(name) { Description = description + " [default: 2% of positions x size, divided over the markets]", HelpName = "N" };

    private static long InRange(ParseResult result, Option<long?> option, long most, Func<long> otherwise) =>
        result.GetValue(option) is not { } value ? Math.Min(most, otherwise())
        : value >= 0 && value <= most ? value
        : throw new RehearsalException($"{option.Name} {value}: expected 0 to {most}");

    private static long InRange(ParseResult result, Option<long> option, long least, long most)
    {
        long value = result.GetValue(option);
        return value >= least && value <= most ? value : throw new RehearsalException($"{option.Name} {value}: expected {least} to {most}");
    }

    private static string[] Known(string[] files) =>
        Array.Find(files, file => !File.Exists(file)) is { } missing
            ? throw new RehearsalException($"{missing}: no such file; expected candles with the columns {Candles.Header}")
            : files;

    private static IEnumerable<string> Parameters(string[] words, string? lossMode)
    {
        foreach (string word in words)
        {
            yield return word.Contains('=', StringComparison.Ordinal) && !word.Contains(' ', StringComparison.Ordinal)
                ? word
                : throw new RehearsalException($"--market {word}: expected NAME=VALUE such as mm=2%");
        }

        if (lossMode is not null)
        {
            yield return $"loss-mode={lossMode}";
        }
    }

    private static int Run(RehearsalOptions options, Outputs outputs, TextWriter output, TextWriter errors)
    {
        using var run = new RehearsalRun(options);
        Progress.Run(errors, "positions opened", bar => run.Open(bar.Report));
        Progress.Run(errors, "minutes played", bar => run.Play(bar.Report));
        var report = new RehearsalReport(options, run);
        if (outputs.Json)
        {
            report.WriteJson(output);
        }
        else
        {
            report.WriteTables(output, outputs.Rows);
        }

        if (outputs.Csv is { } csv)
        {
            using var file = new StreamWriter(csv);
            report.WriteCsv(file);
        }

        if (outputs.Svg is { } svg)
        {
            File.WriteAllText(svg, RehearsalPlot.Draw(options, run));
        }

        return run.Unaccounted == 0 ? ExitCode.Held : ExitCode.Failed;
    }

    private sealed record Outputs(int Rows, string? Csv, string? Svg, bool Json);
}
