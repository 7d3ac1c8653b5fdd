using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Rows, books and money of the exchange against the model's.</summary>
internal static class StateComparison
{
    public static void CompareMarkets(ExchangeState state, ModelExchange model)
    {
        foreach (ModelMarket market in model.Markets)
        {
            ref readonly Market row = ref state.Markets[(int)market.Id];
            Same(row.MarkTicks, market.Mark, "mark", market.Id);
            Same(row.LastTicks, market.Last, "last", market.Id);
            Same(row.IndexTicks, market.Prices.Index, "index", market.Id);
            Same((long)row.State, (long)market.State, "state", market.Id);
            Same(row.FeeUnits, market.Fees, "fees", market.Id);
            Same(row.LenderFeeUnits, market.LenderFees, "lenders' fees", market.Id);
            Same(row.CommunityFeeUnits, market.CommunityFees, "community's fees", market.Id);
            Same(row.ProtocolUnits, market.Protocol, "protocol", market.Id);
            Same(row.KeeperUnits, market.Keeper, "keeper", market.Id);
            Same(row.InsuranceUnits, market.Insurance, "insurance", market.Id);
            Same(row.BadDebtUnits, market.BadDebt, "bad debt", market.Id);
            Same(row.ShortfallUnits, market.Shortfalls, "shortfalls", market.Id);
            Same(row.Liquidations, market.Liquidations, "liquidations", market.Id);
            LossRecording.CompareMarket(in state.Losses[(int)market.Id], market);
        }

        Same(state.GlobalInsuranceUnits, model.GlobalInsurance, "global insurance", 0);
        Same(state.RestingOrders, model.RestingOrders, "resting orders", 0);
    }

    /// <summary>The queue of keepers.</summary>
    public static void CompareKeepers(ExchangeState state, ModelExchange model)
    {
        for (int row = 1; row <= state.Keepers.HighWater; row++)
        {
            ref readonly Keeper keeper = ref state.Keepers[row];
            if (keeper.Account != 0)
            {
                ModelKeeper expected = model.Keepers[keeper.Account];
                Same(keeper.Credit, expected.Credit, "credit of keeper", keeper.Account);
                Same(Keepers.ScoreAt(in keeper, state.TimeNs), expected.ScoreAt(model.Now), "score of keeper", keeper.Account);
            }
        }
    }

    public static void CompareTops(ExchangeState state, ModelExchange model)
    {
        foreach (ModelMarket market in model.Markets)
        {
            OrderBook book = state.Books[(int)market.Id];
            Same(book.Bids.BestTicks, market.Best(Side.Buy)?.Price ?? 0, "best bid", market.Id);
            Same(book.Asks.BestTicks, market.Best(Side.Sell)?.Price ?? 0, "best ask", market.Id);
        }
    }

    public static void CompareAccount(ExchangeState state, ModelAccount account, int markets)
    {
        foreach (ModelRow known in account.Rows.Values)
        {
            int index = PositionComparison.IndexOf(state, known);
            known.Reconcile(state.Positions[index].OrderMarginUnits, state.Positions[index].PoolHoldUnits);
        }

        ref readonly Account row = ref state.Accounts[(int)account.Id];
        Same(row.BalanceUnits, account.Pool, "pool of account", account.Id);
        Same(row.PoolHoldUnits, account.PoolHolds, "pool holds of account", account.Id);
        Same(row.CrossOpen, account.CrossPositions.Count(), "cross positions of account", account.Id);
        Same(state.IsHedge((int)account.Id) ? 1 : 0, account.IsHedge ? 1 : 0, "position mode of account", account.Id);
        WalletComparison.Compare(state, account);
        LendingComparison.CompareLender(state, account);
        RuleComparison.Compare(state, account);
        for (int market = 1; market <= markets; market++)
        {
            if (account.IsHedge)
            {
                PositionComparison.CompareHedge(state, account, market);
                continue;
            }

            int index = state.FindPosition((int)account.Id, market);
            ModelRow? expected = account.Rows.GetValueOrDefault(market);
            if (index != 0 && expected is not null)
            {
                CompareRow(in state.Positions[index], expected);
                if (expected.IsSpotMargin)
                {
                    LendingComparison.CompareScope(state, expected);
                }

                PositionComparison.CompareDetail(in state.PositionDetails[index], expected);
            }
            else if (index != 0 || expected is { IsEmpty: false })
            {
                throw new DivergenceException($"account {account.Id} market {market}: row in the exchange: {index != 0}, in the model:"
                    + $" {expected is not null}");
            }
        }
    }

