using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Rules;
using LowLatencyMargin.Core.Waterfall;

namespace LowLatencyMargin.Core.Accounts;

/// <summary>What the operator sets up: assets, markets and their parameters, accounts, the insurance fund.</summary>
public sealed class Listing(ExchangeState state, MarginSchedule margins, AssetRules assets, LossSettings losses)
{
    internal const int MaxDecimals = 12;

    private const long Billion = 1_000_000_000;

    /// <summary>Whether a genesis can work.</summary>
    public static ResultCode Validate(in Genesis genesis)
    {
        bool valid = genesis.MaxAccounts is >= 1 and <= 1 << 26
            && genesis.MaxOrders is >= 1 and < 1 << Order.SlotBits
            && genesis.MaxPositions is >= 1 and <= 1 << 26
            && genesis.MaxAssets is >= 1 and <= 1024
            && genesis.MaxMarkets is >= 1 and <= 65_536
            && genesis.MaxWorkPerCommand is >= 16 and <= 65_536
            && genesis.MaxOrders <= (1 << Order.SlotBits) - 32
            && genesis.RecentOrders is >= 0 and <= 1 << 20 && (genesis.RecentOrders & (genesis.RecentOrders - 1)) == 0
            && genesis.MaxBalances is >= 0 and <= 1 << 26
            && genesis.RecentPositions is >= 0 and <= 1 << 20;
        return valid ? ResultCode.Accepted : ResultCode.InvalidParameter;
    }

    /// <summary>Adds an asset.</summary>
    public ResultCode Add(ref readonly AddAsset command)
    {
        if (command.Decimals is < 0 or > MaxDecimals || command.Reserved != 0)
        {
            return ResultCode.InvalidParameter;
        }

        if (!command.Symbol.IsValid || HasAsset(in command.Symbol))
        {
            return ResultCode.InvalidSymbol;
        }

        int id = state.Assets.Allocate();
        if (id == 0)
        {
            return ResultCode.CapacityExceeded;
        }

        state.Assets.Edit(id) = new Asset { Symbol = command.Symbol, Decimals = command.Decimals };
        assets.Begin(id);
        ref AssetAdded added = ref state.Events.Add<AssetAdded>(EventType.AssetAdded, 0);
        added.AssetId = id;
        added.Symbol = command.Symbol;
        added.Decimals = command.Decimals;
        return ResultCode.Accepted;
    }

    /// <summary>Lists a market, with the account that will take over what its liquidations can't sell.</summary>
    [ColdPath]
    public ResultCode List(ref readonly ListMarket command)
    {
        if (!command.Symbol.IsValid || !command.BaseSymbol.IsValid || HasMarket(in command.Symbol))
        {
            return ResultCode.InvalidSymbol;
        }

        ResultCode pair = CheckPair(in command, out long lotUnits);
        if (pair != ResultCode.Accepted)
        {
            return pair;
        }

        if (!ListingRules.IsLadder(command.LadderTicks) || command.MaxPositions < 0 || command.MaxPositions > state.Limits.MaxPositions
            || ListingRules.Broken(in command.Parameters) != ParameterRule.None)
        {
            return ResultCode.InvalidParameter;
        }

        long tickValue = TickValue(command.TickSizeE9, command.LotSizeE9, state.Assets[(int)command.QuoteAssetId].Decimals);
        if (tickValue == 0)
        {
            return ResultCode.TickValueNotWhole;
        }

        bool balances = command.Kind == MarketKind.Perpetual || state.Balances.Capacity - state.Balances.Count >= 2;
        if (!state.Markets.HasRoom || !state.Accounts.HasRoom || !state.Positions.HasRoom || !balances)
        {
            return ResultCode.CapacityExceeded;
        }

        int id = state.Markets.Allocate();
        int account = state.Accounts.Allocate();
        state.Accounts.Edit(account).IsLiquidationAccount = 1;
        int maxPositions = command.MaxPositions == 0 ? state.Limits.MaxPositions : command.MaxPositions;
        state.Markets.Edit(id) = new Market
        {
            Symbol = command.Symbol,
            BaseSymbol = command.BaseSymbol,
            TickSizeE9 = command.TickSizeE9,
            LotSizeE9 = command.LotSizeE9,
            TickValueUnits = tickValue,
            Parameters = command.Parameters,
            Kind = command.Kind,
            QuoteAsset = (int)command.QuoteAssetId,
            BaseAsset = (int)command.BaseAssetId,
            LotUnits = lotUnits,
            LiquidationAccount = account,
            MaxPositions = maxPositions,
        };
        losses.Apply(id, LossRules.Default);
        state.Rankings[id] = new AdlRankings(state.Undo);
        state.Prices.Edit(id).Rules = PriceRules.Default;
        state.Liquidations.Edit(id).Rules = LiquidationRules.Default;
        state.Funding.Edit(id).Rules = command.Kind == MarketKind.Perpetual ? FundingRules.Default : default;
        state.Markets.Edit(id).CountsTrades = 1;
        state.Books[id] = new OrderBook(state.Orders, state.FarLevels, command.LadderTicks);
        state.Triggers[id] = new TriggerBook(state.Orders, state.OrderTerms, state.FarLevels);
        state.Indexes[id] = new LiquidationIndex(state.Positions, maxPositions);
        state.Watches[id] = new WatchIndex(state.PositionRecords, state.WatchLevels);
        state.Indexes[id].Reserve(command.Parameters.TierCount);
        margins.Begin(id);
        _ = state.AddPosition(account, id);
        assets.Note(id);

        ref MarketListed listed = ref state.Events.Add<MarketListed>(EventType.MarketListed, id);
        listed.Symbol = command.Symbol;
        listed.LiquidationAccountId = account;
        listed.TickValueUnits = tickValue;
        return ResultCode.Accepted;
    }

