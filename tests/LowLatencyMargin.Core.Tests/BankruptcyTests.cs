using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core.Tests;

/// <summary>What a position is worth where nothing of its margin is left, when losses elsewhere have made that margin negative.</summary>
[TestFixture]
internal sealed class BankruptcyTests
{
    [TestCase(10, 1_000, 100, 900)]
    [TestCase(10, 1_000, -100, 1_000, Description = "entered at 100, worth 98: not more than its cost")]
    [TestCase(-10, 1_000, 100, 1_100)]
    [TestCase(-10, 1_000, -10, 990)]
    [TestCase(-10, 1_000, -100, 980, Description = "not less than its value")]
    [TestCase(-10, 1_000, -10_000, 980, Description = "nobody gets a short for nothing because its owner lost elsewhere")]
    [TestCase(-10, 900, -10_000, 900, Description = "a short at a loss: not less than its cost")]
    [Description("R-701, R-1201: a loss made in one market is not moved to another's insurance by way of the bankruptcy price.")]
    public void LossesElsewhereStay(long size, long cost, long margin, long expected)
    {
        var market = new Market { TickValueUnits = 1, MarkTicks = 98 };
        var position = new Position { SizeLots = size, EntryCostUnits = cost };

        Assert.That(new Bankruptcy(in position, margin, in market).CostOf(10), Is.EqualTo(expected));
    }
}
