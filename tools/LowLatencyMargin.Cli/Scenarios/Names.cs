using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Scenarios;

internal sealed record AssetName(int Id, string Name, int Decimals);

internal sealed record MarketName(int Id, string Name, AssetName Quote, long TickE9, long LotE9, long TickValueUnits)
{
    /// <summary>Of spot markets: what is traded.</summary>
    internal AssetName? Base { get; init; }

    /// <summary>What volumes are counted in.</summary>
    internal required AssetName Collateral { get; init; }
}

internal sealed record AccountName(int Id, string Name, string Owner);

/// <summary>An order under its name in the file.</summary>
/// <param name="Name">Name.</param>
/// <param name="Account">Account.</param>
/// <param name="Market">Market.</param>
/// <param name="ClientId">The client's id that it was sent with; 0: none, the exchange made it (a quote, a bracket).</param>
/// <param name="Number">Its place in the order in which names came up.</param>
internal sealed record OrderName(string Name, AccountName Account, MarketName Market, long ClientId, long Number)
{
    /// <summary>The exchange's id; 0 when the order was not accepted.</summary>
    internal long OrderId { get; set; }

    /// <summary>The hedge position that it is for; 0: none.</summary>
    internal long PositionId { get; set; }
}

/// <summary>What a command names an order by.</summary>
internal readonly record struct OrderIds(OrderName? Name, long OrderId, long ClientOrderId);

/// <summary>What the names of a scenario stand for, and what the engine's ids are called there.</summary>
internal sealed class Names
{
    internal const string ClientPrefix = "client:";

    /// <summary>For names that no order was sent under.</summary>
    private const long UnusedClientId = long.MaxValue;

    private readonly Dictionary<string, AssetName> _assets = [];
    private readonly Dictionary<string, MarketName> _markets = [];
    private readonly Dictionary<string, AccountName> _accounts = [];
    private readonly Dictionary<(int Account, string Name), OrderName> _orders = [];
    private readonly Dictionary<int, MarketName> _marketById = [];
    private readonly Dictionary<int, AccountName> _accountById = [];
    private readonly Dictionary<long, OrderName> _orderByClientId = [];
    private readonly Dictionary<long, OrderName> _orderById = [];
    private readonly List<string> _owners = [];
    private readonly Dictionary<(int Account, string Name), OrderName> _linksTo = [];
    private readonly List<string> _groups = [];
    private readonly HashSet<string> _refused = [];
    private long _lastNumber;

    internal Names()
    {
    }

    private Names(Names other)
    {
        _assets = new(other._assets);
        _markets = new(other._markets);
        _accounts = new(other._accounts);
        // orders change with what becomes of them: a branch has its own
        Dictionary<OrderName, OrderName> copies = other._orders.Values.Concat(other._orderById.Values).Concat(other._orderByClientId.Values)
            .Distinct<OrderName>(ReferenceEqualityComparer.Instance)
            .ToDictionary<OrderName, OrderName, OrderName>(order => order, order => order with { }, ReferenceEqualityComparer.Instance);
        _orders = other._orders.ToDictionary(pair => pair.Key, pair => copies[pair.Value]);
        _marketById = new(other._marketById);
        _accountById = new(other._accountById);
        _orderByClientId = other._orderByClientId.ToDictionary(pair => pair.Key, pair => copies[pair.Value]);
        _orderById = other._orderById.ToDictionary(pair => pair.Key, pair => copies[pair.Value]);
        _owners = [.. other._owners];
        _refused = [.. other._refused];
        _groups = [.. other._groups];
        _linksTo = other._linksTo.ToDictionary(pair => pair.Key, pair => copies[pair.Value]);
        _lastNumber = other._lastNumber;
    }

    internal IEnumerable<MarketName> Markets => _markets.Values;

    internal IEnumerable<AccountName> Accounts => _accounts.Values;

    private IEnumerable<string> OfTraders => _accounts.Values.Where(account => account.Owner.Length > 0).Select(account => account.Name);

    internal IEnumerable<AssetName> Assets => _assets.Values;

    internal AssetName Asset(long id) => _assets.Values.First(asset => asset.Id == id);

    internal AssetName? FindAsset(string name) => _assets.GetValueOrDefault(name);

    internal AssetName? Collateral => _assets.Values.FirstOrDefault(asset => asset.Id == 1);

    internal Names Copy() => new(this);

    internal AssetName Asset(ScenarioLine line, string name) =>
        _assets.TryGetValue(name, out AssetName? asset) ? asset : throw Unknown(line, "asset", name, _assets.Keys);

    internal MarketName Market(ScenarioLine line, string name) =>
        _markets.TryGetValue(name, out MarketName? market) ? market : throw Unknown(line, "market", name, _markets.Keys);

    internal AssetName AssetOf(long id) => _assets.Values.First(asset => asset.Id == id);

    internal MarketName? FindMarket(string name) => _markets.GetValueOrDefault(name);

    internal MarketName Market(long id) => _marketById[(int)id];

    internal AccountName Account(ScenarioLine line, string name) =>
        _accounts.TryGetValue(name, out AccountName? account) ? account : throw Unknown(line, "account", name, OfTraders);

