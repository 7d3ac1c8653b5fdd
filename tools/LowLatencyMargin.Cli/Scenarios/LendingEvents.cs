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
            case EventType.Borrowed or EventType.LoanRenewed:
                AddGrown(fields, in EventSlot.As<LoanGrown>(in slot), names);
                break;
            case EventType.Repaid:
                AddRepaid(fields, in EventSlot.As<LoanRepaid>(in slot), names);
                break;
            case EventType.PoolLoss:
                AddLoss(fields, in EventSlot.As<PoolLoss>(in slot), names);
                break;
            default:
                AddLiquidation(fields, in slot, names);
                break;
        }
    }

    private static void AddLiquidation(Fields fields, ref readonly EventSlot slot, Names names)
    {
        MarketName market = names.Market(slot.Header.MarketId);
        fields.Add("market", market.Name);
        switch (slot.Header.Type)
        {
            case EventType.LoanLiquidationStarted or EventType.LoanLiquidationFinished:
                AddTold(fields, in EventSlot.As<LoanScopeTold>(in slot), market, names);
                break;
            case EventType.LoanLiquidationStep:
                AddStep(fields, in EventSlot.As<LoanLiquidationStep>(in slot), market, names);
                break;
            case EventType.LoanTakenOver:
                AddTakenOver(fields, in EventSlot.As<LoanTakenOver>(in slot), market, names);
                break;
            case EventType.BadLoan:
                AddBad(fields, in EventSlot.As<BadLoan>(in slot), market, names);
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

    private static void AddGrown(Fields fields, ref readonly LoanGrown e, Names names)
    {
        AssetName asset = names.AssetOf(e.AssetId);
        fields.Add("market", names.Market(e.Header.MarketId).Name);
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("mode", ModeOf(e.Header.Flags));
        fields.Add("asset", asset.Name);
        fields.Add("amount", HumanUnits.Money(e.AmountUnits, asset));
        fields.Add("charge", HumanUnits.Money(e.ChargeUnits, asset));
        fields.Add("rate", HumanUnits.Ratio(e.Rate));
        fields.Add("owed", HumanUnits.Money(e.OwedUnits, asset));
        fields.Add("loan-id", e.LoanId);
    }

    private static void AddRepaid(Fields fields, ref readonly LoanRepaid e, Names names)
    {
        AssetName asset = names.AssetOf(e.AssetId);
        fields.Add("market", names.Market(e.Header.MarketId).Name);
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("mode", ModeOf(e.Header.Flags));
        fields.Add("asset", asset.Name);
        fields.Add("amount", HumanUnits.Money(e.AmountUnits, asset));
        fields.Add("interest", HumanUnits.Money(e.InterestUnits, asset));
        fields.Add("principal", HumanUnits.Money(e.AmountUnits - e.InterestUnits, asset));
        fields.Add("owed", HumanUnits.Money(e.OwedUnits, asset));
        fields.Add("loan-id", e.LoanId);
    }

    private static void AddLoss(Fields fields, ref readonly PoolLoss e, Names names)
    {
        AssetName asset = names.AssetOf(e.AssetId);
        fields.Add("asset", asset.Name);
        fields.Add("loss", HumanUnits.Money(e.LossUnits, asset));
        fields.Add("reserves", HumanUnits.Money(e.ReserveUnits, asset));
        fields.Add("assets-before", HumanUnits.Money(e.AssetsBeforeUnits, asset));
        fields.Add("assets-after", HumanUnits.Money(e.AssetsAfterUnits, asset));
        fields.Add("supply", Shares(e.SupplyShares, asset));
        ExactNumber supply = HumanUnits.MoneyOf(e.SupplyShares, asset) / new ExactNumber(LendingPool.SharesPerUnit, 1);
        fields.AddIf(e.SupplyShares != 0, "rate-before", Value.Of(HumanUnits.MoneyOf(e.AssetsBeforeUnits, asset) / supply));
        fields.AddIf(e.SupplyShares != 0, "rate-after", Value.Of(HumanUnits.MoneyOf(e.AssetsAfterUnits, asset) / supply));
    }

    private static void AddTold(Fields fields, ref readonly LoanScopeTold e, MarketName market, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("liquidation", e.LiquidationId);
        fields.Add("mode", ModeOf(e.Header.Flags));
        fields.Add("mark", HumanUnits.Price(e.MarkTicks, market));
        fields.Add("assets", HumanUnits.Money(e.AssetUnits, market.Quote));
        fields.Add("debt", HumanUnits.Money(e.DebtUnits, market.Quote));
        fields.Add("level", e.DebtUnits == 0 ? Value.None : Value.Of(new ExactNumber(e.AssetUnits, e.DebtUnits)));
        fields.Add("liquidation-level", HumanUnits.Ratio((int)e.LevelRate));
    }

    private static void AddStep(Fields fields, ref readonly LoanLiquidationStep e, MarketName market, Names names)
    {
        AssetName asset = names.AssetOf(e.AssetId);
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("liquidation", e.LiquidationId);
        fields.Add("traded", HumanUnits.Quantity(e.TradedLots, market));
        fields.Add("asset", asset.Name);
        fields.Add("repaid", HumanUnits.Money(e.RepaidUnits, asset));
        fields.Add("bonus", HumanUnits.Money(e.BonusUnits, market.Quote));
    }

    private static void AddTakenOver(Fields fields, ref readonly LoanTakenOver e, MarketName market, Names names)
    {
        AssetName asset = market.Base!;
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("liquidation", e.LiquidationId);
        fields.Add($"{asset.Name}", HumanUnits.Money(e.BaseUnits, asset));
        fields.Add($"{market.Quote.Name}", HumanUnits.Money(e.QuoteUnits, market.Quote));
        fields.Add($"owed.{asset.Name}", HumanUnits.Money(e.BaseOwedUnits, asset));
        fields.Add($"owed.{market.Quote.Name}", HumanUnits.Money(e.QuoteOwedUnits, market.Quote));
    }

    private static void AddBad(Fields fields, ref readonly BadLoan e, MarketName market, Names names)
    {
        AssetName asset = names.AssetOf(e.AssetId);
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("liquidation", e.LiquidationId);
        fields.Add("asset", asset.Name);
        fields.Add("shortfall", HumanUnits.Money(e.ShortfallUnits, market.Quote));
        fields.Add("insurance", HumanUnits.Money(e.InsuranceUnits, market.Quote));
        fields.Add("written-off", HumanUnits.Money(e.PoolUnits, asset));
    }

    private static string ModeOf(EventFlags flags) => (flags & EventFlags.Isolated) != 0 ? "isolated" : "cross";
}
