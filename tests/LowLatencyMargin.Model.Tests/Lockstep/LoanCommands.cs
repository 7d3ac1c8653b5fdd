using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Random commands about scopes of spot-margin markets: money, settings, loans, orders that borrow and repay.</summary>
internal sealed class LoanCommands(Prng random, Profile profile, ModelExchange model, Command command)
{
    private long _clientIds = 1L << 40;

    public void Next()
    {
        ModelMarket market = random.Pick(model.Markets.FindAll(other => other.Kind == MarketKind.SpotMargin));
        ModelAccount account = random.Pick([.. model.Accounts.Values.Where(other => !other.IsLiquidation)]);
        if (random.Chance(50) && model.Loans.FindAll(loan => !loan.Row.Account.IsLiquidation) is { Count: > 0 } loans)
        {
            ModelRow owing = random.Pick(loans).Row;
            (account, market) = (owing.Account, owing.Market);
        }

        ModelRow? row = account.Rows.GetValueOrDefault(market.Id);
        if (profile.IsolatedOnly && row is not { IsIsolated: true })
        {
            ref TransferToMargin first = ref command.Begin<TransferToMargin>(CommandType.TransferToMargin);
            (first.AccountId, first.MarketId, first.AssetId) = (account.Id, market.Id, market.QuoteAsset);
            first.AmountUnits = Around(account.Free / 2);
            return;
        }

        long asset = random.Chance(2) ? random.Between(0, 9) : random.Chance(50) ? market.BaseAsset : market.QuoteAsset;
        switch (random.Below(100))
        {
            case < 44:
                Order(account, market, row);
                break;
            case < 58:
                ref Borrow borrow = ref command.Begin<Borrow>(CommandType.Borrow);
                (borrow.AccountId, borrow.MarketId, borrow.AssetId) = (account.Id, market.Id, asset);
                borrow.AmountUnits = Around(MostOf(asset, row, account, market));
                break;
            case < 68:
                ref Repay repay = ref command.Begin<Repay>(CommandType.Repay);
                (repay.AccountId, repay.MarketId, repay.AssetId) = (account.Id, market.Id, asset);
                repay.AmountUnits = random.Chance(25) ? 0 : Around(row?.OwedOf(asset) ?? 5);
                break;
            case < 74:
                ref CloseLoans close = ref command.Begin<CloseLoans>(CommandType.CloseLoans);
                (close.AccountId, close.MarketId) = (account.Id, market.Id);
                close.ClientOrderId = ++_clientIds;
                close.MaxSlippageRate = random.Chance(60) ? 0 : random.Below(20_000_000);
                close.Reserved = random.Chance(2) ? 1 : 0;
                break;
            case < 82:
                ref TransferToMargin to = ref command.Begin<TransferToMargin>(CommandType.TransferToMargin);
                (to.AccountId, to.MarketId, to.AssetId) = (account.Id, market.Id, asset);
                to.AmountUnits = Around((asset == ModelAsset.Collateral ? account.Free : account.FreeOf(asset)) / (random.Chance(40) ? 1 : 3));
                break;
            case < 89:
                ref TransferFromMargin from = ref command.Begin<TransferFromMargin>(CommandType.TransferFromMargin);
                (from.AccountId, from.MarketId, from.AssetId) = (account.Id, market.Id, asset);
                from.AmountUnits = Around(row is null ? 5 : random.Chance(50) && row.HasLending
                    ? asset == market.QuoteAsset ? row.LoanRoom : row.UnitsWithin(row.LoanRoom)
                    : row.Purse.Units(asset));
                break;
            case < 92:
                ref AllocateMargin allocate = ref command.Begin<AllocateMargin>(CommandType.AllocateMargin);
                (allocate.AccountId, allocate.MarketId, allocate.PositionId) = (account.Id, market.Id, random.Chance(5) ? 55 : 0);
                allocate.AmountUnits = Around(account.Free / 3);
                break;
            case < 94:
                ref RemoveMargin remove = ref command.Begin<RemoveMargin>(CommandType.RemoveMargin);
                (remove.AccountId, remove.MarketId, remove.PositionId) = (account.Id, market.Id, random.Chance(5) ? 55 : 0);
                remove.AmountUnits = Around(row?.LoanRoom ?? 5);
                break;
            case < 97:
                ref SetMarginMode mode = ref command.Begin<SetMarginMode>(CommandType.SetMarginMode);
                (mode.AccountId, mode.MarketId, mode.Mode) = (account.Id, market.Id, (MarginMode)random.Below(2));
                mode.Sides = (PositionSides)(random.Chance(5) ? random.Below(4) : 0);
                break;
            default:
                ref SetLeverage leverage = ref command.Begin<SetLeverage>(CommandType.SetLeverage);
                (leverage.AccountId, leverage.MarketId, leverage.Leverage) = (account.Id, market.Id, random.Between(random.Chance(20) ? 1 : 2, 10));
                break;
        }
    }

