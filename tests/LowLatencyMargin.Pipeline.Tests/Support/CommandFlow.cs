using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Pipeline.Tests.Support;

/// <summary>
/// Seeded commands. An exchange of its own applies them as they are made, so that later ones can name orders: whoever begins with the same
/// genesis gives out the same ids.
/// </summary>
internal sealed class CommandFlow : IDisposable
{
    public const long Unit = 1_000_000;
    public const long StartTicks = 200_000;
    private const int MaxRestingOrders = 512;

    private readonly Exchange _exchange = new();
    private readonly List<(long Order, long Account)> _resting = [];
    private readonly Prng _prng;
    private long _clientOrderId;

    private CommandFlow(ulong seed, int maxWorkPerCommand)
    {
        _prng = new Prng(seed);
        _exchange.Apply(Command.Genesis(maxWorkPerCommand));
    }

    /// <summary>All but the genesis.</summary>
    public List<byte[]> Commands { get; } = [];

    public Exchange Exchange => _exchange;

    /// <summary>Orders, changes, cancels and money over well-funded accounts and a still mark: nothing to liquidate, hence no ticks.</summary>
    public static CommandFlow Quiet(ulong seed, int commands, int accounts = 50)
    {
        CommandFlow flow = Scene(seed, 64, accounts, 1_000_000 * Unit);
        while (flow.Commands.Count < commands)
        {
            flow.Step(accounts);
        }

        return flow;
    }

    /// <summary>
    /// One rich account sells a lot each to thinly funded accounts at the mark. The next move of the mark to <see cref="StartTicks"/> less
    /// a tenth liquidates them all.
    /// </summary>
    public static CommandFlow Longs(int positions, int maxWorkPerCommand)
    {
        var flow = new CommandFlow(1, maxWorkPerCommand);
        flow.List();
        long rich = flow.Account(1_000_000_000 * Unit);
        for (int i = 0; i < positions; i++)
        {
            long account = flow.Account(230 * Unit);
            flow.Place(rich, Side.Sell, StartTicks, 1, TimeInForce.GoodTillCancel);
            flow.Place(account, Side.Buy, StartTicks, 1, TimeInForce.GoodTillCancel);
        }

        return flow;
    }

    public static byte[] Mark(long priceTicks) => Command.Of(CommandType.SetMarkPrice, new SetMarkPrice { MarketId = 1, PriceTicks = priceTicks });

    /// <summary>A command that any exchange of this class accepts and that has nothing to do with liquidations.</summary>
    public static byte[] Deposit(long account, long amountUnits) =>
        Command.Of(CommandType.Deposit, new Deposit { AccountId = account, AssetId = 1, AmountUnits = amountUnits });

    public void Dispose() => _exchange.Dispose();

    private static CommandFlow Scene(ulong seed, int maxWorkPerCommand, int accounts, long depositUnits)
    {
        var flow = new CommandFlow(seed, maxWorkPerCommand);
        flow.List();
        for (int i = 0; i < accounts; i++)
        {
            flow.Account(depositUnits);
        }

        return flow;
    }

    private void List()
    {
        _ = Symbol.TryParse("USDC", out Symbol collateral);
        _ = Symbol.TryParse("BTC-PERP", out Symbol name);
        _ = Symbol.TryParse("BTC", out Symbol label);
        Add(Command.Of(CommandType.AddAsset, new AddAsset { Symbol = collateral, Decimals = 6 }));
        Add(Command.Of(CommandType.ListMarket, new ListMarket
        {
            Symbol = name,
            BaseSymbol = label,
            QuoteAssetId = 1,
            TickSizeE9 = 100_000_000,
            LotSizeE9 = 100_000_000,
            LadderTicks = 1 << 16,
            Parameters = MarketParameters.Default,
        }));
        Add(Mark(StartTicks));
    }

    private long Account(long depositUnits)
    {
        Add(Command.Of(CommandType.CreateAccount, new CreateAccount { OwnerId = Commands.Count }));
        long account = _exchange.State!.Accounts.HighWater;
        Add(Deposit(account, depositUnits));
        return account;
    }

    private void Step(int accounts)
    {
        // account 1 is the market's own
        long account = 2 + _prng.Below(accounts);
        int kind = _prng.Below(100);
        if (_resting.Count > 0 && (kind < 25 || _resting.Count >= MaxRestingOrders))
        {
            int at = _prng.Below(_resting.Count);
            (long order, long owner) = _resting[at];
            _resting[at] = _resting[^1];
            _resting.RemoveAt(_resting.Count - 1);
            Add(Command.Of(CommandType.CancelOrder, new CancelOrder { AccountId = owner, OrderId = order }));
        }
        else if (_resting.Count > 0 && kind < 40)
        {
            (long order, long owner) = _resting[_prng.Below(_resting.Count)];
            long priceTicks = StartTicks - 200 + _prng.Below(400);
            Add(Command.Of(CommandType.ModifyOrder, new ModifyOrder { AccountId = owner, OrderId = order, PriceTicks = priceTicks }));
        }
        else if (kind < 45)
        {
            Add(Deposit(account, 1 + _prng.Below(1000)));
        }
        else
        {
            TimeInForce timeInForce = kind < 55 ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancel;
            Place(account, (Side)_prng.Below(2), StartTicks - 200 + _prng.Below(400), 1 + _prng.Below(5), timeInForce);
        }
    }

    private void Place(long account, Side side, long priceTicks, long lots, TimeInForce timeInForce) =>
        Add(Command.Of(CommandType.PlaceOrder, new PlaceOrder
        {
            AccountId = account,
            MarketId = 1,
            ClientOrderId = ++_clientOrderId,
            PriceTicks = priceTicks,
            QuantityLots = lots,
            Side = side,
            TimeInForce = timeInForce,
        }));

    private void Add(byte[] command)
    {
        Commands.Add(command.ToArray());
        Command.Stamp(command, _exchange.Sequence + 1, 0);
        _exchange.Apply(command);
        foreach (ref readonly EventSlot slot in _exchange.Events.Span)
        {
            if (slot.Header.Type == EventType.OrderAccepted && (slot.Header.Flags & EventFlags.Immediate) == 0)
            {
                ref readonly OrderChanged order = ref EventSlot.As<OrderChanged>(in slot);
                _resting.Add((order.OrderId, order.AccountId));
            }
        }
    }
}