    /// <summary>Changes a market's parameters. What maintenance is a share of can change only while nobody has a position.</summary>
    public ResultCode Set(ref readonly SetMarketParameters command)
    {
        if (!HasMarket(command.MarketId))
        {
            return ResultCode.UnknownMarket;
        }

        ref Market market = ref state.Markets.Edit((int)command.MarketId);
        if (ListingRules.Broken(in command.Parameters) != ParameterRule.None)
        {
            return ResultCode.InvalidParameter;
        }

        if (command.Parameters.MaintenanceMarginBase != market.Parameters.MaintenanceMarginBase && market.PositionLots != 0)
        {
            return ResultCode.ActivePosition;
        }

        if (market.Parameters.BreakerWindowMs != command.Parameters.BreakerWindowMs)
        {
            state.BreakerWindows.Edit((int)command.MarketId) = default;
        }

        bool judgesAnew = command.Parameters.Trigger != market.Parameters.Trigger || command.Parameters.ReserveRate != market.Parameters.ReserveRate;
        if (judgesAnew && !market.IsSpot && market.PositionLots != 0)
        {
            // keys that say that a position is just healthy at this mark are of the rule before
            market.IndexCursor = 1;
        }

        state.Indexes[(int)command.MarketId].Reserve(command.Parameters.TierCount);
        margins.Change((int)command.MarketId, in command.Parameters);
        market.NoteRules();
        state.AddDue((int)command.MarketId);
        state.Records.QueueMarket((int)command.MarketId);
        return ResultCode.Accepted;
    }

    /// <summary>Creates an account.</summary>
    public ResultCode Create(ref readonly CreateAccount command)
    {
        if (command.OwnerId <= 0)
        {
            return ResultCode.InvalidParameter;
        }

        int id = state.Accounts.Allocate();
        if (id == 0)
        {
            return ResultCode.CapacityExceeded;
        }

        state.Accounts.Edit(id).OwnerId = command.OwnerId;
        ref AccountCreated created = ref state.Events.Add<AccountCreated>(EventType.AccountCreated, 0);
        created.AccountId = id;
        created.OwnerId = command.OwnerId;
        return ResultCode.Accepted;
    }

