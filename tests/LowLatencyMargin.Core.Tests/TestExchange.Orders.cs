using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Orders with flags and terms, lists of orders, protections.</summary>
internal sealed partial class TestExchange
{
    public const long Second = 1_000_000_000;

    /// <summary>A limit order with terms; the exchange's id of it if it was accepted.</summary>
    public ResultCode Order(PlaceOrder order, OrderTerms terms = default, long clientOrderId = 0)
    {
        PlaceOrderWithTerms command = new() { Order = order, Terms = terms };
        command.Order.ClientOrderId = clientOrderId;
        return Noted(Send(ref command, CommandType.PlaceOrderWithTerms));
    }

    /// <summary>A limit order, to be changed with <c>with</c>.</summary>
    public static PlaceOrder Limit(long account, long market, Side side, long lots, long ticks, OrderFlags flags = OrderFlags.None) => new()
    {
        AccountId = account,
        MarketId = market,
        Side = side,
        QuantityLots = lots,
        PriceTicks = ticks,
        Flags = flags,
    };

    /// <summary>A market order, to be changed with <c>with</c>.</summary>
    public static PlaceOrder AtMarket(long account, long market, Side side, long lots, OrderFlags flags = OrderFlags.None) =>
        Limit(account, market, side, lots, 0, flags) with { Type = OrderType.Market };

    public static OrderTerms Stop(long ticks, TriggerSource source = TriggerSource.Mark) =>
        new() { Trigger = TriggerKind.Stop, TriggerTicks = ticks, Source = source };

    public static OrderTerms TakeProfit(long ticks, TriggerSource source = TriggerSource.Mark) =>
        new() { Trigger = TriggerKind.TakeProfit, TriggerTicks = ticks, Source = source };

    public ResultCode CancelAll(long account, long market = 0, SideFilter sides = SideFilter.Both, byte spareStops = 0)
    {
        CancelOrders command = new() { AccountId = account, MarketId = market, Sides = sides, SpareStops = spareStops };
        return Send(ref command, CommandType.CancelOrders);
    }

    public ResultCode Bracket(long account, long market, long stop, long take, TriggerSource source = TriggerSource.Mark, long position = 0)
    {
        SetBracket command = new()
        {
            AccountId = account,
            MarketId = market,
            StopLossTicks = stop,
            TakeProfitTicks = take,
            Source = source,
            PositionId = position,
        };
        return Send(ref command, CommandType.SetBracket);
    }

    public ResultCode Protect(long account, long market, long lots = 0, long delta = 0, int fills = 0, int windowMs = 1_000, int frozenMs = 0)
    {
        SetMakerProtection command = new()
        {
            AccountId = account,
            MarketId = market,
            QuantityLots = lots,
            DeltaLots = delta,
            Fills = fills,
            WindowMs = windowMs,
            FrozenMs = frozenMs,
        };
        return Send(ref command, CommandType.SetMakerProtection);
    }

    public ResultCode DeadMan(long account, int timeoutMs, byte spareStops = 0)
    {
        CancelAllAfter command = new() { AccountId = account, TimeoutMs = timeoutMs, SpareStops = spareStops };
        return Send(ref command, CommandType.CancelAllAfter);
    }

    public ResultCode Kill(long account, long market, byte on = 1, byte spareStops = 0)
    {
        KillSwitch command = new() { AccountId = account, MarketId = market, On = on, SpareStops = spareStops };
        return Send(ref command, CommandType.KillSwitch);
    }

    public ResultCode SetState(long market, MarketState to)
    {
        SetMarketState command = new() { MarketId = market, State = to };
        return Send(ref command, CommandType.SetMarketState);
    }

    public ResultCode Settle(long market, long priceTicks, long dueNs = 0)
    {
        SettleMarket command = new() { MarketId = market, PriceTicks = priceTicks, DueNs = dueNs };
        return Send(ref command, CommandType.SettleMarket);
    }

    public ResultCode LimitRate(long account, int perSecond, int burst, int reserve = 0)
    {
        SetRateLimit command = new() { AccountId = account, PerSecond = perSecond, Burst = burst, Reserve = reserve };
        return Send(ref command, CommandType.SetRateLimit);
    }

    public ResultCode Group(long account, long group)
    {
        SetTradeGroup command = new() { AccountId = account, GroupId = group };
        return Send(ref command, CommandType.SetTradeGroup);
    }

    public ResultCode Index(long market, long ticks)
    {
        SetIndexPrice command = new() { MarketId = market, PriceTicks = ticks };
        return Send(ref command, CommandType.SetIndexPrice);
    }

    public ResultCode Funding(long market, FundingRules rules)
    {
        SetFundingRules command = new() { MarketId = market, Rules = rules };
        return Send(ref command, CommandType.SetFundingRules);
    }

    public ResultCode FundingOff(long market) => Funding(market, FundingRules.Default with { IsOn = 0 });

    public ResultCode ForceFunding(long market)
    {
        ForceFunding command = new() { MarketId = market };
        return Send(ref command, CommandType.ForceFunding);
    }

