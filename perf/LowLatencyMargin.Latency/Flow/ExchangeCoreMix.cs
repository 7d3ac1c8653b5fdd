using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Latency.Flow;

/// <summary>
/// The order flow of exchange-core's benchmark, from its description: a book kept at a target size by new orders, and mostly moves of one
/// of the oldest resting orders towards the last price; about 12 % new, 2 % immediate, 7 % cancels, 7 % reductions, 72 % moves; a few percent
/// trade. Here every account trades on margin, and the mark follows the last price every 1,000 commands.
/// </summary>
internal sealed class ExchangeCoreMix
{
    private const int StartTicks = 200_000;
    private const int DeviationTicks = 10_000;
    private const int OldestOrders = 512;
    private const int CountersRefreshed = 512;
    private const int MarkEvery = 1_000;

    private readonly Queue<long> _broke = new();
    private readonly FlowBuilder _flow;
    private readonly Prng _prng;
    private readonly LiveOrders _live;
    private readonly int _target;
    private readonly long _firstAccount;
    private readonly int _accounts;
    private readonly long _minTicks = StartTicks - (5 * DeviationTicks);
    private readonly long _maxTicks = StartTicks + (5 * DeviationTicks);
    private readonly bool _uniformTargets;
    private long _lastTicks = StartTicks;
    private int _direction;
    private bool _filled;
    private int _bids;
    private int _asks;
    private long _clientOrderId;

    public ExchangeCoreMix(FlowBuilder flow, ulong seed, int restingOrders, long firstAccount, int accounts, bool uniformTargets = false)
    {
        _flow = flow;
        _prng = new Prng(seed);
        _target = restingOrders;
        _firstAccount = firstAccount;
        _accounts = accounts;
        _uniformTargets = uniformTargets;
        _live = new LiveOrders(uniformTargets ? int.MaxValue : OldestOrders);
    }

    public static long StartPrice => StartTicks;

    /// <summary>A mark of its own in place of the last price.</summary>
    public MarkSwing? Swing { get; init; }

    /// <summary>How many commands in a hundred are immediate orders near the last price, besides those of the mix.</summary>
    public int ImmediatePercent { get; init; }

    /// <summary>What an account gets again after a liquidation; 0: nothing.</summary>
    public long RefillUnits { get; init; }

    /// <summary>New orders until the book has its target size; not measured.</summary>
    public void Fill()
    {
        for (int i = 0; i < _target; i++)
        {
            PlaceResting(_prng.Below(4) >= 2 ? Side.Sell : Side.Buy);
        }
    }

    /// <summary>Commands of the steady state.</summary>
    public void Run(int commands, Action<int>? progress = null)
    {
        int refresh = Math.Min(CountersRefreshed, _target + 1);
        for (int i = 0; i < commands; i++)
        {
            if (i % refresh == 0)
            {
                _bids = _live.Bids;
                _asks = _live.Asks;
                progress?.Invoke(i);
            }

            int markEvery = Swing?.Every ?? MarkEvery;
            if (i % markEvery == markEvery - 1)
            {
                var mark = new SetMarkPrice { MarketId = 1, PriceTicks = Swing?.Next(_lastTicks) ?? _lastTicks };
                _flow.Send(CommandType.SetMarkPrice, ref mark);
                Observe();
            }
            else if (_flow.Exchange.HasPendingWork)
            {
                var tick = default(Tick);
                _flow.Send(CommandType.Tick, ref tick);
                Observe();
            }
            else if (_broke.TryDequeue(out long account))
            {
                var deposit = new Deposit { AccountId = account, AssetId = 1, AmountUnits = RefillUnits };
                _flow.Send(CommandType.Deposit, ref deposit);
            }
            else
            {
                Step();
            }
        }
    }

    private void Step()
    {
        if (ImmediatePercent > 0 && _prng.Below(100) < ImmediatePercent)
        {
            PlaceNear(_prng.Below(2) == 0 ? Side.Buy : Side.Sell);
            return;
        }

        Side side = _prng.Below(4) + _direction >= 2 ? Side.Buy : Side.Sell;
        int half = _target / 2;
        int lack = half - (side == Side.Buy ? _bids : _asks);
        bool grow = lack > 0;
        _filled |= !grow;
        bool fast = !_filled || lack > Math.Min(512, half * 3 / 4);
        int q = grow ? (fast ? _prng.Below(2) : _prng.Below(10)) : _prng.Below(40);
        if (q < 2 || _live.Count == 0)
        {
            if (grow)
            {
                PlaceResting(_prng.Below(4) + _direction >= 2 ? Side.Buy : Side.Sell);
            }
            else
            {
                PlaceImmediate(side);
            }
        }
        else if (q == 2)
        {
            Cancel();
        }
        else if (q == 3)
        {
            Reduce();
        }
        else
        {
            Move();
        }
    }

