using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>
/// Whom the exchange liquidated, in its order: account and market of each position, or account and 0 where only orders were cancelled or assets sold.
/// </summary>
internal static class LiquidationSteps
{
    public static List<(long Account, long Market)> Of(Recording recording)
    {
        List<(long Account, long Market)> steps = [];
        List<EventSlot> slots = recording.Slots;
        for (int i = 0; i < slots.Count; i++)
        {
            EventSlot slot = slots[i];
            long account = AccountOf(in slot);
            if (slot.Header.Type == EventType.LiquidationStarted)
            {
                steps.Add((account, slot.Header.MarketId));
            }
            else if (account != 0 && !steps.Exists(step => step.Account == account) && !IsStarted(slots, i, account))
            {
                steps.Add((account, 0));
            }
        }

        return steps;
    }

    private static bool IsStarted(List<EventSlot> slots, int from, long account)
    {
        for (int i = from; i < slots.Count; i++)
        {
            EventSlot slot = slots[i];
            if (slot.Header.Type == EventType.LiquidationStarted && AccountOf(in slot) == account)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The account that an event of a liquidation is about, 0 for other events.</summary>
    private static long AccountOf(in EventSlot slot)
    {
        bool isByLiquidation = slot.Header.Flags.HasFlag(EventFlags.Liquidation);
        return slot.Header.Type switch
        {
            EventType.LiquidationStarted => EventSlot.As<LiquidationStarted>(in slot).AccountId,
            EventType.CollateralTakenOver => EventSlot.As<CollateralTakenOver>(in slot).AccountId,
            EventType.OrderCancelled when slot.Header.Detail == (byte)CancelReason.Liquidation => EventSlot.As<OrderChanged>(in slot).AccountId,
            EventType.Fill when isByLiquidation && slot.Header.Flags.HasFlag(EventFlags.Taker) => EventSlot.As<Fill>(in slot).AccountId,
            _ => 0,
        };
    }
}
