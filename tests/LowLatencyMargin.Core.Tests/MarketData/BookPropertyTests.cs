using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.MarketData;

namespace LowLatencyMargin.Core.Tests.MarketData;

/// <summary>Random commands of all kinds: a snapshot of any moment and the increments behind it are the core's book at every later one.</summary>
[TestFixture]
internal sealed class BookPropertyTests
{
    private const int Commands = 12_000;

    /// <summary>What the feed hangs on.</summary>
    private static readonly EventType[] TellingEvents =
    [
        EventType.OrderAccepted, EventType.OrderCancelled, EventType.OrderAmended, EventType.OrderTermsSet, EventType.OrderTriggered,
        EventType.OrderRefilled, EventType.SelfTradePrevented, EventType.Trade, EventType.Fill, EventType.MarkPriceUpdated,
        EventType.IndexPriceUpdated, EventType.MarketStateChanged, EventType.LiquidationStarted, EventType.MakerProtectionTriggered,
        EventType.QuotesReplaced, EventType.BatchFinished,
    ];

    [Test]
    [Description("R-1704: views by order and by level, of all increments or of one kind, begun at random moments, equal the core's books after "
        + "each command")]
    public void ViewsAreTheBook([Values(1UL, 2UL, 3UL, 4UL)] ulong seed, [Values(24, 1024)] int work, [Values(24, 512)] int maxOrders)
    {
        using var rig = new MarketDataRig(work, maxOrders);
        CommandMix mix = rig.Mix(seed);
        Assert.That(Run(rig, mix, seed, Commands), Is.Null);
    }

    [Test]
    [Description("R-1704: whatever a stream of events holds, a feed goes on or an invariant stops it: nothing else is thrown")]
    public void AnyBits([Range(1UL, 60UL, 1UL)] ulong seed)
    {
        using var rig = new MarketDataRig();
        CommandMix mix = rig.Mix(seed);
        var random = new SplitMix(seed);
        rig.Tamper = events =>
        {
            if (random.Below(40) == 0)
            {
                Span<byte> bytes = MemoryMarshal.AsBytes(events.Span);
                bytes[random.Below(bytes.Length)] ^= (byte)(1 << random.Below(8));
            }

            return events.Length;
        };
        bool stopped = false;
        for (int i = 0; i < 2_000 && !stopped; i++)
        {
            mix.Step();
            try
            {
                rig.Publish();
            }
            catch (InvariantBrokenException)
            {
                stopped = true;
            }
        }

        Assert.That(stopped, Is.True, "fifty broken commands, none of them noticed");
    }

    [Test]
    [Description("R-1704: the mix has every event that market data is made of, and books deep enough to have queues")]
    public void TheMixHasEverything()
    {
        using var rig = new MarketDataRig();
        CommandMix mix = rig.Mix(seed: 1);
        int deepest = 0;
        for (int i = 0; i < 60_000; i++)
        {
            mix.Step();
            rig.Publish();
            deepest = Math.Max(deepest, rig.X.State.RestingOrders);
        }

        TestContext.Out.WriteLine(string.Join(", ", mix.Seen.OrderBy(seen => seen.Key)));
        TestContext.Out.WriteLine(string.Join(", ", mix.Accepted.OrderBy(accepted => accepted.Key)));
        Assert.That(deepest, Is.GreaterThan(100));
        foreach (EventType type in TellingEvents)
        {
            Assert.That(mix.Seen.GetValueOrDefault(type), Is.GreaterThan(20), type.ToString());
        }
    }

    [Test]
    [Description("R-1704: the test bites: each event that a book hangs on, lost or changed on its way to the feed, is found")]
    public void PlantedFaultsAreFound([Values] Fault fault)
    {
        using var rig = new MarketDataRig();
        CommandMix mix = rig.Mix(seed: 7);
        int planted = 0;
        rig.Tamper = events => Tamper(fault, events.Span, ref planted);
        string? found;
        try
        {
            found = Run(rig, mix, seed: 7, Commands);
        }
        catch (InvariantBrokenException broken)
        {
            found = broken.Message;
        }

        Assert.That(planted, Is.GreaterThan(0), "the mix has such an event");
        Assert.That(found, Is.Not.Null);
        TestContext.Out.WriteLine(found);
    }

    /// <summary>The first difference, null when there is none.</summary>
    private static string? Run(MarketDataRig rig, CommandMix mix, ulong seed, int commands)
    {
        var random = new SplitMix(seed * 31);
        for (int i = 0; i < commands; i++)
        {
            if (i < 4_000 && i % 400 == 0)
            {
                _ = rig.Follow(1 + random.Below(2), (BookContent)random.Below(2), filtered: random.Below(2) == 1);
            }

            mix.Step();
            rig.Publish();
            if (rig.Difference() is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private static int Tamper(Fault fault, Span<EventSlot> events, ref int planted)
    {
        int kept = 0;
        for (int i = 0; i < events.Length; i++)
        {
            ref EventSlot slot = ref events[i];
            bool last = (slot.Header.Flags & EventFlags.Last) != 0;
            bool maker = slot.Header.Type == EventType.Fill && (slot.Header.Flags & EventFlags.Taker) == 0;
            bool drop = fault switch
            {
                Fault.CancelLost => slot.Header.Type == EventType.OrderCancelled && !last,
                Fault.MakerFillLost => maker,
                Fault.AmendLost => slot.Header.Type == EventType.OrderAmended && !last,
                Fault.RefillLost => slot.Header.Type == EventType.OrderRefilled && !last,
                Fault.TermsLost => slot.Header.Type == EventType.OrderTermsSet && !last,
                Fault.TriggerLost => slot.Header.Type == EventType.OrderTriggered && !last,
                _ => false,
            };
            if (drop)
            {
                planted++;
                continue;
            }

            bool accepted = slot.Header.Type == EventType.OrderAccepted;
            ref OrderChanged order = ref System.Runtime.CompilerServices.Unsafe.As<EventSlot, OrderChanged>(ref slot);
            switch (fault)
            {
                case Fault.AmendAsCancel when slot.Header.Type == EventType.OrderAmended:
                    slot.Header.Type = EventType.OrderCancelled;
                    planted++;
                    break;
                case Fault.CancelUnseen when slot.Header.Type == EventType.OrderCancelled:
                    slot.Header.Type = EventType.Accepted;
                    planted++;
                    break;
                case Fault.WrongSide when accepted:
                    slot.Header.Detail ^= 1;
                    planted++;
                    break;
                case Fault.PriceOffByOne when accepted:
                    order.PriceTicks++;
                    planted++;
                    break;
                case Fault.LeavesOffByOne when slot.Header.Type == EventType.OrderAmended:
                    order.LeavesLots++;
                    planted++;
                    break;
                case Fault.HiddenShown when accepted && (slot.Header.OrderFlags & OrderFlags.Hidden) != 0:
                    slot.Header.Detail = (byte)slot.Header.Side;
                    planted++;
                    break;
                case Fault.WaitingShown when accepted && (slot.Header.Flags & EventFlags.Waiting) != 0:
                    slot.Header.Flags &= ~EventFlags.Waiting;
                    planted++;
                    break;
                default:
                    break;
            }

            events[kept++] = slot;
        }

        return kept;
    }

    public enum Fault
    {
        CancelLost,
        CancelUnseen,
        MakerFillLost,
        AmendLost,
        AmendAsCancel,
        WrongSide,
        PriceOffByOne,
        LeavesOffByOne,
        RefillLost,
        TermsLost,
        TriggerLost,
        HiddenShown,
        WaitingShown,
    }
}
