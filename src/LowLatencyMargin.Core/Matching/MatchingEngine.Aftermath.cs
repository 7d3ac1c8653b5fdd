using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Matching;

/// <summary>What trades lead to for other orders, once the incoming one has rested or ended.</summary>
public sealed partial class MatchingEngine
{
    /// <summary>
    /// What trades led to, in the order in which it arose: partners of linked orders end, reduce-only orders follow their positions, maker
    /// protection pulls its orders. The work was counted when it arose.
    /// </summary>
    public void RunAftermath()
    {
        for (int i = 0; i < _state.AftermathCount; i++)
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

    /// <summary>Reduce-only orders become no larger than the position, and end with it (R-1304).</summary>
    private void FollowPosition(int index)
    {
        if ((_positions[index].Guards & Policy.Guards.ReduceOnlyDue) == 0)
        {
            return;
        }

        _positions.Edit(index).Guards &= ~Policy.Guards.ReduceOnlyDue;
        long size = _positions[index].SizeLots;
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
}
