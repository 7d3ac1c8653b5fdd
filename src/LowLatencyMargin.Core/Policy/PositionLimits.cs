using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Policy;

/// <summary>
/// How large a position with the orders of its side may become (R-1405): fixed limits, the end of the tiers, and shares of what stands behind it.
/// </summary>
public sealed class PositionLimits(ExchangeState state)
{
    /// <summary>Whether an account may have so many more lots of a side ordered; <paramref name="replacedLots"/> of them it has already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Allow(int account, int row, int marketId, Side side, long limitTicks, long lots, long replacedLots)
    {
        ref readonly Market market = ref state.Markets[marketId];
        bool isPlain = market.HasRules == 0 && state.Accounts[account].Positions < market.Parameters.MaxOpenPositions;
        return isPlain || AreMet(account, row, marketId, side, limitTicks, lots, replacedLots);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool AreMet(int account, int row, int marketId, Side side, long limitTicks, long lots, long replacedLots)
    {
        ref readonly Position position = ref state.Positions[row];
        ref readonly Market market = ref state.Markets[marketId];
        ref readonly MarketParameters p = ref market.Parameters;
        if (market.IsSpot)
        {
            return true;
        }

        if (position.SizeLots == 0 && !HasRoomForPosition(account, p.MaxOpenPositions))
        {
            return false;
        }

        bool limited = (p.MaxPositionLots | p.MaxPositionUnits | p.TierEndUnits) != 0
            || (p.LimitOfCollateralRate | p.LimitOfDepthRate | p.LimitOfOpenInterestRate | p.LimitOfInsuranceRate) != 0;
        if (!limited)
        {
            return true;
        }

        long size = side == Side.Buy ? position.SizeLots : -position.SizeLots;
        long ordered = side == Side.Buy ? position.Orders.BuyLots : position.Orders.SellLots;
        if (state.IsHedge(account))
        {
            size = OfSide(account, marketId, side, out ordered);
        }

        long after = size + ordered - replacedLots + lots;
        if (after <= Math.Max(0, size))
        {
            return true;
        }

        if (p.MaxPositionLots != 0 && after > p.MaxPositionLots)
        {
            return false;
        }

        if (p.LimitOfDepthRate != 0 && after > Share(market.RestingLots, p.LimitOfDepthRate))
        {
            return false;
        }

        if (p.LimitOfOpenInterestRate != 0 && after > Share(market.PositionLots / 2, p.LimitOfOpenInterestRate))
        {
            return false;
        }

        long ticks = market.MarkTicks != 0 ? market.MarkTicks : limitTicks;
        return Exact.TryNotional(after, ticks, market.TickValueUnits, out long units)
            && (p.MaxPositionUnits == 0 || units <= p.MaxPositionUnits)
            && (p.TierEndUnits == 0 || units < p.TierEndUnits)
            && (p.LimitOfInsuranceRate == 0 || units <= Share(market.InsuranceUnits, p.LimitOfInsuranceRate))
            && (p.LimitOfCollateralRate == 0 || units <= CollateralLimit(account, in p));
    }

    /// <summary>A share, rounded down; no more than any position can come to.</summary>
    private static long Share(long amount, int rate) => (long)Int128.Min((Int128)amount * rate / Rate.Scale, Exact.MaxNotionalUnits);

    private long CollateralLimit(int account, in MarketParameters parameters)
    {
        long equity = Math.Max(0, AccountFigures.Of(state, account).EquityUnits);
        long share = Share(equity, parameters.LimitOfCollateralRate);
        return share > Exact.MaxNotionalUnits / parameters.MaxLeverage ? Exact.MaxNotionalUnits : share * parameters.MaxLeverage;
    }

    /// <summary>Whether an account may have one more open position.</summary>
    public bool HasRoomForOpen(int account, int marketId) => HasRoomForPosition(account, state.Markets[marketId].Parameters.MaxOpenPositions);

    /// <summary>Lots held and ordered by the hedge positions of one side of a market, which count together.</summary>
    private long OfSide(int account, int marketId, Side side, out long ordered)
    {
        long size = 0;
        ordered = 0;
        for (int row = state.FirstHedge(account, marketId); row != 0; row = state.NextHedge(row))
        {
            ref readonly Position position = ref state.Positions[row];
            size += Math.Max(0, side == Side.Buy ? position.SizeLots : -position.SizeLots);
            ordered += side == Side.Buy ? position.Orders.BuyLots : position.Orders.SellLots;
        }

        return size;
    }

    private bool HasRoomForPosition(int account, int most)
    {
        ref readonly Account owner = ref state.Accounts[account];
        if (owner.Positions < most)
        {
            return true;
        }

        int open = 0;
        for (int row = owner.FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            open += state.Positions[row].SizeLots != 0 ? 1 : 0;
        }

        return open < most;
    }
}
