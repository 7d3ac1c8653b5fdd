using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Latency.Flow;

namespace LowLatencyMargin.Latency.Tests;

internal sealed class GeneratedFlowTests
{
    private const int Commands = 100_000;

    [Test]
    [Description("The same seed gives the same bytes, set-up and flow, in both profiles; another seed gives others")]
    public void SameSeedSameBytes()
    {
        using Workload mix = Workloads.Mix(7, 20_000);
        using Workload again = Workloads.Mix(7, 20_000);
        using Workload other = Workloads.Mix(8, 20_000);
        using Workload liquidations = Workloads.Liquidations(7, 20_000);
        using Workload liquidationsAgain = Workloads.Liquidations(7, 20_000);

        Assert.That(again.Flow.Bytes(), Is.EqualTo(mix.Flow.Bytes()));
        Assert.That(again.Setup.Bytes(), Is.EqualTo(mix.Setup.Bytes()));
        Assert.That(other.Flow.Bytes(), Is.Not.EqualTo(mix.Flow.Bytes()));
        Assert.That(liquidationsAgain.Flow.Bytes(), Is.EqualTo(liquidations.Flow.Bytes()));
    }

    [Test]
    [Description("The mix has the documented shares. A reduction by all that is left is sent as a cancel, so the two are taken together")]
    public void TheMixIsTheDocumentedOne()
    {
        const int Commands = 600_000;
        using Workload mix = Workloads.Mix(1, Commands);
        double Percent(long count) => 100.0 * count / Commands;
        FlowCounts counts = mix.Counts;

        Assert.That(counts.Commands, Is.EqualTo(Commands));
        Assert.That(Percent(counts.GoodTillCancel), Is.EqualTo(12).Within(1.5));
        Assert.That(Percent(counts.Immediate), Is.EqualTo(2).Within(0.5));
        Assert.That(Percent(counts.Cancels + counts.Reductions), Is.EqualTo(14).Within(1.5));
        Assert.That(Percent(counts.Moves), Is.EqualTo(72).Within(2));
        Assert.That(Percent(counts.Marks), Is.EqualTo(0.1).Within(0.01));
        Assert.That(counts.RestingOrders, Is.EqualTo(1_000).Within(250));
        Assert.That(Percent(counts.Trades), Is.InRange(2, 6));
        Assert.That(counts.Rejected, Is.GreaterThan(0), "margin matters");
    }

    [TestCase(true)]
    [TestCase(false)]
    [Description("No command names an order that is not there: in the mix, orders are refused for want of margin only")]
    public void OrderIdsAreValid(bool uniform)
    {
        using Workload mix = Workloads.Mix(3, Commands, uniform: uniform);

        Assert.That(mix.Counts.RejectedBy.Keys, Is.SubsetOf([ResultCode.InsufficientMargin]));
    }

    [Test]
    [Description("More than one command in a hundred of the liquidation profile starts a liquidation, and none names a missing order")]
    public void TheLiquidationProfileLiquidates()
    {
        using Workload liquidations = Workloads.Liquidations(1, Commands);
        FlowCounts counts = liquidations.Counts;

        Assert.That(counts.Liquidations, Is.GreaterThan(Commands / 100));
        Assert.That(counts.RejectedBy.Keys, Has.None.EqualTo(ResultCode.UnknownOrder));
        Assert.That(liquidations.Setup.All<SetMarginMode>(CommandType.SetMarginMode), Has.Count.EqualTo(500));
        Assert.That(counts.Deposits, Is.EqualTo(counts.Liquidations).Within(50), "who was liquidated gets new money");
    }
}
