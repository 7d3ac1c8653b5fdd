using System.Runtime.InteropServices;

namespace LowLatencyMargin.Journal.Format;

/// <summary>Body of a checkpoint record: the core's chain hash after a command.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
public struct CheckpointBody
{
    /// <summary>The last command that the hash covers.</summary>
    public long Sequence;

    /// <summary>Low half of the hash.</summary>
    public ulong HashLow;

    /// <summary>High half of the hash.</summary>
    public ulong HashHigh;

    private readonly ulong _reserved;
}
