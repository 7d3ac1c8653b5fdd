using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>What a fill does to position and money .</summary>
internal sealed partial class ModelExchange
{
    private static Big Positive(Big amount) => Big.Max(0, amount);

    /// <summary>A loss beyond isolated margin: first what its owner could withdraw, if the market says so (R-1201).</summary>
    private void CoverIsolated(ModelRow row, long liquidation, Big loss, LossKind kind, Outcome outcome)
    {
        loss -= TakeRecourse(row, liquidation, loss, outcome);
        if (!loss.IsZero)
        {
            CoverShortfall(row.Account, row.Market, loss, kind, outcome);
        }
    }

    private Big TakeRecourse(ModelRow row, long liquidation, Big loss, Outcome outcome)
    {
        ModelAccount account = row.Account;
        Big taken = row.Market.LiquidationRules.Recourse == IsolatedRecourse.Wallet ? Big.Min(loss, RecourseOf(account, loss, outcome)) : 0;
        account.Pool -= taken;
        if (!taken.IsZero)
        {
            outcome.Told.Add(new ModelRecourse(account.Id, liquidation, loss, taken, account.Pool));
        }

        return taken;
    }

    /// <summary>What recourses took, as the exchange tells.</summary>
    public List<(long Account, Big Taken)> ToldRecourses { get; } = [];

    /// <summary>
    /// What an owner could withdraw. Order margins are those of a row's last change, and whether a change of the pool is one is the exchange's
    /// business (<see cref="ModelRow.Reconcile"/>): of what is right either way the one that it took.
    /// </summary>
    private Big RecourseOf(ModelAccount account, Big loss, Outcome outcome)
    {
        Big most = Withdrawable(account);
        int next = outcome.Told.Count(told => told is ModelRecourse);
        if (next >= ToldRecourses.Count || ToldRecourses[next].Account != account.Id)
        {
            return most;
        }

        foreach (ModelRow cross in account.Rows.Values.Where(other => !other.IsIsolated && !other.Market.IsSpot && other.Orders.Count > 0))
        {
            if (Big.Min(loss, most) == ToldRecourses[next].Taken)
            {
                break;
            }

            cross.Refresh();
            most = Withdrawable(account);
        }

        return most;
    }

    /// <summary>A pool below zero without a position that could still pay is a shortfall.</summary>
    private void CoverPool(ModelAccount account, ModelMarket market, LossKind kind, Outcome outcome)
    {
        if (account.Pool.Sign < 0 && !account.CrossPositions.Any() && account.Assets(Purpose.Maintenance).IsZero)
        {
            Big loss = -account.Pool;
            account.Pool = 0;
            CoverShortfall(account, market, loss, kind, outcome);
        }
    }

    /// <summary>When all fills and shares of penalties are booked: in the order in which the accounts came up.</summary>
    private void CoverPools(IEnumerable<long> accounts, ModelMarket market, Outcome outcome)
    {
        foreach (long account in accounts.Distinct().ToList())
        {
            CoverPool(Accounts[account], market, LossKind.Any, outcome);
        }
    }

    /// <summary>Closes, opens, pays. Returns the fee paid and the profit booked.</summary>
    private (Big Fee, Big Profit) Settle(
        ModelRow row, Side side, Big lots, Big units, int feeRate, ModelOrder? order, bool inLiquidation, Outcome outcome)
    {
        ModelAccount account = row.Account;
        ModelMarket market = row.Market;
        Big closing = Big.Min(lots, row.Against(side));
        Big opening = lots - closing;
        Big fee = Rounding.RateUp(units, feeRate);
        Big profit = 0;
        bool ended = false;
        Big result = 0;
        if (!closing.IsZero)
        {
            Big proceeds = units * closing / lots;
            bool wasBelow = row.Margin.Sign < 0;
            profit = Close(row, closing, proceeds, inLiquidation, outcome);
            ended = row.Size.IsZero;
            result = row.Realized - row.Fees;
            if (row.IsIsolated && row.Margin.Sign < 0 && (row.Size.IsZero || !wasBelow) && !inLiquidation)
            {
                Big loss = -row.Margin;
                row.Margin = 0;
                CoverIsolated(row, 0, loss, side == Side.Sell ? LossKind.Longs : LossKind.Shorts, outcome);
            }

            if (inLiquidation && UnderWay.Values.FirstOrDefault(way => way.Row == row) is { } under)
            {
                CoverMargin(under, outcome);
            }

            if (row.Size.IsZero && !inLiquidation)
            {
                account.Pool += row.Margin;
                row.Margin = 0;
            }
        }

        if (!opening.IsZero)
        {
            Big added = units * opening / lots;
            if (row.IsIsolated)
            {
                Big drawn = Big.Min(row.Draw(side == Side.Sell, row.Cost, added, row.Margin), Drawable(row, fee));
                account.Pool -= drawn;
                row.Margin += drawn;
            }

            Open(row, side, opening, added);
        }

        bool poolFirst = !row.IsIsolated || !opening.IsZero || row.Size.IsZero;
        Big paid = PayFee(row, fee, poolFirst);
        row.Fees += paid;
        CountFill(row, order, profit, paid, ended, result - paid, inLiquidation, outcome);
        return (paid, profit);
    }

