using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Margin;

/// <summary>What is remembered of a position that ended. One cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public struct ClosedPosition
{
    /// <summary>Id.</summary>
    public long PositionId;

    /// <summary>When it opened, 0: never.</summary>
    public long OpenedNs;

    /// <summary>When it ended.</summary>
    public long ClosedNs;

    /// <summary>Profit booked.</summary>
    public long RealizedPnlUnits;

    /// <summary>Fees and penalties paid.</summary>
    public long FeeUnits;

    /// <summary>Funding paid; below 0: got.</summary>
    public long FundingUnits;

    /// <summary>Account.</summary>
    public int Account;

    /// <summary>Market.</summary>
    public int Market;

    /// <summary>Leverage that was set, 0 for the market's own.</summary>
    public ushort Leverage;

    /// <summary>1: isolated.</summary>
    public byte IsIsolated;

    /// <summary>1: one of several positions of its market.</summary>
    public byte IsHedge;

    /// <summary>How it ended.</summary>
    public PositionStatus Status;

    /// <summary>The record of a position that ends now.</summary>
    public static ClosedPosition Of(in Position position, in PositionDetail detail, long fundingUnits, PositionStatus status, long timeNs) => new()
    {
        PositionId = detail.PositionId,
        OpenedNs = detail.OpenedNs,
        ClosedNs = timeNs,
        RealizedPnlUnits = detail.RealizedPnlUnits,
        FeeUnits = detail.FeeUnits,
        FundingUnits = fundingUnits,
        Account = position.Account,
        Market = position.Market,
        Leverage = position.Leverage,
        IsIsolated = position.IsIsolated,
        IsHedge = (byte)((position.Guards & Guards.Hedge) != 0 ? 1 : 0),
        Status = status,
    };
}
