using FsCheck;
using FsCheck.Fluent;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Properties;

/// <summary>R-704 over random positions: what is shown, and what the index does, against the equity test itself.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class LiquidationPriceProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(30_000);

    private static Gen<Case> Cases =>
        from lots in Numbers.Between(1, 1L << 20)
        from entry in Numbers.Between(1, 1L << 28)
        from remainder in Gen.Choose(0, 1_000)
        from value in Gen.Elements(1L, 3L, 10L, 77L)
        from margin in Gen.Choose(0, 1_500)
        from rates in Gen.Choose(1, 20_000_000).Four()
        from flags in Gen.Choose(0, 7)
        select new Case(lots, entry, remainder, value, margin, rates.Item1,
            rates.Item2 / 10, rates.Item3 / 4, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);

    [Test]
    [Description("R-704: one tick on the safe side of the price shown the equity test holds, "
        + "one tick on the other side it does not; none means that no mark fails it.")]
    public void EquityTestFlipsAtThePriceShown() => Prop.ForAll(Cases.ToArbitrary(), Flips).Check(Many);

    [Test]
    [Description("R-1102: whenever the equity test fails the index has the position above its threshold: it is never late.")]
    public void IndexIsNeverLate() => Prop.ForAll(Cases.ToArbitrary(), Gen.Choose(-3, 3).ToArbitrary(), IsFound).Check(Many);

    private static bool Flips(Case c)
    {
        Position position = c.Position;
        Market market = c.Market;
        long shown = Requirements.LiquidationPrice(in position, position.MarginUnits, in market);
        bool isCoarse = c.Lots * c.TickValue < 3;
        if (isCoarse)
        {
            return true;
        }

        if (shown == 0)
        {
            return c.IsLong ? !Fails(c, 1) : Fails(c, 1) || !Fails(c, ModelExchange.MaxField);
        }

        bool below = shown > 1 && Fails(c, shown - 1);
        bool above = Fails(c, shown + 1);
        return c.IsLong ? !above && (below || shown == 1) : above && !below;
    }

    private static bool IsFound(Case c, int offset)
    {
        Position position = c.Position;
        Market market = c.Market;
        long near = Math.Max(1, Requirements.LiquidationPrice(in position, position.MarginUnits, in market) + offset);
        if ((Big)near * c.Lots * c.TickValue > Exact.MaxNotionalUnits || !Fails(c, near))
        {
            return true;
        }

        market.MarkTicks = near;
        long key = Requirements.IndexKey(in position, position.MarginUnits, in market);
        long threshold = c.IsLong ? Requirements.LongThreshold(in market) : Requirements.ShortThreshold(in market);
        return key != long.MinValue && key >= threshold;
    }

    /// <summary>Equity below requirement at a mark, by whole numbers without limit.</summary>
    private static bool Fails(Case c, Big mark)
    {
        Big notional = mark * c.Lots * c.TickValue;
        Big equity = c.MarginUnits + (c.IsLong ? notional - c.Cost : c.Cost - notional);
        Big maintenance = Rounding.RateUp(c.IsEntryBased ? c.Cost : notional, c.MaintenanceRate);
        Big reserve = c.IncludesFee ? Rounding.RateUp(notional, c.FeeRate + c.PenaltyRate) : 0;
        return equity < maintenance + reserve;
    }

    private sealed record Case(
        long Lots,
        long Entry,
        int Remainder,
        long TickValue,
        int MarginPerMille,
        int MaintenanceRate,
        int FeeRate,
        int PenaltyRate,
        bool IsLong,
        bool IsEntryBased,
        bool IncludesFee)
    {
        public long Cost => (Lots * Entry * TickValue) + (Remainder % Lots);

        public long MarginUnits => (long)((Big)Cost * MarginPerMille / 1_000);

        public Position Position => new() { SizeLots = IsLong ? Lots : -Lots, EntryCostUnits = Cost, MarginUnits = MarginUnits, IsIsolated = 1 };

        public Market Market => new()
        {
            TickValueUnits = TickValue,
            MarkTicks = Entry,
            Parameters = new MarketParameters
            {
                MaintenanceMarginRate = MaintenanceRate,
                MaintenanceMarginBase = IsEntryBased ? MarginBase.Entry : MarginBase.Mark,
                TakerFeeRate = FeeRate,
                PenaltyRate = PenaltyRate,
                TriggerIncludesFee = (byte)(IncludesFee ? 1 : 0),
            },
        };
    }
}
