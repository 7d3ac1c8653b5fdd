using LowLatencyMargin.Cli.Scenarios.Parameters;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>The engine's events in the words of the scenario: names for ids, human units for ticks, lots and units.</summary>
internal static class EventDecoder
{
    internal static EventRecord Decode(ref readonly EventSlot slot, Names names)
    {
        var fields = new Fields();
        switch (slot.Header.Type)
        {
            case EventType.Rejected:
                AddRejected(fields, in EventSlot.As<Rejected>(in slot), names);
                break;
            case EventType.Accepted:
                AddAccepted(fields, in EventSlot.As<Accepted>(in slot), names);
                break;
            case EventType.AssetAdded:
                AddAsset(fields, in EventSlot.As<AssetAdded>(in slot));
                break;
            case EventType.MarketListed:
                AddMarket(fields, in EventSlot.As<MarketListed>(in slot), names);
                break;
            case EventType.MarketParametersChanged:
                fields.Add("market", names.Market(slot.Header.MarketId).Name);
                break;
            case EventType.AccountCreated:
                AddAccount(fields, in EventSlot.As<AccountCreated>(in slot), names);
                break;
            case EventType.FeedPriceTaken:
                AddFeed(fields, in EventSlot.As<FeedPriceTaken>(in slot), names);
                break;
            case EventType.PriceRulesSet:
                MarketName priced = names.Market(slot.Header.MarketId);
                fields.Add("market", priced.Name);
                PriceParameters.Set.AddTo(fields, EventSlot.As<PriceRulesSet>(in slot).Rules, priced);
                break;
            case >= EventType.FundingUpdated and <= EventType.FundingParamsUpdated:
                FundingEvents.Add(fields, in slot, names);
                break;
            case >= EventType.SettlementSet and <= EventType.MarketSettled:
                SettlementEvents.Add(fields, in slot, names);
                break;
            case EventType.MarkPriceUpdated or EventType.IndexPriceUpdated:
                AddMark(fields, in EventSlot.As<MarkPriceUpdated>(in slot), names);
                break;
            case EventType.Deposited or EventType.Withdrawn or EventType.MarginAllocated or EventType.MarginRemoved or EventType.InsuranceFunded:
                AddBalance(fields, in EventSlot.As<BalanceChanged>(in slot), names);
                break;
            case EventType.MarginModeChanged or EventType.LeverageChanged:
                AddSetting(fields, in EventSlot.As<SettingChanged>(in slot), names);
                break;
            case EventType.OrderAccepted or EventType.OrderAmended or EventType.OrderCancelled:
                AddOrder(fields, in EventSlot.As<OrderChanged>(in slot), names);
                break;
            case EventType.Trade:
                AddTrade(fields, in EventSlot.As<Trade>(in slot), names);
                break;
            case EventType.Fill:
                AddFill(fields, in EventSlot.As<Fill>(in slot), names);
                break;
            case EventType.PositionOpened or EventType.PositionUpdated or EventType.PositionClosed
                or (>= EventType.PositionModeChanged and <= EventType.PositionTransferred):
                PositionEvents.Add(fields, in slot, names);
                break;
            case var type when RuleEvents.AreOf(type):
                RuleEvents.Add(fields, in slot, names);
                break;
            case >= EventType.VolatilityAddOnChanged and <= EventType.MaintenanceMarginChanged:
                MarginEvents.Add(fields, in slot, names);
                break;
            case >= EventType.PoolSet and <= EventType.LoanLiquidationFinished:
                LendingEvents.Add(fields, in slot, names);
                break;
            case >= EventType.AssetParametersChanged and <= EventType.CollateralTakenOver:
                AssetEvents.Add(fields, in slot, names);
                break;
            case (>= EventType.LiquidationStarted and <= EventType.LiquidationFinished)
                or (>= EventType.LiquidationScope and <= EventType.LiquidationWaits) or EventType.RecourseTaken or EventType.PenaltyTerms:
                LiquidationEvents.Add(fields, in slot, names);
                break;
            case EventType.LiquidationRulesSet or EventType.KeeperRegistered or EventType.KeeperRewarded:
                KeeperEvents.Add(fields, in slot, names);
                break;
            case var type when WaterfallEvents.AreOf(type):
                WaterfallEvents.Add(fields, in slot, names);
                break;
            case >= EventType.OrderAccepted:
                OrderEvents.Add(fields, in slot, names);
                break;
            default:
                ProtectionEvents.Add(fields, in slot, names);
                break;
        }

        return new EventRecord(slot.Header.CommandSequence, slot.Header.Type.ToString(), fields);
    }

