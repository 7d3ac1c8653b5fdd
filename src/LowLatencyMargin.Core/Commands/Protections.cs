using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Commands;

/// <summary>
/// Maker protection of an account in a market (R-1314): when its protected orders have filled more than a limit within a window, they are all
/// cancelled and new ones refused for a while. All limits 0: off.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetMakerProtection
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>Lots filled on both sides together; 0: no limit.</summary>
    public long QuantityLots;

    /// <summary>Lots bought less lots sold, without sign; 0: no limit.</summary>
    public long DeltaLots;

    /// <summary>Number of fills; 0: no limit.</summary>
    public int Fills;

    /// <summary>Window in milliseconds, from the first fill counted; 1 to 86,400,000 unless all limits are 0.</summary>
    public int WindowMs;

    /// <summary>How long new protected orders are refused afterwards, in milliseconds; 0: until set again.</summary>
    public int FrozenMs;

    /// <summary>Zero.</summary>
    public int Reserved;
}

/// <summary>Cancels all orders of an account unless this command comes again in time: the dead-man timer (R-1315).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CancelAllAfter
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Time left in milliseconds, up to a day; 0 stops the timer.</summary>
    public int TimeoutMs;

    /// <summary>1: waiting reduce-only orders stay.</summary>
    public byte SpareStops;

    /// <summary>Zero.</summary>
    public byte Reserved;

    /// <summary>Zero.</summary>
    public ushort Reserved2;
}

/// <summary>
/// Stops an account, in one market or all, or a market for all accounts (R-1315): its orders are cancelled and only reduce-only orders, cancels
/// and transfers are taken until it is switched off.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct KillSwitch
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account; 0: all accounts of the market.</summary>
    public long AccountId;

    /// <summary>Market; 0: all markets of the account.</summary>
    public long MarketId;

    /// <summary>1: stop, 0: resume.</summary>
    public byte On;

    /// <summary>1: waiting reduce-only orders stay; of a whole market, all waiting orders.</summary>
    public byte SpareStops;

    /// <summary>Zero.</summary>
    public ushort Reserved;

    /// <summary>Zero.</summary>
    public int Reserved2;
}

/// <summary>Opens, restricts or closes a market (R-1402).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetMarketState
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>New state.</summary>
    public MarketState State;

    /// <summary>Zero.</summary>
    public byte Reserved;

    /// <summary>Zero.</summary>
    public ushort Reserved2;

    /// <summary>Zero.</summary>
    public int Reserved3;
}

/// <summary>
/// Closes a market for good (R-2101): cancels its orders, closes all positions at one price, and leaves it <see cref="MarketState.Closed"/>. With a
/// deadline the market only takes what reduces until then.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct SettleMarket
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Market: a perpetual one.</summary>
    public long MarketId;

    /// <summary>Price in ticks; 0: the mark of that moment.</summary>
    public long PriceTicks;

    /// <summary>Deadline, after the command's time, without a price; 0: now.</summary>
    public long DueNs;
}

/// <summary>How many order commands an account may send (R-1316). A mass quote or batch weighs as much as it has levels or items, all else 1.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetRateLimit
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account; 0: all that have no limit of their own.</summary>
    public long AccountId;

    /// <summary>Weight regained a second, up to 1,000,000; 0: no limit.</summary>
    public int PerSecond;

    /// <summary>Weight that can be spent at once, up to 1,000,000; 1 or more with a limit.</summary>
    public int Burst;

    /// <summary>Weight beyond that for cancels, decreases and reduce-only orders alone, up to 1,000,000.</summary>
    public int Reserve;

    /// <summary>Zero.</summary>
    public int Reserved;
}

/// <summary>Puts an account into a group whose orders count as one account's for self-trade prevention (R-1307).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetTradeGroup
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Group, above 0; 0: none.</summary>
    public long GroupId;
}

/// <summary>What a market allows (R-1402); the table is in docs/matching.md.</summary>
public enum MarketState : byte
{
    /// <summary>Everything.</summary>
    Open = 0,

    /// <summary>Before trading: post-only orders build the book, nothing trades.</summary>
    PreOpen = 1,

    /// <summary>Only orders that reduce a position, and liquidations.</summary>
    ReduceOnly = 2,

    /// <summary>Cancels only; nothing trades, nobody is liquidated.</summary>
    Halted = 3,

    /// <summary>The mark is not to be trusted: like <see cref="ReduceOnly"/>, but nobody is liquidated and no trigger by mark is set off.</summary>
    PriceStale = 4,

    /// <summary>Cancels only, while positions are being settled.</summary>
    Settling = 5,

    /// <summary>Nothing; all orders are cancelled on the way here.</summary>
    Closed = 6,
}
