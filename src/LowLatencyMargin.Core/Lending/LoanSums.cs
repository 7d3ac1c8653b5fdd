using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Lending;

/// <summary>
/// What the loans of a cross scope mean for its figures, in units of the collateral asset: a debt takes from equity what it is worth, and adds to the
/// requirement what its level asks for beyond that.
/// </summary>
public struct LoanSums
{
    /// <summary>All debts, rounded up.</summary>
    public long DebtUnits;

    /// <summary>What they require beyond themselves: debt x (liquidation level - 1).</summary>
    public long RequirementUnits;

    /// <summary>What they, and what pools promised, ask for at the start beyond what orders with auto-borrow hold: debt x (initial level - 1).</summary>
    public long InitialUnits;

    /// <summary>What these orders hold of own funds beyond that: more can be borrowed against it in its own market only.</summary>
    public long HeldBeyondUnits;

    /// <summary>Base assets that are no collateral otherwise: what they count against the loans of their own market.</summary>
    public long BackedUnits;

    /// <summary>The same against the initial level.</summary>
    public long BackedInitialUnits;

    /// <summary>Walks the cross rows of an account that have loans or promises.</summary>
    public static LoanSums Of(ExchangeState state, int account)
    {
        LoanSums sums = default;
        for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            ref readonly Position position = ref state.Positions[row];
            if ((position.Guards & Guards.Loans) != 0 && position.IsIsolated == 0)
            {
                sums.Add(state, in position, in state.MarginScopes[state.ScopeOf[row]]);
            }
        }

        return sums;
    }

    /// <summary>What a base asset counts against the loans of its market beyond what it counts as collateral.</summary>
    public static long BaseUnits(ExchangeState state, int account, in Market market)
    {
        return CountsAlone(state, in market) ? state.Balances[state.FindBalance(account, market.BaseAsset)].Units : 0;
    }

    /// <summary>Whether the base asset is no collateral, and counts against the loans of this market only.</summary>
    private static bool CountsAlone(ExchangeState state, in Market market) =>
        market.BaseAsset != Asset.CollateralId && state.Assets[market.BaseAsset].Parameters.MaintenanceWeight == 0;

    /// <summary>
    /// What the base asset of a market is worth, and its orders with auto-borrow hold, beyond what counts against the loans there: more can be borrowed there
    /// against it.
    /// </summary>
    public static long UncountedUnits(ExchangeState state, int account, int row, in Market market)
    {
        long backing = LoanFigures.ValueDown(BaseUnits(state, account, in market), in market);
        LoanSums sums = default;
        if (state.ScopeOf[row] != 0)
        {
            sums.Add(state, in state.Positions[row], in state.MarginScopes[state.ScopeOf[row]]);
        }

        return backing - sums.BackedInitialUnits + sums.HeldBeyondUnits;
    }

    /// <summary>
    /// Of an asset that counts against loans only: the most units that the account can do without, when its scope can do without <paramref
    /// name="roomUnits"/> at the initial level and with <paramref name="slackUnits"/> at the one of liquidation.
    /// </summary>
    public static long SpareUnits(ExchangeState state, int account, int asset, long roomUnits, long slackUnits)
    {
        long spare = long.MaxValue;
        for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            ref readonly Position position = ref state.Positions[row];
            ref readonly Market market = ref state.Markets[position.Market];
            if ((position.Guards & Guards.Loans) == 0 || position.IsIsolated != 0 || market.BaseAsset != asset)
            {
                continue;
            }

            LoanSums sums = default;
            sums.Add(state, in position, in state.MarginScopes[state.ScopeOf[row]]);
            long backing = LoanFigures.ValueDown(BaseUnits(state, account, in market), in market);
            long left = Math.Min(
                backing - Math.Max(0, sums.BackedInitialUnits - roomUnits), backing - Math.Max(0, sums.BackedUnits - slackUnits));
            spare = Math.Min(spare, roomUnits < 0 || slackUnits < 0 ? 0 : LoanFigures.UnitsWithin(left, in market));
        }

        return spare;
    }

    private void Add(ExchangeState state, in Position position, in MarginScope scope)
    {
        ref readonly Market market = ref state.Markets[position.Market];
        long debt = LoanFigures.OwedBy(state, scope.QuoteLoan) + LoanFigures.ValueUp(LoanFigures.OwedBy(state, scope.BaseLoan), in market);
        long promised = scope.PromisedQuoteUnits + LoanFigures.ValueUp(scope.PromisedBaseUnits, in market);
        int initial = LoanCheck.InitialLevel(in position, in market);
        int liquidation = market.Parameters.LiquidationLevelRate;
        DebtUnits += debt;
        RequirementUnits += Times(debt, liquidation - Rate.Scale);
        long asked = Times(debt, initial - Rate.Scale) + Times(promised, initial - Rate.Scale);
        long held = scope.OwnQuoteUnits + (CountsAlone(state, in market) ? 0 : LoanFigures.ValueDown(scope.OwnBaseUnits, in market));
        InitialUnits += Math.Max(0, asked - held);
        HeldBeyondUnits += Math.Max(0, held - asked);
        long backing = LoanFigures.ValueDown(BaseUnits(state, position.Account, in market), in market);
        BackedUnits += Math.Min(backing, Times(debt, liquidation));
        BackedInitialUnits += Math.Min(backing, Times(debt, initial));
    }

    private static long Times(long units, int rate) => (long)Int128.Min(Exact.MaxMoneyUnits, (((Int128)units * rate) + (Rate.Scale - 1)) / Rate.Scale);
}
