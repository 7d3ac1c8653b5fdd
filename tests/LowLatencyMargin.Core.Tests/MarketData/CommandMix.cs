using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests.MarketData;

/// <summary>Random commands of every kind that can touch a book, valid often enough, in a market or two that liquidate now and then.</summary>
internal sealed class CommandMix
{
    private const int Recent = 96;
    private const int Millisecond = 1_000_000;

    /// <summary>When it begins.</summary>
    internal const long StartNs = 1_700_000_000_000 * Millisecond;

    private readonly Exchange _exchange;
    private readonly SplitMix _random;
    private readonly int _firstAccount;
    private readonly int _accounts;
    private readonly int _markets;
    private readonly (long Account, long Order)[] _recent = new (long, long)[Recent];
    private readonly byte[] _bytes = new byte[CommandHeader.MaxCommandBytes];
    private readonly List<long>[] _prices = [[], []];
    private readonly Queue<(long Account, long Market)> _stopped = [];
    private long _clientIds;
    private long _timeNs = StartNs;
    private int _next;

    public CommandMix(Exchange exchange, ulong seed, int firstAccount, int accounts, int markets)
    {
        _exchange = exchange;
        _random = new SplitMix(seed);
        _firstAccount = firstAccount;
        _accounts = accounts;
        _markets = markets;
    }

    /// <summary>How often each event came.</summary>
    public Dictionary<EventType, int> Seen { get; } = [];

    /// <summary>How often each kind of command was accepted.</summary>
    public Dictionary<CommandType, int> Accepted { get; } = [];

