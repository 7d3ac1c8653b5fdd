using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Mode and leverage of one-way rows, as docs/positions.md has them .</summary>
internal sealed partial class ModelExchange
{
    public Outcome SetMode(in SetMarginMode command)
    {
        var outcome = new Outcome();
        ModelAccount? account = Account(command.AccountId, outcome);
        ModelMarket? market = Market(command.MarketId, outcome);
        outcome.Refuse(ResultCode.MalformedCommand, command.Mode is not (MarginMode.Cross or MarginMode.Isolated));
        ModelRow? open = account is null || market is null ? null : FindRow(account, market);
        if (open is { Size.IsZero: false } && market!.Parameters.ModeSwitch == ModeSwitchPolicy.Checked)
        {
            return SwitchOpen(open, command.Mode == MarginMode.Isolated, outcome);
        }

        ModelRow? row = CheckFlat(account, market, outcome);
        if (outcome.IsAccepted)
        {
            row ??= RowOf(account!, market!);
            row.IsIsolated = command.Mode == MarginMode.Isolated;
            account!.Pool += row.Margin;
            row.Margin = 0;
            Forget(row);
        }

        return outcome;
    }

    public Outcome SetLeverage(in SetLeverage command)
    {
        var outcome = new Outcome();
        ModelAccount? account = Account(command.AccountId, outcome);
        ModelMarket? market = Market(command.MarketId, outcome);
        outcome.Refuse(ResultCode.MalformedCommand, command.Release is not (0 or 1));
        outcome.Refuse(ResultCode.InvalidLeverage, market is not null && (command.Leverage < 1 || command.Leverage > market.Parameters.MaxLeverage));
        if (!outcome.IsAccepted)
        {
            return outcome;
        }

        ModelRow row = RowOf(account!, market!);
        (int Leverage, Big Margin, Big Initial) before = (row.Leverage, row.Margin, row.Size.IsZero || row.IsIsolated ? 0 : row.InitialMargin);
        Big available = account!.Available;
        row.Leverage = (int)command.Leverage;
        Big moved = row.IsIsolated ? MovedByLeverage(row, command.Release == 1) : 0;
        bool mayLeave = moved.Sign <= 0 || CanLeaveWith(row, before.Leverage, moved);
        row.Margin += moved;
        Big held = row.PoolHoldOf(row.OrderMarginOf(row.BuyLots, row.BuyHold, row.SellLots, row.SellHold, row.SellLow)) - row.PoolHold;
        Big needed = row.IsIsolated ? moved + held : held + (row.Size.IsZero ? 0 : row.InitialMargin - before.Initial);
        if (outcome.Refuse(ResultCode.InsufficientMargin, !mayLeave || (needed.Sign > 0 && needed > available)))
        {
            (row.Leverage, row.Margin) = (before.Leverage, before.Margin);
            Forget(row);
            return outcome;
        }

        account.Pool -= moved;
        row.Refresh();
        return outcome;
    }

    /// <summary>What a new leverage, set already, draws from the pool, or gives back on request (below zero).</summary>
    private static Big MovedByLeverage(ModelRow row, bool release)
    {
        Big missing = row.InitialMarginAtEntry - row.Margin;
        if (missing.Sign > 0)
        {
            return missing;
        }

        if (!release || row.Size.IsZero)
        {
            return release ? -row.Margin : 0;
        }

        Big stays = Big.Max(row.WithdrawRequirement, row.Requirement + (row.ReachesIsEnough ? 1 : 0)) - Big.Min(0, row.Profit);
        return -Big.Max(0, row.Margin - Big.Max(stays, row.InitialMarginAtEntry));
    }

    private static bool CanLeaveWith(ModelRow row, int leverage, Big amount)
    {
        int set = row.Leverage;
        row.Leverage = leverage;
        bool can = CanLeave(row.Account, amount);
        row.Leverage = set;
        return can;
    }

    private static Outcome SwitchOpen(ModelRow row, bool isolated, Outcome outcome)
    {
        ModelAccount account = row.Account;
        outcome.Refuse(ResultCode.ActiveOrders, row.Orders.Count > 0);
        outcome.Refuse(ResultCode.StateUnchanged, row.IsIsolated == isolated);
        if (!outcome.IsAccepted)
        {
            return outcome;
        }

        Big needed = Big.Max(row.InitialMargin, row.Requirement + (row.ReachesIsEnough ? 1 : 0)) - Big.Min(0, row.Profit);
        Big moved = isolated ? needed : -row.Margin;
        row.IsIsolated = isolated;
        row.Margin += moved;
        account.Pool -= moved;
        bool allowed = isolated
            ? account.Pool - account.PoolHolds - Others(account) + Big.Min(0, account.CrossProfit) >= 0 && !account.IsCrossLiquidatable(strictly: false)
            : account.Available.Sign >= 0 && !account.IsCrossLiquidatable(strictly: false);
        if (outcome.Refuse(ResultCode.InsufficientMargin, !allowed))
        {
            row.IsIsolated = !isolated;
            row.Margin -= moved;
            account.Pool += moved;
            return outcome;
        }

        row.Refresh();
        return outcome;
    }

    private static Big Others(ModelAccount account) =>
        account.CrossPositions.Aggregate(Big.Zero, (sum, row) => sum + Big.Max(row.InitialMargin, row.Requirement));
}
