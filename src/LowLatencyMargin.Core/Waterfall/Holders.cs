using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Waterfall;

/// <summary>Makes rankings when they are needed, and keeps them while they stand (R-1207): no price move ranks anybody.</summary>
public sealed class Holders(ExchangeState state)
{
    /// <summary>As many rows passed over cost what one costs that is ranked.</summary>
    private const int RowsPerRanked = 8;

    /// <summary>The next holder of a side for a liquidation; row 0: there is none. False when the command's work does not suffice.</summary>
    public bool TryNext(int marketId, bool isLong, long liquidationId, out AdlEntry entry)
    {
        AdlRanking ranking = state.Rankings[marketId].Of(isLong);
        long mark = state.Markets[marketId].MarkTicks;
        entry = default;
        if (!ranking.Stands(mark, state.Cascade, state.TimeNs))
        {
            ranking.Begin(mark, state.Cascade, isAnew: false);
            state.HasRankings = true;
        }

        while (true)
        {
            if (!ranking.IsMade && !Walk(ranking, marketId, isLong))
            {
                return false;
            }

            if (ranking.TryTake(liquidationId, out entry))
            {
                return true;
            }

            if (ranking.HasMore)
            {
                ranking.BeginNext();
            }
            else if (ranking.IsFinal(mark, state.TimeNs))
            {
                return true;
            }
            else
            {
                ranking.Begin(mark, state.Cascade, isAnew: true);
            }
        }
    }

    /// <summary>Whether a row is a holder that can be ranked.</summary>
    public static bool IsRanked(ExchangeState state, int row, int marketId, bool isLong, AdlScoring scoring)
    {
        ref readonly Position position = ref state.Positions[row];
        bool isOpen = position.Market == marketId && (isLong ? position.SizeLots > 0 : position.SizeLots < 0);
        return isOpen && state.Accounts[position.Account].IsLiquidationAccount == 0 && state.PositionDetails[row].LiquidationId == 0
            && (scoring == AdlScoring.Bitmex || Requirements.PricePnl(in position, in state.Markets[marketId]) > 0);
    }

    private bool Walk(AdlRanking ranking, int marketId, bool isLong)
    {
        AdlScoring scoring = state.Losses[marketId].Rules.Score;
        int row = ranking.Cursor;
        int rows = 0;
        ranking.WalkAt(state.Markets[marketId].MarkTicks);
        for (; row <= state.Positions.HighWater; row++)
        {
            if (state.WorkLeft == 0)
            {
                ranking.Cursor = row;
                return false;
            }

            bool isRanked = IsRanked(state, row, marketId, isLong, scoring);
            state.SpendRows(ref rows, isRanked ? RowsPerRanked : 1);
            if (isRanked)
            {
                ranking.Offer(AdlEntry.Of(state, row, AdlScore.Of(state, row)));
            }
        }

        ranking.Finish(state.TimeNs);
        return true;
    }
}
