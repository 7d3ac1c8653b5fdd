using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Commands;

/// <summary>
/// Capacities and limits; the first command of every journal. What can change an outcome is here, never in a process's configuration.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct Genesis
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Accounts, from 1 to 2^26.</summary>
    public int MaxAccounts;

    /// <summary>Resting orders over all markets, from 1 to 2^24 - 1.</summary>
    public int MaxOrders;

    /// <summary>Rows of account and market over all markets, from 1 to 2^26.</summary>
    public int MaxPositions;

    /// <summary>Assets, from 1 to 1,024.</summary>
    public int MaxAssets;

    /// <summary>Markets, from 1 to 65,536.</summary>
    public int MaxMarkets;

    /// <summary>
    /// Work that one command may do, from 16 to 65,536: a fill, an order cancelled by a liquidation and an account examined count one each.
    /// An order that reaches it has its remainder cancelled; liquidations that reach it go on with the next tick.
    /// </summary>
    public int MaxWorkPerCommand;

    /// <summary>Orders remembered after their end, for duplicates and late cancels (R-1306, R-1309): 0 to 2^20, a power of two or 0.</summary>
    public int RecentOrders;

    /// <summary>Rows of account and asset besides the collateral asset, up to 2^26; 0: as many as positions.</summary>
    public int MaxBalances;

    /// <summary>Mixed into the hashes of ids that clients choose, so that nobody can make them collide.</summary>
    public long HashSeed;

    /// <summary>Closed positions that can still be looked at, from 0 to 2^20; the newest end the oldest.</summary>
    public long RecentPositions;
}

/// <summary>Time passes. What is due or was left over goes on.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Tick
{
    /// <summary>Header.</summary>
    public CommandHeader Header;
}

/// <summary>An asset. The first one is the collateral that perpetuals are quoted in; others are no collateral until their parameters are set.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AddAsset
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Up to 16 characters.</summary>
    public Symbol Symbol;

    /// <summary>Decimals of the smallest unit, 0 to 12.</summary>
    public int Decimals;

    /// <summary>Zero.</summary>
    public int Reserved;
}

/// <summary>A market with its contract terms and risk parameters .</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ListMarket
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Up to 16 characters.</summary>
    public Symbol Symbol;

    /// <summary>What is traded.</summary>
    public Symbol BaseSymbol;

    /// <summary>What prices, profits and fees are in; of a perpetual the collateral asset.</summary>
    public long QuoteAssetId;

    /// <summary>Spot markets: the asset that is traded, whose symbol is <see cref="BaseSymbol"/>; of a perpetual 0: its base is a label.</summary>
    public long BaseAssetId;

    /// <summary>One tick of price in billionths of a quote asset.</summary>
    public long TickSizeE9;

    /// <summary>One lot of quantity in billionths of a base asset.</summary>
    public long LotSizeE9;

    /// <summary>Window of levels kept by tick on each side, a power of two from 4,096 to 2^20.</summary>
    public int LadderTicks;

    /// <summary>Open positions of this market, up to the genesis limit; 0 means that limit.</summary>
    public int MaxPositions;

    /// <summary>What is traded, and whether with margin.</summary>
    public MarketKind Kind;

    /// <summary>Zero.</summary>
    public byte Reserved;

    /// <summary>Zero.</summary>
    public ushort Reserved2;

    /// <summary>Zero.</summary>
    public int Reserved3;

    /// <summary>Risk parameters.</summary>
    public MarketParameters Parameters;
}

/// <summary>New risk parameters for a market, all of them at once, so that they are checked as a whole.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetMarketParameters
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>Risk parameters.</summary>
    public MarketParameters Parameters;
}

/// <summary>A new account; its id is the number of accounts before it plus one.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CreateAccount
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Who it belongs to, above 0 .</summary>
    public long OwnerId;
}

/// <summary>Sets the mark price of a market, and the index price with it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetMarkPrice
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>Mark price in ticks, 1 to 2^40 - 1.</summary>
    public long PriceTicks;
}

/// <summary>Sets the index price of a market by hand; where its mark is made of its sources the feeds replace it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetIndexPrice
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>Index price in ticks, 1 to 2^40 - 1.</summary>
    public long PriceTicks;
}

/// <summary>The operator tops up a market's insurance fund (R-1203).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FundInsurance
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>Amount in the quote asset's smallest units, above 0.</summary>
    public long AmountUnits;
}
