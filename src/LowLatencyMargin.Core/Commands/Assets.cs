using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Commands;

/// <summary>What a market trades .</summary>
public enum MarketKind : byte
{
    /// <summary>Positions in a linear contract, on margin.</summary>
    Perpetual = 0,

    /// <summary>Base against quote, with what is there.</summary>
    Spot = 1,

    /// <summary>Base against quote, with loans where an account takes them.</summary>
    SpotMargin = 2,
}

/// <summary>How far an asset counts as collateral. Rates are in hundred-millionths.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AssetParameters
{
    /// <summary>Pinned price in billionths of the collateral asset; 0: the mark of its price market.</summary>
    public long PriceE9;

    /// <summary>What all that is deposited may be worth before opening and filling weights shrink, in units of the collateral; 0: no cap.</summary>
    public long CapUnits;

    /// <summary>The part of a holding's value above this, in units of the collateral, counts at the rate of the same number; 0: none.</summary>
    public long Discount1Units;

    /// <inheritdoc cref="Discount1Units"/>
    public long Discount2Units;

    /// <inheritdoc cref="Discount1Units"/>
    public long Discount3Units;

    /// <inheritdoc cref="Discount1Units"/>
    public long Discount4Units;

    /// <summary>Rate of the part above <see cref="Discount1Units"/>.</summary>
    public int Discount1Rate;

    /// <summary>Rate of the part above <see cref="Discount2Units"/>.</summary>
    public int Discount2Rate;

    /// <summary>Rate of the part above <see cref="Discount3Units"/>.</summary>
    public int Discount3Rate;

    /// <summary>Rate of the part above <see cref="Discount4Units"/>.</summary>
    public int Discount4Rate;

    /// <summary>Weight where positions are opened and money leaves; 0: no collateral.</summary>
    public int OpeningWeight;

    /// <summary>Weight where an order fills on credit.</summary>
    public int FillingWeight;

    /// <summary>Weight where liquidation is decided.</summary>
    public int MaintenanceWeight;

    /// <summary>Weight of a debt in it, 100 % to 200 %.</summary>
    public int LiabilityWeight;
}

/// <summary>Price and weights of an asset, all of them at once, so that they are checked as a whole.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetAssetParameters
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Asset.</summary>
    public long AssetId;

    /// <summary>Its parameters.</summary>
    public AssetParameters Parameters;
}

/// <summary>Spot wallet to the isolated account of one market, which is opened if there is none .</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TransferToMargin
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>Asset, one of the market's margin.</summary>
    public long AssetId;

    /// <summary>Amount in smallest units, above 0.</summary>
    public long AmountUnits;
}

/// <summary>Isolated account of one market to the spot wallet .</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TransferFromMargin
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>Asset, one of the market's margin.</summary>
    public long AssetId;

    /// <summary>Amount in smallest units, above 0.</summary>
    public long AmountUnits;
}

/// <summary>From one account to another of the same owner .</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TransferBetweenAccounts
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account that gives.</summary>
    public long AccountId;

    /// <summary>Account that gets.</summary>
    public long ToAccountId;

    /// <summary>Asset.</summary>
    public long AssetId;

    /// <summary>Amount in smallest units, above 0.</summary>
    public long AmountUnits;
}

/// <summary>Allows an account margin, or spot trading only; only while nothing on margin is open.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetMarginEnabled
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>1: margin; 0: spot only.</summary>
    public long Enabled;
}
