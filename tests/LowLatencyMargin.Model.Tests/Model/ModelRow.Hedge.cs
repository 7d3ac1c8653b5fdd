using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Identity and status of a position, one-way or hedge (docs/positions.md).</summary>
internal sealed partial class ModelRow
{
    /// <summary>One of several positions of a market.</summary>
    public bool IsHedge { get; init; }

    /// <summary>The side of a hedge position, also before its first fill.</summary>
    public Side HedgeSide { get; init; }

    /// <summary>Hedge: since its first order; one-way: since it opened, 0 while flat.</summary>
    public long PositionId { get; set; }

    /// <summary>Hedge: it had a fill.</summary>
    public bool WasOpen { get; set; }

    public bool IsClosing { get; set; }

    /// <summary>Band of an isolated position; null: not looked at yet.</summary>
    public Core.Rules.LevelBand? Band { get; set; }

    public Big Realized { get; set; }

    public Big Fees { get; set; }

    /// <summary>Profit less fees of the position that ended here last.</summary>
    public Big LastResult { get; set; }

    /// <summary>Number of the command that opened the position here last, and of the one that ended one.</summary>
    public long OpenedInCommand { get; set; }

    public long EndedInCommand { get; set; }

    public long OpenedAt { get; set; }

    /// <summary>Settings of new shorts of a hedge account, beside those of longs in the head row itself.</summary>
    public (bool IsIsolated, int Leverage) Shorts { get; set; }

    public long Key => IsHedge ? KeyOf(PositionId, Market.Id) : Market.Id;

    /// <summary>A hedge position that has become flat: its orders do not count any more.</summary>
    public bool IsOver => IsHedge && WasOpen && Size.IsZero;

    public bool IsEmpty => Size.IsZero && Orders.Count == 0 && Margin.IsZero && !HasLending && (IsHedge || (!IsIsolated && Leverage == 0 && Shorts == default));

    public static long KeyOf(long position, long market) => (position * 1_000) + market;

    /// <summary>Lots that an order of a side could close.</summary>
    public Big Against(Side side) => side == Side.Buy ? Big.Max(0, -Size) : Big.Max(0, Size);
}
