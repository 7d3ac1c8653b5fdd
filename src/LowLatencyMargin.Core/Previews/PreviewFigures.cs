using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Previews;

/// <summary>
/// An account and one of its positions at a moment: what a preview compares. Amounts in units of the collateral asset, prices in ticks,
/// sizes in lots; 0 where there is nothing.
/// </summary>
public struct PreviewFigures
{
    /// <summary>Money of the cross scope.</summary>
    public long BalanceUnits;

    /// <summary>Equity of the cross scope .</summary>
    public long EquityUnits;

    /// <summary>What new orders can use .</summary>
    public long AvailableUnits;

    /// <summary>Initial margin of the cross positions, isolated margin of the others.</summary>
    public long UsedMarginUnits;

    /// <summary>Order margin over all markets.</summary>
    public long OrderMarginUnits;

    /// <summary>What liquidation holds the equity of the cross scope against.</summary>
    public long RequirementUnits;

    /// <summary>Row of the position, 0: there is none.</summary>
    public int Row;

    /// <summary>Signed size.</summary>
    public long SizeLots;

    /// <summary>What it was entered for.</summary>
    public long EntryCostUnits;

    /// <summary>Isolated margin.</summary>
    public long MarginUnits;

    /// <summary>1: isolated.</summary>
    public byte IsIsolated;

    /// <summary>Leverage that was set, 0: the market's own.</summary>
    public ushort Leverage;

    /// <summary>Tier of the position from 1, 0: it is flat or the market has none.</summary>
    public byte Tier;

    /// <summary>Initial margin of the position .</summary>
    public long InitialMarginUnits;

    /// <summary>Maintenance margin of the position .</summary>
    public long MaintenanceMarginUnits;

    /// <summary>Liquidation price .</summary>
    public long LiquidationPriceTicks;

    /// <summary>Bankruptcy price .</summary>
    public long BankruptcyPriceTicks;

    /// <summary>Equity of the position's scope, or of the account when it is flat: the numerator of health .</summary>
    public long HealthEquityUnits;

    /// <summary>Maintenance margin of that scope: the denominator of health.</summary>
    public long HealthMarginUnits;

    /// <summary>
    /// Equity over maintenance margin, as a rate rounded down; <see cref="long.MaxValue"/>: nothing is at risk, or more than fits.
    /// </summary>
    public readonly long HealthRate
    {
        get
        {
            if (HealthMarginUnits == 0)
            {
                return long.MaxValue;
            }

            Int128 rate = (Int128)HealthEquityUnits * Rate.Scale / HealthMarginUnits;
            return rate > long.MaxValue ? long.MaxValue : rate < -long.MaxValue ? -long.MaxValue : (long)rate;
        }
    }

    /// <summary>The figures of an account and one of its rows, 0 for none.</summary>
    internal static PreviewFigures Of(ExchangeState state, Settlement settlement, MarginCheck check, int account, int row)
    {
        ref readonly Account owner = ref state.Accounts[account];
        AccountFigures cross = AccountFigures.Of(state, account);
        var figures = new PreviewFigures
        {
            BalanceUnits = owner.BalanceUnits,
            EquityUnits = cross.EquityUnits,
            AvailableUnits = Math.Max(0, check.Available(account)),
            UsedMarginUnits = (long)AccountFigures.InitialMarginOf(state, account),
            RequirementUnits = cross.RequirementUnits,
            HealthEquityUnits = cross.EquityUnits,
        };
        for (int other = owner.FirstPosition; other != 0; other = state.Positions[other].Next)
        {
            ref readonly Position position = ref state.Positions[other];
            ref readonly Market market = ref state.Markets[position.Market];
            figures.OrderMarginUnits += position.OrderMarginUnits;
            figures.UsedMarginUnits += position.MarginUnits;
            figures.HealthMarginUnits += position.IsIsolated != 0 ? 0 : Maintenance(in position, in market);
        }

        if (row != 0)
        {
            figures.Add(state, settlement, row);
        }

        return figures;
    }

    private static long Maintenance(in Position position, in Market market) => Requirements.MaintenanceMargin(
        Requirements.Notional(position.AbsoluteLots, market.MarkTicks, in market), position.EntryCostUnits, in market);

    private static byte TierOf(in Position position, in Market market)
    {
        if (market.Rates.TierCount == 0)
        {
            return 0;
        }

        long basis = market.Parameters.MaintenanceMarginBase == MarginBase.Mark
            ? Requirements.Notional(position.AbsoluteLots, market.MarkTicks, in market)
            : position.EntryCostUnits;
        return (byte)(1 + GradedMargin.TierOf(basis, in market.Margin.Maintenance, market.Rates.TierCount));
    }

    private void Add(ExchangeState state, Settlement settlement, int row)
    {
        ref readonly Position position = ref state.Positions[row];
        ref readonly Market market = ref state.Markets[position.Market];
        ref readonly Account owner = ref state.Accounts[position.Account];
        Row = row;
        SizeLots = position.SizeLots;
        EntryCostUnits = position.EntryCostUnits;
        MarginUnits = position.MarginUnits;
        IsIsolated = position.IsIsolated;
        Leverage = position.Leverage;
        if ((position.Guards & Policy.Guards.Loans) != 0)
        {
            // spot margin: health is the level, assets over debts (R-508, R-1004)
            var loans = Lending.LoanFigures.Of(state, row);
            LiquidationPriceTicks = loans.LiquidationPrice(in market);
            BankruptcyPriceTicks = loans.BankruptcyPrice(in market);
            HealthEquityUnits = loans.AssetUnits(in market);
            HealthMarginUnits = loans.DebtUnits(in market);
        }

        if (position.SizeLots == 0)
        {
            return;
        }

        Tier = TierOf(in position, in market);
        InitialMarginUnits = Requirements.InitialMargin(in position, in market);
        MaintenanceMarginUnits = Maintenance(in position, in market);
        LiquidationPriceTicks = owner.IsLiquidationAccount != 0 ? 0 : settlement.LiquidationPrice(in position, in market);
        BankruptcyPriceTicks = new Bankruptcy(
            in position, settlement.MarginBehind(in position, lessOtherRequirements: false), in market).PriceTicks(in market);
        if (position.IsIsolated != 0)
        {
            HealthEquityUnits = position.MarginUnits + Requirements.UnrealizedPnl(in position, in market);
            HealthMarginUnits = MaintenanceMarginUnits;
        }
    }
}
