using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>A resting order.</summary>
internal sealed class ModelOrder
{
    public required ModelRow Row { get; init; }

    public required Side Side { get; init; }

    public bool IsReduceOnly { get; init; }

    /// <summary>By the trader rules: own orders in its way are cancelled.</summary>
    public bool IsExit { get; init; }

    public required long ClientId { get; init; }

    /// <summary>What its fills do to loans.</summary>
    public SideEffect Effect { get; set; }

    public bool Borrows => Effect.HasFlag(SideEffect.AutoBorrow);

    public bool Repays => Effect.HasFlag(SideEffect.AutoRepay);

    /// <summary>The exchange's id, learned from its event.</summary>
    public long Id { get; set; }

    public long Price { get; set; }

    public long Hold { get; set; }

    public long Leaves { get; set; }

    public long Quantity { get; set; }

    /// <summary>Time priority.</summary>
    public long Arrival { get; set; }

    /// <summary>When it was placed: cancelling for a liquidation goes by this, newest first.</summary>
    public long Placed { get; init; }

    /// <summary>Whether it has traded yet.</summary>
    public bool HasTraded { get; set; }

    public Big HoldNotional => (Big)Leaves * Hold * Row.Market.TickValue;
}
