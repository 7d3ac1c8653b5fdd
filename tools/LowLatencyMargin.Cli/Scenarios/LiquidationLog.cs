using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>One liquidation as its events told it (R-1111).</summary>
internal sealed class LiquidationRecord(long id, long timeNs, string market, string account, bool ofLoans = false)
{
    private static readonly string[] Order =
    [
        "mode", "position", "mark", "size", "equity", "requirement", "behind", "steps", "closed", "closed-price", "deleveraged", "taken-over",
        "bankruptcy-price", "realised-pnl", "recourse", "notional", "fee", "penalty", "keeper", "protocol", "insurance", "makers", "refund",
        "shortfall", "shortfall-insurance", "bad-debt", "returned", "status",
    ];

    private static readonly string[] OrderOfLoans =
    [
        "mode", "mark", "assets", "debt", "level", "steps", "traded", "repaid", "bonus", "taken-over", "shortfall", "shortfall-insurance", "written-off",
        "level-after", "status",
    ];

    private static readonly string[] Money =
    [
        "fee", "penalty", "keeper", "protocol", "insurance", "makers", "shortfall", "shortfall-insurance", "bad-debt", "returned", "closed",
        "deleveraged", "steps", "traded", "repaid", "bonus", "written-off", "realised-pnl", "recourse", "notional", "refund",
    ];

    private readonly Dictionary<string, Value> _values = new()
    {
        ["status"] = Value.Of("started"),
        ["taken-over"] = ofLoans ? Value.Of(false) : Value.Of(0),
    };

    internal long Id { get; } = id;

    internal string Market { get; } = market;

    internal string Account { get; } = account;

    /// <summary>Whose it is.</summary>
    internal long AccountId { get; set; }

    /// <summary>The position, 0 before it is told.</summary>
    internal long PositionId { get; set; }

    internal LiquidationRecord Copy()
    {
        var copy = new LiquidationRecord(Id, timeNs, Market, Account, ofLoans) { AccountId = AccountId, PositionId = PositionId };
        foreach ((string name, Value value) in _values)
        {
            copy._values[name] = value;
        }

        return copy;
    }

    internal void Take(Fields from, string name, string? newName = null)
    {
        if (from.Find(name) is { } value)
        {
            _values[newName ?? name] = value;
        }
    }

    /// <summary>Adds to what the events before said.</summary>
    internal void Add(Fields from, string name, string? newName = null)
    {
        if (from.Find(name)?.Number is { } number)
        {
            string own = newName ?? name;
            _values[own] = Value.Of(_values.GetValueOrDefault(own)?.Number is { } before ? before + number : number);
        }
    }

    /// <summary>The price of what traded: the holders that were closed against it are in the lots, not in the notional.</summary>
    internal void TakePrice(Fields from)
    {
        if (_values.GetValueOrDefault("deleveraged")?.Number is { } deleveraged
            && from.Find("closed")?.Number is { } closed && from.Find("closed-notional")?.Number is { } notional)
        {
            ExactNumber traded = closed + (deleveraged * new ExactNumber(-1, 1));
            _values["closed-price"] = traded.Numerator.IsZero ? Value.None : Value.Of(notional / traded);
        }
    }

    /// <summary>A holder was closed against it (R-1204), for this profit of its owner.</summary>
    internal void AddDeleveraged(Fields from, Value profit)
    {
        Add(from, "closed", "deleveraged");
        var own = new Fields();
        own.Add("realised-pnl", profit);
        Add(own, "realised-pnl");
    }

    internal void AddStep() => _values["steps"] = Value.Of((_values.GetValueOrDefault("steps")?.Number ?? new ExactNumber(0, 1)) + new ExactNumber(1, 1));

    /// <summary>The book did not take all of it.</summary>
    internal void TakeOver() => _values["taken-over"] = Value.Of(true);

    internal void Finish() => _values["status"] = Value.Of("finished");

    internal Fields Print()
    {
        var fields = new Fields();
        fields.Add("liquidation", Id);
        fields.Add("market", Market);
        fields.Add("account", Account);
        fields.Add("time", ScenarioTime.Format(timeNs));
        foreach (string name in ofLoans ? OrderOfLoans : Order)
        {
            fields.Add(name, _values.GetValueOrDefault(name) ?? (Money.Contains(name) ? Value.Of(0) : Value.None));
        }

        return fields;
    }
}

/// <summary>All liquidations of a run. The engine keeps no history of them: its event stream is the history.</summary>
internal sealed class LiquidationLog
{
    private readonly List<LiquidationRecord> _records = [];
    private PositionCosts _positions = new();

    internal IEnumerable<LiquidationRecord> Of(string market) => _records.Where(record => record.Market == market);

    internal LiquidationLog Copy()
    {
        var copy = new LiquidationLog();
        copy._records.AddRange(_records.Select(record => record.Copy()));
        copy._positions = _positions.Copy();
        return copy;
    }

