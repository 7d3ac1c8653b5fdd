using FsCheck;
using FsCheck.Fluent;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Model.Tests.Properties;

[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class NumericsProperties
{
    private const int Tries = 20_000;

    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(Tries);

    [Test]
    [Description("R-101: a notional is the exact product, or refused when it is above 2^56, over the full range of all three factors.")]
    public void NotionalIsExactOrRefused() => Prop.ForAll(
        Numbers.Between(0, (1L << 41) - 1).ToArbitrary(),
        Numbers.Between(0, (1L << 41) - 1).ToArbitrary(),
        Numbers.Between(1, 1L << 40).ToArbitrary(),
        (lots, ticks, value) =>
        {
            Big exact = (Big)lots * ticks * value;
            bool fits = Exact.TryNotional(lots, ticks, value, out long units);
            return fits == (exact <= Exact.MaxNotionalUnits) && units == (fits ? exact : 0);
        }).Check(Many);

    [Test]
    [Description("R-102: value x numerator / denominator rounds as its name says, with 128 bits between.")]
    public void MultiplyDivideRounds() => Prop.ForAll(
        Numbers.Between(0, 1L << 60).ToArbitrary(),
        Numbers.Between(0, 1L << 60).ToArbitrary(),
        Numbers.Between(1, long.MaxValue).ToArbitrary(),
        (value, numerator, denominator) =>
        {
            Big product = (Big)value * numerator;
            if (product / denominator >= long.MaxValue)
            {
                denominator = long.MaxValue;
            }

            Big down = product / denominator;
            Big up = product % denominator == 0 ? down : down + 1;
            return Exact.MultiplyDivideDown(value, numerator, denominator) == down && Exact.MultiplyDivideUp(value, numerator, denominator) == up;
        }).Check(Many);

    [Test]
    [Description("R-102, R-501: rates round as the name says, for every amount of money and every rate.")]
    public void RatesRound() => Prop.ForAll(
        Numbers.Between(0, 1L << 59).ToArbitrary(),
        Numbers.Between(0, 8L * Rate.Scale).ToArbitrary(),
        (amount, rate) =>
        {
            Big product = (Big)amount * rate;
            Big down = product / Rate.Scale;
            Big up = product % Rate.Scale == 0 ? down : down + 1;
            return Rate.OfRoundedDown(amount, rate) == down && Rate.OfRoundedUp(amount, rate) == up;
        }).Check(Many);
}
