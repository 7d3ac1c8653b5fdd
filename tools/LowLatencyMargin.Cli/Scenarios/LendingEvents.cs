using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Lending;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>The part of <see cref="EventDecoder"/> for lending pools and loans.</summary>
internal static class LendingEvents
{
    internal static void Add(Fields fields, ref readonly EventSlot slot, Names names)
    {
        switch (slot.Header.Type)
        {
            case EventType.PoolSet:
                ref readonly PoolSet set = ref EventSlot.As<PoolSet>(in slot);
                fields.Add("asset", names.AssetOf(set.AssetId).Name);
                fields.Add("new", Value.Of(set.IsNew != 0));
                break;
            case EventType.Lent or EventType.Unlent or EventType.UnlockAnnounced:
                AddLending(fields, in EventSlot.As<LendingChanged>(in slot), names);
                break;
            case EventType.InterestAccrued:
                AddInterest(fields, in EventSlot.As<InterestAccrued>(in slot), names);
                break;
            default:
                throw new InvalidOperationException($"event type {slot.Header.Type} has no words yet");
        }
    }

    /// <summary>Lenders' shares, in units of the asset at rate one.</summary>
    internal static Value Shares(long shares, AssetName asset) =>
        Value.Of(HumanUnits.MoneyOf(shares, asset) / new ExactNumber(LendingPool.SharesPerUnit, 1));

    private static void AddLending(Fields fields, ref readonly LendingChanged e, Names names)
    {
        AssetName asset = names.AssetOf(e.AssetId);
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("asset", asset.Name);
        fields.Add("amount", HumanUnits.Money(e.AmountUnits, asset));
        fields.Add("shares", Shares(e.Shares, asset));
        fields.Add("lent-shares", Shares(e.LentShares, asset));
        fields.Add("liquidity", HumanUnits.Money(e.LiquidityUnits, asset));
    }

    private static void AddInterest(Fields fields, ref readonly InterestAccrued e, Names names)
    {
        AssetName asset = names.AssetOf(e.AssetId);
        fields.Add("asset", asset.Name);
        fields.Add("rate", HumanUnits.Ratio(e.Rate));
        fields.Add("utilisation", HumanUnits.Ratio(e.Utilisation));
        fields.Add("interest", HumanUnits.Money(e.InterestUnits, asset));
        fields.Add("reserves", HumanUnits.Money(e.ReserveUnits, asset));
        fields.Add("borrowed", HumanUnits.Money(e.BorrowedUnits, asset));
        fields.Add("index", Value.Of(new ExactNumber(e.DebtIndex, LendingPool.IndexOne)));
    }
}
