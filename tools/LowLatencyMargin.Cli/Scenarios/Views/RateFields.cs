using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>Margin rates that count at the moment, to check requirements by hand.</summary>
internal static class RateFields
{
    internal static void Add(Fields fields, in Market market)
    {
        fields.Add("im-long", HumanUnits.Ratio(market.Rates.InitialLongRate));
        fields.Add("im-short", HumanUnits.Ratio(market.Rates.InitialShortRate));
        fields.Add("mm", HumanUnits.Ratio(market.Rates.MaintenanceRate));
        fields.Add("reserve-rate", HumanUnits.Ratio(market.ReserveRate));
        fields.Add("volatile", Value.Of(market.Margin.IsVolatile != 0));
        fields.Add("open-interest-share", HumanUnits.Ratio(market.Margin.OpenInterestShare));
    }

    /// <summary>Rates of a position, its tier from 1, and the tier's deduction.</summary>
    internal static void Add(Fields fields, in Position position, in Market market, MarketName name)
    {
        bool isShort = position.SizeLots < 0;
        long atMark = Requirements.Notional(position.AbsoluteLots, market.MarkTicks, in market);
        int initial = market.Rates.IsGraded != 0
            ? GradedMargin.InitialRate(atMark, isShort, position.LeverageRate, in market)
            : Math.Max(isShort ? market.Rates.InitialShortRate : market.Rates.InitialLongRate, position.LeverageRate);
        long basis = market.Parameters.MaintenanceMarginBase == MarginBase.Mark ? atMark : position.EntryCostUnits;
        int tier = market.Rates.TierCount == 0 ? 0 : GradedMargin.TierOf(basis, in market.Margin.Maintenance, market.Rates.TierCount);
        fields.Add("im-rate", position.SizeLots == 0 ? Value.None : HumanUnits.Ratio(initial));
        fields.Add("tier", market.Rates.TierCount == 0 || position.SizeLots == 0 ? Value.None : Value.Of(tier + 1));
        fields.Add("mm-rate", position.SizeLots == 0 ? Value.None : HumanUnits.Ratio(
            tier == 0 ? market.Rates.MaintenanceRate : market.Margin.Maintenance[tier].MaintenanceRate));
        fields.Add("mm-deduction", Value.Of(HumanUnits.MoneyOf(GradedMargin.Deduction(tier, in market), name.Quote) / new ExactNumber(Rate.Scale, 1)));
    }
}
