using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Matching;

/// <summary>What few orders have: display, expiry, trigger, trail and link. One cache line, used only when needed.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
public struct OrderTermsRow
{
    /// <summary>Iceberg: lots shown at a time.</summary>
    [FieldOffset(0)]
    public long DisplayLots;

    /// <summary>Iceberg: lots shown now.</summary>
    [FieldOffset(8)]
    public long ShownLots;

    /// <summary>Trailing, which no iceberg is: next in the queue of the price at which it moves.</summary>
    [FieldOffset(0)]
    public int NextTrailing;

    /// <summary>Previous in that queue.</summary>
    [FieldOffset(4)]
    public int PreviousTrailing;

    /// <summary>Waiting market order, which no iceberg is: slippage rate.</summary>
    [FieldOffset(8)]
    public int MaxSlippageRate;

    /// <summary>When it ends, 0: never.</summary>
    [FieldOffset(16)]
    public long ExpiresNs;

    /// <summary>Price that sets it off; 0: it has no trigger, or trails and does not follow yet.</summary>
    [FieldOffset(24)]
    public long TriggerTicks;

    /// <summary>Trailing: the best price seen since it follows, before that its activation price.</summary>
    [FieldOffset(32)]
    public long BestTicks;

    /// <summary>Trailing: distance in ticks or, negative, as a rate.</summary>
    [FieldOffset(40)]
    public long Trail;

    /// <summary>What sets it off.</summary>
    [FieldOffset(53)]
    public TriggerKind Kind;

    /// <summary>1: it is to be cancelled, the order it was linked with has traded.</summary>
    [FieldOffset(55)]
    public byte IsDoomed;

    /// <summary>With an expiry: place in the timer queue plus one.</summary>
    [FieldOffset(56)]
    public int TimerPlace;

    /// <summary>Row of the linked order, 0 when there is none.</summary>
    [FieldOffset(60)]
    public int Linked;

    [FieldOffset(48)]
    private uint _stepLow;

    [FieldOffset(52)]
    private byte _stepHigh;

    // source: two bits, order type: one, time in force: three, auto-borrow and auto-repay: two
    [FieldOffset(54)]
    private byte _choices;

    /// <summary>Which price it watches.</summary>
    public readonly TriggerSource Source => (TriggerSource)unchecked((byte)(_choices & 3));

    /// <summary>What it becomes when it is set off.</summary>
    public readonly OrderType Type => (OrderType)unchecked((byte)((_choices >> 2) & 1));

    /// <summary>How long it stands.</summary>
    public readonly TimeInForce TimeInForce => (TimeInForce)unchecked((byte)((_choices >> 3) & 7));

    /// <summary>What its fills do to loans.</summary>
    public readonly SideEffect Effect => (SideEffect)unchecked((byte)(_choices >> 6));

    /// <summary>Trailing: how far the price moves before it follows, in ticks.</summary>
    public long StepTicks
    {
        readonly get => _stepLow | ((long)_stepHigh << 32);
        set
        {
            _stepLow = unchecked((uint)value);
            _stepHigh = unchecked((byte)(value >> 32));
        }
    }

    /// <summary>Whether it follows a price.</summary>
    public readonly bool IsTrailing => Kind >= TriggerKind.TrailingStop;

    /// <summary>Whether it can only trade at once when it is set off.</summary>
    public readonly bool IsImmediate => Type == OrderType.Market || TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill;

    /// <summary>Sets source, type, time in force and what fills do to loans.</summary>
    public void SetChoices(TriggerSource source, OrderType type, TimeInForce timeInForce, SideEffect effect) =>
        _choices = unchecked((byte)((uint)source | ((uint)type << 2) | ((uint)timeInForce << 3) | ((uint)(effect & SideEffect.Both) << 6)));
}
