using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Events of markets that close for good, in the model's words (docs/matching.md).</summary>
internal sealed class SettlementRecording
{
    private readonly List<ModelSettled> _settled = [];
    private readonly List<ModelMarketEnd> _ends = [];
    private readonly List<ModelDeadline> _deadlines = [];
    private readonly List<ModelStateChange> _changes = [];

    /// <summary>Accounts whose positions were closed.</summary>
    public IEnumerable<long> Holders => _settled.Select(settled => settled.Account);

    /// <summary>Which position was closed first.</summary>
    public int PlaceOf(ModelRow row) => _settled.FindIndex(settled => settled.Account == row.Account.Id && settled.Position == row.PositionId);

    public void Clear()
    {
        _settled.Clear();
        _ends.Clear();
        _deadlines.Clear();
        _changes.Clear();
    }

    /// <summary>Whether the event moves what a cross price depends on.</summary>
    public bool Read(ref readonly EventSlot slot)
    {
        long market = slot.Header.MarketId;
        switch (slot.Header.Type)
        {
            case EventType.PositionSettled:
                PositionSettled settled = EventSlot.As<PositionSettled>(in slot);
                _settled.Add(new ModelSettled(
                    settled.AccountId, market, settled.PositionId, settled.SizeLots, settled.PriceTicks, settled.EntryCostUnits, settled.RealizedPnlUnits));
                return true;
            case EventType.MarketSettled:
                MarketSettled end = EventSlot.As<MarketSettled>(in slot);
                _ends.Add(new ModelMarketEnd(market, end.PriceTicks, end.Positions, end.Lots));
                return false;
            case EventType.SettlementSet:
                _deadlines.Add(new ModelDeadline(market, EventSlot.As<SettlementSet>(in slot).DueNs));
                return false;
            case EventType.MarketStateChanged:
                MarketStateChanged changed = EventSlot.As<MarketStateChanged>(in slot);
                if (changed.Cause == StateCause.Settlement)
                {
                    _changes.Add(new ModelStateChange(market, changed.Previous, changed.State));
                }

                return false;
            default:
                return false;
        }
    }

    public void Compare(Outcome expected)
    {
        EventComparison.Same(_deadlines, expected.Deadlines, "deadlines");
        EventComparison.Same(_settled, expected.Settled, "positions settled");
        EventComparison.Same(_ends, expected.MarketEnds, "markets settled");
        EventComparison.Same(_changes, expected.StateChanges, "states of settled markets");
    }
}
