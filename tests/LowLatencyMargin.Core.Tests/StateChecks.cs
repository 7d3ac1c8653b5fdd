using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Policy;
using LowLatencyMargin.Core.Pricing;

namespace LowLatencyMargin.Core.Tests;

/// <summary>What must hold between commands, computed anew from the orders: sums, counts, lists, links, timers, queues, rows.</summary>
internal static partial class StateChecks
{
    public static void Run(ExchangeState state)
    {
        var totals = new Totals(state.Markets.HighWater);
        for (int row = 1; row <= state.Positions.HighWater; row++)
        {
            if (state.Positions[row].Account != 0)
            {
                CheckRow(state, row, totals);
            }
        }

        for (int account = 1; account <= state.Accounts.HighWater; account++)
        {
            CheckAccount(state, account);
            CheckCover(state, account);
            totals.Timers += state.AccountControls[account].TimerPlace != 0 ? 1 : 0;
        }

        for (int market = 1; market <= state.Markets.HighWater; market++)
        {
            CheckMarket(state, market, totals);
            CheckPrices(state, market);
            CheckFunding(state, market, totals);
            totals.Timers += state.Prices[market].TimerPlace != 0 ? 1 : 0;
            totals.Timers += state.Settlements[market].TimerPlace != 0 ? 1 : 0;
            totals.Settling += state.Settlements[market].Cursor != 0 ? 1 : 0;
        }

        CheckLoans(state, totals);
        RuleChecks.Run(state);
        totals.Timers += LiquidationChecks.Run(state);
        for (int row = 1; row <= state.AccountRules.HighWater; row++)
        {
            totals.Timers += state.AccountRules[row].TimerPlace != 0 ? 1 : 0;
        }

        Holds(state.RestingOrders == totals.Orders, "count of open orders");
        Holds(state.Orders.Count == totals.Orders, "a row of an order was lost");
        Holds(state.OrderTerms.Count == totals.Terms, "a row of terms was lost");
        Holds(state.Timers.Count == totals.Timers, "count of timers");
        Holds(state.SettlingMarkets == totals.Settling, "markets that are settled");
        Holds(state.TouchedCount == 0 && state.DueCount == 0 && state.AftermathCount == 0, "something was left for nobody");
        Holds(state.ShortCount == 0 || state.WorkLeft == 0, "R-605: an account that is short was left although there was work");
        int shorts = Enumerable.Range(1, state.Accounts.HighWater).Count(account => (state.Accounts[account].Traits & AccountTraits.IsShort) != 0);
        Holds(state.ShortCount == shorts, "R-605: accounts that are short");
    }

