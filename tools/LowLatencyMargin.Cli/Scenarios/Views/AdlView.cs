using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Waterfall;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>Who would be deleveraged first, of both sides of a market (R-1205): made on request, as the engine would rank them now.</summary>
internal static class AdlView
{
    internal static View Of(MarketName name, Names names, ExchangeState state)
    {
        List<AdlEntry> longs = Ranked(state, name.Id, isLong: true);
        List<AdlEntry> shorts = Ranked(state, name.Id, isLong: false);
        var fields = new Fields();
        fields.Add("mode", Value.OfWord(state.Losses[name.Id].Rules.Mode));
        fields.Add("score", Value.OfWord(state.Losses[name.Id].Rules.Score));
        fields.Add("mark", HumanUnits.Price(state.Markets[name.Id].MarkTicks, name));
        fields.Add("longs", longs.Count);
        fields.Add("shorts", shorts.Count);
        var rows = new List<(string, Fields)>();
        AddRows(rows, longs, name, names, state);
        AddRows(rows, shorts, name, names, state);
        return new View("adl", name.Name, fields) { RowKind = "holder", Rows = rows };
    }

    /// <summary>How near a position is to being deleveraged, and whether to warn its holder.</summary>
    internal static void AddTo(Fields fields, int row, ExchangeState state)
    {
        AdlRank rank = AdlRank.Of(state, row);
        fields.Add("adl-place", rank.Place == 0 ? Value.None : Value.Of(rank.Place));
        fields.Add("adl-percentile", rank.Place == 0 ? Value.None : Value.Percent(new ExactNumber(rank.Place, rank.Holders)));
        fields.Add("adl-lights", rank.Lights);
        fields.Add("adl-warning", Value.Of(rank.IsWarning));
    }

    private static void AddRows(List<(string Name, Fields Fields)> rows, List<AdlEntry> entries, MarketName name, Names names, ExchangeState state)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            string account = names.AccountOf(entries[i].Account);
            string row = rows.Exists(each => each.Name == account) ? $"{account}.{entries[i].PositionId}" : account;
            rows.Add((row, Row(entries[i], new AdlRank(i + 1, entries.Count), name, names, state)));
        }
    }

    private static Fields Row(AdlEntry entry, AdlRank rank, MarketName name, Names names, ExchangeState state)
    {
        ref readonly Position position = ref state.Positions[entry.Row];
        AdlScore score = AdlScore.Of(state, entry.Row);
        var fields = new Fields();
        fields.Add("place", rank.Place);
        fields.Add("account", names.AccountOf(entry.Account));
        fields.Add("position-id", entry.PositionId);
        fields.Add("side", position.SizeLots > 0 ? "long" : "short");
        fields.Add("size", HumanUnits.Quantity(position.SizeLots, name));
        fields.Add("entry", HumanUnits.Average(position.EntryCostUnits, position.SizeLots, name));
        fields.Add("profit", HumanUnits.Money(score.ProfitUnits, name.Quote));
        long roi = score.ProfitUnits < 0 ? -score.Roi : score.Roi;
        fields.Add("profit-rate", Value.Percent(new ExactNumber(roi, AdlScore.RoiScale)));
        fields.Add("equity", HumanUnits.Money(score.EquityUnits, name.Quote));
        fields.Add("leverage", Value.Of(new ExactNumber(score.Leverage, AdlScore.LeverageScale)));
        bool isMoney = state.Losses[name.Id].Rules.Score == AdlScoring.PnlLeverage;
        fields.Add("score", isMoney ? HumanUnits.Money(score.Value, name.Quote) : WaterfallEvents.Score(score.Value));
        fields.Add("percentile", Value.Percent(new ExactNumber(rank.Place, rank.Holders)));
        fields.Add("lights", rank.Lights);
        fields.Add("warning", Value.Of(rank.IsWarning));
        return fields;
    }

    private static List<AdlEntry> Ranked(ExchangeState state, int market, bool isLong)
    {
        var entries = new List<AdlEntry>();
        for (int row = 1; row <= state.Positions.HighWater; row++)
        {
            if (Holders.IsRanked(state, row, market, isLong, state.Losses[market].Rules.Score))
            {
                entries.Add(AdlEntry.Of(state, row, AdlScore.Of(state, row)));
            }
        }

        entries.Sort((left, right) => left.IsBefore(in right) ? -1 : right.IsBefore(in left) ? 1 : 0);
        return entries;
    }
}
