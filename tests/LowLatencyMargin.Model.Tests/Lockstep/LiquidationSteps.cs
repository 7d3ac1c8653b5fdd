using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Which events of a liquidation are about whom.</summary>
internal static class LiquidationSteps
{
    /// <summary>Accounts that lost orders or assets to a liquidation without one of their positions being closed.</summary>
    public static HashSet<long> WithoutPosition(Recording recording, ModelExchange model)
    {
        HashSet<long> touched = [];
        HashSet<long> started = [.. model.Accounts.Values.Where(account => account.IsLiquidation).Select(account => account.Id)];
        HashSet<(long Account, long Market)> isolated = [];
        foreach (EventSlot slot in recording.Slots)
        {
            if (slot.Header.Type == EventType.LiquidationStarted && slot.Header.Flags.HasFlag(EventFlags.Isolated))
            {
                isolated.Add((AccountOf(in slot), slot.Header.MarketId));
            }
        }

        bool isOfLoans = false;
        foreach (EventSlot slot in recording.Slots)
        {
            isOfLoans = slot.Header.Type == EventType.LoanLiquidationStarted || (isOfLoans && slot.Header.Type != EventType.LoanLiquidationFinished);

            // a hedge account can have both kinds in one market: its cross scope is not rescued when a position of it closes
            bool isOfCross = slot.Header.Type == EventType.LiquidationStarted && !slot.Header.Flags.HasFlag(EventFlags.Isolated);
            if (isOfLoans || (!isOfCross && isolated.Contains((AccountOf(in slot), slot.Header.MarketId))))
            {
                continue;
            }

            (slot.Header.Type == EventType.LiquidationStarted ? started : touched).Add(AccountOf(in slot));
        }

        touched.ExceptWith(started);
        touched.Remove(0);
        return touched;
    }

    /// <summary>The account that an event of a liquidation is about, 0 for other events.</summary>
    public static long AccountOf(in EventSlot slot)
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