    private static void CheckRow(ExchangeState state, int row, Totals totals)
    {
        ref readonly Position position = ref state.Positions[row];
        ref readonly TradingGuard guard = ref state.TradingGuards[row];
        OrderSums sums = default;
        int open = 0;
        int reduceOnly = 0;
        int protectedOrders = 0;
        int previous = 0;
        for (int slot = position.FirstOrder; slot != 0; slot = state.Orders[slot].NextOfPosition)
        {
            ref readonly Order order = ref state.Orders[slot];
            Holds(order.Position == row && order.PreviousOfPosition == previous, "list of a row's orders");
            CheckOrder(state, slot, in position, totals);
            reduceOnly += order.Has(OrderMarks.ReduceOnly) ? 1 : 0;
            protectedOrders += order.Has(OrderMarks.MakerProtected) ? 1 : 0;
            previous = slot;
            open++;
            long units = order.LeavesLots * order.HoldTicks * state.Markets[position.Market].TickValueUnits;
            if (!order.Has(OrderMarks.Waiting))
            {
                totals.RestingLots[position.Market] += order.LeavesLots;
                totals.CommittedUnits[position.Market] += units;
                if (!order.Has(OrderMarks.ReduceOnly))
                {
                    sums.Add(order.Side, order.LeavesLots, order.HoldTicks, units);
                }
            }
        }

        Holds(sums.BuyLots == position.Orders.BuyLots && sums.BuyHoldUnits == position.Orders.BuyHoldUnits, "sums of buys");
        Holds(sums.SellLots == position.Orders.SellLots && sums.SellHoldUnits == position.Orders.SellHoldUnits, "sums of sells");
        Holds(position.Orders.SellLowTicks <= sums.SellLowTicks && (position.Orders.SellLowTicks == 0) == (sums.SellLots == 0), "lowest sell");
        ref readonly Market market = ref state.Markets[position.Market];
        long margin = market.IsSpot
            ? SpotSettlement.QuoteHold(sums.BuyHoldUnits, in market) - state.MarginScopes[state.ScopeOf[row]].PromisedQuoteUnits
            : Requirements.OrderMargin(in position, in position.Orders, in market);
        Holds(!market.IsSpot || (position.SizeLots == 0 && SellHold(state, row, sums.SellLots) == position.BaseHoldUnits), "what sells of a spot row hold");
        Holds(position.WasOpened == 0, "a trade was left for nobody");
        ref readonly MarginRates rates = ref market.Rates;

        // rates that follow the mark count for orders with the next change of their row
        Holds((rates.IsGraded | rates.IsDynamic) != 0 || position.OrderMarginUnits == margin, "order margin");
        Holds(open == position.OpenOrders, "count of a row's orders");
        Holds(reduceOnly == guard.ReduceOnlyOrders && (reduceOnly != 0) == ((position.Guards & Guards.ReduceOnly) != 0), "reduce-only orders");
        Holds(protectedOrders == guard.ProtectedOrders, "protected orders");
        Holds((position.Guards & (Guards.ReduceOnlyDue | Guards.ProtectionDue)) == 0 && position.IsTouched == 0, "a row is due for nobody");
        Holds(IsBracketOf(state, guard.StopLossOrder, row) && IsBracketOf(state, guard.TakeProfitOrder, row), "bracket");
        CheckKind(state, row, open);
        totals.Orders += open;
        totals.PositionLots[position.Market] += position.AbsoluteLots;
        totals.CommittedUnits[position.Market] += position.EntryCostUnits;
    }

    /// <summary>A row that is not empty; of a hedge account a head without position and orders, or one position with orders to add or close.</summary>
    private static void CheckKind(ExchangeState state, int row, int open)
    {
        ref readonly Position position = ref state.Positions[row];
        ref readonly TradingGuard guard = ref state.TradingGuards[row];
        bool isHedge = (position.Guards & Guards.Hedge) != 0;
        int head = state.FindPosition(position.Account, position.Market);
        Holds(isHedge != (row == head) && (!isHedge || state.IsHedge(position.Account)), "kind of a row");
        Holds((position.Guards & Guards.Closing) == 0 || position.SizeLots != 0, "closing without a position");
        if (isHedge)
        {
            Holds(position.SizeLots != 0 || open != 0 || state.PositionDetails[row].LiquidationId != 0, "an ended position stays");
            Holds(open <= OrderScopes.MaxOrdersOfHedge, "orders of a hedge position");
            Holds(state.PositionDetails[row].PositionId != 0 || state.PositionDetails[row].LiquidationId != 0, "a position without an id");
            Holds(position.OpenOrders == 0 || (position.Orders.BuyLots == 0 || position.Orders.SellLots == 0), "adding orders on both sides");
            return;
        }

        bool isSet = position.MarginUnits != 0 || position.IsIsolated != 0 || position.Leverage != 0 || guard.ShortLeverage != 0
            || guard.ShortIsIsolated != 0 || (position.Guards & (Guards.MakerProtection | Guards.Killed | Guards.Loans)) != 0;
        Holds(
            position.SizeLots != 0 || open != 0 || isSet || state.NextHedge(row) != 0 || state.PositionDetails[row].LiquidationId != 0
                || state.Accounts[position.Account].IsLiquidationAccount != 0,
            "an empty row stays");
        Holds(!state.IsHedge(position.Account, position.Market) || (position.SizeLots == 0 && open == 0 && position.MarginUnits == 0), "a head is no position");
        Holds(state.IsHedge(position.Account, position.Market) || (guard.ShortLeverage == 0 && guard.ShortIsIsolated == 0), "settings of shorts");
    }