    /// <summary>What an isolated fill can draw: not its fee, nor what other isolated orders hold or cross positions require.</summary>
    private static Big Drawable(ModelRow row, Big fee)
    {
        ModelAccount account = row.Account;
        Big spare = account.Spendable;
        if (account.CrossPositions.Any())
        {
            Big most = account.CrossEquity - account.SpotHolds - account.CrossRequirement - (account.CrossPositions.Any(other => other.ReachesIsEnough)
                ? 1 : 0);
            spare = Big.Min(spare, most);
        }

        Big others = account.Rows.Values.Where(other => other.IsIsolated && other != row).Aggregate(Big.Zero, (sum, other) => sum + other.PoolHold);
        return Positive(spare - others - fee);
    }

    private void Open(ModelRow row, Side side, Big lots, Big units)
    {
        if (row.Size.IsZero)
        {
            if (row.IsOver)
            {
                // it traded with its own order: another position in its place
                row.Account.Rows.Remove(row.Key);
                row.PositionId = ++_positionIds;
                row.Account.Rows.Add(row.Key, row);
            }

            row.PositionId = row.IsHedge ? row.PositionId : ++_positionIds;
            row.Realized = 0;
            row.Fees = 0;
            row.FundingPaid = 0;
            row.FundingEntry = row.Market.Funding.Index;
            if (row.EndedInCommand == Command)
            {
                Blur(row, isClosed: false);
            }

            row.OpenedInCommand = Command;
            row.OpenedAt = Now;
            row.IsClosing = false;
            row.Band = null;
            row.WasOpen = true;
        }

        row.Cost += units;
        row.Size += side == Side.Buy ? lots : -lots;
    }

    private Big Close(ModelRow row, Big lots, Big proceeds, bool inLiquidation, Outcome outcome)
    {
        Big released = row.Released(lots);
        Big profit = row.Size.Sign > 0 ? proceeds - released : released - proceeds;
        row.Cost -= released;
        row.Size -= row.Size.Sign * lots;
        row.Realized += profit;
        if (row.IsIsolated)
        {
            row.Margin += profit;
        }
        else
        {
            row.Account.Pool += profit;
        }

        if (row.Size.IsZero)
        {
            row.LastResult = row.Realized - row.Fees;
            row.EndedInCommand = Command;
            if (row.OpenedInCommand == Command)
            {
                Blur(row, isClosed: true);
            }

            outcome.Ended[row.PositionId] = inLiquidation ? ModelStatus.Liquidated : ModelStatus.Closed;
            row.PositionId = row.IsHedge ? row.PositionId : 0;
        }

        return profit;
    }

    private static Big PayFee(ModelRow row, Big fee, bool poolFirst)
    {
        ModelAccount account = row.Account;
        if (!row.IsIsolated)
        {
            if (!account.CrossPositions.Any())
            {
                fee = Big.Min(fee, Positive(account.Spendable + account.Assets(Purpose.Maintenance)));
            }

            account.Pool -= fee;
            return fee;
        }

        Big pool = Positive(account.Spendable);
        Big margin = Positive(row.Margin);
        Big fromPool = poolFirst ? Big.Min(fee, pool) : Big.Min(pool, fee - Big.Min(fee, margin));
        Big fromMargin = Big.Min(margin, fee - fromPool);
        account.Pool -= fromPool;
        row.Margin -= fromMargin;
        return fromPool + fromMargin;
    }
}
