using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Events;

/// <summary>Price and weights of an asset changed.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct AssetParametersChanged
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Asset.</summary>
    public long AssetId;

    /// <summary>Pinned price in billionths of the collateral asset, 0: none.</summary>
    public long PriceE9;

    /// <summary>Opening weight.</summary>
    public int OpeningWeight;

    /// <summary>Maintenance weight.</summary>
    public int MaintenanceWeight;

    /// <summary>Weight of a debt.</summary>
    public int LiabilityWeight;
}

/// <summary>From one account of an owner to another, and what stands where after it.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct AccountTransfer
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account that gave.</summary>
    public long AccountId;

    /// <summary>Account that got.</summary>
    public long ToAccountId;

    /// <summary>Asset.</summary>
    public long AssetId;

    /// <summary>Amount moved.</summary>
    public long AmountUnits;

    /// <summary>What the giving account has left.</summary>
    public long BalanceUnits;

    /// <summary>What the getting account has now.</summary>
    public long ToBalanceUnits;
}

/// <summary>What trades made of an account's balance in an asset.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct BalanceUpdated
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Asset.</summary>
    public long AssetId;

    /// <summary>What is there, held parts included.</summary>
    public long BalanceUnits;

    /// <summary>What spot orders hold of it.</summary>
    public long HoldUnits;
}

/// <summary>Collateral went to a liquidation account that the book did not buy.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct CollateralTakenOver
{
    /// <summary>Header; its market is the one whose liquidation account it is.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Asset.</summary>
    public long AssetId;

    /// <summary>Units taken.</summary>
    public long TakenUnits;

    /// <summary>What was paid for them, in units of the collateral asset.</summary>
    public long PaidUnits;
}
