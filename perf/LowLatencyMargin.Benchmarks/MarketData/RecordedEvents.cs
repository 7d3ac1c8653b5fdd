using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Benchmarks.MarketData;

/// <summary>
/// Events of a market with a steady book: of a hundred commands 75 move an order, 12 place one, 7 cancel one, and 6 take from the best price.
/// </summary>
internal sealed class RecordedEvents : IDisposable
{
    private const long MarkTicks = 50_000;
    private const int WidthTicks = 250;
    private const int Accounts = 64;

    private readonly Random _random = new(17);
    private readonly List<(long Account, long Order)> _live = [];
    private readonly List<EventSlot> _events = [];
    private readonly int _resting;

    public RecordedEvents(int resting, int events)
    {
        _resting = resting;
        var genesis = new Genesis
        {
            MaxAccounts = 128,
            MaxOrders = 4 * resting,
            MaxPositions = 128,
            MaxAssets = 2,
            MaxMarkets = 2,
            MaxWorkPerCommand = 1024,
        };
        Send(CommandType.Genesis, ref genesis);
        _ = Symbol.TryParse("USDC", out Symbol usdc);
        var asset = new AddAsset { Symbol = usdc, Decimals = 6 };
        Send(CommandType.AddAsset, ref asset);
        _ = Symbol.TryParse("BTC-PERP", out Symbol symbol);
        var market = new ListMarket
        {
            Symbol = symbol,
            BaseSymbol = usdc,
            QuoteAssetId = 1,
            TickSizeE9 = 1_000_000,
            LotSizeE9 = 1_000_000,
            LadderTicks = 4_096,
            Parameters = MarketParameters.Default with { MaxOpenOrders = 100_000 },
        };
        Send(CommandType.ListMarket, ref market);
        var mark = new SetMarkPrice { MarketId = 1, PriceTicks = MarkTicks };
        Send(CommandType.SetMarkPrice, ref mark);
        for (int i = 0; i < Accounts; i++)
        {
            var create = new CreateAccount { OwnerId = 1 };
            Send(CommandType.CreateAccount, ref create);
            var deposit = new Deposit { AccountId = Exchange.State!.Accounts.HighWater, AssetId = 1, AmountUnits = 1L << 50 };
            Send(CommandType.Deposit, ref deposit);
        }

        while (_live.Count < resting)
        {
            PlaceBehind();
        }

        Before = [.. _events];
        _events.Clear();
        while (_events.Count < events)
        {
            Step();
        }

        Events = [.. _events.Take(events)];
    }

    /// <summary>Events until the book stands.</summary>
    public EventSlot[] Before { get; }

    /// <summary>Events behind those.</summary>
    public EventSlot[] Events { get; }

    public Exchange Exchange { get; } = new();

    public void Dispose() => Exchange.Dispose();

    private void Step()
    {
        int kind = _random.Next(100);
        int at = _random.Next(_live.Count);
        if (kind < 6 && _live.Count > _resting * 9 / 10)
        {
            Place((Side)_random.Next(2), MarkTicks, 1 + _random.Next(40), TimeInForce.ImmediateOrCancel);
        }
        else if (kind < 13)
        {
            var cancel = new CancelOrder { AccountId = _live[at].Account, OrderId = _live[at].Order };
            Remove(at);
            Send(CommandType.CancelOrder, ref cancel);
        }
        else if (kind < 25 || _live.Count < _resting)
        {
            PlaceBehind();
        }
        else
        {
            var modify = new ModifyOrder { AccountId = _live[at].Account, OrderId = _live[at].Order };
            int slot = Order.SlotOf(modify.OrderId);
            Order order = Exchange.State!.Orders[slot];
            if (order.Position == 0 || Order.IdOf(slot, order.Generation) != modify.OrderId)
            {
                Remove(at);
                return;
            }

            modify.PriceTicks = Behind(order.Side);
            Send(CommandType.ModifyOrder, ref modify);
        }
    }

    private void Remove(int at)
    {
        _live[at] = _live[^1];
        _live.RemoveAt(_live.Count - 1);
    }

    private long Behind(Side side)
    {
        long distance = 1 + Math.Min(_random.Next(WidthTicks), _random.Next(WidthTicks));
        return side == Side.Buy ? MarkTicks - distance : MarkTicks + distance;
    }

    private void PlaceBehind()
    {
        var side = (Side)_random.Next(2);
        Place(side, Behind(side), 1 + _random.Next(20), TimeInForce.GoodTillCancel);
    }

    private void Place(Side side, long ticks, int lots, TimeInForce timeInForce)
    {
        long account = 2 + _random.Next(Accounts);
        var order = new PlaceOrder
        {
            AccountId = account,
            MarketId = 1,
            PriceTicks = timeInForce == TimeInForce.GoodTillCancel ? ticks : side == Side.Buy ? ticks + 30 : ticks - 30,
            QuantityLots = lots,
            Side = side,
            TimeInForce = timeInForce,
            SelfTrade = SelfTradePrevention.None,
        };
        Send(CommandType.PlaceOrder, ref order);
        if (timeInForce == TimeInForce.GoodTillCancel && Exchange.Events.Span[0].Header.Type == EventType.OrderAccepted)
        {
            _live.Add((account, EventSlot.As<OrderChanged>(in Exchange.Events.Span[0]).OrderId));
        }
    }

    private void Send<T>(CommandType type, ref T command)
        where T : unmanaged
    {
        Unsafe.As<T, CommandHeader>(ref command) = new CommandHeader
        {
            LengthBytes = (uint)Unsafe.SizeOf<T>(),
            Type = type,
            Version = Exchange.CommandVersion,
            Sequence = Exchange.Sequence + 1,
            TimeNs = Exchange.Sequence,
        };
        ResultCode code = Exchange.Apply(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in command)));
        if (code != ResultCode.Accepted && type is not (CommandType.ModifyOrder or CommandType.CancelOrder or CommandType.PlaceOrder))
        {
            throw new InvalidOperationException($"{type}: {ResultText.Of(code)}");
        }

        _events.AddRange(Exchange.Events.Span);
    }
}
