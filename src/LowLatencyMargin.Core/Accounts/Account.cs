using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Accounts;

/// <summary>An account: one cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public struct Account
{
    /// <summary>In <see cref="IsLiquidationAccount"/>.</summary>
    public const byte IsolatedWallet = 2;

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

    /// <summary>Row of its trader rules, 0: it has none.</summary>
    public int Rules;

    /// <summary>When the rate budget is whole again: the budget itself, as a time (R-1316).</summary>
    public long RateWholeNs;

    /// <summary>Self-trade group, 0: none (R-1307).</summary>
    public long GroupId;

    /// <summary>First row of the list of this account's balances in assets besides the collateral asset, and of what it owes or lends.</summary>
    public int FirstBalance;

    /// <summary>What to look at before it trades; most have nothing.</summary>
    public AccountTraits Traits;

    /// <summary>
    /// 1: the exchange's own account of a market's liquidations: no margin check, never liquidated; <see cref="IsolatedWallet"/>: the wallet of
    /// somebody's isolated spot-margin scope, which no command names.
    /// </summary>
    public byte IsLiquidationAccount;

    /// <summary>1: stopped in all markets (R-1315).</summary>
    public byte IsKilled;
}

/// <summary>What an account has that most have not.</summary>
[System.Flags]
public enum AccountTraits : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Several positions with ids in a market, long and short at once .</summary>
    Hedge = 1,

    /// <summary>Spot only: no margin, no loans, never examined .</summary>
    SpotOnly = 2,

    /// <summary>It holds or owes assets that count in its cross scope .</summary>
    HasAssets = 4,

    /// <summary>It has trader rules (R-1501 to R-1506).</summary>
    HasRules = 8,

    /// <summary>Its margin level is watched (R-1503).</summary>
    IsWatched = 16,

    /// <summary>It has a highest leverage over its cross scope .</summary>
    PortfolioLeverage = 256,

    /// <summary>Its cross scope owes to lending pools.</summary>
    HasLoans = 32,

    /// <summary>Its pool has less than its isolated orders hold: they are looked at before the command ends, or with the next tick .</summary>
    IsShort = 128,

    /// <summary>A liquidation of one of its scopes is under way (R-1114).</summary>
    Liquidating = 512,

    /// <summary>Its cross scope owes to lending pools, or they promised its orders to lend.</summary>
    HasMarginScopes = 64,
}
