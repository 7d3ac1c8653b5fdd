using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Waterfall;

/// <summary>How near a holder is to being deleveraged (R-1205).</summary>
public readonly struct AdlRank(int place, int holders)
{
    /// <summary>The most lights.</summary>
    public const int MostLights = 5;

    /// <summary>Place among the holders of its side, from 1; 0: it can't be deleveraged now.</summary>
    public int Place { get; } = place;

    /// <summary>Holders of its side.</summary>
    public int Holders { get; } = holders;

    /// <summary>Five for the first fifth, one for the last, none for who can't be deleveraged.</summary>
    public int Lights => Place == 0 ? 0 : MostLights - (int)((long)MostLights * (Place - 1) / Holders);

    /// <summary>Whether its holder should be warned.</summary>
    public bool IsWarning => Lights == MostLights;

    /// <summary>The rank of a position now. Walks all rows: for queries, never for a command.</summary>
    [ColdPath]
    public static AdlRank Of(ExchangeState state, int row)
    {
        ref readonly Position position = ref state.Positions[row];
        int market = position.Market;
        bool isLong = position.SizeLots > 0;
        if (!Waterfall.Holders.IsRanked(state, row, market, isLong, state.Losses[market].Rules.Score))
        {
            return default;
        }

        AdlEntry own = AdlEntry.Of(state, row, AdlScore.Of(state, row));
        int place = 1;
        int holders = 0;
        for (int other = 1; other <= state.Positions.HighWater; other++)
        {
            if (Waterfall.Holders.IsRanked(state, other, market, isLong, state.Losses[market].Rules.Score))
            {
                holders++;
                place += AdlEntry.Of(state, other, AdlScore.Of(state, other)).IsBefore(in own) ? 1 : 0;
            }
        }

        return new AdlRank(place, holders);
    }
}
