using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Whether a scope can bear an order before it trades .</summary>
internal sealed partial class ModelExchange
{
    /// <summary>Every isolated order that increases its position, and the money of isolated holds, is affordable; or what is not .</summary>
    public (long Account, string What)? FindUnaffordable(IEnumerable<ModelAccount> accounts)
    {
        foreach (ModelAccount account in accounts.Where(account => !account.IsLiquidation))
        {
            bool isFrozen = account.CrossPositions.Any(row => !row.Market.Liquidates || IsForKeepers(row));
            if (!isFrozen && !CanAffordHolds(account)
                && account.Rows.Values.Any(row => row.IsIsolated && row.PoolHold.Sign > 0 && row.Orders.Any(HoldsMoney)))
            {
                return (account.Id, $"account {account.Id}: isolated holds of the pool");
            }

            if (account.Rows.Values.FirstOrDefault(row => row.IsUncovered(Side.Buy) || row.IsUncovered(Side.Sell)) is { } uncovered)
            {
                return (account.Id, $"account {account.Id} market {uncovered.Market.Id}: orders that can't borrow");
            }

            foreach (ModelRow row in account.Rows.Values)
            {
                // found by the initial rates of a moment since the row's last change
                if (row.IsIsolated && row.Market.Liquidates && !IsForKeepers(row) && !row.Size.IsZero
                    && !row.Market.HeldSince(row.RefreshedAt, () => CanAffordOrders(row, null)))
                {
                    return (account.Id, $"account {account.Id} market {row.Market.Id}: orders that increase");
                }
            }
        }

        return null;
    }

    private static bool IsForKeepers(ModelRow row) => row.Market.LiquidationRules.KeeperLoop == KeeperLoop.Keepers;

    /// <summary>Cancels what the exchange cancelled as unaffordable; says what was wrong with it, or null.</summary>
    public string? CancelUnaffordable(ModelOrder order, Outcome outcome)
    {
        ModelRow row = order.Row;
        if (order.Borrows && row.IsUncovered(order.Side) && !row.Orders.Any(other => other.Borrows && other.Side == order.Side && other.Placed > order.Placed))
        {
            CancelResting(order, CancelReason.Unaffordable, outcome);
            Forget(row);
            return null;
        }

        if (CanAffordHolds(row.Account))
        {
            // the exchange may have found the row's hold anew, by the rates of this moment
            row.Refresh();
        }

        bool byPosition = !row.Size.IsZero && order.Side == (row.Size.Sign > 0 ? Side.Buy : Side.Sell) && !CanAffordOrders(row, null);
        bool byPool = row.PoolHold.Sign > 0 && !CanAffordHolds(row.Account);
        byPosition &= Increases(order);
        byPool &= HoldsMoney(order);
        bool isNewest = !row.Orders.Any(other => (byPool ? HoldsMoney(other) : Increases(other)) && other.Placed > order.Placed);
        if (!row.IsIsolated || (!byPosition && !byPool) || !isNewest)
        {
            return $"order {order.ClientId} of account {row.Account.Id} cancelled as unaffordable: by position {byPosition}, by pool {byPool}, newest"
                + $" {isNewest}";
        }

        CancelResting(order, CancelReason.Unaffordable, outcome);
        EndWithoutOrders(row, outcome);
        Forget(row);
        return null;
    }

    /// <summary>Whether the orders of its side hold margin.</summary>
    private static bool HoldsMoney(ModelOrder order)
    {
        ModelRow row = order.Row;
        bool isBuy = order.Side == Side.Buy;
        return !order.IsReduceOnly
            && !row.LeftOf(order.Side, isBuy ? row.BuyLots : row.SellLots, isBuy ? row.BuyHold : row.SellHold, row.SellLow).IsZero;
    }

    /// <summary>Not one that reduces, nor one against the position.</summary>
    private static bool Increases(ModelOrder order) => !order.IsReduceOnly && order.Row.Against(order.Side).IsZero;

    private static bool CanAffordHolds(ModelAccount account)
    {
        Big isolated = account.Rows.Values.Where(row => row.IsIsolated).Aggregate(Big.Zero, (sum, row) => sum + row.PoolHold);
        Big holds = isolated + account.SpotHolds;
        if (holds > account.Pool && !isolated.IsZero)
        {
            return false;
        }

        Big left = account.CrossEquity - holds - account.CrossRequirement;
        return !account.CrossPositions.Any() || left.Sign > 0 || (left.IsZero && !account.CrossPositions.Any(row => row.ReachesIsEnough));
    }

