using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>The row that an order is for, and what its acceptance changes there.</summary>
internal sealed record Scope(ModelRow Row)
{
    public bool IsNew { get; init; }

    /// <summary>Hedge: against the position, so reduce-only.</summary>
    public bool IsAgainst { get; init; }

    /// <summary>One-way: the mode was switched for the order; what the row had before.</summary>
    public Big? MarginBefore { get; init; }
}

/// <summary>Which position a command is for (docs/positions.md).</summary>
internal sealed partial class ModelExchange
{
    private const int MostRows = 64;

    private long _positionIds;

    /// <summary>Null: refused, or no row to look at.</summary>
    private Scope? ScopeOf(ModelAccount account, ModelMarket market, OrderRequest request, Outcome outcome)
    {
        Scope? scope = account.IsHedge && !market.IsSpot ? HedgeScopeOf(account, market, request, outcome) : OneWayScopeOf(account, market, request, outcome);
        if (scope is null || request.MarginUnits <= 0 || market.IsSpot)
        {
            return scope;
        }

        outcome.Refuse(ResultCode.InvalidCombination, scope.IsAgainst);
        outcome.Refuse(ResultCode.ModeConflict, !scope.Row.IsIsolated);
        outcome.Refuse(ResultCode.InsufficientBalance, !CanLeave(account, request.MarginUnits));
        return scope;
    }

    private Scope? HedgeScopeOf(ModelAccount account, ModelMarket market, OrderRequest request, Outcome outcome)
    {
        if (request.Position == 0)
        {
            (bool isIsolated, int leverage) = SettingOf(account, market, request.Side);
            isIsolated = request.Mode == ModeChoice.Any ? isIsolated : request.Mode == ModeChoice.Isolated;
            var row = new ModelRow
            {
                Account = account, Market = market, IsHedge = true, HedgeSide = request.Side, IsIsolated = isIsolated, Leverage = leverage,
            };
            return new Scope(row) { IsNew = true };
        }

        ModelRow? found = account.Rows.GetValueOrDefault(ModelRow.KeyOf(request.Position, market.Id));
        if (outcome.Refuse(ResultCode.UnknownPosition, found is null || request.Position < 0))
        {
            return null;
        }

        outcome.Refuse(ResultCode.ModeConflict, request.Mode != ModeChoice.Any && (request.Mode == ModeChoice.Isolated) != found!.IsIsolated);
        return new Scope(found!) { IsAgainst = request.Side != found!.HedgeSide };
    }

    private Scope? OneWayScopeOf(ModelAccount account, ModelMarket market, OrderRequest request, Outcome outcome)
    {
        ModelRow? found = FindRow(account, market);
        if (market.Kind == MarketKind.SpotMargin)
        {
            bool isOther = request.Mode != ModeChoice.Any && (request.Mode == ModeChoice.Isolated) != (found is { IsIsolated: true });
            outcome.Refuse(ResultCode.ModeConflict, isOther);
            outcome.Refuse(ResultCode.InvalidPair, request.Position != 0 || request.MarginUnits != 0);
            return new Scope(found ?? RowOf(account, market));
        }

        if (outcome.Refuse(ResultCode.UnknownPosition, request.Position != 0 && (found is null || found.Size.IsZero || found.PositionId != request.Position)))
        {
            return null;
        }

        ModelRow row = found ?? RowOf(account, market);
        bool wantsIsolated = request.Mode == ModeChoice.Isolated;
        if (request.Mode == ModeChoice.Any || row.IsIsolated == wantsIsolated)
        {
            return new Scope(row);
        }

        if (outcome.Refuse(ResultCode.ModeConflict, !row.Size.IsZero || row.Orders.Count > 0))
        {
            Forget(row);
            return null;
        }

        var scope = new Scope(row) { MarginBefore = row.Margin };
        account.Pool += row.Margin;
        row.Margin = 0;
        row.IsIsolated = wantsIsolated;
        return scope;
    }

    private static void Undo(Scope scope)
    {
        if (scope.MarginBefore is { } margin)
        {
            scope.Row.Account.Pool -= margin;
            scope.Row.Margin = margin;
            scope.Row.IsIsolated = !scope.Row.IsIsolated;
        }
    }

    private void Enter(Scope scope, OrderRequest request, Outcome outcome)
    {
        ModelRow row = scope.Row;
        if (scope.IsNew)
        {
            Add(row);
        }

        if (request.MarginUnits > 0)
        {
            SettleFunding(row, outcome);
            SettleCrossFunding(row.Account, outcome);
            row.Account.Pool -= request.MarginUnits;
            row.Margin += request.MarginUnits;
            row.Refresh();
        }
    }

    private void Add(ModelRow hedge)
    {
        hedge.PositionId = ++_positionIds;
        hedge.Account.Rows.Add(hedge.Key, hedge);
        hedge.Market.Rows.Add(hedge);
    }

    private static (bool IsIsolated, int Leverage) SettingOf(ModelAccount account, ModelMarket market, Side side)
    {
        ModelRow? head = account.Rows.GetValueOrDefault(market.Id);
        return head is null ? default : side == Side.Buy ? (head.IsIsolated, head.Leverage) : head.Shorts;
    }

    /// <summary>Heads included, also those without settings of their own.</summary>
    private static bool HasRoom(ModelAccount account, ModelMarket market)
    {
        int positions = account.Rows.Values.Count(row => row.IsHedge);
        int heads = account.Rows.Values.Select(row => row.Market.Id).Append(market.Id).Distinct().Count();
        return !account.IsHedge || positions + heads < MostRows;
    }

    /// <summary>The row of margin moves, close, transfer: 0 is the only position there is.</summary>
    private ModelRow? PositionOf(ModelAccount? account, ModelMarket? market, long position, ResultCode none, Outcome outcome)
    {
        if (account is null || market is null)
        {
            return null;
        }

        if (!account.IsHedge || market.IsSpot)
        {
            ModelRow? row = FindRow(account, market);
            bool isUnknown = position != 0 && (row is null || row.Size.IsZero || row.PositionId != position);
            outcome.Refuse(ResultCode.UnknownPosition, isUnknown);
            return isUnknown ? null : row;
        }

        if (position != 0)
        {
            ModelRow? named = account.Rows.GetValueOrDefault(ModelRow.KeyOf(position, market.Id));
            outcome.Refuse(ResultCode.UnknownPosition, named is null);
            return named;
        }

        List<ModelRow> all = [.. account.Rows.Values.Where(row => row.IsHedge && row.Market == market)];
        outcome.Refuse(none, all.Count == 0);
        outcome.Refuse(ResultCode.PositionIdMissing, all.Count > 1);
        return all.Count == 1 ? all[0] : null;
    }

    /// <summary>A hedge position without lots and orders is over.</summary>
    private static void EndWithoutOrders(ModelRow row, Outcome outcome)
    {
        if (!row.IsHedge || !row.Size.IsZero || row.Orders.Count > 0 || !row.Account.Rows.Remove(row.Key))
        {
            return;
        }

        row.Market.Rows.Remove(row);
        row.Account.Pool += row.Margin;
        row.Margin = 0;
        if (!row.WasOpen)
        {
            outcome.Ended[row.PositionId] = ModelStatus.Closed;
        }
    }
}
