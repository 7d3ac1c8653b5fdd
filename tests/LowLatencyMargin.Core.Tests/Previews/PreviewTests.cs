using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Previews;

namespace LowLatencyMargin.Core.Tests.Previews;

/// <summary>Previews one by one: figures, limits, what has none.</summary>
[TestFixture]
internal sealed class PreviewTests
{
    private static readonly CommandType[] Operators =
    [
        CommandType.Genesis, CommandType.Tick, CommandType.AddAsset, CommandType.ListMarket, CommandType.SetMarketParameters, CommandType.CreateAccount,
        CommandType.FundInsurance, CommandType.SetMarketState, CommandType.SetRateLimit, CommandType.SetTradeGroup, CommandType.SetAssetParameters,
        CommandType.SetLiquidationRules,
    ];

    private TestExchange _x = null!;
    private int _market;
    private int _a;
    private int _b;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange(work: 16_384, maxOrders: 8_192);
        _market = _x.Market(TestExchange.Simple with { MaxOpenOrders = 8_192, TakerFeeRate = TestExchange.Percent }, mark: 1_000);
        _a = _x.Account(10_000_000);
        _b = _x.Account(100_000_000);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [Test]
    [Description("R-509: fee, margins, prices and health of an order that would fill, beside those of now.")]
    public void FiguresOfAFill()
    {
        _x.Sell(_b, _market, 100, 1_000);
        ResultCode code = Look(Order(Side.Buy, 100, 1_000), out Preview preview);

        Assert.That(code, Is.EqualTo(ResultCode.Accepted));
        Assert.That((preview.Account, preview.Market, preview.FeeUnits, preview.RealizedPnlUnits), Is.EqualTo((_a, _market, 1_000L, 0L)));
        Assert.That((preview.Before.SizeLots, preview.Before.EquityUnits, preview.Before.AvailableUnits), Is.EqualTo((0L, 10_000_000L, 10_000_000L)));
        Assert.That(preview.Before.HealthRate, Is.EqualTo(long.MaxValue));
        Assert.That((preview.After.SizeLots, preview.After.EntryCostUnits), Is.EqualTo((100L, 100_000L)));
        Assert.That((preview.After.InitialMarginUnits, preview.After.MaintenanceMarginUnits), Is.EqualTo((10_000L, 5_000L)));
        Assert.That(preview.After.AvailableUnits, Is.EqualTo(10_000_000 - 1_000 - 10_000));
        Assert.That(preview.After.HealthRate, Is.EqualTo((10_000_000L - 1_000) * Rate.Scale / 5_000));
        Assert.That(_x.Exchange.Events.Previewed.ToArray().Select(slot => slot.Header.CommandSequence), Is.All.Zero);
    }

    [Test]
    [Description("R-509: a command that would change more than the log holds is answered so, after bounded work; the next preview is exact again.")]
    public void TooLarge()
    {
        _x.ChecksEvery = int.MaxValue;
        _x.Deposit(_a, 90_000_000);
        for (int i = 0; i < 6_000; i++)
        {
            _x.Sell(_b, _market, 1, 1_000 + (i % 3_000));
        }

        Hash128 before = _x.Exchange.ComputeStateHash();
        var image = StateImage.Of(_x.State);
        Assert.That(Look(Order(Side.Buy, 6_000, 4_000), out Preview preview), Is.EqualTo(ResultCode.PreviewTooLarge));
        Assert.That(preview, Is.EqualTo(default(Preview)));
        Assert.That(_x.Exchange.Events.Previewed.Length, Is.Zero);
        Assert.That(_x.State.Undo.UsedBytes, Is.GreaterThan(UndoLog.LimitBytes).And.LessThan(UndoLog.LimitBytes + (64 << 10)));
        Assert.That(_x.Exchange.ComputeStateHash(), Is.EqualTo(before));
        Assert.That(image.Differences(StateImage.Of(_x.State)), Is.Empty);

        Assert.That(Look(Order(Side.Buy, 500, 4_000), out preview), Is.EqualTo(ResultCode.Accepted));
        Assert.That(preview.After.SizeLots, Is.EqualTo(500));
        Assert.That(_x.Exchange.ComputeStateHash(), Is.EqualTo(before));
        Assert.That(_x.Buy(_a, _market, 6_000, 4_000), Is.EqualTo(ResultCode.Accepted), "sent, it does it");
    }