    /// <summary>The position with all orders of its side filled at their hold prices.</summary>
    private static bool CanAffordOrders(ModelRow row, (Side Side, Big Lots, Big Hold, ModelOrder? Replaced)? order)
    {
        Side side = order?.Side ?? (row.Size.Sign > 0 ? Side.Buy : Side.Sell);
        bool isBuy = side == Side.Buy;
        Big lots = (isBuy ? row.BuyLots : row.SellLots) + (order?.Lots ?? 0) - (order?.Replaced?.Leaves ?? 0);
        Big units = (isBuy ? row.BuyHold : row.SellHold) - (order?.Replaced?.HoldNotional ?? 0)
            + ((order?.Lots ?? 0) * (order?.Hold ?? 0) * row.Market.TickValue);
        if (lots.IsZero)
        {
            return true;
        }

        // an order that is looked at sees the position as settled; orders that rest count as if they had filled when it was settled last
        Big size = row.Size + (isBuy ? lots : -lots);
        Big margin = order is null ? row.Margin : row.Net;
        margin += row.Draw(!isBuy, row.Cost, units, margin);
        margin -= order is null ? row.OwedOf(size) : 0;
        Big cost = row.Cost + units;
        return !row.IsLiquidatable(margin + row.ProfitOf(size, cost), row.RequirementOf(Big.Abs(size), cost));
    }

    private static bool Fits(Big increase, ModelRow row)
    {
        ModelAccount account = row.Account;
        Big most = row.IsIsolated ? Big.Min(account.Available, account.Pool - account.PoolHolds) : account.Available;
        return increase.Sign <= 0 || increase <= most;
    }

    /// <summary>Adds what refuses the order; true when nothing does.</summary>
    private bool CheckMargin(
        ModelRow row, ModelOrder? replaced, Side side, Big lots, Big limit, Big hold, bool isReduceOnly, Outcome outcome, Big moved)
    {
        ModelAccount account = row.Account;
        if (account.IsLiquidation)
        {
            return true;
        }

        ModelMarket market = row.Market;
        bool isBuy = side == Side.Buy;
        bool isWorse = market.Mark != 0 && (isBuy ? limit > market.Mark : limit < market.Mark);
        Big loss = isWorse ? lots * Big.Abs(limit - market.Mark) * market.TickValue : 0;
        Big holdNotional = lots * hold * market.TickValue;
        if (isReduceOnly)
        {
            return !outcome.Refuse(ResultCode.InsufficientMargin, isWorse && !CoversReduction(row, side, lots, limit, loss, holdNotional));
        }

        Big sideBefore = isBuy ? row.BuyLots : row.SellLots;
        Big replacedLots = replaced?.Leaves ?? 0;
        Big replacedHold = replaced?.HoldNotional ?? 0;
        Big sideLots = sideBefore - replacedLots + lots;
        bool hasOtherSells = row.SellLots > (isBuy ? 0 : replacedLots);
        Big low = isBuy ? row.SellLow : hasOtherSells ? Big.Min(row.SellLow, hold) : hold;
        Big buyHold = isBuy ? row.BuyHold - replacedHold + holdNotional : row.BuyHold;
        Big sellHold = isBuy ? row.SellHold : row.SellHold - replacedHold + holdNotional;
        Big buyLots = isBuy ? sideLots : row.BuyLots;
        Big sellLots = isBuy ? row.SellLots : sideLots;
        Big orderMargin = row.OrderMarginOf(buyLots, buyHold, sellLots, sellHold, low);
        bool addsRisk = row.Beyond(side, sideLots) > row.Beyond(side, sideBefore)
            || orderMargin > row.OrderMargin
            || (isWorse && !row.Beyond(side, sideLots).IsZero);
        if (!addsRisk)
        {
            return !outcome.Refuse(ResultCode.InsufficientMargin, isWorse && !CoversReduction(row, side, lots, limit, loss, holdNotional));
        }

        bool covers;
        if (row.IsIsolated)
        {
            covers = Fits(row.PoolHoldOf(orderMargin) - row.PoolHold, row);
            // without a mark nobody can be liquidated
            bool isOnItsSide = row.Against(side).IsZero;
            covers = covers && (market.Mark == 0
                || (CoversAsFilled(row, side, lots, limit) && new ModelPartialFill(row, side, lots, limit).IsBorne() && (!isOnItsSide
                    || CanAffordOrders(row, (side, lots, hold, replaced)))));
            return !outcome.Refuse(ResultCode.InsufficientMargin, !covers);
        }

        covers = Fits(orderMargin - row.OrderMargin + loss, row);
        covers = covers && (market.Mark == 0 || CoversCrossFill(row, side, lots, limit, loss, holdNotional));
        CheckPortfolio(row, (buyLots, buyHold, sellLots, sellHold, low), loss, outcome);
        outcome.Refuse(ResultCode.InsufficientMargin, !covers);
        return outcome.IsAccepted;
    }

