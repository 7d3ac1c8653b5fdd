using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>An exchange with one asset, driven in ticks, lots and units. Every command is followed by the checks that hold always.</summary>
internal sealed partial class TestExchange : IDisposable
{
    private long _clientIds;
    private int _symbols;

    public TestExchange(
        int work = 4096, int maxOrders = 512, int maxAccounts = 64, int maxPositions = 256, int maxAssets = 4, int maxMarkets = 4,
            int recentOrders = 0, int recentPositions = 16)
    {
        Genesis genesis = new()
        {
            MaxAccounts = maxAccounts,
            MaxOrders = maxOrders,
            MaxPositions = maxPositions,
            MaxAssets = maxAssets,
            MaxMarkets = maxMarkets,
            MaxWorkPerCommand = work,
            RecentOrders = recentOrders,
            RecentPositions = recentPositions,
            HashSeed = 0x5EED,
        };
        Expect(ResultCode.Accepted, Send(ref genesis, CommandType.Genesis));
        Expect(ResultCode.Accepted, AddAsset("USD"));
    }

    /// <summary>No fees, no penalty, maintenance 5 %, initial 10 %: figures that can be checked by heart.</summary>
    public static MarketParameters Simple => MarketParameters.Default with
    {
        InitialMarginLongRate = 10 * Percent,
        InitialMarginShortRate = 10 * Percent,
        MaintenanceMarginRate = 5 * Percent,
        MakerFeeRate = 0,
        TakerFeeRate = 0,
        PenaltyRate = 0,
    };

    /// <summary>Positions are closed whole, at once.</summary>
    public static LiquidationRules Whole => LiquidationRules.Default with { Partial = 0 };

    public const int Percent = Rate.Scale / 100;

    public Exchange Exchange { get; } = new();

    public ExchangeState State => Exchange.State!;

    public long LastOrderId { get; private set; }

    /// <summary>How often the state is checked, in commands.</summary>
    public int ChecksEvery { get; set; } = 1;

    /// <summary>Time of the commands to come.</summary>
    public long TimeNs { get; set; }

    /// <summary>State without the sequence and the chain, which a refused command moves on.</summary>
    public Hash128 StateHash
    {
        get
        {
            var hash = default(Hash128);
            State.AddTo(ref hash);
            return hash;
        }
    }

    public static void Expect(ResultCode expected, ResultCode actual) => Assert.That(actual, Is.EqualTo(expected));

