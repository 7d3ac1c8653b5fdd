using System.Reflection;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Both sides' view, for a failure's message.</summary>
internal static class EventText
{
    public static string Of(in EventSlot slot)
    {
        object body = slot.Header.Type switch
        {
            EventType.Rejected => EventSlot.As<Rejected>(in slot),
            EventType.Trade => EventSlot.As<Trade>(in slot),
            EventType.FundingUpdated => EventSlot.As<FundingUpdated>(in slot),
            EventType.FundingPaid => EventSlot.As<FundingPaid>(in slot),
            EventType.Fill => EventSlot.As<Fill>(in slot),
            EventType.OrderAccepted or EventType.OrderAmended or EventType.OrderCancelled => EventSlot.As<OrderChanged>(in slot),
            EventType.PositionOpened or EventType.PositionUpdated or EventType.PositionClosed => EventSlot.As<PositionChanged>(in slot),
            EventType.PerformanceUpdated => EventSlot.As<PerformanceUpdated>(in slot),
            EventType.MarginLevelChanged => EventSlot.As<MarginLevelChanged>(in slot),
            EventType.DrawdownAlert or EventType.TradingPaused or EventType.DrawdownBaseSet => EventSlot.As<DrawdownTold>(in slot),
            EventType.PositionAutoReduced => EventSlot.As<PositionReduced>(in slot),
            EventType.LiquidationStarted => EventSlot.As<LiquidationStarted>(in slot),
            EventType.LiquidationTakeover => EventSlot.As<LiquidationTakeover>(in slot),
            EventType.PenaltyPaid => EventSlot.As<PenaltyPaid>(in slot),
            EventType.ShortfallCovered => EventSlot.As<ShortfallCovered>(in slot),
            EventType.LiquidationFinished => EventSlot.As<LiquidationFinished>(in slot),
            EventType.AutoDeleveraged => EventSlot.As<AutoDeleveraged>(in slot),
            EventType.AutoDeleverageInputs => EventSlot.As<AutoDeleverageInputs>(in slot),
            EventType.AutoDeleveragePrice => EventSlot.As<AutoDeleveragePrice>(in slot),
            EventType.LossSharingStarted => EventSlot.As<LossSharingStarted>(in slot),
            EventType.LossSocialised => EventSlot.As<LossSocialised>(in slot),
            EventType.LossSharingEnded => EventSlot.As<LossSharingEnded>(in slot),
            EventType.GlobalInsuranceUsed => EventSlot.As<GlobalInsuranceUsed>(in slot),
            EventType.InsuranceSurplus => EventSlot.As<InsuranceSurplus>(in slot),
            EventType.BalanceUpdated => EventSlot.As<BalanceUpdated>(in slot),
            EventType.AccountTransfer => EventSlot.As<AccountTransfer>(in slot),
            EventType.CollateralTakenOver => EventSlot.As<CollateralTakenOver>(in slot),
            _ => slot.Header,
        };
        IEnumerable<string> fields = body.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance)
            .Where(field => field.FieldType != typeof(EventHeader))
            .Select(field => $"{field.Name}={field.GetValue(body)}");
        return $"{slot.Header.Type} market {slot.Header.MarketId} [{slot.Header.Flags}] {string.Join(' ', fields)}";
    }

    public static string Of(ModelExchange model, long accountId)
    {
        if (!model.Accounts.TryGetValue(accountId, out ModelAccount? account))
        {
            return string.Empty;
        }

        string text = $"  model account {accountId}: pool {account.Pool}, holds {account.PoolHolds}, available {account.Available}, free"
            + $" {account.Free} hedge {account.IsHedge} portfolio {account.PortfolioLeverage}\n";
        foreach (ModelAsset kind in model.Assets.Skip(1))
        {
            long asset = kind.Id;
            Big units = account.Units(asset);
            text += $"    asset {asset}: {units}, held {account.Held(asset)}, worth {kind.Value(units)},"
                + $" opening {account.CountedValue(kind, Purpose.Opening)}, maintenance {account.CountedValue(kind, Purpose.Maintenance)};"
                + $" all {kind.External} price {kind.PriceE9} weights {kind.Weight(Purpose.Opening)} {kind.Weight(Purpose.Maintenance)}"
                + $" cap {kind.Parameters.CapUnits} discount {kind.Parameters.Discount1Units}:{kind.Parameters.Discount1Rate}"
                + $" {kind.Parameters.Discount2Units}:{kind.Parameters.Discount2Rate}\n";
        }

        foreach (ModelRow row in account.Rows.Values)
        {
            text += $"    market {row.Market.Id} position {row.PositionId} mark {row.Market.Mark} v {row.Market.TickValue}: size {row.Size} cost {row.Cost}"
                + $" margin {row.Margin} isolated {row.IsIsolated}"
                + $" funding {row.FundingEntry} of {row.Market.Funding.Index} owed {row.Owed}"
                + $" leverage {row.Leverage} requirement {row.Requirement} initial {row.InitialMargin} profit {row.Profit}"
                + $" size {row.Market.Margin.SizeRate}/{row.Market.Margin.SizeStep}/{row.Market.Margin.SizeFrom} share {row.Market.OpenInterestShare}"
                + $" multiplied {row.Market.InitialIsMultiplied} {row.Market.MaintenanceIsMultiplied}"
                + $" order margin {row.OrderMargin} hold {row.PoolHold} sell low {row.SellLow}\n";
            foreach (ModelOrder order in row.Orders)
            {
                text += $"      {order.Side} {order.Leaves}/{order.Quantity} @ {order.Price} hold {order.Hold} client {order.ClientId}\n";
            }
        }

        return text;
    }
}