    internal static string OrderOf(long orderId, bool ofLiquidation, Names names) =>
        ofLiquidation ? $"liquidation.{orderId}" : names.OrderOf(orderId)?.Name ?? Names.IdText(orderId);

    internal static string SideOf(Side side) => side == Side.Buy ? "buy" : "sell";

    private static void AddAccepted(Fields fields, ref readonly Accepted e, Names names)
    {
        fields.Add("command", e.Command.ToString());
        fields.AddIf(e.AccountId > 0, "account", Value.Of(names.AccountOf(e.AccountId)));
    }

    private static void AddRejected(Fields fields, ref readonly Rejected e, Names names)
    {
        fields.Add("command", e.Command.ToString());
        fields.AddIf(e.Item != 0, "item", Value.Of(e.Item));
        fields.Add("code", e.Code.ToString());
        fields.AddIf(e.AccountId > 0, "account", Value.Of(names.AccountOf(e.AccountId)));
        bool isNamed = e.OrderId > 0 || e.ClientOrderId != 0;
        string name = e.OrderId > 0 ? OrderOf(e.OrderId, false, names) : names.OrderOfClient(e.ClientOrderId)?.Name ?? Value.NoneText;
        fields.AddIf(isNamed, "id", Value.Of(name));
        if ((e.RequiredUnits != 0 || e.AvailableUnits != 0) && names.Collateral is { } asset)
        {
            fields.Add("required", HumanUnits.Money(e.RequiredUnits, asset));
            fields.Add("available", HumanUnits.Money(e.AvailableUnits, asset));
        }

        string reason = ResultText.Of(e.Code);
        fields.AddIf(e.Rule != ParameterRule.None, "rule", Value.Of(WordStyle.Kebab(e.Rule.ToString())));
        fields.Add("number", (long)e.Code);
        fields.Add("text", e.Rule == ParameterRule.None ? reason : $"{reason}: {ParameterRuleText.Of(e.Rule)}");
    }

    private static void AddAsset(Fields fields, ref readonly AssetAdded e)
    {
        fields.Add("asset", e.Symbol.ToString());
        fields.Add("decimals", e.Decimals);
    }

    private static void AddMarket(Fields fields, ref readonly MarketListed e, Names names)
    {
        MarketName market = names.Market(e.Header.MarketId);
        fields.Add("market", e.Symbol.ToString());
        fields.Add("tick-value", HumanUnits.Money(e.TickValueUnits, market.Quote));
        fields.Add("liquidation-account", names.AccountOf(e.LiquidationAccountId));
    }

    private static void AddAccount(Fields fields, ref readonly AccountCreated e, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("owner", names.OwnerOf(e.OwnerId));
    }

    private static void AddFeed(Fields fields, ref readonly FeedPriceTaken e, Names names)
    {
        MarketName market = names.Market(e.Header.MarketId);
        fields.Add("market", market.Name);
        fields.Add("source", e.Header.Detail);
        fields.Add("price", HumanUnits.Price(e.PriceTicks, market));
    }

    private static void AddMark(Fields fields, ref readonly MarkPriceUpdated e, Names names)
    {
        MarketName market = names.Market(e.Header.MarketId);
        fields.Add("market", market.Name);
        fields.Add("price", HumanUnits.Price(e.PriceTicks, market));
        fields.Add("previous", HumanUnits.Price(e.PreviousTicks, market));
    }

