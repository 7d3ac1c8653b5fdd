using System.CommandLine;
using LowLatencyMargin.Cli.Flow;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Journal;
using LowLatencyMargin.MarketData;

namespace LowLatencyMargin.Cli.CommandLine;

/// <summary><c>convert bitstamp FILE</c>.</summary>
internal static class ConvertCommand
{
    private const int MaxAccounts = 1_000_000;

    internal static Command Create(TextWriter output, TextWriter errors)
    {
        var file = new Argument<string>("FILE") { Description = $"Columns {BitstampOrders.Header}; plain or gzip." };
        var directory = new Option<string>("--out") { Description = "Directory of the new journal.", Required = true, HelpName = "DIR" };
        var accounts = new Option<int>("--accounts") { Description = "Accounts that get the orders in turn.", DefaultValueFactory = _ => 16 };
        var deposit = new Option<long>("--deposit") { Description = "Dollars in each account.", DefaultValueFactory = _ => 1_000_000 };
        var mark = new Option<int>("--mark-every")
        {
            Description = "Seconds after which the last trade becomes the mark; 0: the first price stays the mark.",
            DefaultValueFactory = _ => 0,
        };
        var json = new Option<bool>("--json") { Description = "One JSON object instead of a table." };
        var bitstamp = new Command(
            "bitstamp",
            $"""
            Order flow of Bitstamp into a journal of commands: created rows become limit orders, deleted rows with volume become cancels, the rest
            is what the engine does by itself. Market BTC-USD, tick 0.01, lot 0.00000001.

            Example:
              {Application.Name} convert bitstamp orders.csv.gz --out DIR --accounts 100    then: {Application.Name} journal replay DIR
            """)
        {
            file, directory, accounts, deposit, mark, json,
        };
        bitstamp.SetAction(result => Run(
            new ConversionOptions(
                result.GetValue(file)!, result.GetValue(directory)!, result.GetValue(accounts), result.GetValue(deposit), result.GetValue(mark)),
            result.GetValue(json),
            output,
            errors));
        return new Command("convert", "Recorded order flow into a journal of commands.") { bitstamp };
    }

    private static int Run(ConversionOptions options, bool json, TextWriter output, TextWriter errors)
    {
        if (Wrong(options) is { } wrong)
        {
            errors.WriteLine(wrong);
            return ExitCode.NotUnderstood;
        }

        try
        {
            using var conversion = new BitstampConversion(options);
            Progress.Run(errors, "rows", bar => conversion.Run(bar.Report));
            Print(options, conversion, json, output);
            return ExitCode.Held;
        }
        catch (Exception error) when (error is MarketDataException or JournalException or IOException or UnauthorizedAccessException)
        {
            errors.WriteLine(error.Message);
            return ExitCode.NotUnderstood;
        }
    }

    private static string? Wrong(ConversionOptions options)
    {
        if (options.Accounts is < 1 or > MaxAccounts)
        {
            return $"--accounts {options.Accounts}: expected 1 to {MaxAccounts}";
        }

        long mostUsd = Exact.MaxMoneyUnits / BitstampConversion.UsdUnits / options.Accounts;
        return options.DepositUsd < 1 || options.DepositUsd > mostUsd
            ? $"--deposit {options.DepositUsd}: expected 1 to {mostUsd} with {options.Accounts} accounts"
            : options.MarkEverySeconds < 0 ? $"--mark-every {options.MarkEverySeconds}: expected 0 or more"
            : File.Exists(options.File) ? null
            : $"{options.File}: no such file";
    }

    private static void Print(ConversionOptions options, BitstampConversion conversion, bool json, TextWriter output)
    {
        ConversionCounts counts = conversion.Counts;
        var fields = new Fields();
        fields.Add("file", options.File);
        fields.Add("journal", options.Directory);
        fields.Add("accounts", options.Accounts);
        fields.Add("rows", counts.Rows);
        fields.Add("placed", counts.Placed);
        fields.Add("cancelled", counts.Cancelled);
        fields.Add("skipped, partial fill", counts.SkippedChanged);
        fields.Add("skipped, filled", counts.SkippedFilled);
        fields.Add("skipped, placed before the file", counts.SkippedUnknown);
        fields.Add("skipped, not open here", counts.SkippedGone);
        fields.Add("skipped, without size", counts.SkippedEmpty);
        foreach ((ResultCode code, long count) in counts.Rejected)
        {
            fields.Add($"rejected, {code}", count);
        }

        fields.Add("rejected", counts.Rejected.Values.Sum());
        fields.Add("trades", counts.Trades);
        fields.Add("liquidations", counts.Liquidations);
        fields.Add("commands", counts.Commands);
        fields.Add("journal bytes", JournalDirectory.TotalBytes(options.Directory));
        fields.Add("chain hash", conversion.Exchange.ChainHash.ToString());
        fields.Add("state hash", conversion.Exchange.ComputeStateHash().ToString());
        Report.Write(output, "converted", fields, json);
    }
}
