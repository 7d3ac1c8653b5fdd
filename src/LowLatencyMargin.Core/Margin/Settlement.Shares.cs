using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core.Margin;

/// <summary>How the pool of an account is divided over its positions, holdings and loans.</summary>
public sealed partial class Settlement
{
    /// <summary>Notes that the pool of an account changed: the shares of its cross positions follow.</summary>
    public void TouchPool(int account)
    {
        ref readonly Account owner = ref state.Accounts[account];
        if (owner.CrossOpen == 0)
        {
            if ((owner.Traits & AccountTraits.HasLoans) != 0)
            {
                ShareOut(account, examine: true);
            }

            return;
        }

        for (int index = owner.FirstPosition; index != 0; index = state.Positions[index].Next)
        {
            if (state.Positions[index].SizeLots != 0 && state.Positions[index].IsIsolated == 0)
            {
                state.Touch(index);
                return;
            }
        }
    }

    /// <summary>Notes that the balance of an account in an asset changed.</summary>
    public void TouchWallet(int account, int asset)
    {
        state.NoteWatched(account);
        if (asset == Asset.CollateralId)
        {
            TouchPool(account);
        }
        else
        {
            ShareOut(account, examine: true);
        }
    }

    /// <summary>
    /// Divides the pool of an account over its open cross positions, so that each has its requirement and an equal part of the slack.
    /// </summary>
    /// <param name="account">Account.</param>
    /// <param name="examine">Whether a share that does not cover its position is to be looked at before the command ends; not when the account was
    /// just found healthy.</param>
    public void ShareOut(int account, bool examine)
    {
        ref readonly Account owner = ref state.Accounts[account];
        if ((owner.Traits & (AccountTraits.HasAssets | AccountTraits.HasLoans)) != 0 && owner.IsLiquidationAccount == 0)
        {
            ShareOutWithAssets(account, examine);
            return;
        }

        if (owner.CrossOpen == 0 || owner.IsLiquidationAccount != 0)
        {
            return;
        }

        long slack = 0;
        long rest = 0;
        long held = IsolatedHolds(account);
        if (owner.CrossOpen > 1)
        {
            AccountFigures figures = AccountFigures.Of(state, account);
            long spare = figures.EquityUnits - held - figures.RequirementUnits;
            slack = spare / owner.CrossOpen;
            rest = spare - (slack * owner.CrossOpen);
        }

        for (int index = owner.FirstPosition; index != 0; index = state.Positions[index].Next)
        {
            ref Position position = ref state.Positions.Edit(index);
            if (position.SizeLots == 0 || position.IsIsolated != 0)
            {
                continue;
            }

            ref readonly Market market = ref state.Markets[position.Market];
            if (owner.CrossOpen == 1)
            {
                position.ShareUnits = owner.BalanceUnits - held;
            }
            else
            {
                position.ShareUnits = Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market)
                    - Requirements.UnrealizedPnl(in position, in market) + slack + rest;
                rest = 0;
            }

            Index(index, ref position, in market, examine);
        }
    }

    /// <summary>Has the loans of a cross scope looked at if they call for it.</summary>
    public void ShareLoans(int account)
    {
        if ((state.Accounts[account].Traits & AccountTraits.HasLoans) != 0)
        {
            LoanIndex.SetAccount(account, examine: true);
        }
    }

    /// <summary>The same where other assets stand behind the positions too: each holding that counts has a part of the slack as well.</summary>
    private void ShareOutWithAssets(int account, bool examine)
    {
        ref readonly Account owner = ref state.Accounts[account];
        bool owes = (owner.Traits & AccountTraits.HasLoans) != 0;
        if (!owes && owner.CrossOpen == 0 && owner.BalanceUnits >= state.Balances[state.FindBalance(account, Asset.CollateralId)].HoldUnits)
        {
            CollateralIndex.RemoveAll(state, account);
            return;
        }

        AccountFigures figures = AccountFigures.Of(state, account);
        long spare = figures.SlackUnits - (owes && owner.CrossOpen == 0 ? 0 : IsolatedHolds(account));
        if (owes)
        {
            // half of the slack is for the loans; an account that has only them is theirs to look at when it is short
            LoanIndex.SetAccount(account, examine);
            spare = spare > 0 ? spare / 2 : spare;
        }

        int parts = owner.CrossOpen + Collateral.Count(state, account);
        bool isShort = owner.BalanceUnits < 0;
        if (owes && owner.CrossOpen == 0 && !isShort && (parts == 0 || spare < 0))
        {
            CollateralIndex.RemoveAll(state, account);
            return;
        }

        if (parts == 0 || (owes && isShort && owner.CrossOpen == 0 && spare < 0))
        {
            CollateralIndex.SetShort(state, account, examine);
            return;
        }

        long slack = spare / parts;
        long rest = spare - (slack * parts);
        for (int index = owner.FirstPosition; index != 0; index = state.Positions[index].Next)
        {
            ref Position position = ref state.Positions.Edit(index);
            if (position.SizeLots != 0 && position.IsIsolated == 0)
            {
                ref readonly Market market = ref state.Markets[position.Market];
                position.ShareUnits = Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market)
                    - Requirements.UnrealizedPnl(in position, in market) + slack + rest;
                rest = 0;
                Index(index, ref position, in market, examine);
            }
        }

        CollateralIndex.SetAll(state, account, slack, rest, examine);
    }

    /// <summary>What the isolated orders of an account hold of its pool.</summary>
    public long IsolatedHolds(int account) => Wallets.IsolatedHolds(state, account);
}