    /// <summary>Tops up a market's insurance fund, or the global layer: market 0 (R-1203).</summary>
    public ResultCode Fund(ref readonly FundInsurance command)
    {
        bool isGlobal = command.MarketId == 0;
        if (!isGlobal && !HasMarket(command.MarketId))
        {
            return ResultCode.UnknownMarket;
        }

        if (command.AmountUnits <= 0)
        {
            return ResultCode.InvalidAmount;
        }

        if (!isGlobal && state.Markets[(int)command.MarketId].QuoteAsset != Asset.CollateralId)
        {
            return ResultCode.AssetNotCollateral;
        }

        if (state.Assets.HighWater < Asset.CollateralId)
        {
            return ResultCode.UnknownAsset;
        }

        ref Asset asset = ref state.Assets.Edit(Asset.CollateralId);
        if (command.AmountUnits > Exact.MaxMoneyUnits - asset.ExternalUnits)
        {
            return ResultCode.Overflow;
        }

        asset.ExternalUnits += command.AmountUnits;
        if (isGlobal)
        {
            state.GlobalInsuranceUnits += command.AmountUnits;
        }
        else
        {
            state.Markets.Edit((int)command.MarketId).InsuranceUnits += command.AmountUnits;
        }

        ref BalanceChanged funded = ref state.Events.Add<BalanceChanged>(EventType.InsuranceFunded, (int)command.MarketId);
        funded.AssetId = Asset.CollateralId;
        funded.AmountUnits = command.AmountUnits;
        funded.BalanceUnits = isGlobal ? state.GlobalInsuranceUnits : state.Markets[(int)command.MarketId].InsuranceUnits;
        return ResultCode.Accepted;
    }

    /// <summary>Whether a market id names one.</summary>
    public bool HasMarket(long marketId) => marketId >= 1 && marketId <= state.Markets.HighWater;

    /// <summary>Units of the quote asset per tick x lot; 0 when that is not a whole number between 1 and 2^40.</summary>
    public static long TickValue(long tickSizeE9, long lotSizeE9, int decimals)
    {
        if (tickSizeE9 <= 0 || lotSizeE9 <= 0)
        {
            return 0;
        }

        Int128 scale = 1;
        for (int i = 0; i < decimals; i++)
        {
            scale *= 10;
        }

        Int128 divisor = (Int128)Billion * Billion;
        Int128 product = (Int128)tickSizeE9 * lotSizeE9;
        if (product > Int128.MaxValue / scale)
        {
            return 0;
        }

        Int128 value = product * scale / divisor;
        return value * divisor == product * scale && value >= 1 && value <= 1L << 40 ? (long)value : 0;
    }

    /// <summary>What a market trades against what, and how many units of the base a lot of a spot market is.</summary>
    private ResultCode CheckPair(ref readonly ListMarket command, out long lotUnits)
    {
        lotUnits = 0;
        if (command.Kind > MarketKind.SpotMargin || ((long)command.Reserved | command.Reserved2 | (long)command.Reserved3) != 0)
        {
            return ResultCode.MalformedCommand;
        }

        if (!HasAsset(command.QuoteAssetId))
        {
            return ResultCode.UnknownAsset;
        }

        if (command.Kind == MarketKind.Perpetual)
        {
            return command.QuoteAssetId != Asset.CollateralId ? ResultCode.QuoteNotCollateral
                : command.BaseAssetId != 0 ? ResultCode.InvalidParameter
                : ResultCode.Accepted;
        }

        if (!HasAsset(command.BaseAssetId))
        {
            return ResultCode.UnknownAsset;
        }

        ref readonly Asset traded = ref state.Assets[(int)command.BaseAssetId];
        if (command.BaseAssetId == command.QuoteAssetId || !((ReadOnlySpan<byte>)traded.Symbol).SequenceEqual(command.BaseSymbol))
        {
            return ResultCode.InvalidParameter;
        }

        lotUnits = TickValue(Billion, command.LotSizeE9, traded.Decimals);
        return lotUnits == 0 ? ResultCode.LotNotWhole : ResultCode.Accepted;
    }

    private bool HasAsset(long id) => id >= 1 && id <= state.Assets.HighWater;

    private bool HasAsset(in Symbol symbol)
    {
        for (int i = 1; i <= state.Assets.HighWater; i++)
        {
            if (((ReadOnlySpan<byte>)state.Assets[i].Symbol).SequenceEqual(symbol))
            {
                return true;
            }
        }

        return false;
    }

    private bool HasMarket(in Symbol symbol)
    {
        for (int i = 1; i <= state.Markets.HighWater; i++)
        {
            if (((ReadOnlySpan<byte>)state.Markets[i].Symbol).SequenceEqual(symbol))
            {
                return true;
            }
        }

        return false;
    }
}
