using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>The engine's own calculations over its state, to read: nothing is computed a second way here.</summary>
internal sealed class Figures
{
    private readonly Settlement _settlement;
    private readonly Transfers _transfers;
    private readonly MarginCheck _check;
    private readonly RateBudget _budget;
    private readonly IsolatedScopes _scopes;

    internal Figures(ExchangeState state)
    {
        State = state;
        _settlement = new Settlement(state);
        _transfers = new Transfers(state, _settlement);
        _check = new MarginCheck(state);
        _budget = new RateBudget(state);
        _scopes = new IsolatedScopes(state, _transfers, _settlement, _check.Spot.Loans);
    }

    internal ExchangeState State { get; }

    /// <summary>What a scope of a spot-margin market is judged by.</summary>
    internal LoanFigures Loans(int row) => row == 0 ? default : LoanFigures.Of(State, row);

    /// <summary>What a scope of a spot-margin market could lose or lend against.</summary>
    internal long LoanRoom(int account, int row, int market) => _check.Spot.Loans.Room(account, row, market);

    /// <summary>What could leave the wallet of a scope.</summary>
    internal long FreeOfScope(int account, int row, int asset) =>
        State.Positions[row].IsIsolated != 0 ? _scopes.Free(row, asset) : Withdrawable(account, asset);

    /// <summary>What an account borrowed of an asset and has not repaid, and with interest and fees.</summary>
    internal (Int128 Principal, Int128 Owed) DebtOf(int account, int asset)
    {
        Int128 principal = 0;
        Int128 owed = 0;
        foreach (int row in RowsOf(account).Where(row => State.ScopeOf[row] != 0))
        {
            ref readonly MarginScope scope = ref State.MarginScopes[State.ScopeOf[row]];
            ref readonly Market market = ref State.Markets[State.Positions[row].Market];
            int loan = market.QuoteAsset == asset ? scope.QuoteLoan : market.BaseAsset == asset ? scope.BaseLoan : 0;
            principal += State.Loans[loan].PrincipalUnits;
            owed += LoanFigures.OwedBy(State, loan);
        }

        return (principal, owed);
    }

    internal long Withdrawable(int account, int asset) => _transfers.Free(account, asset);

    internal long Available(int account) => Math.Max(0, _check.Available(account));

    internal long MarginBehind(in Position position, bool lessOtherRequirements) => _settlement.MarginBehind(in position, lessOtherRequirements);

    internal long LiquidationPrice(in Position position) => _settlement.LiquidationPrice(in position, in State.Markets[position.Market]);

    /// <summary>Weight that an account can spend, below zero while its reserve is in use; null without a limit.</summary>
    internal long? RateHeadroom(int account) => _budget.Headroom(account) is var weight and not int.MaxValue ? weight : null;

    internal long LiquidationPrice(in Position position, in Market market) => _settlement.LiquidationPrice(in position, in market);

    /// <summary>The positions of a hedge account in a market, the newest first.</summary>
    internal List<int> HedgeRowsOf(int account, int market)
    {
        var rows = new List<int>();
        for (int row = State.FirstHedge(account, market); row != 0; row = State.NextHedge(row))
        {
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>A position that closed lately: by its id, or, for 0, the last one to close of an account in a market; null when there is none.</summary>
    internal ClosedPosition? Closed(int account, int market, long positionId)
    {
        for (int back = 1; back <= State.ClosedPositions.Count; back++)
        {
            ref readonly ClosedPosition closed = ref State.ClosedPositions[1 + (int)((State.ClosedCount - back) % State.ClosedPositions.Capacity)];
            if (closed.Account == account && closed.Market == market && (positionId == 0 || closed.PositionId == positionId))
            {
                return closed;
            }
        }

        return null;
    }

    /// <summary>Rows of an account, by market.</summary>
    internal List<int> RowsOf(int account)
    {
        var rows = new List<int>();
        for (int row = State.Accounts[account].FirstPosition; row != 0; row = State.Positions[row].Next)
        {
            rows.Add(row);
        }

        rows.Sort((a, b) => State.Positions[a].Market.CompareTo(State.Positions[b].Market));
        return rows;
    }
}
