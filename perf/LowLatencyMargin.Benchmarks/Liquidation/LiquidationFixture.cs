using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Benchmarks.Liquidation;

/// <summary>
/// Markets with a mark and a dealer each, bystanders far from liquidation, and groups of longs whose turn comes one after the other: group g holds at
/// <see cref="TurnOf"/> and is liquidatable one tick below.
/// </summary>
internal sealed class LiquidationFixture : IDisposable
{
    internal const long Mark = 1_000_000;

    /// <summary>A fall that leaves longs at 20x above their bankruptcy price, and everybody at 2x far from trouble.</summary>
    private const long FirstTurn = Mark * 968 / 1_000;

    internal const long Lots = 10;
    private const int MaintenanceRate = 1_000_000;
    private const int PenaltyRate = 1_000_000;
    private const int TakerRate = 50_000;
    private const int Scale = 100_000_000;

    private readonly byte[] _bytes = new byte[CommandHeader.MaxCommandBytes];
    private readonly int[] _dealers;
    private long _timeNs;

    internal LiquidationFixture(int markets, int accounts, int work = 1024, int orders = 1 << 16)
    {
        Send(CommandType.Genesis, new Genesis
        {
            MaxAccounts = accounts + (2 * markets) + 64, MaxOrders = orders, MaxPositions = accounts + (4 * markets) + 64, MaxAssets = 1, MaxMarkets = markets,
            MaxWorkPerCommand = work,
        });
        var asset = new AddAsset { Decimals = 6 };
        _ = Symbol.TryParse("USD", out asset.Symbol);
        Send(CommandType.AddAsset, asset);
        for (int i = 1; i <= markets; i++)
        {
            List($"M{i}");
            SetMark(i, Mark);
        }

        _dealers = [0, .. Enumerable.Range(0, markets).Select(_ => Account((1L << 58) / markets))];
    }

    internal Exchange Exchange { get; } = new();

    public void Dispose() => Exchange.Dispose();

    /// <summary>The lowest mark at which a group holds: two ticks from one to the next, so that rounding leaves the next one alone.</summary>
    internal static long TurnOf(int group) => FirstTurn - (2 * group);

    /// <summary>Positions at 2x, long and short in turn, over all markets.</summary>
    internal void Bystanders(int count, bool isolated, int markets)
    {
        for (int i = 0; i < count; i++)
        {
            int account = Account(Mark * Lots * 2);
            Open(account, 1 + (i % markets), isolated, leverage: 2, i % 2 == 0 ? Side.Buy : Side.Sell);
        }
    }

    /// <summary>Longs of a group, each of an account of its own.</summary>
    internal void Group(int market, int group, int count, bool isolated)
    {
        long turn = TurnOf(group);
        long notional = turn * Lots;
        long margin = Up(notional * MaintenanceRate) + Up(notional * (TakerRate + PenaltyRate)) + ((Mark - turn) * Lots);
        for (int i = 0; i < count; i++)
        {
            long fee = Up(Mark * Lots * TakerRate);
            int account = Account(margin + fee);
            Open(account, market, isolated, leverage: 20, Side.Buy);
            long left = Exchange.State!.Accounts[account].BalanceUnits;
            if (isolated && left > 0)
            {
                Send(CommandType.AllocateMargin, new AllocateMargin { AccountId = account, MarketId = market, AmountUnits = left });
            }
        }
    }

    /// <summary>One bid of the dealer that takes a whole group.</summary>
    internal void Bid(int market, long ticks, long lots) =>
        Send(
            CommandType.PlaceOrder,
            new PlaceOrder { AccountId = _dealers[market], MarketId = market, PriceTicks = ticks, QuantityLots = lots, Side = Side.Buy });

    internal void SetMark(int market, long ticks) => Send(CommandType.SetMarkPrice, new SetMarkPrice { MarketId = market, PriceTicks = ticks });

    internal void Sell(int account, int market, long ticks, long lots) => Send(
        CommandType.PlaceOrder, new PlaceOrder { AccountId = account, MarketId = market, PriceTicks = ticks, QuantityLots = lots, Side = Side.Sell });

    /// <summary>Ticks until no work is left over; how many it took.</summary>
    internal int Drain()
    {
        int ticks = 0;
        for (; Exchange.HasPendingWork; ticks++)
        {
            Tick();
        }

        return ticks;
    }

    internal void Tick() => Send(CommandType.Tick, default(Tick));

    internal int Account(long units)
    {
        Send(CommandType.CreateAccount, new CreateAccount { OwnerId = 1 });
        int account = Exchange.State!.Accounts.HighWater;
        Send(CommandType.Deposit, new Deposit { AccountId = account, AssetId = 1, AmountUnits = units });
        return account;
    }

    internal void Send<T>(CommandType type, T command)
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        Unsafe.As<T, CommandHeader>(ref command) = new CommandHeader
        {
            LengthBytes = (uint)size, Type = type, Version = Exchange.CommandVersion, Sequence = Exchange.Sequence + 1, TimeNs = ++_timeNs,
        };
        MemoryMarshal.Write(_bytes, in command);
        ResultCode code = Exchange.Apply(_bytes.AsSpan(0, size));
        if (code != ResultCode.Accepted)
        {
            throw new InvalidOperationException($"{type}: {ResultText.Of(code)}");
        }
    }

    private static long Up(long scaled) => (scaled + Scale - 1) / Scale;

    private void List(string name)
    {
        var market = new ListMarket
        {
            QuoteAssetId = 1, TickSizeE9 = 1_000_000, LotSizeE9 = 1_000_000, LadderTicks = 1 << 16,
            Parameters = MarketParameters.Default with
            {
                InitialMarginLongRate = 5_000_000, InitialMarginShortRate = 5_000_000, MaintenanceMarginRate = MaintenanceRate, PenaltyRate = PenaltyRate,
                TakerFeeRate = TakerRate, MakerFeeRate = 0, MaxLeverage = 20, MaxOpenOrders = 1 << 15,
            },
        };
        _ = Symbol.TryParse(name, out market.Symbol);
        _ = Symbol.TryParse("B", out market.BaseSymbol);
        Send(CommandType.ListMarket, market);
    }

    private void Open(int account, int market, bool isolated, int leverage, Side side)
    {
        if (isolated)
        {
            Send(CommandType.SetMarginMode, new SetMarginMode { AccountId = account, MarketId = market, Mode = MarginMode.Isolated });
        }

        Send(CommandType.SetLeverage, new SetLeverage { AccountId = account, MarketId = market, Leverage = leverage });
        var order = new PlaceOrder { AccountId = _dealers[market], MarketId = market, PriceTicks = Mark, QuantityLots = Lots, Side = 1 - side };
        Send(CommandType.PlaceOrder, order);
        order.AccountId = account;
        order.Side = side;
        Send(CommandType.PlaceOrder, order);
    }
}
