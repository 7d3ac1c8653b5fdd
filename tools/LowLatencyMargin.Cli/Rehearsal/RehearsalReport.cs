using System.Globalization;
using LowLatencyMargin.Cli.CommandLine;
using LowLatencyMargin.Cli.Scenarios;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Rehearsal;

/// <summary>What a rehearsal came to: tables for people, lines of JSON or CSV for programs.</summary>
internal sealed class RehearsalReport(RehearsalOptions options, RehearsalRun run)
{
    private const decimal UnitsPerQuote = 1_000_000m;

    internal void WriteTables(TextWriter output, int rows)
    {
        output.WriteLine(Headline());
        foreach ((ResultCode code, long count) in run.Refusals)
        {
            output.WriteLine($"  {count:N0} positions could not be opened: {code}, {ResultText.Of(code)}");
        }

        List<(RehearsalMarket Market, MinuteFigures Minute)> worst = Worst(rows);
        output.WriteLine(worst.Count == 0
            ? "No liquidation."
            : string.Create(CultureInfo.InvariantCulture, $"\nThe {worst.Count} minutes in which most was closed or taken over, in {options.Paths[0].Quote}:"));
        if (worst.Count > 0)
        {
            Tables.Write(output, string.Empty, MinuteColumns, worst.Select(row => MinuteRow(row.Market, row.Minute)));
        }

        output.WriteLine("\nBy leverage:");
        Tables.Write(output, string.Empty, ["leverage", "positions", "long liquidated", "short liquidated", "first liquidation"], Leverages().Select(Row));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nAll {run.Minutes:N0} minutes, in {options.Paths[0].Quote}:"));
        List<Fields> columns = [.. run.Markets.Select(Totals)];
        IEnumerable<string> names = run.Markets.Select(market => market.Name.Name);
        if (run.Markets.Count > 1)
        {
            columns.Add(Totals(Sum(), run.Population.Positions.Count, null));
            names = names.Append("all");
        }

        Tables.Write(output, string.Empty, ["", .. names], columns[0].Names.Select((name, i) =>
            (IEnumerable<string>)[name, .. columns.Select(column => column.ElementAt(i).Value.Text)]));
        output.WriteLine($"unaccounted units after any minute: {run.Unaccounted}");
        output.WriteLine($"state hash: {run.Exchange.ComputeStateHash()}");
    }

    internal void WriteJson(TextWriter output)
    {
        foreach (RehearsalMarket market in run.Markets)
        {
            foreach (MinuteFigures minute in market.Minutes.Where(minute => !minute.IsQuiet))
            {
                Report.Write(output, "minute", Exact(market, minute), json: true);
            }
        }

        foreach (RehearsalMarket market in run.Markets)
        {
            Report.Write(output, "market", ExactTotals(market.Name.Name, market.Total, market.Minutes[^1].InsuranceUnits), json: true);
        }

        Fields total = ExactTotals("all", Sum(), run.Markets.Aggregate((Int128)0, (sum, market) => sum + market.Minutes[^1].InsuranceUnits));
        total.Add("positions", run.Population.Positions.Count);
        total.Add("refused", run.Markets.Sum(market => market.Refused));
        total.Add("minutes", run.Minutes);
        total.Add("unaccounted", run.Unaccounted.ToString(CultureInfo.InvariantCulture));
        total.Add("state-hash", run.Exchange.ComputeStateHash().ToString());
        Report.Write(output, "rehearsal", total, json: true);
    }

    /// <summary>A line for each minute and market.</summary>
    internal void WriteCsv(TextWriter output)
    {
        bool hasHeader = false;
        foreach (RehearsalMarket market in run.Markets)
        {
            foreach (MinuteFigures minute in market.Minutes)
            {
                Fields fields = Exact(market, minute);
                if (!hasHeader)
                {
                    output.WriteLine(string.Join(',', fields.Names));
                    hasHeader = true;
                }

                output.WriteLine(string.Join(',', fields.Select(field => field.Value.Text)));
            }
        }
    }

    private static readonly string[] MinuteColumns =
    [
        "minute", "market", "low", "high", "liquidations", "closed", "taken over", "slippage", "above bankruptcy", "shortfall", "by insurance", "ADL",
        "socialised", "bad debt", "insurance left",
    ];

