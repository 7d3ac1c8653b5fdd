using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Previews;
using LowLatencyMargin.Latency.Runs;

namespace LowLatencyMargin.Benchmarks.Core;

/// <summary>preview: how many previews a second one thread answers, with events and figures before and after.</summary>
internal static class PreviewVerb
{
    private const int Rounds = 11;
    private const int Previews = 50_000;
    private const int Makers = 500;
    private const long Mark = 100_000;

    internal static int Run()
    {
        using var exchange = new Exchange();
        int taker = Prepare(exchange);
        Console.WriteLine($"previews, best and median of {Rounds} rounds of {Previews:N0}, CPU time of one thread;");
        Console.WriteLine($"{2 * Makers} resting orders of {Makers} accounts, one a level; the account has a cross position");
        Measure(exchange, "order that rests", Order(taker, Mark - 500, 1));
        Measure(exchange, "order that fills at 1 level", Order(taker, Mark + 1, 1));
        Measure(exchange, "order that fills at 10 levels", Order(taker, Mark + 10, 10));
        Measure(exchange, "order that fills at 100 levels", Order(taker, Mark + 100, 100));
        Measure(exchange, "order that is refused", Order(taker, Mark - 500, 1L << 30));
        Measure(exchange, "leverage", new SetLeverage { AccountId = taker, MarketId = 1, Leverage = 5 }, CommandType.SetLeverage);
        Measure(exchange, "withdrawal", new Withdraw { AccountId = taker, AssetId = 1, AmountUnits = 1_000 }, CommandType.Withdraw);
        return 0;
    }

    private static PlaceOrder Order(long account, long ticks, long lots) =>
        new() { AccountId = account, MarketId = 1, Side = Side.Buy, PriceTicks = ticks, QuantityLots = lots };

    private static void Measure(Exchange exchange, string name, PlaceOrder order) => Measure(exchange, name, order, CommandType.PlaceOrder);

    private static void Measure<T>(Exchange exchange, string name, T command, CommandType type)
        where T : unmanaged
    {
        Unsafe.As<T, CommandHeader>(ref command) = HeaderOf<T>(exchange, type);
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in command));
        var times = new List<double>();
        ResultCode code = ResultCode.Accepted;
        for (int round = 0; round < Rounds; round++)
        {
            long start = ThreadCpu.Ns;
            for (int i = 0; i < Previews; i++)
            {
                code = exchange.Preview(bytes, out Preview _);
            }

            times.Add((ThreadCpu.Ns - start) / (double)Previews);
        }

        times.Sort();
        Console.WriteLine(
            $"  {name,-32} {1e9 / times[0],12:N0} a second best {1e9 / times[Rounds / 2],12:N0} median {times[0],8:N0} ns, "
            + $"{exchange.Events.Previewed.Length} events, {code}");
    }

    private static int Prepare(Exchange exchange)
    {
        Send(exchange, CommandType.Genesis, new Genesis
        {
            MaxAccounts = 4 * Makers, MaxOrders = 1 << 16, MaxPositions = 4 * Makers, MaxAssets = 1, MaxMarkets = 16,
            MaxWorkPerCommand = 4096, RecentOrders = 1 << 14,
        });
        var asset = new AddAsset { Decimals = 6 };
        _ = Symbol.TryParse("USD", out asset.Symbol);
        Send(exchange, CommandType.AddAsset, asset);
        var market = new ListMarket
        {
            QuoteAssetId = 1, TickSizeE9 = 1_000_000, LotSizeE9 = 1_000_000, LadderTicks = 1 << 16, Parameters = MarketParameters.Default,
        };
        _ = Symbol.TryParse("M", out market.Symbol);
        _ = Symbol.TryParse("B", out market.BaseSymbol);
        Send(exchange, CommandType.ListMarket, market);
        Send(exchange, CommandType.SetMarkPrice, new SetMarkPrice { MarketId = 1, PriceTicks = Mark });
        for (int i = 1; i <= Makers; i++)
        {
            int maker = Account(exchange);
            Send(exchange, CommandType.PlaceOrder, Order(maker, Mark - i, 2));
            Send(exchange, CommandType.PlaceOrder, Order(maker, Mark + i, 2) with { Side = Side.Sell });
        }

        int taker = Account(exchange);
        Send(exchange, CommandType.PlaceOrder, Order(taker, Mark + 1, 1));
        return taker;
    }

    private static int Account(Exchange exchange)
    {
        Send(exchange, CommandType.CreateAccount, new CreateAccount { OwnerId = 1 });
        int account = exchange.State!.Accounts.HighWater;
        Send(exchange, CommandType.Deposit, new Deposit { AccountId = account, AssetId = 1, AmountUnits = 100_000_000 });
        return account;
    }

    private static CommandHeader HeaderOf<T>(Exchange exchange, CommandType type) => new()
    {
        LengthBytes = (uint)Unsafe.SizeOf<T>(), Type = type, Version = Exchange.CommandVersion, Sequence = exchange.Sequence + 1,
    };

    private static void Send<T>(Exchange exchange, CommandType type, T command)
        where T : unmanaged
    {
        Unsafe.As<T, CommandHeader>(ref command) = HeaderOf<T>(exchange, type);
        ResultCode code = exchange.Apply(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in command)));
        if (code != ResultCode.Accepted)
        {
            throw new InvalidOperationException($"{type}: {ResultText.Of(code)}");
        }
    }
}