    /// <summary>The account of that name, null when there is none.</summary>
    internal AccountName? Find(string name) => _accounts.GetValueOrDefault(name);

    internal string AccountOf(long id) => _accountById.TryGetValue((int)id, out AccountName? account) ? account.Name : $"account.{id}";

    internal OrderName? Order(AccountName account, string name) => _orders.GetValueOrDefault((account.Id, name));

    internal OrderName? OrderOf(long orderId) => _orderById.GetValueOrDefault(orderId);

    internal OrderName? OrderOfClient(long clientId) => _orderByClientId.GetValueOrDefault(clientId);

    internal void RequireNew(ScenarioLine line, string kind, string name)
    {
        if (!ScenarioParser.IsName(name))
        {
            throw line.Error($"'{name}' is not a name", $"{ScenarioParser.NameRule}, 64 at most");
        }

        bool taken = kind == "asset" ? _assets.ContainsKey(name) : kind == "market" ? _markets.ContainsKey(name) : _accounts.ContainsKey(name);
        if (taken)
        {
            throw line.Error($"{kind} '{name}' exists already", $"another name for the {kind}");
        }
    }

    internal void Add(AssetName asset) => _assets.Add(asset.Name, asset);

    internal void Add(MarketName market)
    {
        _markets.Add(market.Name, market);
        _marketById.Add(market.Id, market);
    }

    internal void Add(AccountName account)
    {
        _accounts.Add(account.Name, account);
        _accountById.Add(account.Id, account);
    }

    /// <summary>The command that would have made this name was rejected.</summary>
    internal void Refuse(string kind, string name) => _refused.Add($"{kind} {name}");

    /// <summary>Number of an owner, by first mention.</summary>
    internal long Owner(string name) => NumberIn(_owners, name);

    /// <summary>Number of a group of accounts, by first mention.</summary>
    internal long Group(string name) => NumberIn(_groups, name);

    internal string GroupOf(long number) => _groups[(int)number - 1];

    internal string OwnerOf(long number) => _owners[(int)number - 1];

    /// <summary>A new order; without a name it gets one by its number.</summary>
    internal OrderName AddOrder(AccountName account, MarketName market, string? name)
    {
        _lastNumber++;
        var order = new OrderName(name ?? $"order.{_lastNumber}", account, market, _lastNumber, _lastNumber);
        _orders[(account.Id, order.Name)] = order;
        _orderByClientId.Add(order.ClientId, order);
        return order;
    }

    /// <summary>The exchange gave an order its id; one without a client's id gets its name only now.</summary>
    internal void Bind(ref readonly OrderChanged accepted, string? name)
    {
        if (!_orderByClientId.TryGetValue(accepted.ClientOrderId, out OrderName? order))
        {
            _lastNumber++;
            AccountName account = _accountById[(int)accepted.AccountId];
            order = new OrderName(name ?? IdText(accepted.OrderId), account, Market(accepted.Header.MarketId), 0, _lastNumber);
            _orders[(account.Id, order.Name)] = order;
        }

        order.OrderId = accepted.OrderId;
        _orderById[accepted.OrderId] = order;
    }

    /// <summary>An order that was just accepted is for a hedge position.</summary>
    internal void Bind(ref readonly OrderAssigned assigned)
    {
        if (OrderOf(assigned.OrderId) is { } order)
        {
            order.PositionId = assigned.PositionId;
        }
    }

    /// <summary>An order is to be linked with one that comes later in the file.</summary>
    internal void AddLinkTo(string name, OrderName order) => _linksTo[(order.Account.Id, name)] = order;

    /// <summary>The order that waits to be linked with this one, once.</summary>
    internal OrderName? TakeLinkTo(OrderName order) => _linksTo.Remove((order.Account.Id, order.Name), out OrderName? partner) ? partner : null;

    /// <summary>How an order that nobody named is called.</summary>
    internal static string IdText(long orderId) => $"order-id.{orderId}";

    /// <summary>The ids by which a command names an order: <c>a1</c> by the exchange's, <c>client:a1</c> by the client's.</summary>
    internal OrderIds Ids(AccountName account, string text)
    {
        bool isClient = text.StartsWith(ClientPrefix, StringComparison.Ordinal);
        OrderName? order = Order(account, isClient ? text[ClientPrefix.Length..] : text);
        return isClient ? new OrderIds(order, 0, order?.ClientId ?? UnusedClientId) : new OrderIds(order, order?.OrderId ?? 0, 0);
    }

    private static long NumberIn(List<string> names, string name)
    {
        int index = names.IndexOf(name);
        if (index < 0)
        {
            index = names.Count;
            names.Add(name);
        }

        return index + 1;
    }

    private ScenarioError Unknown(ScenarioLine line, string kind, string name, IEnumerable<string> known)
    {
        string note = _refused.Contains($"{kind} {name}") ? " (the command that would have made it was rejected)" : string.Empty;
        string names = string.Join(", ", known.Take(20));
        return line.Error($"unknown {kind} '{name}'{note}", names.Length == 0 ? $"a line '{kind} {name} ...' before this one" : $"one of {names}");
    }
}