    internal void Add(ref readonly EventSlot slot, EventRecord record, long timeNs, Names names)
    {
        Fields fields = record.Fields;
        if (slot.Header.Type is EventType.PositionOpened or EventType.PositionUpdated or EventType.PositionClosed)
        {
            _positions.Take(in EventSlot.As<PositionChanged>(in slot));
            return;
        }

        if (slot.Header.Type is >= EventType.LoanLiquidationStarted and <= EventType.LoanLiquidationFinished and not EventType.PoolLoss)
        {
            AddOfLoans(slot.Header.Type, fields, timeNs);
            return;
        }

        if (slot.Header.Type == EventType.AutoDeleveraged)
        {
            AddDeleveraged(in EventSlot.As<AutoDeleveraged>(in slot), fields, names);
            return;
        }

        bool isFill = slot.Header.Type == EventType.Fill && (slot.Header.Flags & EventFlags.Liquidation) != 0;
        bool isOther = slot.Header.Type is EventType.LiquidationScope or EventType.LiquidationStep or EventType.RecourseTaken or EventType.PenaltyTerms;
        if (isFill || isOther)
        {
            AddNumbers(in slot, fields);
            return;
        }

        if (slot.Header.Type is < EventType.LiquidationStarted or > EventType.LiquidationFinished)
        {
            return;
        }

        string market = fields.Find("market")!.Text;
        string account = fields.Find("account")!.Text;
        if (slot.Header.Type == EventType.LiquidationStarted)
        {
            ref readonly LiquidationStarted started = ref EventSlot.As<LiquidationStarted>(in slot);
            _records.Add(new LiquidationRecord(started.LiquidationId, timeNs, market, account) { AccountId = started.AccountId });
        }

        if (_records.FindLast(r => r.Market == market && r.Account == account) is { } current)
        {
            Fill(current, slot.Header.Type, fields);
        }
    }

    private void AddDeleveraged(ref readonly AutoDeleveraged closed, Fields fields, Names names)
    {
        long id = closed.LiquidationId;
        if (_records.FindLast(r => r.Id == id) is { } current)
        {
            uint market = closed.Header.MarketId;
            long profit = _positions.Close(current.AccountId, market, current.PositionId, closed.ClosedLots, closed.ValueUnits);
            current.AddDeleveraged(fields, HumanUnits.Money(profit, names.Market(market).Quote));
        }
    }

    /// <summary>What events say of a liquidation that name it by its id.</summary>
    private void AddNumbers(ref readonly EventSlot slot, Fields fields)
    {
        long id = slot.Header.Type switch
        {
            EventType.Fill => EventSlot.As<Fill>(in slot).OrderId,
            EventType.RecourseTaken => EventSlot.As<RecourseTaken>(in slot).LiquidationId,
            EventType.PenaltyTerms => EventSlot.As<PenaltyTerms>(in slot).LiquidationId,
            EventType.LiquidationStep => EventSlot.As<LiquidationStep>(in slot).LiquidationId,
            _ => EventSlot.As<LiquidationScope>(in slot).LiquidationId,
        };
        if (_records.FindLast(r => r.Id == id) is not { } current)
        {
            return;
        }

        switch (slot.Header.Type)
        {
            case EventType.Fill:
                current.Add(fields, "realised-pnl");
                break;
            case EventType.RecourseTaken:
                current.Take(fields, "taken", "recourse");
                break;
            case EventType.LiquidationStep:
                current.AddStep();
                break;
            case EventType.PenaltyTerms:
                Array.ForEach(["notional", "refund"], name => current.Take(fields, name));
                break;
            default:
                current.PositionId = EventSlot.As<LiquidationScope>(in slot).PositionId;
                Array.ForEach(["position", "behind", "bankruptcy-price"], name => current.Take(fields, name));
                break;
        }
    }

    private void AddOfLoans(EventType type, Fields fields, long timeNs)
    {
        string market = fields.Find("market")!.Text;
        string account = fields.Find("account")!.Text;
        long id = (long)fields.Find("liquidation")!.Number!.Value.Numerator;
        LiquidationRecord? current = _records.FindLast(r => r.Market == market && r.Account == account && r.Id == id);
        if (current is null)
        {
            current = new LiquidationRecord(id, timeNs, market, account, ofLoans: true);
            _records.Add(current);
        }

        switch (type)
        {
            case EventType.LoanLiquidationStarted:
                Array.ForEach(["mode", "mark", "assets", "debt", "level"], name => current.Take(fields, name));
                break;
            case EventType.LoanLiquidationStep:
                current.AddStep();
                Array.ForEach(["traded", "repaid", "bonus"], name => current.Add(fields, name));
                break;
            case EventType.LoanTakenOver:
                current.TakeOver();
                break;
            case EventType.BadLoan:
                current.Take(fields, "insurance", "shortfall-insurance");
                Array.ForEach(["shortfall", "written-off"], name => current.Take(fields, name));
                break;
            default:
                current.Take(fields, "level", "level-after");
                current.Finish();
                break;
        }
    }

    private static void Fill(LiquidationRecord current, EventType type, Fields fields)
    {
        string[] names = type switch
        {
            EventType.LiquidationStarted => ["mode", "mark", "size", "equity", "requirement"],
            EventType.LiquidationTakeover => ["bankruptcy-price"],
            EventType.PenaltyPaid => ["fee", "penalty", "keeper", "protocol", "insurance", "makers"],
            EventType.ShortfallCovered => ["shortfall", "bad-debt"],
            EventType.LiquidationFinished => ["closed", "closed-price", "taken-over", "returned"],
            _ => [],
        };
        foreach (string name in names)
        {
            current.Take(fields, name);
        }

        if (type == EventType.LiquidationTakeover)
        {
            current.Add(fields, "realised-pnl");
        }
        else if (type == EventType.ShortfallCovered)
        {
            current.Take(fields, "insurance", "shortfall-insurance");
        }
        else if (type == EventType.LiquidationFinished)
        {
            current.TakePrice(fields);
            current.Finish();
        }
    }
}
