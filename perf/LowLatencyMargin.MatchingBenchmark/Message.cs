using System.Runtime.InteropServices;

namespace LowLatencyMargin.MatchingBenchmark;

/// <summary>What a message asks for.</summary>
public enum MessageType : byte
{
    /// <summary>A new order.</summary>
    New = 0,

    /// <summary>Cancel a resting order.</summary>
    Cancel = 1,

    /// <summary>Another price and quantity for a resting order, which goes behind the queue.</summary>
    Modify = 2,

    /// <summary>Less quantity for a resting order, which keeps its place. Not part of the public benchmark.</summary>
    Reduce = 3,
}

/// <summary>A message as the harness lays it out; a cancel has no fields behind the sequence.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
public struct Message
{
    /// <summary>What it asks for.</summary>
    [FieldOffset(0)]
    public MessageType Type;

    /// <summary>The order, dense from 0.</summary>
    [FieldOffset(8)]
    public ulong OrderId;

    /// <summary>Number of the message, comes back in its reports.</summary>
    [FieldOffset(16)]
    public ulong Sequence;

    /// <summary>Limit price.</summary>
    [FieldOffset(24)]
    public long PriceTicks;

    /// <summary>Quantity; of a modify, what shall be left; of a reduction, by how much.</summary>
    [FieldOffset(32)]
    public uint QuantityLots;

    /// <summary>0 buy, 1 sell.</summary>
    [FieldOffset(36)]
    public byte Side;

    /// <summary>1: what does not trade at once is cancelled.</summary>
    [FieldOffset(37)]
    public byte IsImmediate;
}
