using System;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>Which position of a cross scope is closed next: the one that frees most requirement for what closing it costs (R-1112).</summary>
public static class LiquidationOrder
{
    /// <summary>The row of the next one.</summary>
    /// <param name="state">State.</param>
    /// <param name="account">Account.</param>
    /// <param name="allWait">Positions are open, but all of them have to wait.</param>
    /// <returns>0 when none is open, or all wait.</returns>
    public static int Next(ExchangeState state, int account, out bool allWait)
    {
        int best = 0;
        Candidate first = default;
        allWait = false;
        for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            ref readonly Position position = ref state.Positions[row];
            if (position.SizeLots == 0 || position.IsIsolated != 0)
            {
                continue;
            }

            if (state.LiquidationProgress[row].DueNs != 0)
            {
                allWait = true;
                continue;
            }

            Candidate candidate = Candidate.Of(state, row);
            if (best == 0 || candidate.IsBefore(in first))
            {
                best = row;
                first = candidate;
            }
        }

        allWait &= best == 0;
        return best;
    }

    private readonly struct Candidate
    {
        private readonly long _requirementUnits;
        private readonly long _lossUnits;
        private readonly long _positionId;
        private readonly int _market;
        private readonly bool _isUnderWay;
        private readonly bool _trades;

        private Candidate(long requirementUnits, long lossUnits, long positionId, int market, bool isUnderWay, bool trades)
        {
            _requirementUnits = requirementUnits;
            _lossUnits = lossUnits;
            _positionId = positionId;
            _market = market;
            _isUnderWay = isUnderWay;
            _trades = trades;
        }

        public static Candidate Of(ExchangeState state, int row)
        {
            ref readonly Position position = ref state.Positions[row];
            ref readonly Market market = ref state.Markets[position.Market];
            ref readonly PositionDetail detail = ref state.PositionDetails[row];
            return new Candidate(
                Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market),
                LossOf(in position, in market, state.Books[position.Market]),
                detail.PositionId,
                position.Market,
                detail.LiquidationId != 0,
                MarketRules.Liquidates(market.State));
        }

        /// <summary>What is under way goes on; a market that does not liquidate comes last: there is no book to close on.</summary>
        public bool IsBefore(in Candidate other)
        {
            if (_trades != other._trades)
            {
                return _trades;
            }

            if (_isUnderWay != other._isUnderWay)
            {
                return _isUnderWay;
            }

            Int128 own = Math.BigMul(_requirementUnits, other._lossUnits);
            Int128 others = Math.BigMul(other._requirementUnits, _lossUnits);
            return _lossUnits != other._lossUnits && (_lossUnits == 0 || other._lossUnits == 0) ? _lossUnits == 0
                : own != others ? own > others
                : _requirementUnits != other._requirementUnits ? _requirementUnits > other._requirementUnits
                : _market != other._market ? _market < other._market
                : _positionId < other._positionId;
        }

        /// <summary>What closing costs: fee, penalty, and what the touch is worse than the mark; the whole value where there is none.</summary>
        private static long LossOf(in Position position, in Market market, OrderBook book)
        {
            long notional = Requirements.Notional(position.AbsoluteLots, market.MarkTicks, in market);
            bool sells = position.SizeLots > 0;
            long touch = sells ? book.Bids.BestTicks : book.Asks.BestTicks;
            long worse = sells ? market.MarkTicks - touch : touch - market.MarkTicks;
            Int128 lost = (Int128)position.AbsoluteLots * Math.Max(0, worse) * market.TickValueUnits;
            long slip = touch == 0 ? notional : (long)Int128.Min(lost, Exact.MaxMoneyUnits);
            return Rate.OfRoundedUp(notional, market.Parameters.TakerFeeRate + market.Parameters.PenaltyRate) + slip;
        }
    }
}
