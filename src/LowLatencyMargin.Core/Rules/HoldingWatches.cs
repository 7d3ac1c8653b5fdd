using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Rules;

/// <summary>
/// What a watched account has or owes besides positions, in the watch index of the market whose mark moves it: other assets, what it lends of them, debts,
/// isolated spot-margin scopes. The records are made when the account is looked at, and live until it is looked at again.
/// </summary>
public sealed class HoldingWatches(ExchangeState state)
{
    private readonly Slab<PositionRecord> _records = state.PositionRecords;

    /// <summary>Whether the scope of a row of a spot-margin market owes something.</summary>
    public static bool Owes(ExchangeState state, int row)
    {
        ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[row]];
        return (scope.QuoteLoan | scope.BaseLoan) != 0;
    }

    /// <summary>Takes the records of an account out of the indexes.</summary>
    public void Clear(ref AccountRules rules)
    {
        for (int record = rules.FirstHolding, next; record != 0; record = next)
        {
            next = _records[record].NextHolding;
            int market = _records[record].Market;
            state.Watches[market].Remove(record, ref state.Markets.Edit(market));
            _records.Free(record);
            state.Holdings--;
        }

        rules.FirstHolding = 0;
    }

    /// <summary>How many records an account needs at most.</summary>
    public int Count(int account)
    {
        int count = 0;
        for (int row = state.Accounts[account].FirstBalance; row != 0; row = state.Balances[row].Next)
        {
            count += state.Balances[row].Asset == Asset.CollateralId ? 0 : 1;
        }

        for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            count += Moves(in state.Positions[row], row) ? 3 : 0;
        }

        return count;
    }

    /// <summary>Puts what an account has under the marks that are too near to be passed over.</summary>
    public void Watch(int account, ref AccountRules rules, in WatchRoom room)
    {
        for (int row = state.Accounts[account].FirstBalance; row != 0; row = state.Balances[row].Next)
        {
            ref readonly Balance balance = ref state.Balances[row];
            long lent = balance.LentShares == 0 ? 0 : state.Pools[state.Assets[balance.Asset].Pool].ValueOf(balance.LentShares);
            UInt128 slope = Slope(balance.Asset, (Int128)balance.Units + lent);
            Add(account, ref rules, MarketOf(balance.Asset), slope, in room, room.CrossUnits, Rate.Scale, room.CrossShares);
        }

        for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            ref readonly Position position = ref state.Positions[row];
            if (Moves(in position, row))
            {
                WatchScope(account, row, ref rules, in room);
            }
        }
    }

    /// <summary>Whether a row is one of a spot market whose scope has or owes something of its own.</summary>
    private bool Moves(in Position position, int row) =>
        state.Markets[position.Market].IsSpot && (position.IsIsolated != 0 || Owes(state, row));

    private void WatchScope(int account, int row, ref AccountRules rules, in WatchRoom room)
    {
        ref readonly Position position = ref state.Positions[row];
        ref readonly Market market = ref state.Markets[position.Market];
        LoanFigures pair = LoanFigures.Pair(state, row);
        bool isolated = position.IsIsolated != 0;
        Int128 baseUnits = (isolated ? pair.BaseUnits : 0) + (Int128)pair.BaseOwedUnits;
        Int128 quoteUnits = (isolated ? pair.QuoteUnits : 0) + (Int128)pair.QuoteOwedUnits;
        Add(account, ref rules, MarketOf(market.BaseAsset), Slope(market.BaseAsset, baseUnits), in room, long.MaxValue, Rate.Scale, 1);
        Add(account, ref rules, MarketOf(market.QuoteAsset), Slope(market.QuoteAsset, quoteUnits), in room, long.MaxValue, Rate.Scale, 1);
        if (!pair.Owes || market.LotUnits == 0)
        {
            return;
        }

        // a band is measured at this market's own mark
        long left = room.CrossUnits;
        long factor = Rate.Scale;
        if (isolated)
        {
            left = long.MaxValue;
            if (rules.Rules.WatchesLevel)
            {
                LevelBand band = _records[state.Records.RecordOf(row)].Band;
                left = MarginLevels.Distance(in rules.Rules, band, pair.AssetUnits(in market), pair.DebtUnits(in market), 1, out factor);
            }
        }
        else
        {
            long beyond = market.Parameters.LiquidationLevelRate - (long)Rate.Scale;
            factor = Rate.Scale + market.Parameters.LiquidationLevelRate + Rate.OfRoundedUp(room.CrossLevel, beyond);
        }

        Int128 counted = (Int128)pair.BaseUnits + pair.BaseOwedUnits;
        UInt128 slope = (((UInt128)counted * (ulong)market.TickValueUnits) + (ulong)(market.LotUnits - 1)) / (ulong)market.LotUnits;
        var onlyLevel = new WatchRoom { LossUnits = long.MaxValue, LossShares = 1, IsUnfinished = room.IsUnfinished };
        Add(account, ref rules, position.Market, slope, in onlyLevel, left, Math.Max(factor, Rate.Scale), isolated ? 1 : room.CrossShares);
    }

    /// <summary>The market whose mark is the price of an asset; 0: it has none, or one that the operator sets.</summary>
    private int MarketOf(int asset) =>
        asset == Asset.CollateralId || state.Assets[asset].IsPinned != 0 || state.Assets[asset].PriceNumerator == 0 ? 0 : state.Assets[asset].PriceMarket;

    /// <summary>What a tick of its price market moves the worth of units by, at most.</summary>
    private UInt128 Slope(int asset, Int128 units)
    {
        ref readonly Asset row = ref state.Assets[asset];
        return units <= 0 || MarketOf(asset) == 0 ? 0
            : (((UInt128)units * (ulong)row.PriceNumerator) + (ulong)(row.PriceDenominator - 1)) / (ulong)row.PriceDenominator;
    }

    private void Add(
        int account, ref AccountRules rules, int marketId, UInt128 slope, in WatchRoom room, long levelUnits, long factor, int levelShares)
    {
        if (marketId == 0 || slope == 0 || (room.LossUnits == long.MaxValue && levelUnits == long.MaxValue && !room.IsUnfinished))
        {
            return;
        }

        int index = state.Holdings < state.MostHoldings ? _records.Allocate() : 0;
        if (index == 0)
        {
            // without a record the account is looked at with all else that happens to it
            return;
        }

        state.Holdings++;
        ref PositionRecord record = ref _records.Edit(index);
        record.Account = account;
        record.Market = marketId;
        record.NextHolding = rules.FirstHolding;
        rules.FirstHolding = index;
        ref Market market = ref state.Markets.Edit(marketId);
        if (market.HasMark == 0)
        {
            // the first mark brings a price, wherever it is
            state.Watches[marketId].Add(index, ref market, 0, Math.Max(1, market.MarkTicks));
            return;
        }

        long reach = room.IsUnfinished ? 0 : Math.Min(Reach(room.LossUnits, room.LossShares, slope, Rate.Scale), Reach(levelUnits, levelShares, slope, factor));
        state.Watches[marketId].Add(index, ref market, market.MarkTicks - reach - 1, market.MarkTicks + reach + 1);
    }

    /// <summary>Ticks that a price may move without using up its part of a distance; capped where no price can be.</summary>
    private static long Reach(long distanceUnits, int sharing, UInt128 slope, long factor)
    {
        if (distanceUnits == long.MaxValue)
        {
            return Exact.MaxPriceTicks;
        }

        UInt128 most = (UInt128)(ulong)(distanceUnits / sharing) * Rate.Scale / (ulong)factor;
        return (long)UInt128.Min(most / slope, (ulong)Exact.MaxPriceTicks);
    }
}
