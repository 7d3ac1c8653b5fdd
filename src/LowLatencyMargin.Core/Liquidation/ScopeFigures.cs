using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>The scope of a position as it stands: read once for all that is told and decided before something changes.</summary>
public readonly struct ScopeFigures
{
    private ScopeFigures(long equityUnits, long requirementUnits, bool isLiquidatable)
    {
        EquityUnits = equityUnits;
        RequirementUnits = requirementUnits;
        IsLiquidatable = isLiquidatable;
    }

    /// <summary>Equity at mark; of a cross scope without what spot orders hold.</summary>
    public long EquityUnits { get; }

    /// <summary>What it is held against.</summary>
    public long RequirementUnits { get; }

    /// <summary>Whether the scope is to be liquidated (R-1101).</summary>
    public bool IsLiquidatable { get; }

    /// <summary>The figures of a row's scope.</summary>
    public static ScopeFigures Of(ExchangeState state, int index)
    {
        ref readonly Position position = ref state.Positions[index];
        if (position.IsIsolated == 0)
        {
            var account = AccountFigures.Of(state, position.Account);
            return new ScopeFigures(account.BackingUnits, account.RequirementUnits, account.IsLiquidatable);
        }

        ref readonly Market market = ref state.Markets[position.Market];
        if (position.SizeLots == 0)
        {
            return new ScopeFigures(position.MarginUnits, 0, Requirements.IsLiquidatable(position.MarginUnits, 0, in market));
        }

        long equity = position.MarginUnits + Requirements.UnrealizedPnl(in position, in market);
        long requirement = Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);
        return new ScopeFigures(equity, requirement, Requirements.IsLiquidatable(equity, requirement, in market));
    }

    /// <summary>What of it stands behind a position when only its own market moves: <see cref="Settlement.MarginBehind"/>.</summary>
    public long MarginBehind(in Position position, in Market market) => EquityUnits - Requirements.PricePnl(in position, in market);
}