    public ResultCode CancelByClient(long account, long clientOrderId)
    {
        CancelOrder command = new() { AccountId = account, ClientOrderId = clientOrderId };
        return Send(ref command, CommandType.CancelOrder);
    }

    public ResultCode ModifyTrigger(long account, long order, long ticks)
    {
        ModifyOrder command = new() { AccountId = account, OrderId = order, TriggerTicks = ticks };
        return Send(ref command, CommandType.ModifyOrder);
    }

    public ResultCode Batch(long account, long market, BatchMode mode, params BatchItem[] items) =>
        Batch(new OrderBatch { AccountId = account, MarketId = market, Mode = mode, Count = (ushort)items.Length }, items);

    public ResultCode Batch(OrderBatch batch, BatchItem[] items) => SendList(ref batch, CommandType.OrderBatch, items);

    public static BatchItem Placed(
        Side side, long lots, long ticks, OrderFlags flags = OrderFlags.None, TimeInForce timeInForce = TimeInForce.GoodTillCancel) =>
        new() { Side = side, QuantityLots = lots, PriceTicks = ticks, Flags = flags, TimeInForce = timeInForce };

    public static BatchItem Cancelled(long order) => new() { Action = BatchAction.Cancel, OrderId = order };

    public static BatchItem Changed(long order, long lots, long ticks) =>
        new() { Action = BatchAction.Modify, OrderId = order, QuantityLots = lots, PriceTicks = ticks };

    /// <summary>A mass quote; levels are lots at ticks.</summary>
    public ResultCode Quote(
        long account, long market, (long Lots, long Ticks)[] bids, (long Lots, long Ticks)[] asks, OrderFlags flags = OrderFlags.None,
        SelfTradePrevention selfTrade = SelfTradePrevention.MarketRule)
    {
        MassQuote quote = new()
        {
            AccountId = account,
            MarketId = market,
            QuoteId = 77,
            Bids = (ushort)bids.Length,
            Asks = (ushort)asks.Length,
            Flags = flags,
            SelfTrade = selfTrade,
        };
        return SendList(ref quote, CommandType.MassQuote,
            [.. bids.Concat(asks).Select(l => new QuoteLevel { QuantityLots = l.Lots, PriceTicks = l.Ticks })]);
    }

    public ResultCode Rules(long account, TraderRules rules)
    {
        SetTraderRules command = new() { AccountId = account, Rules = rules };
        return Send(ref command, CommandType.SetTraderRules);
    }

    public ResultCode ResumeTrading(long account)
    {
        ResumeTrading command = new() { AccountId = account };
        return Send(ref command, CommandType.ResumeTrading);
    }

    /// <summary>Ticks until nothing is left over; how many it took.</summary>
    public int TickUntilDone()
    {
        int ticks = 0;
        while (Exchange.HasPendingWork)
        {
            Expect(ResultCode.Accepted, Tick());
            Assert.That(++ticks, Is.LessThan(10_000), "work that is left over ends");
        }

        return ticks;
    }

    /// <summary>Why orders were cancelled by the last command, in order.</summary>
    public CancelReason[] Cancels() =>
        [.. Events<OrderChanged>(EventType.OrderCancelled).Select(cancelled => (CancelReason)cancelled.Header.Detail)];

    public int OpenOrders(int account, int market) => Position(account, market).OpenOrders;

    public long Size(int account, int market) => Position(account, market).SizeLots;

    /// <summary>The id of the newest open order, 0 when there is none.</summary>
    public long FirstOrder(int account, int market)
    {
        int slot = Position(account, market).FirstOrder;
        return slot == 0 ? 0 : Matching.Order.IdOf(slot, State.Orders[slot].Generation);
    }

    /// <summary>The open order of an id.</summary>
    public Order Open(int account, long orderId)
    {
        int slot = State.FindOrder(orderId, account);
        Assert.That(slot, Is.Not.Zero, "the order is open");
        return State.Orders[slot];
    }

    private ResultCode SendList<THead, TItem>(ref THead head, CommandType type, TItem[] items)
        where THead : unmanaged
        where TItem : unmanaged
    {
        byte[] bytes = new byte[Unsafe.SizeOf<THead>() + (items.Length * Unsafe.SizeOf<TItem>())];
        MemoryMarshal.Write(bytes, in head);
        MemoryMarshal.AsBytes(items.AsSpan()).CopyTo(bytes.AsSpan(Unsafe.SizeOf<THead>()));
        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(bytes.AsSpan());
        header.LengthBytes = (uint)bytes.Length;
        header.Type = type;
        header.Version = Exchange.CommandVersion;
        header.Sequence = Exchange.Sequence + 1;
        header.TimeNs = TimeNs;
        return Apply(bytes);
    }

    private ResultCode Noted(ResultCode code)
    {
        if (code == ResultCode.Accepted && Events<OrderChanged>(EventType.OrderAccepted) is [var accepted, ..])
        {
            LastOrderId = accepted.OrderId;
        }

        return code;
    }
}