    [TestCaseSource(nameof(Operators))]
    [Description("R-509: the operator's commands and time have no preview.")]
    public void NotPreviewable(CommandType type)
    {
        var command = default(MassQuote);
        Hash128 before = _x.Exchange.ComputeStateHash();
        Assert.That(Look(command, type, out Preview preview), Is.EqualTo(ResultCode.NotPreviewable));
        Assert.That(preview, Is.EqualTo(default(Preview)));
        Assert.That(_x.Exchange.ComputeStateHash(), Is.EqualTo(before));
    }

    [Test]
    [Description("R-509: any bytes get an answer.")]
    public void AnyBytes()
    {
        using var none = new Exchange();
        Assert.That(none.Preview(new byte[64], out _), Is.EqualTo(ResultCode.GenesisMissing));
        Assert.That(_x.Exchange.Preview(new byte[31], out _), Is.EqualTo(ResultCode.MalformedCommand));
        Assert.That(_x.Exchange.Preview(new byte[32], out _), Is.EqualTo(ResultCode.UnsupportedVersion));
        Assert.That(Look(default(Tick), CommandType.PlaceOrder, out _), Is.EqualTo(ResultCode.MalformedCommand));
        Assert.That(Look(default(Tick), (CommandType)999, out _), Is.EqualTo(ResultCode.UnknownCommand));
    }

    [Test]
    [Description("R-509: a price shows who would be liquidated, and what another mark would make of a position is its owner's to ask.")]
    public void Prices()
    {
        _x.Sell(_b, _market, 10, 1_000);
        _x.Buy(_a, _market, 10, 1_000);
        int poor = _x.Account(200);
        _x.Sell(_b, _market, 1, 1_000);
        _x.Buy(poor, _market, 1, 1_000);
        var mark = new SetMarkPrice { MarketId = _market, PriceTicks = 800 };
        Assert.That(Look(mark, CommandType.SetMarkPrice, out Preview preview), Is.EqualTo(ResultCode.Accepted));
        Assert.That(preview.Account, Is.Zero);
        LiquidationStarted started = _x.Exchange.Events.Previewed.ToArray().Where(slot => slot.Header.Type == EventType.LiquidationStarted)
            .Select(slot => EventSlot.As<LiquidationStarted>(in slot)).Single();
        Assert.That(started.AccountId, Is.EqualTo(poor));
        Assert.That(_x.Position(poor, _market).SizeLots, Is.EqualTo(1));
    }

    [Test]
    [NonParallelizable]
    [Description("ARCHITECTURE hot-path rules: previews allocate nothing, with their figures.")]
    public void NothingIsAllocated()
    {
        for (int i = 0; i < 100; i++)
        {
            _x.Sell(_b, _market, 1, 1_000 + i);
        }

        PlaceOrder order = Order(Side.Buy, 50, 1_100);
        for (int i = 0; i < 20_000; i++)
        {
            Look(order, out _);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20_000; i++)
        {
            Look(order, out _);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private PlaceOrder Order(Side side, long lots, long ticks) =>
        new() { AccountId = _a, MarketId = _market, Side = side, QuantityLots = lots, PriceTicks = ticks };

    private ResultCode Look(PlaceOrder order, out Preview preview) => Look(order, CommandType.PlaceOrder, out preview);

    private ResultCode Look<T>(T command, CommandType type, out Preview preview)
        where T : unmanaged
    {
        Unsafe.As<T, CommandHeader>(ref command) = new CommandHeader
        {
            LengthBytes = (uint)Unsafe.SizeOf<T>(), Type = type, Version = Exchange.CommandVersion, Sequence = -7, TimeNs = 99,
        };
        return _x.Exchange.Preview(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in command)), out preview);
    }
}
