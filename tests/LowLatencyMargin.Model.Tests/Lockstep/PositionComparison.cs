using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Policy;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Hedge positions, identities and status against the model's.</summary>
internal static class PositionComparison
{
    public static void CompareHedge(ExchangeState state, ModelAccount account, int market)
    {
        int head = state.FindPosition((int)account.Id, market);
        ModelRow? settings = account.Rows.GetValueOrDefault(market);
        if (head == 0)
        {
            Require(settings is null or { IsEmpty: true }, account, market, "settings of new positions");
        }
        else
        {
            ref readonly Position row = ref state.Positions[head];
            ref readonly TradingGuard guard = ref state.TradingGuards[head];
            Require(row.SizeLots == 0 && row.OpenOrders == 0 && row.MarginUnits == 0, account, market, "a head with a position");
            Require((row.IsIsolated != 0) == (settings?.IsIsolated ?? false)
                && row.Leverage == (settings?.Leverage ?? 0), account, market, "settings of longs");
            Require((guard.ShortIsIsolated != 0) == (settings?.Shorts.IsIsolated ?? false) && guard.ShortLeverage == (settings?.Shorts.Leverage ?? 0),
                account, market, "settings of shorts");
        }

        int count = 0;
        for (int index = state.FirstHedge((int)account.Id, market); index != 0; index = state.NextHedge(index))
        {
            count++;
            long id = state.PositionDetails[index].PositionId;
            ModelRow? expected = account.Rows.GetValueOrDefault(ModelRow.KeyOf(id, market));
            Require(expected is not null, account, market, $"position {id} is not in the model");
            StateComparison.CompareRow(in state.Positions[index], expected!);
            CompareDetail(in state.PositionDetails[index], expected!);
        }

        int wanted = account.Rows.Values.Count(row => row.IsHedge && row.Market.Id == market);
        Require(count == wanted, account, market, $"{count} hedge positions, {wanted} in the model");
    }

    public static void CompareDetail(in PositionDetail detail, ModelRow row)
    {
        if (row.Account.IsLiquidation || row.Size.IsZero)
        {
            return;
        }

        bool isSame = detail.PositionId == row.PositionId && detail.RealizedPnlUnits == row.Realized && detail.FeeUnits == row.Fees
            && detail.OpenedNs == row.OpenedAt;
        if (!isSame)
        {
            throw new DivergenceException(
                $"position of account {row.Account.Id} market {row.Market.Id}: exchange id {detail.PositionId} realised {detail.RealizedPnlUnits}"
                + $" fees {detail.FeeUnits} opened {detail.OpenedNs}, model id {row.PositionId} realised {row.Realized} fees {row.Fees} opened"
                + $" {row.OpenedAt}");
        }
    }

    /// <summary>The exchange's row of one of the model's, 0 for none.</summary>
    public static int IndexOf(ExchangeState state, ModelRow row)
    {
        int account = (int)row.Account.Id;
        int market = (int)row.Market.Id;
        int index = row.IsHedge ? state.FirstHedge(account, market) : state.FindPosition(account, market);
        while (row.IsHedge && index != 0 && state.PositionDetails[index].PositionId != row.PositionId)
        {
            index = state.NextHedge(index);
        }

        return index;
    }

    private static void Require(bool holds, ModelAccount account, int market, string what)
    {
        if (!holds)
        {
            throw new DivergenceException($"account {account.Id} market {market}: {what}") { AccountId = account.Id };
        }
    }
}