    internal static void AddBalance(Fields fields, ref readonly BalanceChanged e, Names names)
    {
        AssetName asset = names.Asset(e.AssetId);
        fields.AddIf(e.AccountId != 0, "account", Value.Of(names.AccountOf(e.AccountId)));
        fields.AddIf(e.Header.MarketId != 0, "market", Value.Of(e.Header.MarketId == 0 ? string.Empty : names.Market(e.Header.MarketId).Name));
        fields.Add("asset", asset.Name);
        fields.Add("amount", HumanUnits.Money(e.AmountUnits, asset));
        fields.Add("balance", HumanUnits.Money(e.BalanceUnits, asset));
        bool hasMargin = e.Header.Type is EventType.MarginAllocated or EventType.MarginRemoved
            or EventType.TransferSpotToIsolated or EventType.TransferIsolatedToSpot;
        fields.AddIf(hasMargin, "margin", HumanUnits.Money(e.MarginUnits, asset));
    }

    private static void AddSetting(Fields fields, ref readonly SettingChanged e, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("market", names.Market(e.Header.MarketId).Name);
        bool isMode = e.Header.Type == EventType.MarginModeChanged;
        fields.Add("old", isMode ? ModeOf(e.OldValue) : LeverageOf(e.OldValue));
        fields.Add("new", isMode ? ModeOf(e.NewValue) : LeverageOf(e.NewValue));
        fields.AddIf(e.PositionId != 0, "position-id", Value.Of(e.PositionId));
        fields.AddIf(e.Sides != PositionSides.Both, "side", Value.OfWord(e.Sides));
    }

    private static Value ModeOf(long mode) => Value.Of(WordStyle.Kebab(((MarginMode)mode).ToString()));

    private static Value LeverageOf(long leverage) => leverage == 0 ? Value.None : Value.Of(leverage);

    private static void AddOrder(Fields fields, ref readonly OrderChanged e, Names names)
    {
        MarketName market = names.Market(e.Header.MarketId);
        bool isCancelled = e.Header.Type == EventType.OrderCancelled;
        fields.Add("market", market.Name);
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("id", OrderOf(e.OrderId, false, names));
        fields.AddIf(!isCancelled, "side", Value.Of(SideOf(e.Header.Side)));
        fields.Add("price", HumanUnits.Price(e.PriceTicks, market));
        fields.Add("qty", HumanUnits.Quantity(e.QuantityLots, market));
        fields.Add("leaves", HumanUnits.Quantity(e.LeavesLots, market));
        fields.AddIf(isCancelled, "reason", Value.Of(WordStyle.Kebab(((CancelReason)e.Header.Detail).ToString())));
        fields.AddIf((e.Header.Flags & EventFlags.Waiting) != 0, "status", Value.Of("waiting"));
        fields.AddIf(!isCancelled && e.Header.OrderFlags != OrderFlags.None, "flags", OrderEvents.Flags(e.Header.OrderFlags));
        fields.Add("order-id", e.OrderId);
    }

    private static void AddTrade(Fields fields, ref readonly Trade e, Names names)
    {
        MarketName market = names.Market(e.Header.MarketId);
        bool liquidation = (e.Header.Flags & EventFlags.Liquidation) != 0;
        fields.Add("market", market.Name);
        fields.Add("price", HumanUnits.Price(e.PriceTicks, market));
        fields.Add("qty", HumanUnits.Quantity(e.QuantityLots, market));
        fields.Add("maker", OrderOf(e.MakerOrderId, false, names));
        fields.Add("taker", OrderOf(e.TakerOrderId, liquidation, names));
        fields.Add("side", SideOf(e.Header.Side));
        fields.Add("trade-id", e.TradeId);
    }

    private static void AddFill(Fields fields, ref readonly Fill e, Names names)
    {
        MarketName market = names.Market(e.Header.MarketId);
        bool taker = (e.Header.Flags & EventFlags.Taker) != 0;
        bool liquidation = (e.Header.Flags & EventFlags.Liquidation) != 0;
        fields.Add("market", market.Name);
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("id", OrderOf(e.OrderId, liquidation, names));
        fields.Add("side", SideOf(e.Header.Side));
        fields.Add("role", taker ? "taker" : "maker");
        fields.Add("fee", HumanUnits.Money(e.FeeUnits, market.Quote));
        fields.Add("realised-pnl", HumanUnits.Money(e.RealizedPnlUnits, market.Quote));
        fields.Add("leaves", HumanUnits.Quantity(e.LeavesLots, market));
    }
}
