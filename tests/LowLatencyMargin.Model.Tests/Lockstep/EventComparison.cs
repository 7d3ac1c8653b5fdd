using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>A command's events against what the model expects.</summary>
internal static class EventComparison
{
    /// <summary>Of what differs.</summary>
    private const int Shown = 40;

    public static void Compare(Recording actual, Outcome expected, ModelExchange model)
    {
        Same(actual.Trades, expected.Trades, "trades");
        Same(actual.Fills, expected.Fills, "fills");
        Same(actual.Acceptances, expected.Acceptances, "orders");
        Same(Ordered(actual.Cancels, model), Ordered(expected.Cancels, model), "cancels");
        Same(actual.Takings, expected.Takings, "collateral taken over");
        Same(actual.Shortfalls, expected.Shortfalls, "shortfalls");
        actual.Losses.Compare(expected);
        actual.Settlements.Compare(expected);
        Same(actual.TransferProfit, expected.TransferProfit, "profit of a transfer");
        Same(actual.Daily, expected.Daily, "trades of a day");
        CompareMarks(actual, model);
        Same(actual.FundingUpdates, expected.FundingUpdates, "funding charged");
        Same(Ordered(actual.Payments), Ordered(expected.Payments), "funding paid");
        CompareAssignments(actual, expected);
        CompareLiquidations(actual, expected);
        ComparePositions(actual, expected, model);
        WalletComparison.CompareEvents(actual, expected, model);
        LendingComparison.CompareEvents(actual, expected);
    }

    /// <summary>Newest first within a row; between rows, of which a hedge account has several in a market, the order is free, and when a market is
    /// closed that of all.</summary>
    private static List<ModelCancel> Ordered(List<ModelCancel> cancels, ModelExchange model) => cancels.Count < 2
        ? cancels
        : [.. cancels.OrderBy(cancel => cancel.Account).ThenBy(cancel => cancel.Market)
            .ThenBy(cancel => IsFree(cancel, model) ? cancel.ClientId : 0)
            .ThenBy(cancel => IsFree(cancel, model) ? cancel.Left : 0)];

    private static bool IsFree(ModelCancel cancel, ModelExchange model) =>
        cancel.Reason == CancelReason.MarketClosed || model.Accounts[cancel.Account].IsHedge;

    /// <summary>The rows of an account have no order that the page tells.</summary>
    private static List<ModelFundingPayment> Ordered(List<ModelFundingPayment> payments) =>
        [.. payments.OrderBy(paid => paid.Account).ThenBy(paid => paid.Market).ThenBy(paid => paid.Position)];

    private static void CompareMarks(Recording actual, ModelExchange model)
    {
        foreach (ModelMarket market in model.Markets)
        {
            Same([.. actual.Marks.Where(mark => mark.Market == market.Id).Select(mark => mark.Ticks)], market.Told, $"marks of market {market.Id}");
        }
    }

    private static void CompareAssignments(Recording actual, Outcome expected)
    {
        List<(long Order, long Position)> orders = [.. actual.Assignments.Select(assigned => (assigned.OrderId, assigned.PositionId))];
        Same(orders, [.. expected.Assignments.Select(assigned => (assigned.Order.Id, assigned.Position))], "orders of hedge positions");
    }

    private static void ComparePositions(Recording actual, Outcome expected, ModelExchange model)
    {
        HashSet<(long Account, uint Market, long Position)> seen = [];
        for (int i = actual.Positions.Count - 1; i >= 0; i--)
        {
            PositionChanged position = actual.Positions[i];
            if (!seen.Add((position.AccountId, position.Header.MarketId, position.PositionId)))
            {
                continue;
            }

            ModelAccount account = model.Accounts[position.AccountId];
            ModelRow? row = account.Rows.GetValueOrDefault(account.IsHedge
                ? ModelRow.KeyOf(position.PositionId, position.Header.MarketId)
                : position.Header.MarketId);
            row = row is not null && row.PositionId == position.PositionId ? row : null;
            bool isSame = row is null
                ? position.SizeLots == 0 && (position.MarginUnits == 0 || i < actual.PositionsBeforeLastLiquidation)
                : position.SizeLots == row.Size && position.EntryCostUnits == row.Cost && position.MarginUnits == row.Margin;
            if (!isSame)
            {
                throw new DivergenceException(
                    $"position event of account {position.AccountId}: exchange {position.PositionId}: {position.SizeLots} for {position.EntryCostUnits}"
                    + $" margin {position.MarginUnits}, "
                    + $"model {row?.PositionId}: {row?.Size} for {row?.Cost} margin {row?.Margin}");
            }

            CompareStatus(in position, row, expected, account);
            bool mayBeOutdated = i < actual.PositionsBeforeRates || (row is { IsIsolated: false } && i < actual.PositionsBeforeLastLiquidation);
            mayBeOutdated |= row is { IsIsolated: false } && EndsLater(actual, i);
            long price = position.LiquidationPriceTicks;
            if (!mayBeOutdated && !(row?.Shows(price) ?? price == 0))
            {
                throw new DivergenceException($"liquidation price of account {position.AccountId} position {position.PositionId}:"
                    + $" exchange {price}, model {row?.LiquidationPrice}");
            }
        }
    }

    /// <summary>Whether another position of the account ends behind an event: its isolated margin may have come back to the pool.</summary>
    private static bool EndsLater(Recording actual, int at) => actual.Positions.Skip(at + 1).Any(later =>
        later.AccountId == actual.Positions[at].AccountId && later.Header.Type == EventType.PositionClosed && later.Header.Flags.HasFlag(EventFlags.Isolated));

    private static void CompareStatus(in PositionChanged position, ModelRow? row, Outcome expected, ModelAccount account)
    {
        if (account.IsLiquidation)
        {
            return;
        }

        ModelStatus status = row is not null
            ? row.Size.IsZero ? ModelStatus.Pending : row.IsClosing ? ModelStatus.Closing : ModelStatus.Open
            : expected.Ended.GetValueOrDefault(position.PositionId);
        if ((int)status != position.Header.Detail || (row is null) != (position.Header.Type == EventType.PositionClosed))
        {
            throw new DivergenceException($"status of position {position.PositionId}: exchange {position.Header.Type} {position.Header.Detail}, model"
                + $" {status}");
        }
    }

    private static void CompareLiquidations(Recording actual, Outcome expected)
    {
        List<object> told = LiquidationSteps.Told(actual.Slots);
        Same(told, expected.Told, "liquidations");
    }

    private static void Same(long actual, Big expected, string what)
    {
        if (actual != expected)
        {
            throw new DivergenceException($"{what}: exchange {actual}, model {expected}");
        }
    }

    public static void Same<T>(List<T> actual, List<T> expected, string what)
    {
        if (!actual.SequenceEqual(expected))
        {
            int at = 0;
            while (at < Math.Min(actual.Count, expected.Count) && Equals(actual[at], expected[at]))
            {
                at++;
            }

            throw new DivergenceException($"{what}, the first {at} are the same:\n  exchange\n    {string.Join("\n    ", actual.Skip(at).Take(Shown))}\n"
                + $"  model\n    {string.Join("\n    ", expected.Skip(at).Take(Shown))}");
        }
    }
}
