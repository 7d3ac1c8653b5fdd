using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Benchmarks.Core;

/// <summary>An exchange with one market, a mark, and as many open positions as asked for, each of its own account.</summary>
internal sealed class ExchangeFixture : IDisposable
{
    public const long MarkTicks = 50_000;

    public ExchangeFixture(int positions, bool isolated)
    {
        var genesis = new Genesis
        {
            MaxAccounts = positions + 16,
            MaxOrders = 1 << 16,
            MaxPositions = positions + 16,
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
            TickSizeE9 = 1_000_000_000,
            LotSizeE9 = 1_000_000,
            LadderTicks = 1 << 16,
            Parameters = MarketParameters.Default,
        };
        Send(CommandType.ListMarket, ref market);
        Mark(MarkTicks);
        for (int i = 0; i < positions; i += 2)
        {
            Place(Account(isolated), Side.Sell);
            Place(Account(isolated), Side.Buy);
        }
    }

    public Exchange Exchange { get; } = new();

    public void Mark(long ticks)
    {
        var mark = new SetMarkPrice { MarketId = 1, PriceTicks = ticks };
        Send(CommandType.SetMarkPrice, ref mark);
    }

    public void Dispose() => Exchange.Dispose();

    private long Account(bool isolated)
    {
        var create = new CreateAccount { OwnerId = 1 };
        Send(CommandType.CreateAccount, ref create);
        long id = Exchange.State!.Accounts.HighWater;
        var deposit = new Deposit { AccountId = id, AssetId = 1, AmountUnits = 100_000_000 };
        Send(CommandType.Deposit, ref deposit);
        if (isolated)
        {
            var mode = new SetMarginMode { AccountId = id, MarketId = 1, Mode = MarginMode.Isolated };
            Send(CommandType.SetMarginMode, ref mode);
        }

        return id;
    }

    private void Place(long account, Side side)
    {
        var order = new PlaceOrder { AccountId = account, MarketId = 1, PriceTicks = MarkTicks, QuantityLots = 1, Side = side };
        Send(CommandType.PlaceOrder, ref order);
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
        if (code != ResultCode.Accepted)
        {
            throw new InvalidOperationException($"{type}: {ResultText.Of(code)}");
        }
    }
}
