using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>All shortfalls of a run, by market (R-1202). The engine keeps sums: its event stream is the history.</summary>
internal sealed class ShortfallLog
{
    private static readonly string[] Names = ["account", "shortfall", "insurance", "global", "bad-debt", "shared"];

    private readonly List<(string Market, Fields Fields)> _records = [];

    internal IEnumerable<Fields> Of(string market) => _records.Where(record => record.Market == market).Select(record => record.Fields);

    internal ShortfallLog Copy()
    {
        var copy = new ShortfallLog();
        copy._records.AddRange(_records);
        return copy;
    }

    internal void Add(ref readonly EventSlot slot, EventRecord record, long timeNs)
    {
        if (slot.Header.Type != EventType.ShortfallCovered)
        {
            return;
        }

        string market = record.Fields.Find("market")!.Text;
        var fields = new Fields();
        fields.Add("number", Of(market).Count() + 1);
        fields.Add("command", slot.Header.CommandSequence);
        fields.Add("time", ScenarioTime.Format(timeNs));
        foreach (string name in Names)
        {
            fields.Add(name, record.Fields.Find(name)!);
        }

        _records.Add((market, fields));
    }
}
