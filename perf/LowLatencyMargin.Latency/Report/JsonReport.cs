using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using HdrHistogram;
using LowLatencyMargin.Latency.Flow;
using LowLatencyMargin.Latency.Runs;

namespace LowLatencyMargin.Latency.Report;

/// <summary>Everything that was measured, as one JSON object; times in nanoseconds.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(Measurements measured) => new JsonObject
    {
        ["startedAt"] = measured.StartedAt.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture),
        ["machine"] = MachineOf(measured),
        ["options"] = OptionsOf(measured),
        ["workload"] = WorkloadOf(measured.Workload),
        ["memory"] = new JsonObject
        {
            ["boundOrders"] = MemoryBound.Orders,
            ["boundAccounts"] = MemoryBound.Accounts,
            ["boundPositions"] = MemoryBound.Positions,
            ["boundBytes"] = measured.BoundBytes,
            ["stateBytes"] = measured.Workload.StateBytes,
            ["ringBytes"] = measured.RingBytes,
        },
        ["core"] = measured.Core is { } core ? CoreOf(core) : null,
        ["flatOut"] = measured.Options.Mode is not null && measured.Flat is { } flat ? FlatOf(flat) : null,
        ["flatOutWithoutJournal"] = measured.FlatWithoutJournal is { } without ? FlatOf(without) : null,
        ["latency"] = new JsonArray([.. measured.Latency.Select(LatencyOf)]),
        ["skippedRates"] = new JsonArray([.. measured.SkippedRates.Select(rate => (JsonNode)rate)]),
        ["replay"] = ReplayOf(measured),
        ["markMoves"] = new JsonArray([.. new[] { measured.FewPositions, measured.ManyPositions }.OfType<MarkMoves.Result>().Select(MarksOf)]),
    }.ToJsonString(Indented);

    private static JsonObject MachineOf(Measurements measured) => new()
    {
        ["processor"] = measured.Machine.Processor,
        ["cores"] = measured.Machine.Cores,
        ["memoryGiB"] = Math.Round(measured.Machine.MemoryGiB, 1),
        ["system"] = measured.Machine.System,
        ["runtime"] = measured.Machine.Runtime,
        ["collector"] = measured.Machine.Collector,
        ["layout"] = measured.Options.Layout.ToString(),
        ["notPinned"] = new JsonArray([.. measured.NotPinned.Select(name => (JsonNode)name)]),
    };

    private static JsonObject OptionsOf(Measurements measured) => new()
    {
        ["quick"] = measured.Options.IsQuick,
        ["profile"] = measured.Options.Flow is null ? measured.Options.Profile : null,
        ["flow"] = Path.GetFileName(measured.Options.Flow),
        ["marks"] = Path.GetFileName(measured.Options.Marks),
        ["seed"] = measured.Options.Seed,
        ["mode"] = measured.Options.Mode?.ToString().ToLowerInvariant() ?? "none",
        ["rates"] = new JsonArray([.. measured.Options.Rates.Select(rate => (JsonNode)rate)]),
        ["seconds"] = measured.Options.Seconds,
        ["rounds"] = measured.Options.Rounds,
        ["flatOutCommands"] = measured.Options.FlatCommands,
    };

    private static JsonObject WorkloadOf(Workload workload)
    {
        FlowCounts counts = workload.Counts;
        var kinds = new JsonObject();
        foreach ((string name, long count) in counts.Kinds)
        {
            kinds[name] = count;
        }

        var rejected = new JsonObject();
        foreach ((Core.Commands.ResultCode code, long count) in counts.RejectedBy)
        {
            rejected[code.ToString()] = count;
        }

        return new JsonObject
        {
            ["name"] = workload.Name,
            ["notes"] = new JsonArray([.. workload.Notes.Select(note => (JsonNode)note)]),
            ["commands"] = counts.Commands,
            ["kinds"] = kinds,
            ["trades"] = counts.Trades,
            ["liquidations"] = counts.Liquidations,
            ["rejected"] = rejected,
            ["restingOrders"] = counts.RestingOrders,
            ["openPositions"] = counts.OpenPositions,
        };
    }

    private static JsonObject CoreOf(CoreRun.Result core) => new()
    {
        ["nsPerCommandMedian"] = Math.Round(core.Median, 2),
        ["nsPerCommandBest"] = Math.Round(core.Best, 2),
        ["nsPerCommand"] = Numbers(core.NsPerCommand),
        ["commands"] = core.Commands,
        ["allocatedBytes"] = core.AllocatedBytes,
        ["collections"] = core.Collections,
    };

    private static JsonObject FlatOf(FlatOut flat) => new()
    {
        ["commandsPerSecondMedian"] = Math.Round(flat.Median),
        ["commandsPerSecondBest"] = Math.Round(flat.Best),
        ["commandsPerSecond"] = Numbers(flat.Runs.Select(run => run.AchievedPerSecond)),
        ["journalBytes"] = flat.JournalBytes,
        ["journalBytesPerSecond"] = Math.Round(flat.JournalBytesPerSecond),
        ["lastRun"] = RunOf(flat.Last),
    };

    private static JsonNode LatencyOf(LatencyPair pair) => new JsonObject
    {
        ["perSecond"] = pair.PerSecond,
        ["control"] = LineOf(pair.Control),
        ["exchange"] = LineOf(pair.Exchange),
    };

    private static JsonObject LineOf(PipelineResult result)
    {
        JsonObject line = RunOf(result);
        line["endToEnd"] = DistributionOf(result.EndToEnd);
        line["toCore"] = DistributionOf(result.ToCore);
        line["toShown"] = DistributionOf(result.ToShown);
        return line;
    }

    private static JsonObject DistributionOf(LongHistogram histogram)
    {
        var distribution = new JsonObject { ["count"] = histogram.TotalCount };
        foreach ((string name, double level) in Figures.Percentiles)
        {
            distribution[name] = histogram.GetValueAtPercentile(level);
        }

        return distribution;
    }

    private static JsonObject RunOf(PipelineResult result)
    {
        var allocated = new JsonObject();
        foreach ((string thread, long bytes) in result.AllocatedBytes)
        {
            allocated[thread] = bytes;
        }

        return new JsonObject
        {
            ["commands"] = result.Commands,
            ["seconds"] = Math.Round(result.Seconds, 4),
            ["commandsPerSecond"] = Math.Round(result.AchievedPerSecond),
            ["fills"] = result.Fills,
            ["trades"] = result.Trades,
            ["liquidations"] = result.Liquidations,
            ["rejected"] = result.Rejected,
            ["ticks"] = result.Ticks,
            ["busy"] = result.Busy,
            ["allocatedBytes"] = allocated,
            ["collections"] = result.Collections,
        };
    }

    private static JsonObject? ReplayOf(Measurements measured) => measured.Replay is not { } replay ? null : new JsonObject
    {
        ["commands"] = replay.Commands,
        ["commandsPerSecondMedian"] = Math.Round(replay.Median),
        ["commandsPerSecond"] = Numbers(replay.PerSecond),
        ["timesLive"] = Math.Round(measured.ReplayToLive ?? 0, 3),
        ["checkpoints"] = replay.Checkpoints,
        ["end"] = replay.End,
        ["liveChainHash"] = measured.Flat!.Last.ChainHash.ToString(),
        ["liveStateHash"] = measured.Flat!.Last.StateHash.ToString(),
        ["chainHash"] = replay.ChainHash.ToString(),
        ["stateHash"] = replay.StateHash.ToString(),
        ["equal"] = replay.IsEqual,
    };

    private static JsonNode MarksOf(MarkMoves.Result result) => new JsonObject
    {
        ["openPositions"] = result.OpenPositions,
        ["nsPerMarkMedian"] = Math.Round(result.MedianNs, 2),
        ["nsPerMarkBest"] = Math.Round(result.BestNs, 2),
        ["liquidatedNothing"] = result.LiquidatedNothing,
    };

    private static JsonArray Numbers(IEnumerable<double> values) => new([.. values.Select(value => (JsonNode)Math.Round(value, 2))]);
}