    private static string[] MinuteRow(RehearsalMarket market, MinuteFigures minute) =>
    [
        Time(minute.TimeNs), market.Name.Name, HumanUnits.Price(minute.LowTicks, market.Name).Text, HumanUnits.Price(minute.HighTicks, market.Name).Text,
        Count(minute.Started), Money(minute.ClosedUnits), Money(minute.TakenOverUnits), Rate(minute.Slippage), Rate(minute.Cushion),
        Money(minute.ShortfallUnits), Money(minute.InsuranceUsedUnits), Money(minute.DeleveragedUnits), Money(minute.SocialisedUnits),
        Money(minute.BadDebtUnits), Money(minute.InsuranceUnits),
    ];

    private static string Time(long ns) => ScenarioTime.Format(ns)[..16].Replace('T', ' ');

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Money(Int128 units) => Math.Round((decimal)units / UnitsPerQuote).ToString("N0", CultureInfo.InvariantCulture);

    private static string Rate(decimal? rate) => rate is { } value ? (value * 100).ToString("0.00", CultureInfo.InvariantCulture) + "%" : "-";

    private string Headline()
    {
        string markets = string.Join(", ", run.Markets.Select(market => market.Name.Name));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Rehearsal of {markets}: {run.Minutes:N0} minutes, {run.Population.Positions.Count:N0} positions ({options.Mix}; {options.LongPercent}% long,"
            + $" {options.IsolatedPercent}% isolated), depth {options.DepthQuote:N0} a side within {options.DepthRangeBp / 100m}%,\n"
            + $"insurance {options.InsuranceQuote:N0} a market, seed {options.Seed}");
    }

    private List<(RehearsalMarket Market, MinuteFigures Minute)> Worst(int rows) =>
    [
        .. run.Markets.SelectMany(market => market.Minutes.Where(minute => !minute.IsQuiet).Select(minute => (Market: market, Minute: minute)))
            .OrderByDescending(row => row.Minute.ClosedUnits + row.Minute.TakenOverUnits).Take(rows).OrderBy(row => row.Minute.TimeNs)
            .ThenBy(row => row.Market.Name.Id),
    ];

    private MinuteFigures Sum()
    {
        var sum = new MinuteFigures();
        foreach (RehearsalMarket market in run.Markets)
        {
            sum.Add(market.Total);
        }

        return sum;
    }

    private Fields Totals(RehearsalMarket market) =>
        Totals(market.Total, run.Population.Positions.Count(position => run.Markets[position.Market] == market), market);

    private static Fields Totals(MinuteFigures total, int positions, RehearsalMarket? market)
    {
        var fields = new Fields();
        fields.Add("positions", Count(positions));
        fields.Add("liquidated at least once", Count(total.FirstTime));
        fields.Add("liquidations", Count(total.Started));
        fields.Add("finished without shortfall beyond insurance", Count(total.Finished - total.Failed));
        fields.Add("success (R-2104)", Rate(total.Success));
        fields.Add("closed on the book", Money(total.ClosedUnits));
        fields.Add("taken over", Money(total.TakenOverUnits));
        fields.Add("slippage of closes against the mark", Rate(total.Slippage));
        fields.Add("closes above bankruptcy price, mean", Rate(total.Cushion));
        fields.Add("closes above bankruptcy price, least", Rate(total.LeastCushion));
        fields.Add("penalties", Money(total.PenaltyUnits));
        fields.Add("shortfall", Money(total.ShortfallUnits));
        fields.Add("paid by insurance", Money(total.InsuranceUsedUnits));
        fields.Add("deleveraged positions", Count(total.Deleveraged));
        fields.Add("deleveraged (ADL)", Money(total.DeleveragedUnits));
        fields.Add("socialised loss", Money(total.SocialisedUnits));
        fields.Add("bad debt", Money(total.BadDebtUnits));
        fields.Add("insurance left", market is null ? "" : Money(market.Minutes[^1].InsuranceUnits));
        fields.Add("first liquidation", market?.Minutes.Find(minute => minute.Started > 0) is { } first ? Time(first.TimeNs) : "-");
        return fields;
    }

    private IEnumerable<LeverageFigures> Leverages()
    {
        foreach (int leverage in options.Mix.Leverages.Order())
        {
            var figures = new LeverageFigures { Leverage = leverage };
            foreach (PlannedPosition position in run.Population.Positions.Where(position => position.Leverage == leverage))
            {
                long? first = run.FirstLiquidationNs(in position);
                figures.Count(position.IsLong, first);
            }

            yield return figures;
        }
    }

