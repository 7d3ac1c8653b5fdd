using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Waterfall;

/// <summary>A place in a ranking: the position as it was when it was ranked.</summary>
public struct AdlEntry
{
    /// <summary>Score.</summary>
    public long Score;

    /// <summary>Size without sign.</summary>
    public long Lots;

    /// <summary>When it opened.</summary>
    public long OpenedNs;

    /// <summary>Its id.</summary>
    public long PositionId;

    /// <summary>Account.</summary>
    public int Account;

    /// <summary>Row.</summary>
    public int Row;

    /// <summary>The entry of a row.</summary>
    public static AdlEntry Of(ExchangeState state, int row, in AdlScore score)
    {
        ref readonly Position position = ref state.Positions[row];
        ref readonly PositionDetail detail = ref state.PositionDetails[row];
        return new AdlEntry
        {
            Score = score.Value,
            Lots = position.AbsoluteLots,
            OpenedNs = detail.OpenedNs,
            PositionId = detail.PositionId,
            Account = position.Account,
            Row = row,
        };
    }

    /// <summary>Whether this one comes first: higher score, bigger, older, lower account, lower id (R-1204).</summary>
    public readonly bool IsBefore(in AdlEntry other)
    {
        if (Score != other.Score)
        {
            return Score > other.Score;
        }

        if (Lots != other.Lots)
        {
            return Lots > other.Lots;
        }

        return OpenedNs != other.OpenedNs ? OpenedNs < other.OpenedNs
            : Account != other.Account ? Account < other.Account
            : PositionId < other.PositionId;
    }
}
