using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-101, R-105: fields at the ends of their ranges get a result code, never an exception.</summary>
[TestFixture]
internal sealed class ExtremeTests
{
    [Test]
    [Description("R-1405: the largest shares of collateral and insurance that can be set don't overflow on the largest sums of money.")]
    public void LargestLimitShares([Values] bool insurance)
    {
        using var x = new TestExchange();
        MarketParameters parameters = TestExchange.Simple with
        {
            LimitOfCollateralRate = insurance ? 0 : int.MaxValue,
            LimitOfInsuranceRate = insurance ? int.MaxValue : 0,
        };
        int market = x.Market(parameters);
        int account = x.Account(insurance ? 1_000_000 : Exact.MaxMoneyUnits);
        if (insurance)
        {
            TestExchange.Expect(ResultCode.Accepted, x.Fund(market, Exact.MaxMoneyUnits - 1_000_000));
        }

        TestExchange.Expect(ResultCode.Accepted, x.Buy(account, market, 1, 1_000));
    }

    [TestCase(long.MaxValue)]
    [TestCase(long.MaxValue - 1)]
    [Description("R-105: a clock at the end of its range stops nothing: timers, windows, budgets and days still get an answer.")]
    public void LatestTime(long timeNs)
    {
        using var x = new TestExchange { TimeNs = timeNs };
        int market = x.Market(TestExchange.Simple with { BreakerRate = TestExchange.Percent, BreakerHaltMs = 1 });
        (int a, int b) = (x.Account(1_000_000), x.Account(1_000_000));
        x.Protect(a, market, fills: 5, windowMs: 86_400_000, frozenMs: 86_400_000);
        x.LimitRate(0, 1, 100);
        x.DeadMan(a, 86_400_000);
        x.Order(TestExchange.Limit(a, market, Side.Buy, 1, 1_000, OrderFlags.MakerProtected) with { TimeInForce = TimeInForce.Day });
        x.Sell(b, market, 1, 1_000);
        x.Mark(market, 2_000);
        x.Tick();
    }

    private static IEnumerable<CommandType> Types => Enum.GetValues<CommandType>().Where(type => type > CommandType.SetIndexPrice);

    [TestCaseSource(nameof(Types))]
    [Description("R-101, R-105, R-109: each word and byte of each command at the ends of its range, and beyond: an answer, and a state that holds.")]
    public void EveryWordOfACommand(CommandType type)
    {
        long[] values = [0, 1, -1, 2, 1_000, (1L << 40) - 1, 1L << 40, 1L << 56, 1L << 60, int.MaxValue, uint.MaxValue, long.MaxValue, long.MinValue];
        using var x = new TestExchange(recentOrders: 16);
        int market = x.Market(TestExchange.Simple with { SelfTrade = SelfTradePrevention.Decrement });
        (int a, int b) = (x.Account(Exact.MaxMoneyUnits / 4), x.Account(Exact.MaxMoneyUnits / 4));
        x.Trade(a, b, market, 10, 1_000);
        byte[] valid = Valid(type, a, market);
        HashSet<ResultCode> seen = [];
        for (int at = CommandHeader.SizeBytes; at < valid.Length; at++)
        {
            for (int i = 0; i < (at % 8 == 0 ? values.Length : 2); i++)
            {
                byte[] bytes = [.. valid];
                if (at % 8 == 0)
                {
                    BitConverter.TryWriteBytes(bytes.AsSpan(at), values[i]);
                }
                else
                {
                    bytes[at] = i == 0 ? byte.MaxValue : (byte)1;
                }

                BitConverter.TryWriteBytes(bytes.AsSpan(16), x.Exchange.Sequence + 1);
                seen.Add(x.Apply(bytes));
            }
        }

        Assert.That(seen, Has.Count.GreaterThan(1), "some values are refused, some are not");
    }

    private static byte[] Valid(CommandType type, int account, int market)
    {
        byte[] bytes = new byte[CommandHeader.SizeBytes + SizeOf(type)];
        BitConverter.TryWriteBytes(bytes.AsSpan(12), (ushort)type);
        BitConverter.TryWriteBytes(bytes.AsSpan(14), Exchange.CommandVersion);
        BitConverter.TryWriteBytes(bytes.AsSpan(CommandHeader.SizeBytes), type == CommandType.SetMarketState ? market : (long)account);
        if (bytes.Length > CommandHeader.SizeBytes + 8)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(CommandHeader.SizeBytes + 8), (long)(type == CommandType.SetMarketState ? 0 : market));
        }

        if (type is CommandType.PlaceOrder or CommandType.PlaceOrderWithTerms)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(CommandHeader.SizeBytes + 24), 990L);
            BitConverter.TryWriteBytes(bytes.AsSpan(CommandHeader.SizeBytes + 32), 5L);
        }
        else if (type == CommandType.OrderBatch)
        {
            bytes[CommandHeader.SizeBytes + 16] = 2;
            bytes[CommandHeader.SizeBytes + 18] = (byte)BatchMode.Atomic;
            MemoryMarshal.AsBytes(new[] { TestExchange.Placed(Side.Buy, 5, 990), TestExchange.Placed(Side.Sell, 5, 1_010) }.AsSpan())
                .CopyTo(bytes.AsSpan(Unsafe.SizeOf<OrderBatch>()));
        }
        else if (type == CommandType.MassQuote)
        {
            bytes[CommandHeader.SizeBytes + 24] = 1;
            bytes[CommandHeader.SizeBytes + 26] = 1;
            QuoteLevel[] levels = [new() { PriceTicks = 990, QuantityLots = 1 }, new() { PriceTicks = 1_010, QuantityLots = 1 }];
            MemoryMarshal.AsBytes(levels.AsSpan()).CopyTo(bytes.AsSpan(Unsafe.SizeOf<MassQuote>()));
        }

        return bytes;
    }

    private static int SizeOf(CommandType type)
    {
        Type body = typeof(CommandHeader).Assembly.GetType($"LowLatencyMargin.Core.Commands.{type}")!;
        int items = type == CommandType.OrderBatch ? 2 * Unsafe.SizeOf<BatchItem>()
            : type == CommandType.MassQuote ? 2 * Unsafe.SizeOf<QuoteLevel>() : 0;
        return Marshal.SizeOf(body) - CommandHeader.SizeBytes + items;
    }
}
