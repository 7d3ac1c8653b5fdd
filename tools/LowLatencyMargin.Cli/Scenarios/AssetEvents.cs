using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>The part of <see cref="EventDecoder"/> for assets, transfers and balances.</summary>
internal static class AssetEvents
{
    internal static void Add(Fields fields, ref readonly EventSlot slot, Names names)
    {
        switch (slot.Header.Type)
        {
            case EventType.AssetParametersChanged:
                AddParameters(fields, in EventSlot.As<AssetParametersChanged>(in slot), names);
                break;
            case EventType.TransferSpotToIsolated or EventType.TransferIsolatedToSpot:
                EventDecoder.AddBalance(fields, in EventSlot.As<BalanceChanged>(in slot), names);
                break;
            case EventType.AccountTransfer:
                AddTransfer(fields, in EventSlot.As<AccountTransfer>(in slot), names);
                break;
            case EventType.MarginEnabledChanged:
                AddEnabled(fields, in EventSlot.As<SettingChanged>(in slot), names);
                break;
            case EventType.BalanceUpdated:
                AddUpdated(fields, in EventSlot.As<BalanceUpdated>(in slot), names);
                break;
            default:
                AddTakenOver(fields, in EventSlot.As<CollateralTakenOver>(in slot), names);
                break;
        }
    }

    private static void AddParameters(Fields fields, ref readonly AssetParametersChanged e, Names names)
    {
        fields.Add("asset", names.Asset(e.AssetId).Name);
        fields.Add("price", e.PriceE9 == 0 ? Value.Of("market") : Value.Of(new ExactNumber(e.PriceE9, 1_000_000_000)));
        fields.Add("weight-open", HumanUnits.Ratio(e.OpeningWeight));
        fields.Add("weight-maintenance", HumanUnits.Ratio(e.MaintenanceWeight));
        fields.Add("liability-weight", HumanUnits.Ratio(e.LiabilityWeight));
    }

    private static void AddTransfer(Fields fields, ref readonly AccountTransfer e, Names names)
    {
        AssetName asset = names.Asset(e.AssetId);
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("to", names.AccountOf(e.ToAccountId));
        fields.Add("asset", asset.Name);
        fields.Add("amount", HumanUnits.Money(e.AmountUnits, asset));
        fields.Add("balance", HumanUnits.Money(e.BalanceUnits, asset));
        fields.Add("to-balance", HumanUnits.Money(e.ToBalanceUnits, asset));
    }

    private static void AddEnabled(Fields fields, ref readonly SettingChanged e, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("margin", Value.Of(e.NewValue != 0));
    }

    private static void AddUpdated(Fields fields, ref readonly BalanceUpdated e, Names names)
    {
        AssetName asset = names.Asset(e.AssetId);
        fields.Add("market", names.Market(e.Header.MarketId).Name);
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("asset", asset.Name);
        fields.Add("balance", HumanUnits.Money(e.BalanceUnits, asset));
        fields.Add("hold", HumanUnits.Money(e.HoldUnits, asset));
    }

    private static void AddTakenOver(Fields fields, ref readonly CollateralTakenOver e, Names names)
    {
        AssetName asset = names.Asset(e.AssetId);
        fields.Add("market", names.Market(e.Header.MarketId).Name);
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("asset", asset.Name);
        fields.Add("amount", HumanUnits.Money(e.TakenUnits, asset));
        fields.Add("paid", HumanUnits.Money(e.PaidUnits, names.Collateral!));
    }
}
