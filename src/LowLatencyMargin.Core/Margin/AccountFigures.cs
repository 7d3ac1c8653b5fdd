namespace LowLatencyMargin.Core.Margin;

/// <summary>The cross scope of an account at the current marks .</summary>
public struct AccountFigures
{
    /// <summary>Pool, other assets at their maintenance weights, and unrealised profit of the cross positions.</summary>
    public long EquityUnits;

    /// <summary>The part of the pool that spot orders hold: it may leave any moment, so it does not stand behind positions.</summary>
    public long SpotHoldUnits;

    /// <summary>Unrealised profit of the cross positions.</summary>
    public long UnrealizedPnlUnits;

    /// <summary>What liquidation holds equity against: maintenance and reserve of the cross positions.</summary>
    public long RequirementUnits;

    /// <summary>
    /// Whether meeting the requirement is not enough: the market of one of the cross positions says so (<see
    /// cref="Commands.LiquidationTrigger"/>).
    /// </summary>
    public bool MustExceed;

    /// <summary>What stands behind the positions: equity less what spot orders hold.</summary>
    public readonly long BackingUnits => EquityUnits - SpotHoldUnits;

    /// <summary>Whether the scope is to be liquidated (R-1101).</summary>
    public readonly bool IsLiquidatable => MustExceed ? BackingUnits <= RequirementUnits : BackingUnits < RequirementUnits;

    /// <summary>What can be lost before the scope is to be liquidated.</summary>
    public readonly long SlackUnits => BackingUnits - RequirementUnits - (MustExceed ? 1 : 0);

    /// <summary>Walks the cross positions of an account.</summary>
    public static AccountFigures Of(ExchangeState state, int account)
    {
        AccountFigures figures = default;
        ref readonly Accounts.Account owner = ref state.Accounts[account];
        if (owner.CrossOpen != 0)
        {
            for (int index = owner.FirstPosition; index != 0; index = state.Positions[index].Next)
            {
                ref readonly Position position = ref state.Positions[index];
                if (position.SizeLots != 0 && position.IsIsolated == 0)
                {
                    ref readonly Matching.Market market = ref state.Markets[position.Market];
                    figures.UnrealizedPnlUnits += Requirements.UnrealizedPnl(in position, in market);
                    figures.MustExceed |= market.Parameters.Trigger == Commands.LiquidationTrigger.Reaches;
                    figures.RequirementUnits += Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);
                }
            }
        }

        figures.EquityUnits = owner.BalanceUnits + figures.UnrealizedPnlUnits;
        if ((owner.Traits & Accounts.AccountTraits.HasAssets) != 0)
        {
            figures.EquityUnits += Collateral.Of(state, account, CollateralPurpose.Maintenance);
            figures.SpotHoldUnits = state.Balances[state.FindBalance(account, Accounts.Asset.CollateralId)].HoldUnits;
        }

        if ((owner.Traits & Accounts.AccountTraits.HasLoans) != 0)
        {
            var loans = Lending.LoanSums.Of(state, account);
            figures.EquityUnits += loans.BackedUnits - loans.DebtUnits;
            figures.RequirementUnits += loans.RequirementUnits;
        }

        return figures;
    }

    /// <summary>Initial margin of the cross positions.</summary>
    public static System.Int128 InitialMarginOf(ExchangeState state, int account)
    {
        System.Int128 sum = 0;
        for (int index = state.Accounts[account].FirstPosition; index != 0; index = state.Positions[index].Next)
        {
            ref readonly Position position = ref state.Positions[index];
            if (position.SizeLots != 0 && position.IsIsolated == 0)
            {
                sum += Requirements.InitialMargin(in position, in state.Markets[position.Market]);
            }
        }

        return sum;
    }
}
