using System.Runtime.InteropServices;

namespace LowLatencyMargin.Journal.Format;

/// <summary>Body of a commit record and of a segment end record.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal struct CommitBody
{
    /// <summary>Records since the last commit, this one not counted.</summary>
    internal uint Count;

    /// <summary>CRC32C over the checksums of those records.</summary>
    internal uint BatchChecksum;

    /// <summary>The claim: every command up to this sequence was on stable storage when this batch ended.</summary>
    internal long DurableUpTo;

    /// <summary>The claim in bytes: this segment was on stable storage below this offset; 0 when nothing of it was.</summary>
    internal long DurableOffsetBytes;

    /// <summary>Epoch of the writer.</summary>
    internal long Epoch;
}
