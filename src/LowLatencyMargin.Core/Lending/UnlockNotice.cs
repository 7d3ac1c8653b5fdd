using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Lending;

/// <summary>What a lender announced to take out (R-1010), by the row of account and asset.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct UnlockNotice
{
    /// <summary>Shares that may leave.</summary>
    public long Shares;

    /// <summary>The epoch in which they were announced: from the next one on.</summary>
    public long Epoch;
}
