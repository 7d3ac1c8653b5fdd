using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Streams of all commands over several assets, perpetuals and spot markets together.</summary>
[TestFixture]
internal sealed class AssetFlowTests
{
    private static readonly EventType[] Expected =
    [
        EventType.Trade, EventType.BalanceUpdated, EventType.AccountTransfer, EventType.TransferSpotToIsolated, EventType.TransferIsolatedToSpot,
        EventType.AssetParametersChanged, EventType.CollateralTakenOver, EventType.LiquidationFinished,
    ];

    private readonly Dictionary<EventType, long> _seen = [];

    [OneTimeTearDown]
    public void EachKindOfEventCame()
    {
        // takeovers of collateral are rare: not every flow has one
        Assert.That(Expected.Where(type => _seen.GetValueOrDefault(type) == 0), Is.Empty, "kinds of events that no flow had");
    }

    [TestCase(1UL, 4096)]
    [TestCase(2UL, 4096)]
    [TestCase(3UL, 64)]
    [TestCase(4UL, 17)]
    [TestCase(5UL, 16)]
    [TestCase(6UL, 4096)]
    [TestCase(7UL, 200)]
    [Description("R-103, R-202: after each command every asset is conserved, holds are what orders make them, and nobody is left below the requirement.")]
    public void StateHoldsAfterEachCommand(ulong seed, int work)
    {
        (TestExchange x, MixedFlow flow) = MixedFlow.StartWithAssets(seed, work);
        using (x)
        {
            flow.HostilePerMille = 5;
            for (int i = 0; i < 30_000; i++)
            {
                _ = flow.Step();
                for (int asset = 1; asset <= 3; asset++)
                {
                    if (Conservation.Imbalance(x.State, asset) != 0)
                    {
                        Assert.Fail($"R-103: asset {asset} after command {x.Exchange.Sequence}");
                    }
                }

                StateChecks.Run(x.State);
            }

            foreach (EventType type in Expected)
            {
                _seen[type] = _seen.GetValueOrDefault(type) + flow.Seen(type);
            }
        }
    }

    [Test]
    [NonParallelizable]
    [Description("ARCHITECTURE hot-path rules: with several assets too nothing is allocated.")]
    public void NothingIsAllocated()
    {
        (TestExchange x, MixedFlow flow) = MixedFlow.StartWithAssets(seed: 21);
        using (x)
        {
            Run(flow, 50_000);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Run(flow, 100_000);
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
            Assert.That(flow.Seen(EventType.Trade), Is.GreaterThan(3_000));
        }
    }

    [Test]
    [Description("R-104: the same stream twice gives the same hashes.")]
    public void SameTwice()
    {
        (Hash128 State, Hash128 Chain) first = HashesOf(31);
        (Hash128 State, Hash128 Chain) again = HashesOf(31);
        Assert.That(again, Is.EqualTo(first));
        Assert.That(HashesOf(32), Is.Not.EqualTo(first));
    }

    private static void Run(MixedFlow flow, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ = flow.Step();
        }
    }

    private static (Hash128 State, Hash128 Chain) HashesOf(ulong seed)
    {
        (TestExchange x, MixedFlow flow) = MixedFlow.StartWithAssets(seed, work: 40);
        using (x)
        {
            Run(flow, 20_000);
            return (x.Exchange.ComputeStateHash(), x.Exchange.ChainHash);
        }
    }
}