    private long Size() => 1 + (_prng.Below(6) * _prng.Below(6) * _prng.Below(6));

    private long Account() => _firstAccount + _prng.Below(_accounts);

    private void PlaceResting(Side side)
    {
        double u = _prng.Unit();
        int d = 1 + (int)(u * u * DeviationTicks);
        long offset = ((long)(_prng.Below(d) + _prng.Below(d) + _prng.Below(d) + _prng.Below(d)) / 4 * 2) - d;
        long price = side == Side.Buy ? _lastTicks - Math.Abs(offset) : _lastTicks + Math.Abs(offset);
        Place(side, Math.Max(1, price), Size(), TimeInForce.GoodTillCancel);
    }

    private void PlaceImmediate(Side side) => Place(side, side == Side.Buy ? _maxTicks : _minTicks, Size(), TimeInForce.ImmediateOrCancel);

    /// <summary>Takes what stands within a percent or so of the last price: what an account with little money can afford.</summary>
    private void PlaceNear(Side side)
    {
        long limit = _lastTicks + ((side == Side.Buy ? 1 : -1) * _lastTicks / 100);
        Place(side, Math.Clamp(limit, _minTicks, _maxTicks), Size(), TimeInForce.ImmediateOrCancel);
    }

    private void Place(Side side, long priceTicks, long lots, TimeInForce timeInForce)
    {
        var order = new PlaceOrder
        {
            AccountId = Account(),
            MarketId = 1,
            ClientOrderId = ++_clientOrderId,
            PriceTicks = priceTicks,
            QuantityLots = lots,
            Side = side,
            TimeInForce = timeInForce,
        };
        _flow.Send(CommandType.PlaceOrder, ref order);
        Observe();
    }

    private void Cancel()
    {
        long id = _live.Pick(_prng, out long account);
        var cancel = new CancelOrder { AccountId = account, OrderId = id };
        _flow.Send(CommandType.CancelOrder, ref cancel);
        Observe();
    }

    private void Reduce()
    {
        long id = _live.Pick(_prng, out long account);
        ref readonly Order resting = ref _flow.Exchange.State!.Orders[Order.SlotOf(id)];
        long by = 1 + _prng.Below((int)resting.LeavesLots);
        long total = Math.Max(1, resting.QuantityLots - by);
        if (total == resting.QuantityLots)
        {
            var cancel = new CancelOrder { AccountId = account, OrderId = id };
            _flow.Send(CommandType.CancelOrder, ref cancel);
        }
        else
        {
            var modify = new ModifyOrder { AccountId = account, OrderId = id, QuantityLots = total };
            _flow.Send(CommandType.ModifyOrder, ref modify);
        }

        Observe();
    }

    private void Move()
    {
        long id = _live.Pick(_prng, out long account);
        long price = _flow.Exchange.State!.Orders[Order.SlotOf(id)].PriceTicks;
        double delta = (_lastTicks - price) * 0.01;
        long step = delta > 0 ? (long)Math.Ceiling(delta) : delta < 0 ? (long)Math.Floor(delta) : _prng.Below(2) == 0 ? 1 : -1;
        var modify = new ModifyOrder { AccountId = account, OrderId = id, PriceTicks = Math.Clamp(price + step, 1, _maxTicks) };
        _flow.Send(CommandType.ModifyOrder, ref modify);
        Observe();
    }

    /// <summary>Learns from the events which orders live and what the last price is.</summary>
    private void Observe()
    {
        ReadOnlySpan<EventSlot> events = _flow.Events;
        for (int i = 0; i < events.Length; i++)
        {
            ref readonly EventSlot slot = ref events[i];
            switch (slot.Header.Type)
            {
                case EventType.OrderAccepted when (slot.Header.Flags & EventFlags.Immediate) == 0:
                    ref readonly OrderChanged accepted = ref EventSlot.As<OrderChanged>(in slot);
                    _live.Add(accepted.OrderId, accepted.AccountId, slot.Header.Side);
                    break;
                case EventType.OrderCancelled:
                    _live.Remove(EventSlot.As<OrderChanged>(in slot).OrderId);
                    break;
                case EventType.Trade:
                    _lastTicks = Math.Clamp(EventSlot.As<Trade>(in slot).PriceTicks, _minTicks, _maxTicks);
                    _direction = _lastTicks <= _minTicks ? 1 : _lastTicks >= _maxTicks ? -1 : _direction;
                    break;
                case EventType.Fill when EventSlot.As<Fill>(in slot).LeavesLots == 0:
                    _live.Remove(EventSlot.As<Fill>(in slot).OrderId);
                    break;
                case EventType.LiquidationFinished when RefillUnits > 0:
                    _broke.Enqueue(EventSlot.As<LiquidationFinished>(in slot).AccountId);
                    break;
                case EventType.Rejected:
                    _bids = _live.Bids;
                    _asks = _live.Asks;
                    break;
                default:
                    break;
            }
        }
    }
}
