using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Accounts;

/// <summary>An account: one cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public struct Account
{
    /// <summary>The cross pool, which is also the wallet: money in the collateral asset.</summary>
    public long BalanceUnits;

    /// <summary>What orders hold of the pool, over all markets.</summary>
    public long PoolHoldUnits;

    /// <summary>Whose it is.</summary>
    public long OwnerId;

    /// <summary>First row of the list of this account's positions.</summary>
    public int FirstPosition;

    /// <summary>Rows in that list.</summary>
    public int Positions;

    /// <summary>Open cross positions among them.</summary>
    public int CrossOpen;

    /// <summary>1: the exchange's own account of a market's liquidations: no margin check, never liquidated.</summary>
    public int IsLiquidationAccount;

    /// <summary>When the rate budget is whole again: the budget itself, as a time (R-1316).</summary>
    public long RateWholeNs;

    /// <summary>Self-trade group, 0: none (R-1307).</summary>
    public long GroupId;

    /// <summary>1: stopped in all markets (R-1315).</summary>
    public int IsKilled;
}
