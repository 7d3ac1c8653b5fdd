using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Matching;

/// <summary>What trades lead to for other orders, and what is told of an order of a hedge position.</summary>
public sealed partial class MatchingEngine
{
    /// <summary>
    /// What trades led to, in the order in which it arose: partners of linked orders end, reduce-only orders follow their positions, maker
    /// protection pulls its orders. The work was counted when it arose.
    /// </summary>
    public void RunAftermath()
    {
        for (int i = 0; i < _state.AftermathCount && !_state.Undo.IsTooLarge; i++)
        {
            _state.AftermathAt(i, out AftermathKind kind, out long id);
            switch (kind)
            {
                case AftermathKind.LinkedOrder:
                    int slot = Order.SlotOf(id);
                    if (_orders[slot].Position != 0 && _orders[slot].Generation == id >> Order.SlotBits)
                    {
                        Cancel(slot, CancelReason.Linked);
                    }

                    break;
                case AftermathKind.ReduceOnly:
                    FollowPosition((int)id);
                    break;
                default:
                    PullProtected((int)id);
                    break;
            }
        }

        _state.ClearAftermath();
    }

    /// <summary>Reduce-only orders become no larger than the position, and end with it (R-1304); with a hedge position all its orders end .</summary>
    private void FollowPosition(int index)
    {
        if ((_positions[index].Guards & Policy.Guards.ReduceOnlyDue) == 0)
        {
            return;
        }

        _positions.Edit(index).Guards &= ~Policy.Guards.ReduceOnlyDue;
        long size = _positions[index].SizeLots;
        bool ended = size == 0 && (_positions[index].Guards & Policy.Guards.Hedge) != 0;
        int slot = _positions[index].FirstOrder;
        while (slot != 0)
        {
            ref readonly Order order = ref _orders[slot];
            int next = order.NextOfPosition;
            if (order.Has(OrderMarks.ReduceOnly))
            {
                long allowed = MakerExamination.Reducible(order.Side, size);
                if (allowed == 0)
                {
                    Cancel(slot, CancelReason.NothingToReduce);
                }
                else if (order.LeavesLots > allowed)
                {
                    Reduce(slot, allowed);
                }
            }
            else if (ended)
            {
                Cancel(slot, CancelReason.PositionClosed);
            }

            slot = next;
        }
    }

    private void PullProtected(int index)
    {
        if ((_positions[index].Guards & Policy.Guards.ProtectionDue) == 0)
        {
            return;
        }

        _positions.Edit(index).Guards &= ~Policy.Guards.ProtectionDue;
        int slot = _positions[index].FirstOrder;
        while (slot != 0)
        {
            int next = _orders[slot].NextOfPosition;
            if (_orders[slot].Has(OrderMarks.MakerProtected))
            {
                Cancel(slot, CancelReason.MakerProtection);
            }

            slot = next;
        }
    }

    private void AddAssigned(int slot, int index)
    {
        ref OrderAssigned assigned = ref _events.Add<OrderAssigned>(
            EventType.OrderAssigned, _positions[index].Market, EventFlags.None, (byte)_state.StatusOf(index));
        assigned.AccountId = _positions[index].Account;
        assigned.OrderId = Order.IdOf(slot, _orders[slot].Generation);
        assigned.PositionId = _state.PositionDetails[index].PositionId;
    }
}