    public static void CompareBooks(ExchangeState state, ModelExchange model)
    {
        foreach (ModelMarket market in model.Markets)
        {
            CompareSide(state, state.Books[(int)market.Id].Bids, [.. market.Bids.OrderByDescending(o => o.Price).ThenBy(o => o.Arrival)], market.Id);
            CompareSide(state, state.Books[(int)market.Id].Asks, [.. market.Asks.OrderBy(o => o.Price).ThenBy(o => o.Arrival)], market.Id);
        }
    }

    private static void CompareSide(ExchangeState state, PriceLadder ladder, List<ModelOrder> expected, long market)
    {
        Same(ladder.Count, expected.Select(order => order.Price).Distinct().Count(), "levels of market", market);
        int next = 0;
        for (long ticks = ladder.BestTicks; ticks != 0; ticks = ladder.NextWorse(ticks))
        {
            Level level = ladder.At(ticks);
            Big lots = 0;
            for (int slot = level.Head; slot != 0; slot = state.Orders[slot].Next)
            {
                ref readonly Order order = ref state.Orders[slot];
                if (next == expected.Count)
                {
                    throw new DivergenceException($"market {market}: more orders in the book than in the model");
                }

                ModelOrder model = expected[next++];
                Same(ticks, model.Price, "price of order", model.ClientId);
                Same(order.PriceTicks, model.Price, "own price of order", model.ClientId);
                Same(order.HoldTicks, model.Hold, "hold price of order", model.ClientId);
                Same(order.ClientOrderId, model.ClientId, "client id in the queue", ticks);
                Same(order.LeavesLots, model.Leaves, "leaves of order", model.ClientId);
                Same(order.QuantityLots, model.Quantity, "quantity of order", model.ClientId);
                lots += order.LeavesLots;
            }

            Same(level.Lots, lots, "lots of level", ticks);
        }

        Same(next, expected.Count, "orders in market", market);
    }

    public static void CompareRow(in Position row, ModelRow expected)
    {
        long id = (expected.Account.Id * 100) + expected.Market.Id + (expected.IsHedge ? expected.PositionId * 10_000 : 0);
        Same(row.SizeLots, expected.Size, "size of row (account x 100 + market)", id);
        Same(row.EntryCostUnits, expected.Cost, "cost of row", id);
        Same(row.MarginUnits, expected.Margin, "margin of row", id);
        Same(row.IsIsolated, expected.IsIsolated ? 1 : 0, "mode of row", id);
        Same(row.Leverage, expected.Leverage, "leverage of row", id);
        Same(row.OpenOrders, expected.Orders.Count, "orders of row", id);
        Same(row.Orders.BuyLots, expected.BuyLots, "buys of row", id);
        Same(row.Orders.SellLots, expected.SellLots, "sells of row", id);
        Same(row.Orders.BuyHoldUnits, expected.BuyHold, "buy hold of row", id);
        Same(row.Orders.SellHoldUnits, expected.SellHold, "sell hold of row", id);
        Same(row.OrderMarginUnits, expected.OrderMargin, "order margin of row", id);
        Same(row.PoolHoldUnits, expected.PoolHold, "pool hold of row", id);
    }

    private static void Same(long actual, Big expected, string what, long of)
    {
        if (actual != expected)
        {
            throw new DivergenceException($"{what} {of}: exchange {actual}, model {expected}");
        }
    }
}
