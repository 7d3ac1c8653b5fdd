using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Benchmarks.Core;

/// <summary>The commands that can take longest, each on a fresh exchange that allows 16,384 units of work: how long one of them takes.</summary>
internal static class WorstCommands
{
    private const int Rounds = 7;
    private const int Work = 16_384;
    private const long Mark = 100_000;
    private const int Maker = 2;
    private const int Taker = 3;

    internal static int Run()
    {
        Console.WriteLine($"worst commands, best and worst of {Rounds} rounds, one thread of {Environment.ProcessorCount} cores, margin and settlement on");
        Measure("sweep of 5,000 fills, one price", 5_000, static x => x.Rest(5_000, _ => Mark + 1), static x => x.Buy(5_000, Mark + 10_000));
        Measure("sweep of 5,000 fills, a price each", 5_000, static x => x.Rest(5_000, i => Mark + 1 + i), static x => x.Buy(5_000, Mark + 10_000));
        Measure("mass cancel of 10,000", 10_000, static x => x.Rest(10_000, i => Mark + 1 + (i % 5_000)), static x => x.CancelAll());
        Measure("kill switch over 10,000 orders", 10_000, static x => x.Rest(10_000, i => Mark + 1 + (i % 5_000)), static x => x.Kill());
        Measure("mark that sets off 4,000 stops", 4_000, static x => x.Stops(4_000), static x => x.SetMark(Mark + 5_000));
        Measure("mass quote, 252 levels for 252", 252, static x => x.Quote(0), static x => x.Quote(500));
        return 0;
    }

    private static void Measure(string name, int count, Action<Scene> prepare, Action<Scene> command)
    {
        var times = new List<double>();
        int events = 0;
        for (int round = 0; round < Rounds; round++)
        {
            using var scene = new Scene();
            prepare(scene);
            long start = Stopwatch.GetTimestamp();
            command(scene);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            events = scene.Events;
        }

        times.Sort();
        Console.WriteLine(
            $"  {name,-36} {times[0],9:N0} us best {times[^1],9:N0} us worst {times[0] * 1000 / count,7:N0} ns each {events,8:N0} events");
    }

    private sealed class Scene : IDisposable
    {
        private readonly Exchange _exchange = new();
        private readonly byte[] _bytes = new byte[CommandHeader.MaxCommandBytes];

        internal Scene()
        {
            var genesis = new Genesis
            {
                MaxAccounts = 16, MaxOrders = 1 << 15, MaxPositions = 64, MaxAssets = 1, MaxMarkets = 1, MaxWorkPerCommand = Work, RecentOrders = 1 << 14,
            };
            Send(CommandType.Genesis, in genesis);
            var asset = new AddAsset { Decimals = 6 };
            _ = Symbol.TryParse("USD", out asset.Symbol);
            Send(CommandType.AddAsset, in asset);
            var market = new ListMarket
            {
                QuoteAssetId = 1, TickSizeE9 = 1_000_000, LotSizeE9 = 1_000_000, LadderTicks = 1 << 16,
                Parameters = MarketParameters.Default with { MaxOpenOrders = 100_000, MaxSlippageRate = 50_000_000 },
            };
            _ = Symbol.TryParse("M", out market.Symbol);
            _ = Symbol.TryParse("B", out market.BaseSymbol);
            Send(CommandType.ListMarket, in market);
            for (int account = Maker; account <= Taker; account++)
            {
                Send(CommandType.CreateAccount, new CreateAccount { OwnerId = account });
                Send(CommandType.Deposit, new Deposit { AccountId = account, AssetId = 1, AmountUnits = 1L << 50 });
            }

            SetMark(Mark);
        }

        internal int Events => _exchange.Events.Count;

        public void Dispose() => _exchange.Dispose();

        internal void SetMark(long ticks) => Send(CommandType.SetMarkPrice, new SetMarkPrice { MarketId = 1, PriceTicks = ticks });

        internal void Rest(int count, Func<int, long> price)
        {
            for (int i = 0; i < count; i++)
            {
                Place(Maker, Side.Sell, price(i), 1);
            }
        }

        internal void Buy(long lots, long limit) => Place(Taker, Side.Buy, limit, lots);

        internal void CancelAll() => Send(CommandType.CancelOrders, new CancelOrders { AccountId = Maker });

        internal void Kill() => Send(CommandType.KillSwitch, new KillSwitch { AccountId = Maker, On = 1 });

        internal void Stops(int count)
        {
            Rest(count, i => Mark + 6_000 + i);
            for (int i = 0; i < count; i++)
            {
                var order = new PlaceOrderWithTerms
                {
                    Order = new PlaceOrder { AccountId = Taker, MarketId = 1, QuantityLots = 1, Type = OrderType.Market },
                    Terms = new OrderTerms { Trigger = TriggerKind.Stop, TriggerTicks = Mark + 1 + i },
                };
                Send(CommandType.PlaceOrderWithTerms, in order);
            }
        }

        internal void Quote(long offset)
        {
            const int Levels = MassQuote.MaxLevels;
            int size = Unsafe.SizeOf<MassQuote>() + (Levels * Unsafe.SizeOf<QuoteLevel>());
            Span<byte> bytes = _bytes.AsSpan(0, size);
            bytes.Clear();
            MemoryMarshal.AsRef<MassQuote>(bytes) = new MassQuote { AccountId = Maker, MarketId = 1, Bids = Levels / 2, Asks = Levels / 2 };
            Span<QuoteLevel> levels = MemoryMarshal.Cast<byte, QuoteLevel>(bytes[Unsafe.SizeOf<MassQuote>()..]);
            for (int i = 0; i < Levels / 2; i++)
            {
                levels[i] = new QuoteLevel { PriceTicks = Mark - 1 - i - offset, QuantityLots = 1 };
                levels[i + (Levels / 2)] = new QuoteLevel { PriceTicks = Mark + 1 + i + offset, QuantityLots = 1 };
            }

            Send(CommandType.MassQuote, bytes);
        }

        private void Place(long account, Side side, long ticks, long lots) => Send(
            CommandType.PlaceOrder, new PlaceOrder { AccountId = account, MarketId = 1, PriceTicks = ticks, QuantityLots = lots, Side = side });

        private void Send<T>(CommandType type, in T command)
            where T : unmanaged
        {
            Span<byte> bytes = _bytes.AsSpan(0, Unsafe.SizeOf<T>());
            MemoryMarshal.Write(bytes, in command);
            Send(type, bytes);
        }

        private void Send(CommandType type, Span<byte> bytes)
        {
            ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(bytes);
            header.LengthBytes = (uint)bytes.Length;
            header.Type = type;
            header.Version = Exchange.CommandVersion;
            header.Sequence = _exchange.Sequence + 1;
            ResultCode code = _exchange.Apply(bytes);
            if (code != ResultCode.Accepted)
            {
                throw new InvalidOperationException($"{type}: {ResultText.Of(code)}");
            }
        }
    }
}
