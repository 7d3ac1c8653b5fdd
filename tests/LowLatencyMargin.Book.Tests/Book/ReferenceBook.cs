using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>
/// docs/matching.md, done the plain way: lists, one order at a time, everything looked up anew. It says for each command what the exchange must
/// answer and tell. It knows no margin: accounts of these runs have more money than they can use.
/// </summary>
internal sealed partial class ReferenceBook(int recentOrders, Rules rules)
{
    private readonly SortedDictionary<(long Due, long Set), Action> _timers = [];
    private readonly Queue<BookOrder> _recent = [];
    private long _turn;
    private SetRateLimit _limitOfAll;

    /// <summary>What it expects of the command just applied.</summary>
    public List<BookEvent> Events { get; } = [];

    public Dictionary<long, BookAccount> Accounts { get; } = [];

    public List<BookMarket> Markets { get; } = [];

    /// <summary>Every order that ever had an id.</summary>
    public Dictionary<long, BookOrder> ById { get; } = [];

    /// <summary>By the step that placed it.</summary>
    public Dictionary<int, BookOrder> ByTag { get; } = [];

    public long NowNs { get; private set; }

    /// <summary>A second code that the text allows as well.</summary>
    public ResultCode? AlsoAllowed { get; private set; }

    /// <summary>Number of the step being applied.</summary>
    public int Tag { get; set; }

    public ResultCode Apply(ReadOnlySpan<byte> command)
    {
        CommandHeader header = MemoryMarshal.Read<CommandHeader>(command);
        Events.Clear();
        AlsoAllowed = null;
        RunTimers(Math.Max(NowNs, header.TimeNs));
        ResultCode code = header.Version == Core.Exchange.CommandVersion ? Dispatch(command, header.Type) : ResultCode.UnsupportedVersion;
        if (code != ResultCode.Accepted)
        {
            Reject(code, header.Type, RefusedItem);
        }

        RefusedItem = 0;
        RunTriggers();
        return code;
    }

    public BookOrder? OrderOf(int tag) => ByTag.GetValueOrDefault(tag);

    private int RefusedItem { get; set; }

    private ResultCode Dispatch(ReadOnlySpan<byte> command, CommandType type) => type switch
    {
        CommandType.Tick => ResultCode.Accepted,
        CommandType.PlaceOrder => Read(command, out PlaceOrder place) ? Place(in place, default) : ResultCode.MalformedCommand,
        CommandType.PlaceOrderWithTerms =>
            Read(command, out PlaceOrderWithTerms place) ? Place(in place.Order, in place.Terms) : ResultCode.MalformedCommand,
        CommandType.CancelOrder => Read(command, out CancelOrder cancel) ? Cancel(in cancel) : ResultCode.MalformedCommand,
        CommandType.ModifyOrder => Read(command, out ModifyOrder modify) ? Modify(in modify) : ResultCode.MalformedCommand,
        CommandType.CancelOrders => Read(command, out CancelOrders cancel) ? CancelMany(in cancel) : ResultCode.MalformedCommand,
        CommandType.OrderBatch => Read(command, out OrderBatch batch) ? Batch(in batch, command) : ResultCode.MalformedCommand,
        CommandType.MassQuote => Read(command, out MassQuote quote) ? Quote(in quote, command) : ResultCode.MalformedCommand,
        CommandType.SetBracket => Read(command, out SetBracket bracket) ? Bracket(in bracket) : ResultCode.MalformedCommand,
        CommandType.SetMakerProtection => Read(command, out SetMakerProtection set) ? Protect(in set) : ResultCode.MalformedCommand,
        CommandType.CancelAllAfter => Read(command, out CancelAllAfter set) ? SetDeadMan(in set) : ResultCode.MalformedCommand,
        CommandType.KillSwitch => Read(command, out KillSwitch kill) ? Kill(in kill) : ResultCode.MalformedCommand,
        CommandType.SetMarketState => Read(command, out SetMarketState set) ? SetState(in set) : ResultCode.MalformedCommand,
        CommandType.SetRateLimit => Read(command, out SetRateLimit set) ? Limit(in set) : ResultCode.MalformedCommand,
        CommandType.SetTradeGroup => Read(command, out SetTradeGroup set) ? SetGroup(in set) : ResultCode.MalformedCommand,
        CommandType.SetMarkPrice => Read(command, out SetMarkPrice set) ? SetMark(in set) : ResultCode.MalformedCommand,
        CommandType.SetIndexPrice => Read(command, out SetIndexPrice set) ? SetIndex(in set) : ResultCode.MalformedCommand,
        CommandType.SetMarketParameters => Read(command, out SetMarketParameters set) ? SetParameters(in set) : ResultCode.MalformedCommand,
        _ => ResultCode.UnknownCommand,
    };

    private static bool Read<T>(ReadOnlySpan<byte> command, out T body)
        where T : unmanaged => MemoryMarshal.TryRead(command, out body);

    private BookAccount? FindAccount(long id) => Accounts.GetValueOrDefault(id);

    /// <summary>The exchange's own accounts, one a market, exist, but place no orders.</summary>
    private BookAccount? FindTrader(long id) => id > Markets.Count ? FindAccount(id) : null;

    private BookMarket? FindMarket(long id) => id >= 1 && id <= Markets.Count ? Markets[(int)id - 1] : null;

    /// <summary>Timers run in the order of their time, then of their setting, each at its own time.</summary>
    private void RunTimers(long untilNs)
    {
        while (_timers.Count > 0 && _timers.First() is { } next && next.Key.Due <= untilNs)
        {
            NowNs = Math.Max(NowNs, next.Key.Due);
            _timers.Remove(next.Key);
            next.Value();
        }

        NowNs = untilNs;
    }

    private (long Due, long Set) SetTimer(long dueNs, Action action)
    {
        (long, long) key = (dueNs, ++_turn);
        _timers.Add(key, action);
        return key;
    }

    private bool MaySpend(BookAccount account, long weight, bool mayUseReserve) =>
        account.Budget.Covers(account.OwnLimit ?? _limitOfAll, NowNs, weight, mayUseReserve);

    private void Spend(BookAccount account, long weight) => account.Budget.Spend(account.OwnLimit ?? _limitOfAll, NowNs, weight);

    private static int SizeOf<T>()
        where T : unmanaged => Unsafe.SizeOf<T>();
}