    public ResultCode Send<T>(ref T command, CommandType type, ushort version = Exchange.CommandVersion)
        where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<T>(ref command));
        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(bytes);
        header.LengthBytes = (uint)Unsafe.SizeOf<T>();
        header.Type = type;
        header.Version = version;
        header.Sequence = Exchange.Sequence + 1;
        header.TimeNs = Math.Max(header.TimeNs, TimeNs);
        return Apply(bytes);
    }

    public ResultCode Apply(ReadOnlySpan<byte> bytes)
    {
        ResultCode code = Exchange.Apply(bytes);
        if (Exchange.State is { } state && Exchange.Sequence % ChecksEvery == 0)
        {
            for (int asset = 1; asset <= state.Assets.HighWater; asset++)
            {
                Assert.That(Conservation.Imbalance(state, asset), Is.EqualTo((Int128)0), "R-103: conservation");
            }

            for (int market = 1; market <= state.Markets.HighWater; market++)
            {
                Assert.That(Conservation.OpenInterestImbalance(state, market), Is.Zero, "longs and shorts");
            }

            StateChecks.Run(state);
        }

        if (code != ResultCode.OutOfSequence)
        {
            Assert.That(Exchange.Events.Count, Is.GreaterThan(0), "every command makes an event");
        }

        return code;
    }

    public ResultCode AddAsset(string name, int decimals = 6)
    {
        AddAsset command = new() { Decimals = decimals };
        _ = Symbol.TryParse(name, out command.Symbol);
        return Send(ref command, CommandType.AddAsset);
    }

    public static ListMarket Listing(string name, MarketParameters parameters, long tickValue = 1)
    {
        ListMarket command = new()
        {
            QuoteAssetId = 1,
            TickSizeE9 = 1_000_000 * tickValue,
            LotSizeE9 = 1_000_000,
            LadderTicks = 4096,
            Parameters = parameters,
        };
        _ = Symbol.TryParse(name, out command.Symbol);
        _ = Symbol.TryParse("B-" + name, out command.BaseSymbol);
        return command;
    }

    /// <summary>Tiers by limit, leverage, and maintenance in per cent.</summary>
    public static MarginTiers Tiers(params ReadOnlySpan<(long LimitUnits, int Leverage, int Percent)> rows)
    {
        MarginTiers tiers = default;
        for (int i = 0; i < rows.Length; i++)
        {
            tiers[i] = new MarginTier { LimitUnits = rows[i].LimitUnits, MaxLeverage = rows[i].Leverage, MaintenanceRate = rows[i].Percent * Percent };
        }

        return tiers;
    }

    /// <summary>Losses beyond their owner's money are bad debt, and liquidation accounts keep what they earn.</summary>
    public static LossRules BadDebtOnly => LossRules.Default with { Mode = LossMode.None, KeepsSurplus = 0 };

    public ResultCode Losses(long market, LossRules rules)
    {
        SetLossRules command = new() { MarketId = market, Rules = rules };
        return Send(ref command, CommandType.SetLossRules);
    }

    /// <summary>A market with a mark; its id. Without other rules a loss is bad debt.</summary>
    public int Market(MarketParameters parameters, long mark = 1_000, long tickValue = 1, LossRules? losses = null)
    {
        ListMarket command = Listing("M" + ++_symbols, parameters, tickValue);
        Expect(ResultCode.Accepted, Send(ref command, CommandType.ListMarket));
        int id = State.Markets.HighWater;
        Expect(ResultCode.Accepted, Liquidations(id, Whole));
        Expect(ResultCode.Accepted, Losses(id, losses ?? BadDebtOnly));
        if (mark != 0)
        {
            Expect(ResultCode.Accepted, Mark(id, mark));
        }

        return id;
    }

    public ResultCode Liquidations(long market, LiquidationRules rules)
    {
        SetLiquidationRules command = new() { MarketId = market, Rules = rules };
        return Send(ref command, CommandType.SetLiquidationRules);
    }

    public ResultCode Liquidate(long keeper, long account, long market, long position = 0)
    {
        Liquidate command = new() { KeeperId = keeper, AccountId = account, MarketId = market, PositionId = position };
        return Send(ref command, CommandType.Liquidate);
    }

    public ResultCode Keeper(long account, bool on = true)
    {
        RegisterKeeper command = new() { AccountId = account, On = on ? 1 : 0 };
        return Send(ref command, CommandType.RegisterKeeper);
    }

    /// <summary>An account with money; its id.</summary>
    public int Account(long deposit = 0, long owner = 7)
    {
        CreateAccount command = new() { OwnerId = owner };
        Expect(ResultCode.Accepted, Send(ref command, CommandType.CreateAccount));
        int id = State.Accounts.HighWater;
        if (deposit != 0)
        {
            Expect(ResultCode.Accepted, Deposit(id, deposit));
        }

        return id;
    }

    public ResultCode Mark(long market, long ticks)
    {
        SetMarkPrice command = new() { MarketId = market, PriceTicks = ticks };
        return Send(ref command, CommandType.SetMarkPrice);
    }

    public ResultCode Parameters(long market, MarketParameters parameters)
    {
        SetMarketParameters command = new() { MarketId = market, Parameters = parameters };
        return Send(ref command, CommandType.SetMarketParameters);
    }

    public ResultCode PortfolioLeverage(long account, int leverage)
    {
        SetAccountMargin command = new() { AccountId = account, PortfolioLeverage = leverage };
        return Send(ref command, CommandType.SetAccountMargin);
    }

    public ResultCode Fund(long market, long units)
    {
        FundInsurance command = new() { MarketId = market, AmountUnits = units };
        return Send(ref command, CommandType.FundInsurance);
    }

    public ResultCode Deposit(long account, long units, long asset = 1)
    {
        Deposit command = new() { AccountId = account, AssetId = asset, AmountUnits = units };
        return Send(ref command, CommandType.Deposit);
    }

    public ResultCode Withdraw(long account, long units, long asset = 1)
    {
        Withdraw command = new() { AccountId = account, AssetId = asset, AmountUnits = units };
        return Send(ref command, CommandType.Withdraw);
    }

    public ResultCode Allocate(long account, long market, long units, long position = 0)
    {
        AllocateMargin command = new() { AccountId = account, MarketId = market, AmountUnits = units, PositionId = position };
        return Send(ref command, CommandType.AllocateMargin);
    }

    public ResultCode Remove(long account, long market, long units, long position = 0)
    {
        RemoveMargin command = new() { AccountId = account, MarketId = market, AmountUnits = units, PositionId = position };
        return Send(ref command, CommandType.RemoveMargin);
    }

    public ResultCode Mode(long account, long market, MarginMode mode, long position = 0, PositionSides sides = PositionSides.Both)
    {
        SetMarginMode command = new() { AccountId = account, MarketId = market, Mode = mode, PositionId = position, Sides = sides };
        return Send(ref command, CommandType.SetMarginMode);
    }

    public ResultCode Leverage(
        long account, long market, long leverage, long position = 0, PositionSides sides = PositionSides.Both, long release = 0)
    {
        SetLeverage command = new()
        {
            AccountId = account,
            MarketId = market,
            Leverage = leverage,
            PositionId = position,
            Sides = sides,
            Release = release,
        };
        return Send(ref command, CommandType.SetLeverage);
    }

    public ResultCode Tick()
    {
        Tick command = default;
        return Send(ref command, CommandType.Tick);
    }

    public ResultCode Buy(long account, long market, long lots, long ticks, TimeInForce timeInForce = TimeInForce.GoodTillCancel) =>
        Place(account, market, Side.Buy, lots, ticks, timeInForce);

    public ResultCode Sell(long account, long market, long lots, long ticks, TimeInForce timeInForce = TimeInForce.GoodTillCancel) =>
        Place(account, market, Side.Sell, lots, ticks, timeInForce);

    public ResultCode MarketOrder(long account, long market, Side side, long lots, int slippage = 0) =>
        Place(account, market, side, lots, 0, TimeInForce.ImmediateOrCancel, OrderType.Market, slippage);

    public ResultCode Place(
        long account, long market, Side side, long lots, long ticks, TimeInForce timeInForce, OrderType type = OrderType.Limit, int slippage = 0)
    {
        PlaceOrder command = new()
        {
            AccountId = account,
            MarketId = market,
            ClientOrderId = ++_clientIds,
            Side = side,
            Type = type,
            TimeInForce = timeInForce,
            QuantityLots = lots,
            PriceTicks = ticks,
            MaxSlippageRate = slippage,
        };
        ResultCode code = Send(ref command, CommandType.PlaceOrder);
        if (code == ResultCode.Accepted)
        {
            LastOrderId = Events<OrderChanged>(EventType.OrderAccepted).Single().OrderId;
        }

        return code;
    }

    public ResultCode Cancel(long account, long order)
    {
        CancelOrder command = new() { AccountId = account, OrderId = order };
        return Send(ref command, CommandType.CancelOrder);
    }

    public ResultCode Modify(long account, long order, long lots, long ticks)
    {
        ModifyOrder command = new() { AccountId = account, OrderId = order, QuantityLots = lots, PriceTicks = ticks };
        return Send(ref command, CommandType.ModifyOrder);
    }

    /// <summary>Two accounts trade: the seller rests, the buyer comes.</summary>
    public void Trade(int buyer, int seller, int market, long lots, long ticks)
    {
        Expect(ResultCode.Accepted, Sell(seller, market, lots, ticks));
        Expect(ResultCode.Accepted, Buy(buyer, market, lots, ticks));
        Assert.That(Events<Trade>(EventType.Trade).Sum(trade => trade.QuantityLots), Is.EqualTo(lots), "the trade that the test is about");
    }

    public Position Position(int account, int market)
    {
        int row = State.FindPosition(account, market);
        return row == 0 ? default : State.Positions[row];
    }

    public long Pool(int account) => State.Accounts[account].BalanceUnits;

    public long Held(int account) => State.Accounts[account].PoolHoldUnits;

    public Market Row(int market) => State.Markets[market];

    /// <summary>The last command's events of one type.</summary>
    public List<T> Events<T>(EventType type)
        where T : unmanaged
    {
        List<T> found = [];
        foreach (ref readonly EventSlot slot in Exchange.Events.Span)
        {
            if (slot.Header.Type == type)
            {
                found.Add(EventSlot.As<T>(in slot));
            }
        }

        return found;
    }

    public List<EventType> EventTypes()
    {
        List<EventType> types = [];
        foreach (ref readonly EventSlot slot in Exchange.Events.Span)
        {
            types.Add(slot.Header.Type);
        }

        return types;
    }

    public void Dispose() => Exchange.Dispose();
}