    private static string[] Row(LeverageFigures figures) =>
    [
        $"{figures.Leverage}x", Count(figures.Longs + figures.Shorts), Share(figures.LongsLiquidated, figures.Longs),
        Share(figures.ShortsLiquidated, figures.Shorts), figures.FirstNs is { } ns ? Time(ns) : "-",
    ];

    private static string Share(int part, int all) => all == 0 ? "-" : $"{Count(part)} of {Count(all)} ({Rate((decimal)part / all)})";

    private static Fields Exact(RehearsalMarket market, MinuteFigures minute)
    {
        var fields = new Fields();
        fields.Add("time", ScenarioTime.Format(minute.TimeNs));
        fields.Add("market", market.Name.Name);
        fields.Add("open", HumanUnits.Price(minute.OpenTicks, market.Name));
        fields.Add("high", HumanUnits.Price(minute.HighTicks, market.Name));
        fields.Add("low", HumanUnits.Price(minute.LowTicks, market.Name));
        fields.Add("close", HumanUnits.Price(minute.CloseTicks, market.Name));
        AddExact(fields, minute);
        fields.Add("insurance-left", ExactMoney(minute.InsuranceUnits));
        fields.Add("open-interest", HumanUnits.Quantity(minute.OpenInterestLots, market.Name));
        fields.Add("imbalance", ExactMoney(minute.ImbalanceUnits));
        return fields;
    }

    private static Fields ExactTotals(string name, MinuteFigures total, Int128 insurance)
    {
        var fields = new Fields();
        fields.Add("market", name);
        AddExact(fields, total);
        fields.Add("success", total.Success is { } success ? Ratio(success) : Value.NoneText);
        fields.Add("insurance-left", ExactMoney(insurance));
        return fields;
    }

    private static void AddExact(Fields fields, MinuteFigures figures)
    {
        fields.Add("liquidations", figures.Started);
        fields.Add("first-time", figures.FirstTime);
        fields.Add("finished", figures.Finished);
        fields.Add("failed", figures.Failed);
        fields.Add("closed", ExactMoney(figures.ClosedUnits));
        fields.Add("taken-over", ExactMoney(figures.TakenOverUnits));
        fields.Add("slippage", figures.Slippage is { } slippage ? Ratio(slippage) : Value.NoneText);
        fields.Add("above-bankruptcy", figures.Cushion is { } cushion ? Ratio(cushion) : Value.NoneText);
        fields.Add("above-bankruptcy-least", figures.LeastCushion is { } least ? Ratio(least) : Value.NoneText);
        fields.Add("penalties", ExactMoney(figures.PenaltyUnits));
        fields.Add("shortfall", ExactMoney(figures.ShortfallUnits));
        fields.Add("by-insurance", ExactMoney(figures.InsuranceUsedUnits));
        fields.Add("adl-positions", figures.Deleveraged);
        fields.Add("adl", ExactMoney(figures.DeleveragedUnits));
        fields.Add("socialised", ExactMoney(figures.SocialisedUnits));
        fields.Add("bad-debt", ExactMoney(figures.BadDebtUnits));
    }

    private static string ExactMoney(Int128 units) => ((decimal)units / UnitsPerQuote).ToString("0.######", CultureInfo.InvariantCulture);

    private static string Ratio(decimal ratio) => Math.Round(ratio, 6).ToString("0.######", CultureInfo.InvariantCulture);

    private sealed class LeverageFigures
    {
        internal int Leverage { get; init; }

        internal int Longs { get; private set; }

        internal int Shorts { get; private set; }

        internal int LongsLiquidated { get; private set; }

        internal int ShortsLiquidated { get; private set; }

        internal long? FirstNs { get; private set; }

        internal void Count(bool isLong, long? firstNs)
        {
            int liquidated = firstNs is null ? 0 : 1;
            (Longs, LongsLiquidated) = isLong ? (Longs + 1, LongsLiquidated + liquidated) : (Longs, LongsLiquidated);
            (Shorts, ShortsLiquidated) = isLong ? (Shorts, ShortsLiquidated) : (Shorts + 1, ShortsLiquidated + liquidated);
            FirstNs = firstNs is { } ns && (FirstNs is null || ns < FirstNs) ? ns : FirstNs;
        }
    }
}
