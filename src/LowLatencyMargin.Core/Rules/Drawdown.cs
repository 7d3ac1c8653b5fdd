using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Rules;

/// <summary>What an account has lost since its month began, of what it began with (R-1504).</summary>
public static class Drawdown
{
    /// <summary>Levels there are: two alerts and the pause.</summary>
    public const int Levels = 3;

    /// <summary>
    /// All that an account is worth at the marks: money, other assets at their price, what it lends, isolated scopes, unrealised profit, less what it
    /// owes. So neither a transfer between its scopes nor a loan is a profit or a loss. Assets round down, debts up.
    /// </summary>
    public static long Equity(ExchangeState state, int account)
    {
        Int128 worth = WalletOf(state, account);
        for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            ref readonly Position position = ref state.Positions[row];
            ref readonly Market market = ref state.Markets[position.Market];
            worth += position.MarginUnits;
            worth += position.SizeLots == 0 ? 0 : Requirements.UnrealizedPnl(in position, in market);
            if (market.IsSpot)
            {
                worth += position.IsIsolated == 0 ? 0 : WalletOf(state, state.WalletOf(in position));
                ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[row]];
                worth -= Collateral.ClaimValue(state, market.QuoteAsset, LoanFigures.OwedBy(state, scope.QuoteLoan), roundsUp: true);
                worth -= Collateral.ClaimValue(state, market.BaseAsset, LoanFigures.OwedBy(state, scope.BaseLoan), roundsUp: true);
            }
        }

        return (long)Int128.Clamp(worth, -2 * (Int128)Exact.MaxMoneyUnits, 2 * (Int128)Exact.MaxMoneyUnits);
    }

    /// <summary>Loss since the month began; below 0: a profit.</summary>
    public static long Loss(in AccountRules rules, long equityUnits) =>
        (long)Int128.Clamp((Int128)rules.BaseUnits + rules.FlowUnits - equityUnits, -Exact.MaxMoneyUnits, Exact.MaxMoneyUnits);

    /// <summary>Money came in from outside the account (or left it, below 0): no profit, no loss.</summary>
    public static void NoteFlow(ExchangeState state, int account, long units)
    {
        ref readonly Account owner = ref state.Accounts[account];
        if ((owner.Traits & AccountTraits.HasRules) == 0)
        {
            return;
        }

        ref AccountRules rules = ref state.AccountRules.Edit(owner.Rules);
        if (rules.IsBaseOpen != 0)
        {
            rules.BaseUnits = PositionRecords.Sum(rules.BaseUnits, units);
            state.QueueRules(owner.Rules);
        }
        else
        {
            rules.FlowUnits = PositionRecords.Sum(rules.FlowUnits, units);
        }
    }

    /// <summary>Takes the equity of this moment for the base; nothing has been told of this month yet.</summary>
    public static void Begin(ref AccountRules rules, long equityUnits)
    {
        rules.BaseUnits = equityUnits;
        rules.FlowUnits = 0;
        rules.DrawdownLevel = 0;
        rules.IsBaseOpen = (byte)(equityUnits <= 0 ? 1 : 0);
    }

    /// <summary>The rate of a level from 1 to <see cref="Levels"/>, 0: off.</summary>
    public static int RateOf(in TraderRules rules, int level) => level switch
    {
        1 => rules.DrawdownFirstRate,
        2 => rules.DrawdownSecondRate,
        _ => rules.DrawdownPauseRate,
    };

    /// <summary>Loss at which a rate of the base is reached.</summary>
    public static long LossAt(long baseUnits, int rate) => Rate.OfRoundedUp(baseUnits, rate);

    /// <summary>What is in a wallet, and what its owner lends.</summary>
    private static Int128 WalletOf(ExchangeState state, int account)
    {
        Int128 worth = state.Accounts[account].BalanceUnits;
        for (int row = state.Accounts[account].FirstBalance; row != 0; row = state.Balances[row].Next)
        {
            ref readonly Balance balance = ref state.Balances[row];
            worth += balance.Asset == Asset.CollateralId ? 0 : Collateral.Value(state, balance.Asset, balance.Units);
            if (balance.LentShares != 0)
            {
                long lent = state.Pools[state.Assets[balance.Asset].Pool].ValueOf(balance.LentShares);
                worth += Collateral.ClaimValue(state, balance.Asset, lent, roundsUp: false);
            }
        }

        return worth;
    }
}