    private static void CheckPortfolio(
        ModelRow row, (Big BuyLots, Big BuyHold, Big SellLots, Big SellHold, Big Low) orders, Big loss, Outcome outcome)
    {
        ModelAccount account = row.Account;
        if (account.PortfolioLeverage == 0)
        {
            return;
        }

        Big sum = 0;
        foreach (ModelRow other in account.Rows.Values.Where(other => !other.IsIsolated && other != row).Append(row))
        {
            bool isThis = other == row;
            Big buys = isThis
                ? other.LeftOf(Side.Buy, orders.BuyLots, orders.BuyHold, orders.Low)
                : other.LeftOf(Side.Buy, other.BuyLots, other.BuyHold, other.SellLow);
            Big sells = isThis
                ? other.LeftOf(Side.Sell, orders.SellLots, orders.SellHold, orders.Low)
                : other.LeftOf(Side.Sell, other.SellLots, other.SellHold, other.SellLow);
            sum += Big.Max((other.Size.Sign > 0 ? other.Notional : 0) + buys, (other.Size.Sign < 0 ? other.Notional : 0) + sells);
        }

        outcome.Refuse(ResultCode.PortfolioLeverageExceeded, sum > account.PortfolioLeverage * (account.CrossEquity - loss));
    }

    private static bool CoversReduction(ModelRow row, Side side, Big lots, Big limit, Big loss, Big holdNotional)
    {
        if (row.IsIsolated)
        {
            return CoversAsFilled(row, side, lots, limit);
        }

        ModelAccount account = row.Account;
        Big fee = Rounding.RateUp(holdNotional, row.Market.Parameters.TakerFeeRate);
        Big rest = row.RequirementOf(row.Lots - lots, row.Cost - row.Released(lots));
        Big required = rest + account.CrossRequirement - row.Requirement;
        Big left = account.CrossEquity - account.SpotHolds - loss - fee;
        bool reaches = !required.IsZero && account.CrossPositions.Any(other => other.ReachesIsEnough);
        return left > required || (left == required && !reaches);
    }

    private static bool CoversCrossFill(ModelRow row, Side side, Big lots, Big limit, Big loss, Big holdNotional)
    {
        ModelAccount account = row.Account;
        Big closing = Big.Min(lots, row.Against(side));
        Big cost = row.Cost - (closing.IsZero ? 0 : row.Released(closing)) + ((lots - closing) * limit * row.Market.TickValue);
        Big left = row.Lots - closing + lots - closing;
        Big required = row.RequirementOf(left, cost) + account.CrossRequirement - row.Requirement;
        Big gain = Positive(side == Side.Buy ? row.Market.Mark - limit : limit - row.Market.Mark) * lots * row.Market.TickValue;
        Big equity = account.CrossEquity - account.SpotHolds + gain - loss - Rounding.RateUp(holdNotional, row.Market.Parameters.TakerFeeRate);
        bool reaches = account.CrossPositions.Append(row).Any(other => other.ReachesIsEnough);
        return equity > required || (equity == required && !reaches);
    }

    private static bool CoversAsFilled(ModelRow row, Side side, Big lots, Big limit)
    {
        ModelMarket market = row.Market;
        Big price = limit * market.TickValue;
        Big size = row.Size;
        Big cost = row.Cost;
        Big margin = row.Net;
        Big closing = Big.Min(lots, row.Against(side));
        if (!closing.IsZero)
        {
            Big released = row.Released(closing);
            margin += size.Sign > 0 ? (closing * price) - released : released - (closing * price);
            cost -= released;
            size -= size.Sign * closing;
            if (margin.Sign < 0 && (size.IsZero || row.Net.Sign >= 0))
            {
                return false;
            }

            margin = size.IsZero ? 0 : margin;
        }

        Big opening = lots - closing;
        if (!opening.IsZero)
        {
            margin += row.Draw(side == Side.Sell, cost, opening * price, margin);
            cost += opening * price;
            size += side == Side.Buy ? opening : -opening;
        }
        else if (!size.IsZero)
        {
            margin -= Rounding.RateUp(closing * price, market.Parameters.TakerFeeRate);
        }

        return size.IsZero || !row.IsLiquidatable(margin + row.ProfitOf(size, cost), row.RequirementOf(Big.Abs(size), cost));
    }
}
