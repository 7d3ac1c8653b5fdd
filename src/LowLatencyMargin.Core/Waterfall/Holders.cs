using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Waterfall;

/// <summary>Makes rankings when they are needed, and keeps them while they stand (R-1207): no price move ranks anybody.</summary>
public sealed class Holders(ExchangeState state)
{
    /// <summary>Rows that are not ranked and are passed over for one unit of work.</summary>
    private const int RowsPerWork = 64;

    /// <summary>The next holder of a side; row 0: there is none. False when the command's work does not suffice.</summary>
    public bool TryNext(int marketId, bool isLong, out AdlEntry entry)
    {
        AdlRanking ranking = state.Rankings[IndexOf(marketId, isLong)];
        if (!Stands(ranking, marketId))
        {
            ranking.Begin(state.Markets[marketId].MarkTicks);
        }

        entry = default;
        while (true)
        {
            ranking.CommandSequence = state.Sequence;
            if (!ranking.IsMade && !Walk(ranking, marketId, isLong))
            {
                return false;
            }

            if (ranking.TryTake(out entry) || !ranking.HasMore)
            {
                return true;
            }

            ranking.BeginNext();
        }
    }

    /// <summary>The market's rules changed: who is first may have too.</summary>
    public void Drop(int marketId)
    {
        state.Rankings[IndexOf(marketId, isLong: true)].Drop();
        state.Rankings[IndexOf(marketId, isLong: false)].Drop();
    }

    /// <summary>Where the ranking of a side of a market is kept.</summary>
    public static int IndexOf(int marketId, bool isLong) => (2 * marketId) - (isLong ? 1 : 0);

    /// <summary>Whether a row is a holder that can be ranked.</summary>
    public static bool IsRanked(ExchangeState state, int row, int marketId, bool isLong, AdlScoring scoring)
    {
        ref readonly Position position = ref state.Positions[row];
        bool isOpen = position.Market == marketId && (isLong ? position.SizeLots > 0 : position.SizeLots < 0);
        return isOpen && state.Accounts[position.Account].IsLiquidationAccount == 0 && state.PositionDetails[row].LiquidationId == 0
            && (scoring == AdlScoring.Bitmex || Requirements.UnrealizedPnl(in position, in state.Markets[marketId]) > 0);
    }

    /// <summary>Whether a ranking was made, or is being made, at this mark and in this cascade.</summary>
    private bool Stands(AdlRanking ranking, int marketId) =>
        (ranking.IsMade || ranking.Cursor != 0) && ranking.MarkTicks == state.Markets[marketId].MarkTicks && state.IsSameCascade(ranking.CommandSequence);

    private bool Walk(AdlRanking ranking, int marketId, bool isLong)
    {
        AdlScoring scoring = state.Losses[marketId].Rules.Score;
        int row = ranking.Cursor;
        for (; row <= state.Positions.HighWater; row++)
        {
            if (state.WorkLeft == 0)
            {
                ranking.Cursor = row;
                return false;
            }

            bool isRanked = IsRanked(state, row, marketId, isLong, scoring);
            state.Spend(isRanked || row % RowsPerWork == 0 ? 1 : 0);
            if (isRanked)
            {
                ranking.Offer(AdlEntry.Of(state, row, AdlScore.Of(state, row)));
            }
        }

        ranking.Finish();
        return true;
    }
}
