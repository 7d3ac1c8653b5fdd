namespace LowLatencyMargin.Cli.Scenarios;

internal sealed record AssetName(int Id, string Name, int Decimals);

internal sealed record MarketName(int Id, string Name, AssetName Quote, long TickE9, long LotE9, long TickValueUnits);

internal sealed record AccountName(int Id, string Name, string Owner);

internal sealed record OrderName(string Name, AccountName Account, MarketName Market, long ClientId)
{
    /// <summary>The exchange's id; 0 when the order was not accepted.</summary>
    internal long OrderId { get; set; }
}

/// <summary>What the names of a scenario stand for, and what the engine's ids are called there.</summary>
internal sealed class Names
{
    private readonly Dictionary<string, AssetName> _assets = [];
    private readonly Dictionary<string, MarketName> _markets = [];
    private readonly Dictionary<string, AccountName> _accounts = [];
    private readonly Dictionary<(int Account, string Name), OrderName> _orders = [];
    private readonly Dictionary<int, MarketName> _marketById = [];
    private readonly Dictionary<int, AccountName> _accountById = [];
    private readonly Dictionary<long, OrderName> _orderByClientId = [];
    private readonly Dictionary<long, OrderName> _orderById = [];
    private readonly List<string> _owners = [];
    private readonly HashSet<string> _refused = [];

    internal Names()
    {
    }

    private Names(Names other)
    {
        _assets = new(other._assets);
        _markets = new(other._markets);
        _accounts = new(other._accounts);
        _orders = new(other._orders);
        _marketById = new(other._marketById);
        _accountById = new(other._accountById);
        _orderByClientId = new(other._orderByClientId);
        _orderById = new(other._orderById);
        _owners = [.. other._owners];
        _refused = [.. other._refused];
        LastClientId = other.LastClientId;
    }

    internal long LastClientId { get; private set; }

    internal IEnumerable<MarketName> Markets => _markets.Values;

    internal IEnumerable<AccountName> Accounts => _accounts.Values;

    private IEnumerable<string> OfTraders => _accounts.Values.Where(account => account.Owner.Length > 0).Select(account => account.Name);

    internal AssetName? Collateral => _assets.Values.FirstOrDefault(asset => asset.Id == 1);

    internal Names Copy() => new(this);

    internal AssetName Asset(ScenarioLine line, string name) =>
        _assets.TryGetValue(name, out AssetName? asset) ? asset : throw Unknown(line, "asset", name, _assets.Keys);

    internal MarketName Market(ScenarioLine line, string name) =>
        _markets.TryGetValue(name, out MarketName? market) ? market : throw Unknown(line, "market", name, _markets.Keys);

    internal MarketName? FindMarket(string name) => _markets.GetValueOrDefault(name);

    internal MarketName Market(long id) => _marketById[(int)id];

    internal AccountName Account(ScenarioLine line, string name) =>
        _accounts.TryGetValue(name, out AccountName? account) ? account : throw Unknown(line, "account", name, OfTraders);

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
    internal long Owner(string name)
    {
        int index = _owners.IndexOf(name);
        if (index < 0)
        {
            index = _owners.Count;
            _owners.Add(name);
        }

        return index + 1;
    }

    internal string OwnerOf(long number) => _owners[(int)number - 1];

    /// <summary>A new order; without a name it gets one by its number.</summary>
    internal OrderName AddOrder(AccountName account, MarketName market, string? name)
    {
        LastClientId++;
        var order = new OrderName(name ?? $"order.{LastClientId}", account, market, LastClientId);
        _orders[(account.Id, order.Name)] = order;
        _orderByClientId.Add(order.ClientId, order);
        return order;
    }

    /// <summary>The exchange gave an order its id.</summary>
    internal void Bind(long clientId, long orderId)
    {
        if (_orderByClientId.TryGetValue(clientId, out OrderName? order))
        {
            order.OrderId = orderId;
            _orderById[orderId] = order;
        }
    }

    private ScenarioError Unknown(ScenarioLine line, string kind, string name, IEnumerable<string> known)
    {
        string note = _refused.Contains($"{kind} {name}") ? " (the command that would have made it was rejected)" : string.Empty;
        string names = string.Join(", ", known.Take(20));
        return line.Error($"unknown {kind} '{name}'{note}", names.Length == 0 ? $"a line '{kind} {name} ...' before this one" : $"one of {names}");
    }
}
