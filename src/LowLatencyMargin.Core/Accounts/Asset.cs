using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Accounts;

/// <summary>An asset. Asset 1 is the collateral.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Asset
{
    /// <summary>Id of the collateral asset.</summary>
    public const int CollateralId = 1;

    /// <summary>Name.</summary>
    public Symbol Symbol;

    /// <summary>Decimals of the smallest unit.</summary>
    public int Decimals;

    /// <summary>Its lending pool, 0 when it has none.</summary>
    public int Pool;

    /// <summary>Deposits and top-ups less withdrawals: what must be found inside .</summary>
    public long ExternalUnits;
}
