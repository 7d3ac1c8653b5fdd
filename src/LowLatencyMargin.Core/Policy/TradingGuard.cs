using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Policy;

/// <summary>What an account has seldom in a market: maker protection, its bracket, counts of guarded orders.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TradingGuard
{
    /// <summary>Protection: lots filled in a window; 0: no limit.</summary>
    public long LimitLots;

    /// <summary>Protection: lots bought less lots sold, without sign; 0: no limit.</summary>
    public long LimitDeltaLots;

    /// <summary>Protection: fills; 0: no limit.</summary>
    public int LimitFills;

    /// <summary>Protection: the window.</summary>
    public int WindowMs;

    /// <summary>Protection: how long it freezes; 0: until set again.</summary>
    public int FrozenMs;

    /// <summary>Fills in the window that runs.</summary>
    public int Fills;

    /// <summary>When the window that runs ends.</summary>
    public long WindowEndsNs;

    /// <summary>Lots filled in it.</summary>
    public long FilledLots;

    /// <summary>Lots bought less lots sold in it.</summary>
    public long DeltaLots;

    /// <summary>When protected orders are taken again.</summary>
    public long FrozenUntilNs;

    /// <summary>The last count for a fill-or-kill order that met a protected order of this row.</summary>
    public long CountedBy;

    /// <summary>Open reduce-only orders.</summary>
    public int ReduceOnlyOrders;

    /// <summary>Open maker-protected orders.</summary>
    public int ProtectedOrders;

    /// <summary>The bracket's stop-loss, 0 when there is none.</summary>
    public int StopLossOrder;

    /// <summary>The bracket's take-profit, 0 when there is none.</summary>
    public int TakeProfitOrder;

    /// <summary>What trader rules keep of the open position, 0: the account has none.</summary>
    public int Record;

    /// <summary>Head of hedge positions: what shorts begin with when it differs from longs: leverage, 0 for the market's own.</summary>
    public ushort ShortLeverage;

    /// <summary>Head of hedge positions: 1: shorts begin isolated.</summary>
    public byte ShortIsIsolated;
}

/// <summary>What to look at before an account trades in a market.</summary>
[System.Flags]
public enum Guards : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It has reduce-only orders: they follow its position.</summary>
    ReduceOnly = 1,

    /// <summary>It has maker protection.</summary>
    MakerProtection = 2,

    /// <summary>It is stopped in this market.</summary>
    Killed = 4,

    /// <summary>Its reduce-only orders are to be looked at before the command ends.</summary>
    ReduceOnlyDue = 8,

    /// <summary>Its protected orders are to be cancelled before the command ends.</summary>
    ProtectionDue = 16,

    /// <summary>It is one of several positions of its account in its market .</summary>
    Hedge = 32,

    /// <summary>A close command's order for all of it has rested .</summary>
    Closing = 64,

    /// <summary>It has loans, or orders that may borrow.</summary>
    Loans = 128,
}
