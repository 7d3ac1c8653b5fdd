using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Liquidation of one position of a scope (R-1101, R-1104, R-1107 to R-1109, R-1201 to R-1203).</summary>
internal sealed partial class ModelExchange
{
    private readonly List<ModelRow> _touched = [];

    /// <summary>A scope that should have been liquidated, or null.</summary>
    public (long Account, string What)? FindLiquidatable(IEnumerable<ModelAccount> accounts)
    {
        foreach (ModelAccount account in accounts)
        {
            if (account.IsLiquidation)
            {
                continue;
            }

            // the loans of an account without positions and with money have levels of their own
            bool isOfLoans = account.LoanRows.Any() && account.Pool.Sign >= 0 && !account.CrossPositions.Any();
            // what happens in a market without a price finds nobody; the account is found by its others or when the price is back
            bool isFrozen = account.CrossPositions.Any(row => !row.Market.Liquidates);
            if (!isOfLoans && !isFrozen && account.IsCrossLiquidatable(strictly: true))
            {
                return (account.Id, $"account {account.Id} cross: equity {account.CrossEquity} requirement {account.CrossRequirement}");
            }

            foreach (ModelRow row in account.Rows.Values)
            {
                if (row.IsIsolated && row.Market.Liquidates && !row.Size.IsZero && row.IsLiquidatable(row.IsolatedEquity, row.Requirement))
                {
                    return (account.Id, $"account {account.Id} market {row.Market.Id} isolated: equity {row.IsolatedEquity} requirement {row.Requirement}");
                }
            }
        }

        return null;
    }

    /// <summary>
    /// Liquidates the position that the exchange chose. Returns why the choice was wrong, or null. The choice among several scopes is the
    /// exchange's; that the scope is liquidatable and, in cross mode, that this position is the largest requirement is checked here.
    /// </summary>
    public string? Liquidate(long accountId, long marketId, long position, Outcome outcome)
    {
        ModelAccount? account = Accounts.GetValueOrDefault(accountId);
        ModelRow? row = account?.Rows.GetValueOrDefault(account.IsHedge ? ModelRow.KeyOf(position, marketId) : marketId);
        if (account is null || row is null || row.Size.IsZero)
        {
            return $"account {accountId} has no position {position} in market {marketId}";
        }

        if (account.IsLiquidation)
        {
            return "a liquidation account is never liquidated";
        }

        Big equity = row.IsIsolated ? row.IsolatedEquity : account.CrossEquity;
        Big requirement = row.IsIsolated ? row.Requirement : account.CrossRequirement;
        bool isLiquidatable = row.IsIsolated ? row.IsLiquidatable(equity, requirement) : account.IsCrossLiquidatable(strictly: false);
        if (!isLiquidatable)
        {
            return $"account {accountId} market {marketId} is healthy: equity {equity}, requirement {requirement}";
        }

        if (!row.IsIsolated && account.CrossPositions.Any(other => IsClosedBefore(other, row)))
        {
            return $"account {accountId}: market {marketId} has not the largest requirement";
        }

        SettleScope(row, outcome);
        CancelScope(row, outcome);
        if (!row.IsIsolated)
        {
            // what cancelled spot orders held counts again
            equity = account.CrossEquity;
            if (!account.IsCrossLiquidatable(strictly: false))
            {
                return $"account {accountId}: cancelling its orders cured it";
            }
        }

        LossKind kind = KindOf(row.Size);
        CloseScope(row, equity, requirement, outcome);
        if (!row.IsIsolated && !account.CrossPositions.Any() && account.Pool.Sign < 0)
        {
            SettleDebt(account, row.Market, kind, outcome);
        }

        Forget(row);
        return null;
    }

    /// <summary>Of cross positions: those in markets that liquidate come first.</summary>
    private static bool IsClosedBefore(ModelRow one, ModelRow other) =>
        one.Market.Liquidates == other.Market.Liquidates ? one.Requirement > other.Requirement : one.Market.Liquidates;

    /// <summary>When all liquidations of a command are done: what their trades lead to.</summary>
    public void FinishLiquidations(Outcome outcome)
    {
        FollowPositions(_touched, outcome);
        _touched.Clear();
    }

    private static void SettleScope(ModelRow row, Outcome outcome)
    {
        if (row.IsIsolated)
        {
            SettleFunding(row, outcome);
        }
        else
        {
            SettleCrossFunding(row.Account, outcome);
        }
    }

    private static void Distribute(
        ModelRow row, Big penalty, List<(ModelAccount Maker, Big Lots)> makers, out Big keeper, out Big protocol, out Big insurance, out Big toMakers)
    {
        MarketParameters p = row.Market.Parameters;
        keeper = 0;
        protocol = Rounding.RateDown(penalty, p.PenaltyProtocolRate);
        toMakers = 0;
        Big share = Rounding.RateDown(penalty, p.PenaltyMakersRate);
        Big total = makers.Aggregate(Big.Zero, (sum, maker) => sum + maker.Lots);
        foreach ((ModelAccount maker, Big lots) in makers)
        {
            Big part = Rounding.Down(share * lots, total);
            maker.Pool += part;
            toMakers += part;
        }

        insurance = penalty - protocol - toMakers;
        row.Market.Protocol += protocol;
        row.Market.Insurance += insurance;
    }