    private static void CheckOrder(ExchangeState state, int slot, in Position position, Totals totals)
    {
        ref readonly Order order = ref state.Orders[slot];
        Holds(order.LeavesLots >= 1 && order.LeavesLots <= order.QuantityLots, "leaves within quantity");
        Holds(!order.Has(OrderMarks.ReduceOnly) || order.LeavesLots <= MakerExamination.Reducible(order.Side, position.SizeLots),
            "R-1304: larger than the position");
        if (order.ClientOrderId != 0)
        {
            uint hash = ClientOrderIds.HashOf(state.Limits.HashSeed, position.Account, order.ClientOrderId);
            Holds(state.ClientOrderIds.Find(hash, position.Account, order.ClientOrderId) == slot, "client id");
        }

        totals.Waiting[position.Market] += order.Has(OrderMarks.Waiting) ? 1 : 0;
        if (order.Terms == 0)
        {
            Holds(!order.Has(OrderMarks.Waiting | OrderMarks.Expires | OrderMarks.Linked | OrderMarks.Iceberg), "terms");
            return;
        }

        ref readonly OrderTermsRow terms = ref state.OrderTerms[order.Terms];
        totals.Terms++;
        totals.Timers += terms.TimerPlace != 0 ? 1 : 0;
        Holds((terms.TimerPlace != 0) == order.Has(OrderMarks.Expires), "timer of an expiring order");
        Holds((terms.Linked != 0) == order.Has(OrderMarks.Linked) && terms.IsDoomed == 0, "link");
        Holds(terms.Linked == 0 || state.OrderTerms[state.Orders[terms.Linked].Terms].Linked == slot, "links are mutual");
        Holds(!order.Has(OrderMarks.Iceberg) || (terms.ShownLots >= 1 && terms.ShownLots <= order.LeavesLots), "shown part of an iceberg");
    }

    private static void CheckAccount(ExchangeState state, int account)
    {
        ref readonly Account owner = ref state.Accounts[account];
        long held = 0;
        int rows = 0;
        int crossOpen = 0;
        int last = 0;
        for (int row = owner.FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            bool isHead = (state.Positions[row].Guards & Guards.Hedge) == 0;
            Holds(state.Positions[row].Previous == last && (isHead || state.Positions[last].Market == state.Positions[row].Market), "list of rows");
            last = row;
            held += state.Positions[row].PoolHoldUnits;
            rows++;
            crossOpen += state.Positions[row].SizeLots != 0 && state.Positions[row].IsIsolated == 0 ? 1 : 0;
        }

        bool isWallet = owner.IsLiquidationAccount == Account.IsolatedWallet;
        Holds((isWallet ? state.Balances[state.FindBalance(account, Asset.CollateralId)].HoldUnits : held) == owner.PoolHoldUnits, "holds of the pool");
        Holds(rows == owner.Positions && crossOpen == owner.CrossOpen, "rows of an account");
        CheckBalances(state, account);
    }