    private void Order(ModelAccount account, ModelMarket market, ModelRow? row)
    {
        ref PlaceOrderWithTerms placed = ref command.Begin<PlaceOrderWithTerms>(CommandType.PlaceOrderWithTerms);
        ref PlaceOrder place = ref placed.Order;
        (place.AccountId, place.MarketId, place.ClientOrderId) = (account.Id, market.Id, ++_clientIds);
        place.Side = (Side)random.Below(2);
        placed.Terms.Effect = random.Below(12) switch
        {
            < 5 => SideEffect.AutoBorrow,
            < 7 => SideEffect.AutoRepay,
            < 9 => SideEffect.Both,
            < 10 => SideEffect.None,
            < 11 => SideEffect.AutoBorrow | SideEffect.OwnFundsIfNone,
            _ => (SideEffect)random.Below(16),
        };
        placed.Terms.Mode = random.Chance(3) ? (ModeChoice)random.Below(3) : ModeChoice.Any;
        long mark = market.Mark == 0 ? profile.BasePrice : market.Mark;
        place.TimeInForce = random.Chance(75) ? TimeInForce.GoodTillCancel : TimeInForce.ImmediateOrCancel;
        if (random.Chance(15))
        {
            place.Type = OrderType.Market;
        }
        else
        {
            long width = Math.Max(2, mark * (random.Chance(8) ? 40 : 3) / 100);
            place.PriceTicks = Math.Max(1, mark + random.Between(-width, width));
        }

        // about what own funds and the most that can be borrowed pay for
        long asset = place.Side == Side.Buy ? market.QuoteAsset : market.BaseAsset;
        Big own = row is null ? account.FreeOf(asset) : row.Purse.FreeOf(asset);
        Big units = Big.Max(0, own) + (random.Chance(70) ? MostOf(asset, row, account, market) : 0);
        Big lots = units / (place.Side == Side.Buy ? mark * market.TickValue : market.BaseUnitsPerLot);
        place.QuantityLots = random.Chance(30) ? random.Between(1, profile.MaxLots) : Math.Max(1, Around(lots));
    }

    /// <summary>About the most that can be borrowed.</summary>
    private static Big MostOf(long asset, ModelRow? row, ModelAccount account, ModelMarket market)
    {
        Big room = row?.LoanRoom ?? account.Available;
        Big most = room * Rounding.Scale / ((row?.InitialLevel ?? market.Parameters.InitialLevelRate) - Rounding.Scale);
        Big inAsset = asset == market.BaseAsset && market.Mark != 0 ? most * market.BaseUnitsPerLot / (market.Mark * market.TickValue) : most;
        Big pool = account.Exchange.Pools.GetValueOrDefault(asset)?.Free ?? inAsset;
        return Big.Min(inAsset, pool);
    }

    private long Around(Big limit)
    {
        long at = (long)Big.Clamp(limit, -100, 1L << 55);
        return random.Below(12) switch
        {
            0 => at,
            1 => at + 1,
            2 => at - 1,
            3 => random.Chance(30) ? random.Between(-5, 20) : at / 2,
            4 => at + random.Between(0, 1000),
            5 => at - (at / 50),
            _ => at <= 1 ? 1 : random.Between(1, at),
        };
    }
}
