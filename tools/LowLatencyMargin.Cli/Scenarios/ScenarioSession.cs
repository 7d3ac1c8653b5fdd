using LowLatencyMargin.Cli.Scenarios.Verbs;
using LowLatencyMargin.Cli.Scenarios.Views;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>A run under way: the engine, the names, and what the last command did.</summary>
internal sealed class ScenarioSession(ScenarioReport report, CommandJournal? journal) : IDisposable
{
    /// <summary>A run that does not come to an end is a fault of the engine, and is to be seen as one.</summary>
    private const int MaxTicksOfOneLine = 100_000;

    private readonly List<EventRecord> _last = [];
    private bool _started;
    private Genesis _genesis = new()
    {
        MaxAccounts = 10_000,
        MaxOrders = 10_000,
        MaxPositions = 10_000,
        MaxAssets = 64,
        MaxMarkets = 256,
        MaxWorkPerCommand = 1_024,
        RecentOrders = 4_096,
        RecentPositions = 4_096,
    };

    internal ScenarioReport Report { get; } = report;

    /// <summary>All lines of the file.</summary>
    internal required IReadOnlyList<ScenarioLine> Lines
    {
        get;
        init
        {
            field = value;
            Driver.TimeNs = ScenarioTime.StartOf(value);
        }
    }

    internal CommandDriver Driver { get; } = new(journal);

    internal Names Names { get; set; } = new();

    internal LiquidationLog Liquidations { get; set; } = new();

    internal ShortfallLog Shortfalls { get; set; } = new();

    internal LiquidationOutcomes Outcomes { get; set; } = new();

    internal FillLedger Ledger { get; set; } = new();

    internal int Events { get; private set; }

    internal int Expectations { get; private set; }

    internal int Failed { get; private set; }

    /// <summary>What the last line previewed; null: it was no preview.</summary>
    internal PreviewRun? Preview { get; set; }

    /// <summary>Events of the last line that was a command.</summary>
    internal IReadOnlyList<EventRecord> Last => _last;

    public void Dispose() => Driver.Dispose();

    internal void SetGenesis(ScenarioLine line, Genesis genesis)
    {
        if (_started)
        {
            throw line.Error("'genesis' comes too late", "it before all other commands");
        }

        _genesis = genesis;
        BeginCommand(line);
    }

    internal Genesis DefaultGenesis => _genesis;

    internal bool HasStarted => _started;

    /// <summary>A line that is a command begins: what the last one did is forgotten.</summary>
    internal void BeginCommand(ScenarioLine line)
    {
        _last.Clear();
        Preview = null;
        if (!_started)
        {
            _started = true;
            Take(line, Driver.Apply(CommandType.Genesis, _genesis));
            if (Driver.Exchange.State is null)
            {
                throw line.Error("these limits can't work", Grammar.Of("genesis"));
            }

            _last.Clear();
        }
    }

    /// <summary>Applies a command, and ticks until nothing is left over from it; prints all events under the line.</summary>
    internal void Send<T>(ScenarioLine line, CommandType type, T command, Action<EventSlot>? learn = null)
        where T : unmanaged
    {
        EventSlot[] slots = Driver.Apply(type, command);
        if (learn is not null)
        {
            learn(slots[0]);
        }

        Take(line, slots);
        Finish(line);
    }

    /// <summary>Applies a command with items, and ticks; <paramref name="nameOf"/> names the orders that it places without a client's name.</summary>
    internal void Send<T, TItem>(ScenarioLine line, CommandType type, T command, TItem[] items, Func<EventSlot[], int, string>? nameOf = null)
        where T : unmanaged
        where TItem : unmanaged
    {
        Take(line, Driver.Apply<T, TItem>(type, command, items), nameOf);
        Finish(line);
    }

    /// <summary>Account and market that a line begins with.</summary>
    internal (AccountName Account, MarketName Market) Scope(ScenarioLine line) =>
        (Names.Account(line, line.Word(0, "an account")), Names.Market(line, line.Word(1, "a market")));

    /// <summary>The name of a new order; one that is open can be used again only by a line that says so.</summary>
    internal OrderName NameOrder(ScenarioLine line, AccountName account, MarketName market, OrderWords words)
    {
        OrderName? known = words.Id is null ? null : Names.Order(account, words.Id);
        if (words.IsAgain)
        {
            return known is { ClientId: not 0 }
                ? known
                : throw line.Error($"{account.Name} never sent an order '{words.Id}'", "a line with that id before");
        }

        return known is { OrderId: > 0 } && State(line).FindOrder(known.OrderId, account.Id) != 0
            ? throw line.Error($"order '{words.Id}' of {account.Name} is open already", "another id, or the word 'again' to send the same id twice")
            : Names.AddOrder(account, market, words.Id);
    }

    internal void Expect(ScenarioLine line, bool held, string what, string expected, string actual)
    {
        Expectations++;
        Failed += held ? 0 : 1;
        Report.Expectation(line, new Expectation(held, what, expected, actual));
    }

    internal Figures Figures(ScenarioLine line) => new(State(line));

    internal ExchangeState State(ScenarioLine line) =>
        Driver.Exchange.State is { } state && Names.Collateral is not null ? state : throw line.Error("there is nothing to see yet", "an asset first");

    internal void Forget() => _last.Clear();

    /// <summary>A refusal that the engine makes no event of.</summary>
    internal void AddRejection(ScenarioLine line, ResultCode code)
    {
        var fields = new Text.Fields();
        fields.Add("code", code.ToString());
        fields.Add("reason", ResultText.Of(code));
        var record = new EventRecord(0, nameof(Rejected), fields);
        _last.Add(record);
        Report.Event(line, record);
    }

    private void Finish(ScenarioLine line)
    {
        for (int ticks = 0; Driver.Exchange.HasPendingWork && Driver.Diversion is null; ticks++)
        {
            Take(line, Driver.Apply(CommandType.Tick, default(Tick)));
            if (ticks > MaxTicksOfOneLine)
            {
                throw new InvalidOperationException($"after {ticks} ticks work is still left over");
            }
        }
    }

    private void Take(ScenarioLine line, EventSlot[] slots, Func<EventSlot[], int, string>? nameOf = null)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            ref readonly EventSlot slot = ref slots[i];
            if (slot.Header.Type == EventType.OrderAccepted)
            {
                ref readonly OrderChanged order = ref EventSlot.As<OrderChanged>(in slot);
                Names.Bind(in order, nameOf?.Invoke(slots, i));
            }
            else if (slot.Header.Type == EventType.OrderAssigned)
            {
                Names.Bind(in EventSlot.As<OrderAssigned>(in slot));
            }

            EventRecord record = EventDecoder.Decode(in slot, Names);
            Liquidations.Add(in slot, record, Driver.TimeNs, Names);
            Outcomes.Add(in slot);
            Shortfalls.Add(in slot, record, Driver.TimeNs);
            Ledger.Add(in slot);
            _last.Add(record);
            Events++;
            Report.Event(line, record);
        }
    }
}
