using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Commands;

/// <summary>The operator sets the margin limits of an account, all at once .</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetAccountMargin
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Highest leverage of all cross positions and orders together, 1 to 1,000; 0: none.</summary>
    public int PortfolioLeverage;

    /// <summary>Zero.</summary>
    public int Reserved;
}
