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

    /// <summary>What they, and what pools promised, ask for at the start: debt x (initial level - 1).</summary>
    public long InitialUnits;

    /// <summary>
    /// What counts against the loans of its own market only: base assets that are no collateral otherwise, and what the row's orders hold; against
    /// debts at the level of liquidation.
    /// </summary>
    public long BackedUnits;

    /// <summary>The same against debts and promises at the initial level.</summary>
    public long BackedInitialUnits;

    /// <summary>What is there of it.</summary>
    public long BackingUnits;

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

    /// <summary>
    /// What no order holds of a base asset that is no collateral: it counts against the loans of its own market, and so does what that row's orders hold.
    /// </summary>
    public static long BaseUnits(ExchangeState state, int account, in Market market)
    {
        ref readonly Balance balance = ref state.Balances[CountsAlone(state, in market) ? state.FindBalance(account, market.BaseAsset) : 0];
        return balance.Units - balance.HoldUnits;
    }

    /// <summary>Whether the base asset is no collateral, and counts against the loans of this market only.</summary>
    public static bool CountsAlone(ExchangeState state, in Market market) =>
        market.BaseAsset != Asset.CollateralId && state.Assets[market.BaseAsset].Parameters.MaintenanceWeight == 0;

    /// <summary>The same of the row of an account in a market, whether it has loans or not, or is not there yet (0).</summary>
    public static LoanSums OfRow(ExchangeState state, int account, int row, in Market market)
    {
        LoanSums sums = default;
        if (row == 0)
        {
            sums.BackingUnits = LoanFigures.ValueDown(BaseUnits(state, account, in market), in market);
        }
        else
        {
            sums.Add(state, in state.Positions[row], in state.MarginScopes[state.ScopeOf[row]]);
        }

        return sums;
    }

    /// <summary>What a row that holds so much more, in place of what stands behind other things, would count more against its own loans and promises.</summary>
    public readonly long CountedMore(long heldUnits, long promisedUnits) =>
        Math.Min(BackingUnits + heldUnits, DebtUnits + InitialUnits + promisedUnits) - BackedInitialUnits;

    /// <summary>What less of an asset that is no collateral would count less against the loans of other rows.</summary>
    public static long Lost(ExchangeState state, int account, int exceptRow, int asset, long units)
    {
        long lost = 0;
        for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            ref readonly Position position = ref state.Positions[row];
            ref readonly Market market = ref state.Markets[position.Market];
            bool isCross = (position.Guards & Guards.Loans) != 0 && position.IsIsolated == 0;
            if (isCross && row != exceptRow && market.BaseAsset == asset && CountsAlone(state, in market))
            {
                LoanSums sums = OfRow(state, account, row, in market);
                lost += sums.BackedInitialUnits - Math.Min(sums.BackedInitialUnits, sums.BackingUnits - LoanFigures.ValueUp(units, in market));
            }
        }

        return lost;
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

            LoanSums sums = OfRow(state, account, row, in market);
            long left = sums.BackingUnits - Math.Max(0, Math.Max(sums.BackedInitialUnits - roomUnits, sums.BackedUnits - slackUnits));
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
        InitialUnits += Times(debt, initial - Rate.Scale) + Times(promised, initial - Rate.Scale);
        long backing = position.OrderMarginUnits + LoanFigures.ValueDown(BaseUnits(state, position.Account, in market) + position.BaseHoldUnits, in market);
        BackingUnits += backing;
        BackedUnits += Math.Min(backing, Times(debt, liquidation));
        BackedInitialUnits += Math.Min(backing, debt + Times(debt, initial - Rate.Scale) + Times(promised, initial - Rate.Scale));
    }

    private static long Times(long units, int rate) => (long)Int128.Min(Exact.MaxMoneyUnits, (((Int128)units * rate) + (Rate.Scale - 1)) / Rate.Scale);
}