    private void CancelScope(ModelRow row, Outcome outcome)
    {
        IEnumerable<ModelRow> rows = row.IsIsolated
            ? [row]
            : row.Account.Rows.Values.Where(other => !other.IsIsolated || other.PoolHold.Sign > 0);
        foreach (ModelOrder order in rows.SelectMany(other => other.Orders).OrderByDescending(order => order.Placed).ToList())
        {
            CancelResting(order, CancelReason.Liquidation, outcome);
            EndWithoutOrders(order.Row, outcome);
        }

        foreach (ModelRow other in row.Account.Rows.Values.Where(other => other != row).ToList())
        {
            Forget(other);
        }
    }

    private void CloseScope(ModelRow row, Big equity, Big requirement, Outcome outcome)
    {
        ModelAccount account = row.Account;
        ModelMarket market = row.Market;
        bool isLong = row.Size.Sign > 0;
        Big size = row.Size;
        Big lots = row.Lots;
        Big cost = row.Cost;
        Big backing = row.Backing;
        // a long's cost - M counts at most as the larger of its cost and its value at mark
        Big most = Big.Max(cost, lots * market.Mark * market.TickValue);
        Big atBankruptcy = Positive(isLong ? Big.Min(cost - backing, most) : cost + backing);
        Big perLot = lots * market.TickValue;
        Big limit = Big.Clamp(isLong ? Rounding.Up(atBankruptcy, perLot) : Rounding.Down(atBankruptcy, perLot), 1, MaxField);
        var makers = new List<(ModelAccount Maker, Big Lots)>();
        int firstTrade = outcome.Trades.Count;
        Big closed = market.Liquidates
            ? Match(row, null, isLong ? Side.Sell : Side.Buy, limit, lots, isLiquidation: true, _touched, makers, outcome)
            : 0;
        Big closedNotional = outcome.Trades.Skip(firstTrade).Aggregate(Big.Zero, (sum, t) => sum + ((Big)t.Lots * t.Price * market.TickValue));
        Big left = lots - closed;
        Big takenCost = isLong ? Rounding.Up(atBankruptcy * left, lots) : Rounding.Down(atBankruptcy * left, lots);
        Big takenProfit = 0;
        Big deleveragedProfit = 0;
        if (!left.IsZero && MustDeleverage(row, left, takenCost))
        {
            (Big byHolders, deleveragedProfit) = Deleverage(row, outcome);
            left -= byHolders;
            closed += byHolders;
            takenCost = WorthAtBankruptcy(row);
            perLot = Big.Max(1, left * market.TickValue);
            limit = Big.Clamp(isLong ? Rounding.Up(takenCost, perLot) : Rounding.Down(takenCost, perLot), 1, MaxField);
        }

        if (!left.IsZero)
        {
            takenProfit = Close(row, left, takenCost, inLiquidation: true, outcome);
            TakeOver(account, market, isLong ? Side.Buy : Side.Sell, left, takenCost, outcome);
        }

        Big remains = row.IsIsolated ? Positive(row.Margin) : Positive(Big.Min(account.Pool + account.Assets(Purpose.Maintenance), account.CrossEquity));
        Big fee = Big.Min(remains, Rounding.RateUp(closedNotional, market.Parameters.TakerFeeRate));
        remains -= fee;
        Big atMark = lots * market.Mark * market.TickValue;
        Big penalty = Big.Min(remains, Big.Max(market.Parameters.MinPenaltyUnits, Rounding.RateUp(atMark, market.Parameters.PenaltyRate)));
        if (row.IsIsolated)
        {
            row.Margin -= fee + penalty;
        }
        else
        {
            account.Pool -= fee + penalty;
        }

        market.Receive(fee);
        row.Fees += fee + penalty;
        RecordLiquidation(row, takenProfit + deleveragedProfit, fee + penalty, row.Realized - row.Fees);
        Distribute(row, penalty, makers, out Big keeper, out Big protocol, out Big insurance, out Big toMakers);
        if (row.IsIsolated)
        {
            if (row.Margin.Sign < 0)
            {
                CoverShortfall(account, market, -row.Margin, KindOf(size), outcome);
                row.Margin = 0;
            }

            account.Pool += row.Margin;
            row.Margin = 0;
        }

        CoverPool(account, market, KindOf(size), outcome);
        CoverPools(makers.Select(maker => maker.Maker.Id), market, outcome);
        market.Liquidations++;
        row.Refresh();
        EndWithoutOrders(row, outcome);
        outcome.Liquidations.Add(new ModelLiquidation(
            account.Id, market.Id, size, equity, requirement, isLong ? left : -left, takenCost, takenProfit, limit, fee, penalty,
            keeper, protocol, insurance, toMakers, closed, closedNotional));
    }

    private void TakeOver(ModelAccount owner, ModelMarket market, Side side, Big lots, Big cost, Outcome outcome)
    {
        ModelRow row = RowOf(market.LiquidationAccount, market);
        SettleFunding(row, outcome);
        bool closes = side == Side.Buy ? row.Size.Sign < 0 : row.Size.Sign > 0;
        Big closing = closes ? Big.Min(lots, row.Lots) : 0;
        Big closingCost = Rounding.Down(cost * closing, lots);
        if (!closing.IsZero)
        {
            Close(row, closing, closingCost, inLiquidation: true, outcome);
        }

        Big opening = lots - closing;
        if (!opening.IsZero)
        {
            Open(row, side, opening, cost - closingCost);
        }

        ModelAccount account = market.LiquidationAccount;
        if (account.CrossEquity.Sign < 0)
        {
            Big loss = -account.CrossEquity;
            account.Pool += loss;
            CoverShortfall(owner, market, loss, side == Side.Buy ? LossKind.Longs : LossKind.Shorts, outcome);
        }

        row.Refresh();
        KeepSurplus(market, outcome);
    }
}
