using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1404: commands are taken in the order of their sequence numbers, none twice, none left out, none overtaken.</summary>
[TestFixture]
internal sealed class SequenceTests
{
    [Test]
    [Description("R-1404: of two orders at a price the lower sequence trades first, though the other was sent first.")]
    public void NoOvertaking()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple);
        (int a, int b, int c) = (x.Account(10_000), x.Account(10_000), x.Account(10_000));
        long next = x.Exchange.Sequence + 1;
        byte[] first = Order(a, market, next);
        byte[] second = Order(b, market, next + 1);

        Assert.That(x.Exchange.Apply(second), Is.EqualTo(ResultCode.OutOfSequence), "it came too early");
        Assert.That(x.Exchange.Apply(first), Is.EqualTo(ResultCode.Accepted));
        Assert.That(x.Exchange.Apply(first), Is.EqualTo(ResultCode.OutOfSequence), "it came twice");
        Assert.That(x.Exchange.Apply(second), Is.EqualTo(ResultCode.Accepted));
        x.Buy(c, market, 2, 1_000);

        Assert.That(x.Events<Fill>(EventType.Fill).Select(f => f.AccountId), Is.EqualTo(new long[] { a, c, b, c }));
    }

    private static byte[] Order(int account, int market, long sequence)
    {
        PlaceOrder order = TestExchange.Limit(account, market, Side.Sell, 1, 1_000);
        order.Header = new CommandHeader { Type = CommandType.PlaceOrder, Version = Exchange.CommandVersion, Sequence = sequence };
        return MemoryMarshal.AsBytes(new ReadOnlySpan<PlaceOrder>(in order)).ToArray();
    }
}