    public ResultCode Step()
    {
        long account = _firstAccount + _random.Below(_accounts);
        int market = 1 + _random.Below(_markets);
        _bytes.AsSpan().Clear();
        int length = Fill(account, market);
        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(_bytes.AsSpan());
        header.LengthBytes = (uint)length;
        header.Version = Exchange.CommandVersion;
        header.Sequence = _exchange.Sequence + 1;
        header.TimeNs = _timeNs += _random.Below(40) * Millisecond;
        CommandType type = header.Type;
        ResultCode code = _exchange.Apply(_bytes.AsSpan(0, length));
        if (code == ResultCode.Accepted)
        {
            Accepted[type] = Accepted.GetValueOrDefault(type) + 1;
        }

        foreach (ref readonly EventSlot slot in _exchange.Events.Span)
        {
            Seen[slot.Header.Type] = Seen.GetValueOrDefault(slot.Header.Type) + 1;
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
        if (Once(10) && Calm(market) is var calm and not 0)
        {
            return calm;
        }

        (long owner, long order) = Live();
        switch (_random.Below(64))
        {
            case < 16:
                Fill(ref Begin<PlaceOrder>(CommandType.PlaceOrder), account, market);
                return Unsafe.SizeOf<PlaceOrder>();
            case < 28:
                FillWithTerms(ref Begin<PlaceOrderWithTerms>(CommandType.PlaceOrderWithTerms), account, market, owner, order);
                return Unsafe.SizeOf<PlaceOrderWithTerms>();
            case < 36:
                ref CancelOrder cancel = ref Begin<CancelOrder>(CommandType.CancelOrder);
                (cancel.AccountId, cancel.OrderId) = (owner, order);
                return Unsafe.SizeOf<CancelOrder>();
            case < 42:
                ref ModifyOrder modify = ref Begin<ModifyOrder>(CommandType.ModifyOrder);
                (modify.AccountId, modify.OrderId) = (owner, order);
                modify.QuantityLots = _random.Below(16);
                modify.PriceTicks = Once(2) ? 0 : Near(market);
                modify.TriggerTicks = Once(8) ? Near(market) : 0;
                return Unsafe.SizeOf<ModifyOrder>();
            case < 46:
                return FillBatch(account, market);
            case < 49:
                return FillQuotes(account, market);
            case 49:
                ref SetBracket bracket = ref Begin<SetBracket>(CommandType.SetBracket);
                (bracket.AccountId, bracket.MarketId) = (account, market);
                (bracket.StopLossTicks, bracket.TakeProfitTicks) = (Near(market), Near(market));
                bracket.Source = (TriggerSource)_random.Below(3);
                return Unsafe.SizeOf<SetBracket>();
            case 50:
                return FillProtection(account, market);
            case < 53:
                ref Deposit deposit = ref Begin<Deposit>(CommandType.Deposit);
                (deposit.AccountId, deposit.AssetId, deposit.AmountUnits) = (account, 1, 1 + _random.Below(3_000));
                return Unsafe.SizeOf<Deposit>();
            case 53:
                _ = Begin<Tick>(CommandType.Tick);
                return Unsafe.SizeOf<Tick>();
            case 54 when Once(3):
                ref ForceFunding force = ref Begin<ForceFunding>(CommandType.ForceFunding);
                force.MarketId = market;
                return Unsafe.SizeOf<ForceFunding>();
            case 54:
                ref SetIndexPrice index = ref Begin<SetIndexPrice>(CommandType.SetIndexPrice);
                (index.MarketId, index.PriceTicks) = (market, Near(market));
                return Unsafe.SizeOf<SetIndexPrice>();
            default:
                ref SetMarkPrice set = ref Begin<SetMarkPrice>(CommandType.SetMarkPrice);
                int width = Once(20) ? 200 : 8;
                set.MarketId = market;
                set.PriceTicks = Math.Clamp(Mark(market) - width + _random.Below((2 * width) + 1), 400, 2_500);
                return Unsafe.SizeOf<SetMarkPrice>();
        }
    }

    /// <summary>Opens a market, or lets a stopped account go on: 0 when there is no need.</summary>
    private int Calm(int market)
    {
        if (_exchange.State!.Markets[market].State != MarketState.Open)
        {
            ref SetMarketState open = ref Begin<SetMarketState>(CommandType.SetMarketState);
            open.MarketId = market;
            return Unsafe.SizeOf<SetMarketState>();
        }

        if (_stopped.Count == 0)
        {
            return 0;
        }

        ref KillSwitch resume = ref Begin<KillSwitch>(CommandType.KillSwitch);
        (resume.AccountId, resume.MarketId) = _stopped.Dequeue();
        return Unsafe.SizeOf<KillSwitch>();
    }

    /// <summary>An order accepted lately, more often than not one that is still open.</summary>
    private (long Account, long Order) Live()
    {
        (long Account, long Order) pick = default;
        for (int tries = 0; tries < 12; tries++)
        {
            pick = _recent[_random.Below(Recent)];
            if (pick.Account != 0 && _exchange.State!.FindOrder(pick.Order, (int)pick.Account) != 0)
            {
                break;
            }
        }

        return pick;
    }

    private void Fill(ref PlaceOrder place, long account, int market)
    {
        place.AccountId = account;
        place.MarketId = market;
        place.ClientOrderId = Once(40) ? _clientIds : ++_clientIds;
        place.Side = (Side)_random.Below(2);
        place.QuantityLots = 1 + _random.Below(Once(12) ? 60 : 12);
        place.Type = Once(8) ? OrderType.Market : OrderType.Limit;
        place.TimeInForce = Once(5) ? (TimeInForce)_random.Below(5) : TimeInForce.GoodTillCancel;
        place.SelfTrade = Once(2) ? (SelfTradePrevention)_random.Below(6) : SelfTradePrevention.MarketRule;
        place.Flags = Once(3) ? (OrderFlags)(1 << _random.Below(5)) : OrderFlags.None;
        if (place.Flags == OrderFlags.Reprice)
        {
            place.Flags |= OrderFlags.PostOnly;
        }

        // mostly behind the mark, so that a book builds up; now and then far away, beyond the window of a ladder
        place.PriceTicks = place.Type == OrderType.Market ? 0
            : Once(25) ? Far(place.Side, market)
            : Once(3) ? Near(market)
            : Behind(place.Side, market);
    }

    private void FillWithTerms(ref PlaceOrderWithTerms place, long account, int market, long linkOwner, long link)
    {
        Fill(ref place.Order, account, market);
        ref OrderTerms terms = ref place.Terms;
        switch (_random.Below(3))
        {
            case 0:
                place.Order.Type = OrderType.Limit;
                place.Order.PriceTicks = Near(market);
                place.Order.TimeInForce = TimeInForce.GoodTillCancel;
                place.Order.Flags = OrderFlags.None;
                place.Order.QuantityLots = 4 + _random.Below(60);
                terms.DisplayLots = 1 + _random.Below((int)place.Order.QuantityLots);
                break;
            case 1:
                place.Order.TimeInForce = TimeInForce.GoodTillTime;
                terms.ExpiresNs = _timeNs + ((1 + _random.Below(2_000)) * (long)Millisecond);
                break;
            default:
                place.Order.Flags = Once(3) ? OrderFlags.ReduceOnly : OrderFlags.None;
                place.Order.TimeInForce = Once(4) ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancel;
                terms.Trigger = (TriggerKind)(1 + _random.Below(4));
                terms.Source = (TriggerSource)_random.Below(3);
                if (terms.Trigger < TriggerKind.TrailingStop)
                {
                    terms.TriggerTicks = Near(market);
                }
                else
                {
                    terms.TrailTicks = 1 + _random.Below(12);
                    terms.ActivationTicks = terms.Trigger == TriggerKind.TrailingTakeProfit || Once(3) ? Near(market) : 0;
                }

                break;
        }

        if (Once(6))
        {
            (place.Order.AccountId, terms.LinkedOrderId) = (linkOwner, link);
        }
    }

    private int FillBatch(long account, int market)
    {
        ref OrderBatch batch = ref Begin<OrderBatch>(CommandType.OrderBatch);
        (batch.AccountId, batch.MarketId) = (account, market);
        batch.Mode = (BatchMode)_random.Below(2);
        batch.SelfTrade = (SelfTradePrevention)_random.Below(6);
        batch.Count = (ushort)(1 + _random.Below(Once(8) ? OrderBatch.MaxItems : 12));
        Span<BatchItem> items = MemoryMarshal.Cast<byte, BatchItem>(_bytes.AsSpan(Unsafe.SizeOf<OrderBatch>()))[..batch.Count];
        long firstClientId = _clientIds;
        foreach (ref BatchItem item in items)
        {
            item.Action = Once(3) ? (BatchAction)_random.Below(3) : BatchAction.Place;
            if (item.Action == BatchAction.Place)
            {
                item.ClientOrderId = ++_clientIds;
                item.Side = (Side)_random.Below(2);
                item.Flags = Once(6) ? OrderFlags.PostOnly : Once(6) ? OrderFlags.Hidden : OrderFlags.None;
            }
            else if (Once(2) && _clientIds > firstClientId)
            {
                // an order that this very batch made
                item.ClientOrderId = firstClientId + 1 + _random.Below((int)(_clientIds - firstClientId));
            }
            else
            {
                item.OrderId = OrderOf(account, market);
            }

            if (item.Action != BatchAction.Cancel)
            {
                item.PriceTicks = Near(market);
                item.QuantityLots = 1 + _random.Below(12);
            }
        }

        return Unsafe.SizeOf<OrderBatch>() + (batch.Count * Unsafe.SizeOf<BatchItem>());
    }

    private int FillQuotes(long account, int market)
    {
        ref MassQuote quote = ref Begin<MassQuote>(CommandType.MassQuote);
        (quote.AccountId, quote.MarketId, quote.QuoteId) = (account, market, ++_clientIds);
        quote.Flags = Once(2) ? OrderFlags.PostOnly : OrderFlags.None;
        quote.SelfTrade = (SelfTradePrevention)_random.Below(6);
        long middle = Near(market);
        Ladder(_prices[0], middle, -1);
        Ladder(_prices[1], middle + 1, 1);
        quote.Bids = (ushort)_prices[0].Count;
        quote.Asks = (ushort)_prices[1].Count;
        Span<QuoteLevel> levels = MemoryMarshal.Cast<byte, QuoteLevel>(_bytes.AsSpan(Unsafe.SizeOf<MassQuote>()));
        int count = 0;
        foreach (long price in _prices[0].Concat(_prices[1]))
        {
            levels[count++] = new QuoteLevel { PriceTicks = price, QuantityLots = 1 + _random.Below(9) };
        }

        return Unsafe.SizeOf<MassQuote>() + (count * Unsafe.SizeOf<QuoteLevel>());
    }

    private void Ladder(List<long> prices, long from, int step)
    {
        prices.Clear();
        for (int left = _random.Below(6); left > 0; left--)
        {
            prices.Add(from);
            from += step * (1 + _random.Below(3));
        }
    }

    private int FillProtection(long account, int market)
    {
        switch (_random.Below(7))
        {
            case < 2:
                ref CancelOrders cancel = ref Begin<CancelOrders>(CommandType.CancelOrders);
                (cancel.AccountId, cancel.MarketId) = (account, Once(4) ? 0 : market);
                (cancel.Sides, cancel.SpareStops) = ((SideFilter)_random.Below(3), (byte)_random.Below(2));
                return Unsafe.SizeOf<CancelOrders>();
            case 2:
                ref SetMakerProtection protection = ref Begin<SetMakerProtection>(CommandType.SetMakerProtection);
                (protection.AccountId, protection.MarketId) = (account, market);
                (protection.QuantityLots, protection.Fills, protection.WindowMs, protection.FrozenMs) = (10 + _random.Below(40), 3, 2_000, 500);
                return Unsafe.SizeOf<SetMakerProtection>();
            case 3:
                ref CancelAllAfter timer = ref Begin<CancelAllAfter>(CommandType.CancelAllAfter);
                (timer.AccountId, timer.TimeoutMs) = (account, Once(3) ? 0 : 1_000 + _random.Below(4_000));
                return Unsafe.SizeOf<CancelAllAfter>();
            case 4:
                ref KillSwitch kill = ref Begin<KillSwitch>(CommandType.KillSwitch);
                (kill.AccountId, kill.MarketId) = (Once(8) ? 0 : account, market);
                kill.On = 1;
                _stopped.Enqueue((kill.AccountId, kill.MarketId));
                return Unsafe.SizeOf<KillSwitch>();
            case 5:
                ref SetTradeGroup group = ref Begin<SetTradeGroup>(CommandType.SetTradeGroup);
                (group.AccountId, group.GroupId) = (account, _random.Below(4));
                return Unsafe.SizeOf<SetTradeGroup>();
            default:
                ref SetMarketState state = ref Begin<SetMarketState>(CommandType.SetMarketState);
                state.MarketId = market;
                state.State = Once(2) ? (MarketState)_random.Below(7) : MarketState.Open;
                return Unsafe.SizeOf<SetMarketState>();
        }
    }

    private long OrderOf(long account, int market)
    {
        int start = _random.Below(Recent);
        for (int i = 0; i < Recent; i++)
        {
            (long owner, long order) = _recent[(start + i) % Recent];
            int slot = owner == account ? _exchange.State!.FindOrder(order, (int)account) : 0;
            if (slot != 0 && (Once(12) || _exchange.State!.Positions[_exchange.State!.Orders[slot].Position].Market == market))
            {
                return order;
            }
        }

        return 1;
    }

    private bool Once(int of) => _random.Below(of) == 0;

    private long Mark(int market) => _exchange.State!.Markets[market].MarkTicks;

    private long Near(int market) => Math.Max(1, Mark(market) - 20 + _random.Below(41));

    private long Behind(Side side, int market) =>
        Math.Max(1, side == Side.Buy ? Mark(market) - 5 - _random.Below(40) : Mark(market) + 5 + _random.Below(40));

    private long Far(Side side, int market) => side == Side.Sell ? Mark(market) + _random.Below(200_000) : 1 + _random.Below((int)Mark(market));

    private ref T Begin<T>(CommandType type)
        where T : unmanaged
    {
        MemoryMarshal.AsRef<CommandHeader>(_bytes.AsSpan()).Type = type;
        return ref MemoryMarshal.AsRef<T>(_bytes.AsSpan());
    }
}
