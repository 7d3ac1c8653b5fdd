using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>A mixed stream of commands that allocates nothing itself: orders of all kinds, cancels, changes, transfers, marks that liquidate.</summary>
internal sealed class Flow
{
    private const int Recent = 64;

    private readonly Exchange _exchange;
    private readonly SplitMix _random;
    private readonly int _firstAccount;
    private readonly int _accounts;
    private readonly int _markets;
    private readonly (long Account, long Order)[] _recent = new (long, long)[Recent];
    private readonly byte[] _bytes = new byte[512];
    private long _clientIds;
    private int _next;

    public Flow(Exchange exchange, ulong seed, int firstAccount, int accounts, int markets)
    {
        _exchange = exchange;
        _random = new SplitMix(seed);
        _firstAccount = firstAccount;
        _accounts = accounts;
        _markets = markets;
    }

    public long Liquidations { get; private set; }

    public long Trades { get; private set; }

    /// <summary>An exchange with funded accounts, half of them isolated, and a flow for it.</summary>
    public static (TestExchange X, Flow Flow) Start(ulong seed, int work = 4096, int accounts = 24)
    {
        var x = new TestExchange(work, maxOrders: 4096);
        _ = x.Market(MarketParameters.Default);
        _ = x.Market(MarketParameters.Default with { MaintenanceMarginBase = MarginBase.Entry });
        int first = x.State.Accounts.HighWater + 1;
        for (int i = 0; i < accounts; i++)
        {
            int account = x.Account(20_000);
            if (i % 2 == 0)
            {
                x.Mode(account, 1, MarginMode.Isolated);
            }
        }

        return (x, new Flow(x.Exchange, seed, first, accounts, 2));
    }

    public ResultCode Step()
    {
        long account = _firstAccount + _random.Below(_accounts);
        int market = 1 + _random.Below(_markets);
        int length = Fill(account, market);
        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(_bytes.AsSpan());
        header.LengthBytes = (uint)length;
        header.Version = Exchange.CommandVersion;
        header.Sequence = _exchange.Sequence + 1;
        header.TimeNs = _exchange.Sequence;
        ResultCode code = _exchange.Apply(_bytes.AsSpan(0, length));
        foreach (ref readonly EventSlot slot in _exchange.Events.Span)
        {
            Trades += slot.Header.Type == EventType.Trade ? 1 : 0;
            Liquidations += slot.Header.Type == EventType.LiquidationFinished ? 1 : 0;
            if (slot.Header.Type == EventType.OrderAccepted)
            {
                ref readonly OrderChanged order = ref EventSlot.As<OrderChanged>(in slot);
                _recent[_next++ % Recent] = (order.AccountId, order.OrderId);
            }
        }

        return code;
    }

    private int Fill(long account, int market)
    {
        long mark = _exchange.State!.Markets[market].MarkTicks;
        (long owner, long order) = _recent[_random.Below(Recent)];
        switch (_random.Below(32))
        {
            case < 16:
                ref PlaceOrder place = ref Begin<PlaceOrder>(CommandType.PlaceOrder);
                place.AccountId = account;
                place.MarketId = market;
                place.ClientOrderId = ++_clientIds;
                place.Side = (Side)_random.Below(2);
                place.QuantityLots = 1 + _random.Below(12);
                place.Type = (OrderType)(_random.Below(8) / 7);
                place.PriceTicks = place.Type == OrderType.Market ? 0 : Math.Max(1, mark - 20 + _random.Below(41));
                place.TimeInForce = (TimeInForce)(_random.Below(6) / 5);
                return Unsafe.SizeOf<PlaceOrder>();
            case < 22:
                ref CancelOrder cancel = ref Begin<CancelOrder>(CommandType.CancelOrder);
                cancel.AccountId = owner;
                cancel.OrderId = order;
                return Unsafe.SizeOf<CancelOrder>();
            case < 25:
                ref ModifyOrder modify = ref Begin<ModifyOrder>(CommandType.ModifyOrder);
                modify.AccountId = owner;
                modify.OrderId = order;
                modify.QuantityLots = _random.Below(10);
                modify.PriceTicks = _random.Below(2) == 0 ? 0 : Math.Max(1, mark - 10 + _random.Below(21));
                return Unsafe.SizeOf<ModifyOrder>();
            case < 27:
                ref Deposit deposit = ref Begin<Deposit>(CommandType.Deposit);
                deposit.AccountId = account;
                deposit.AssetId = 1;
                deposit.AmountUnits = 1 + _random.Below(2_000);
                return Unsafe.SizeOf<Deposit>();
            case 27:
                ref Withdraw withdraw = ref Begin<Withdraw>(CommandType.Withdraw);
                withdraw.AccountId = account;
                withdraw.AssetId = 1;
                withdraw.AmountUnits = 1 + _random.Below(3_000);
                return Unsafe.SizeOf<Withdraw>();
            case 28:
                ref AllocateMargin allocate = ref Begin<AllocateMargin>(_random.Below(2) == 0 ? CommandType.AllocateMargin : CommandType.RemoveMargin);
                allocate.AccountId = account;
                allocate.MarketId = market;
                allocate.AmountUnits = _random.Below(500);
                return Unsafe.SizeOf<AllocateMargin>();
            case 29:
                Begin<Tick>(CommandType.Tick);
                return Unsafe.SizeOf<Tick>();
            default:
                ref SetMarkPrice set = ref Begin<SetMarkPrice>(CommandType.SetMarkPrice);
                set.MarketId = market;
                int width = _random.Below(20) == 0 ? 200 : 8;
                set.PriceTicks = Math.Clamp(mark - width + _random.Below((2 * width) + 1), 400, 2_500);
                return Unsafe.SizeOf<SetMarkPrice>();
        }
    }

    private ref T Begin<T>(CommandType type)
        where T : unmanaged
    {
        _bytes.AsSpan().Clear();
        MemoryMarshal.AsRef<CommandHeader>(_bytes.AsSpan()).Type = type;
        return ref MemoryMarshal.AsRef<T>(_bytes.AsSpan());
    }
}
