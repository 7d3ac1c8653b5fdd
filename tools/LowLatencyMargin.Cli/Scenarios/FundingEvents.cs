using System.Numerics;
using LowLatencyMargin.Cli.Scenarios.Parameters;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>The part of <see cref="EventDecoder"/> for funding.</summary>
internal static class FundingEvents
{
    internal static void Add(Fields fields, ref readonly EventSlot slot, Names names)
    {
        MarketName market = names.Market(slot.Header.MarketId);
        fields.Add("market", market.Name);
        switch (slot.Header.Type)
        {
            case EventType.FundingUpdated:
                AddUpdated(fields, in EventSlot.As<FundingUpdated>(in slot), market);
                break;
            case EventType.FundingPaid:
                AddPaid(fields, in EventSlot.As<FundingPaid>(in slot), market, names);
                break;
            default:
                FundingParameters.Set.AddTo(fields, EventSlot.As<FundingParamsUpdated>(in slot).Rules, market);
                break;
        }
    }

    /// <summary>A cumulative index as a price: quote per base.</summary>
    internal static Value Index(long indexE8, MarketName market) =>
        Value.Of(new ExactNumber((BigInteger)indexE8 * market.TickE9, new BigInteger(Rate.Scale) * 1_000_000_000));

    /// <summary>A rate that need not fit 32 bits.</summary>
    internal static Value RateOf(long rateE8) => Value.Percent(new ExactNumber(rateE8, Rate.Scale));

    private static void AddUpdated(Fields fields, ref readonly FundingUpdated e, MarketName market)
    {
        fields.Add("rate", RateOf(e.RateE8));
        fields.Add("premium", RateOf(e.PremiumE8));
        fields.Add("mark", HumanUnits.Price(e.MarkTicks, market));
        fields.Add("index", HumanUnits.Price(e.IndexTicks, market));
        fields.Add("cumulative", Index(e.CumulativeE8, market));
        fields.Add("time", ScenarioTime.Format(e.IntervalEndNs));
        fields.Add("forced", Value.Of(e.Header.Detail != 0));
    }

    private static void AddPaid(Fields fields, ref readonly FundingPaid e, MarketName market, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("position", e.PositionId);
        fields.Add("mode", (e.Header.Flags & EventFlags.Isolated) != 0 ? "isolated" : "cross");
        fields.Add("size", HumanUnits.Quantity(e.SizeLots, market));
        fields.Add("entry-index", Index(e.EntryE8, market));
        fields.Add("index", Index(e.IndexE8, market));
        fields.Add("amount", HumanUnits.Money(e.AmountUnits, market.Quote));
        fields.Add("rounding", Rounding(in e, market));
    }

    /// <summary>How much more was paid than size x (index - entry).</summary>
    private static Value Rounding(ref readonly FundingPaid e, MarketName market)
    {
        BigInteger exact = (BigInteger)e.SizeLots * market.LotE9 * ((BigInteger)e.IndexE8 - e.EntryE8) * market.TickE9;
        BigInteger of = new BigInteger(Rate.Scale) * 1_000_000_000 * 1_000_000_000;
        var unit = BigInteger.Pow(10, market.Quote.Decimals);
        return Value.Of(new ExactNumber((e.AmountUnits * of) - (exact * unit), of * unit));
    }
}