    private static void CheckBalances(ExchangeState state, int account)
    {
        ref readonly Account owner = ref state.Accounts[account];
        int previous = 0;
        for (int row = owner.FirstBalance; row != 0; row = state.Balances[row].Next)
        {
            ref readonly Balance balance = ref state.Balances[row];
            Holds(balance.Account == account && balance.Previous == previous && state.FindBalance(account, balance.Asset) == row, "list of balances");
            long held = 0;
            int spotRows = 0;
            bool isWallet = owner.IsLiquidationAccount == Account.IsolatedWallet;
            for (int at = isWallet ? WalletRow(state, account) : owner.FirstPosition; at != 0; at = isWallet ? 0 : state.Positions[at].Next)
            {
                ref readonly Position position = ref state.Positions[at];
                ref readonly Market market = ref state.Markets[position.Market];
                bool isBase = market.BaseAsset == balance.Asset;
                bool isQuote = market.IsSpot && market.QuoteAsset == balance.Asset;
                bool holds = state.WalletOf(in position) == account;
                held += !holds ? 0 : isBase ? position.BaseHoldUnits : isQuote ? position.OrderMarginUnits : 0;
                spotRows += isBase || isQuote ? 1 : 0;
            }

            Holds(held == balance.HoldUnits, "what spot orders hold of an asset");
            Holds(balance.Asset == Asset.CollateralId || balance.Units >= balance.HoldUnits, "less of an asset than its orders hold");
            Holds(spotRows == balance.SpotRows, "spot rows of an asset");
            Holds(balance.Units >= 0 && (balance.Asset != Asset.CollateralId || balance.Units == 0), "units of a balance");
            Holds((balance.Units | balance.HoldUnits | balance.LentShares | (long)balance.SpotRows) != 0, "an empty balance stays");
            previous = row;
        }

        CheckIndexed(state, account);
        bool counts = owner.FirstBalance != 0 && (owner.Traits & AccountTraits.SpotOnly) == 0 && owner.IsLiquidationAccount == 0;
        Holds(counts == ((owner.Traits & AccountTraits.HasAssets) != 0), "whether an account has other assets");
    }

    /// <summary>The index of falling collateral is a heap, and an account that is to be liquidated is found by a price, if by none else.</summary>
    private static void CheckIndexed(ExchangeState state, int account)
    {
        for (int row = state.Accounts[account].FirstBalance; row != 0; row = state.Balances[row].Next)
        {
            ref readonly Balance balance = ref state.Balances[row];
            int parent = balance.IndexParent;
            bool isLinked = balance.IndexRank == 0 || (parent == 0
                ? state.Assets[balance.Asset].IndexRoot == row
                : (state.Balances[parent].IndexLeft == row || state.Balances[parent].IndexRight == row)
                    && state.Balances[parent].IndexTicks >= balance.IndexTicks && state.Balances[parent].Asset == balance.Asset);
            int right = state.Balances[balance.IndexRight].IndexRank;
            bool isRanked = balance.IndexRank == 0 || (balance.IndexRank == right + 1 && state.Balances[balance.IndexLeft].IndexRank >= right);
            Holds(isLinked && isRanked, "index of falling collateral");
        }

        bool works = state.PendingMarkets == 0 && state.WorkLeft > 0 && !LiquidationChecks.Waits(state, account)
            && (state.Accounts[account].Traits & AccountTraits.HasAssets) != 0;
        for (int market = 1; market <= state.Markets.HighWater; market++)
        {
            works &= MarketRules.Liquidates(state.Markets[market].State) && state.Liquidations[market].Rules.KeeperLoop == KeeperLoop.Engine;
        }

        Holds(!works || !AccountFigures.Of(state, account).IsLiquidatable, "R-1101: an account is left below its requirement");
    }

    /// <summary>R-1101, R-605: after a command nobody is left liquidatable whose turn it could have been.</summary>
    private static void CheckCover(ExchangeState state, int account)
    {
        long holds = 0;
        bool canWait = state.Accounts[account].IsLiquidationAccount != 0 || state.PendingMarkets != 0;
        for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            ref readonly Position position = ref state.Positions[row];
            ref readonly Market market = ref state.Markets[position.Market];
            bool isOpen = position.SizeLots != 0 && market.MarkTicks != 0;
            holds += position.IsIsolated != 0 ? position.PoolHoldUnits : 0;
            bool halts = isOpen
                && (!MarketRules.Liquidates(market.State) || state.Liquidations[position.Market].Rules.KeeperLoop == KeeperLoop.Keepers);
            canWait |= halts && position.IsIsolated == 0;
            if (isOpen && position.IsIsolated != 0 && !halts && state.PendingMarkets == 0 && state.Accounts[account].IsLiquidationAccount == 0
                && state.LiquidationProgress[row].DueNs == 0)
            {
                Holds(!IsolatedOrders.IsLiquidatable(in position, in market), "R-1101: an isolated position was passed over");
                Holds(market.Rates.IsDynamic != 0 || !IsolatedOrders.AreUnaffordable(in position, in market), "R-605: orders that the position can't bear");
            }
        }

