using FsCheck;
using FsCheck.Fluent;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Properties;

/// <summary>R-704 over random positions and tiers: what is shown, and what the index does, against the equity test itself.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class LiquidationPriceProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(30_000);

    private static Gen<Tier[]> Tiers =>
        from count in Gen.Choose(0, 8)
        from widths in Numbers.Between(1, 1L << 46).ListOf(count)
        from steps in Gen.Choose(0, 6_000_000).ListOf(count)
        from endless in Gen.Elements(true, false)
        select Rising(widths, steps, endless);

    private static Gen<Case> Cases =>
        from lots in Numbers.Between(1, 1L << 20)
        from entry in Numbers.Between(1, 1L << 28)
        from remainder in Gen.Choose(0, 1_000)
        from value in Gen.Elements(1L, 3L, 10L, 77L)
        from margin in Gen.Choose(0, 1_500)
        from rates in Gen.Choose(1, 20_000_000).Four()
        from flags in Gen.Choose(0, 7)
        from tiers in Tiers
        from near in Gen.Elements(true, false)
        select new Case(lots, entry, remainder, value, margin, rates.Item1,
            rates.Item2 / 10, rates.Item3 / 4, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, near ? Around(tiers, lots * entry * value) : tiers);

    [Test]
    [Description("R-704: one tick on the safe side of the price shown the equity test holds, "
        + "one tick on the other side it does not; none means that no mark fails it.")]
    public void EquityTestFlipsAtThePriceShown() => Prop.ForAll(Cases.ToArbitrary(), Flips).Check(Many);

    [Test]
    [Description("R-1102: whenever the equity test fails the index has the position above the threshold of its tier: it is never late.")]
    public void IndexIsNeverLate() => Prop.ForAll(Cases.ToArbitrary(), Gen.Choose(-3, 3).ToArbitrary(), IsFound).Check(Many);

    [Test]
    [Description("R-1102: a position that is above the threshold of its tier is at most a tick from where the equity test fails: it is not early.")]
    public void IndexIsNotEarly() => Prop.ForAll(Cases.ToArbitrary(), Gen.Choose(2, 40).ToArbitrary(), IsNotFound).Check(Many);

    [Test]
    [Description("R-503: maintenance is the sum of what each tier asks for its part, rounded up once, and grows with the notional without a jump.")]
    public void MaintenanceIsContinuous() => Prop.ForAll(Cases.ToArbitrary(), Numbers.Between(0, 1L << 50).ToArbitrary(), IsContinuous).Check(Many);

    [Test]
    [Description("R-503: the tier's rate less its deduction is the maintenance margin.")]
    public void DeductionIsExact() => Prop.ForAll(Cases.ToArbitrary(), Numbers.Between(0, 1L << 50).ToArbitrary(), IsTierLessDeduction).Check(Many);

    private static bool Flips(Case c)
    {
        Position position = c.Position;
        Market market = c.Market;
        long shown = LiquidationPrices.Of(in position, position.MarginUnits, in market);
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
        long near = Math.Max(1, LiquidationPrices.Of(in position, position.MarginUnits, in market) + offset);
        return (Big)near * c.Lots * c.TickValue > Exact.MaxNotionalUnits || !Fails(c, near) || IsDue(position, market, near);
    }

    private static bool IsNotFound(Case c, int offset)
    {
        Position position = c.Position;
        Market market = c.Market;
        long shown = LiquidationPrices.Of(in position, position.MarginUnits, in market);
        long healthy = c.IsLong ? shown + offset : shown - offset;
        bool isCoarse = c.Lots * c.TickValue < 3;
        return shown == 0 || isCoarse || healthy < 1 || (Big)healthy * c.Lots * c.TickValue > Exact.MaxNotionalUnits || !IsDue(position, market, healthy);
    }

    private static bool IsDue(Position position, Market market, long mark)
    {
        market.MarkTicks = mark;
        IndexKey key = LiquidationPrices.KeyOf(in position, position.MarginUnits, in market);
        return LiquidationPrices.IsDue(in key, position.SizeLots > 0, in market);
    }

    private static bool IsContinuous(Case c, long notional)
    {
        Market market = c.Market;
        long here = GradedMargin.Maintenance(notional, in market);
        long next = GradedMargin.Maintenance(notional + 1, in market);
        return here == Maintenance(c, notional) && next - here is 0 or 1;
    }

    private static bool IsTierLessDeduction(Case c, long notional)
    {
        Market market = c.Market;
        int count = market.Rates.TierCount;
        int tier = GradedMargin.TierOf(notional, in market.Margin.Maintenance, count);
        Big rate = count == 0 ? c.Rate : c.Tiers[tier].Rate;
        Big exact = (rate * notional) - (Big)GradedMargin.Deduction(tier, in market);
        return (exact + Rate.Scale - 1) / Rate.Scale == GradedMargin.Maintenance(notional, in market);
    }

    /// <summary>Equity below requirement at a mark, by whole numbers without limit.</summary>
    private static bool Fails(Case c, Big mark)
    {
        Big notional = mark * c.Lots * c.TickValue;
        Big equity = c.MarginUnits + (c.IsLong ? notional - c.Cost : c.Cost - notional);
        Big maintenance = Maintenance(c, c.IsEntryBased ? c.Cost : notional);
        Big reserve = c.IncludesFee ? Rounding.RateUp(notional, c.FeeRate + c.PenaltyRate) : 0;
        return equity < maintenance + reserve;
    }

    private static Big Maintenance(Case c, Big notional)
    {
        if (c.Tiers.Length < 2)
        {
            return Rounding.RateUp(notional, c.Rate);
        }

        Big sum = 0;
        Big from = 0;
        for (int i = 0; i < c.Tiers.Length; i++)
        {
            Big to = i == c.Tiers.Length - 1 ? Big.Max(from, notional) : Big.Min(notional, c.Tiers[i].Limit);
            sum += Big.Max(0, to - from) * c.Tiers[i].Rate;
            from = Big.Max(from, to);
        }

        return (sum + Rate.Scale - 1) / Rate.Scale;
    }

    private static Tier[] Rising(List<long> widths, List<int> steps, bool endless)
    {
        var tiers = new Tier[widths.Count];
        long limit = 0;
        int rate = 1;
        for (int i = 0; i < tiers.Length; i++)
        {
            limit += widths[i];
            rate += steps[i];
            tiers[i] = new Tier(endless && i == tiers.Length - 1 ? MarginTier.NoLimit : limit, rate);
        }

        return tiers;
    }

    /// <summary>Tiers that end within twice a notional, so that its liquidation price meets their limits.</summary>
    private static Tier[] Around(Tier[] tiers, long notional) => tiers
        .Select((tier, i) => tier with
        {
            Limit = tier.Limit == MarginTier.NoLimit ? tier.Limit : (long)((Big)notional * 2 * (i + 1) / tiers.Length) + i + 1,
        })
        .ToArray();

    internal sealed record Tier(long Limit, int Rate);

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
        bool IncludesFee,
        Tier[] Tiers)
    {
        public long Cost => (Lots * Entry * TickValue) + (Remainder % Lots);

        public long MarginUnits => (long)((Big)Cost * MarginPerMille / 1_000);

        public int Rate => Tiers.Length == 0 ? MaintenanceRate : Tiers[0].Rate;

        /// <summary>The mode first: a cross row takes no margin.</summary>
        public Position Position => new() { IsIsolated = 1, SizeLots = IsLong ? Lots : -Lots, EntryCostUnits = Cost, MarginUnits = MarginUnits };

        public Market Market
        {
            get
            {
                Market market = new()
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
                        TierCount = Tiers.Length,
                    },
                };
                for (int i = 0; i < Tiers.Length; i++)
                {
                    market.Parameters.Tiers[i] = new MarginTier { LimitUnits = Tiers[i].Limit, MaxLeverage = 1, MaintenanceRate = Tiers[i].Rate };
                }

                market.Margin.Maintenance = market.Parameters.Tiers;
                market.Rates.TierCount = (byte)(Tiers.Length < 2 ? 0 : Tiers.Length);
                market.Rates.IsGraded = (byte)(Tiers.Length == 0 ? 0 : 1);
                market.Rates.MaintenanceRate = Rate;
                return market;
            }
        }
    }
}
