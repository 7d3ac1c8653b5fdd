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

    /// <summary>1: the operator's price stands, whatever markets say.</summary>
    public byte IsPinned;

    /// <summary>1: holdings of it made due for examination by the command being applied.</summary>
    public byte IsDue;

    /// <summary>1: examinations of its holders are left over from the last command.</summary>
    public byte LiquidationsPending;

    /// <summary>Market whose mark is its price, 0: none.</summary>
    public int PriceMarket;

    /// <summary>Top of the index of falling collateral: the balance that is looked at first, 0: none.</summary>
    public int IndexRoot;

    /// <summary>First spot market that trades it against the collateral asset, 0: none.</summary>
    public int SpotMarket;

    /// <summary>
    /// Price in units of the collateral asset per unit, times the denominator: of a tick of its price market, or of the pinned price; 0: it has none.
    /// </summary>
    public long PriceNumerator;

    /// <summary>What the numerator is divided by.</summary>
    public long PriceDenominator;

    /// <summary>How far it counts as collateral .</summary>
    public AssetParameters Parameters;

    /// <summary>Its lending pool, 0 when it has none.</summary>
    public int Pool;

    /// <summary>Deposits and top-ups less withdrawals: what must be found inside .</summary>
    public long ExternalUnits;
}