        canWait |= LiquidationChecks.Waits(state, account);
        AccountFigures figures = AccountFigures.Of(state, account);
        Holds(canWait || !figures.IsLiquidatable, "R-1101: a cross account was passed over");
        figures.EquityUnits -= holds;
        Holds(canWait || holds == 0 || !figures.IsLiquidatable, "R-605: isolated orders hold what cross positions need");
    }

    /// <summary>A trade window is the sum of its parts.</summary>
    private static void CheckPrices(ExchangeState state, int market)
    {
        ref readonly TradeWindow window = ref state.Prices[market].Trades;
        UInt128 value = 0;
        (long lots, long trades) = (0, 0);
        for (int i = 0; i < TradeWindow.Parts; i++)
        {
            ref readonly TradePart part = ref state.TradeParts[(market * TradeWindow.Parts) + i];
            (value, lots, trades) = (value + part.Value, lots + part.Lots, trades + part.Trades);
        }

        Holds(value == window.Value && lots == window.Lots && trades == window.Trades, "trade window");
    }

    private static void CheckMarket(ExchangeState state, int market, Totals totals)
    {
        ref readonly Market row = ref state.Markets[market];
        totals.Timers += row.TimerPlace != 0 ? 1 : 0;
        totals.Timers += row.Margin.GraceTimerPlace != 0 ? 1 : 0;
        totals.Timers += row.Margin.AddOnTimerPlace != 0 ? 1 : 0;
        totals.Timers += row.Margin.NoticeTimerPlace != 0 ? 1 : 0;
        Holds(row.RestingLots == totals.RestingLots[market], "lots of resting orders");
        Holds(row.PositionLots == totals.PositionLots[market], "lots of positions");
        Holds(row.CommittedUnits == totals.CommittedUnits[market], "committed notional");
        Holds(state.Triggers[market].Count == totals.Waiting[market], "count of waiting orders");
        OrderBook book = state.Books[market];
        long lots = LotsOf(state, book.Bids, Side.Buy) + LotsOf(state, book.Asks, Side.Sell);
        Holds(lots == row.RestingLots, "lots in the book");
        Holds(book.Bids.BestTicks == 0 || book.Asks.BestTicks == 0 || book.Bids.BestTicks < book.Asks.BestTicks, "the book is crossed");
    }

    private static long LotsOf(ExchangeState state, PriceLadder ladder, Side side)
    {
        long sum = 0;
        for (long ticks = ladder.BestTicks; ticks != 0; ticks = ladder.NextWorse(ticks))
        {
            long level = 0;
            int previous = 0;
            for (int slot = ladder.At(ticks).Head; slot != 0; slot = state.Orders[slot].Next)
            {
                ref readonly Order order = ref state.Orders[slot];
                Holds(order.Side == side && order.PriceTicks == ticks && order.Previous == previous && !order.Has(OrderMarks.Waiting),
                    "queue of a price");
                level += order.LeavesLots;
                previous = slot;
            }

            Holds(level == ladder.At(ticks).Lots && previous == ladder.At(ticks).Tail && level > 0, "level of a price");
            sum += level;
        }

        return sum;
    }

    private static bool IsBracketOf(ExchangeState state, int slot, int row) =>
        slot == 0 || (state.Orders[slot].Position == row && state.Orders[slot].Has(OrderMarks.WholePosition));

    // not Assert.That: it allocates, and this runs after every command
    internal static void Holds(bool condition, string what)
    {
        if (!condition)
        {
            Assert.Fail(what);
        }
    }

    private sealed class Totals(int markets)
    {
        public readonly long[] RestingLots = new long[markets + 1];
        public readonly long[] PositionLots = new long[markets + 1];
        public readonly long[] CommittedUnits = new long[markets + 1];
        public readonly int[] Waiting = new int[markets + 1];
        public int Orders;
        public int Terms;
        public int Timers;
        public int Settling;
    }
}
