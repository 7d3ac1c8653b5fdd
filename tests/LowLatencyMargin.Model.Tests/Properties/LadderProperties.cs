using FsCheck;
using FsCheck.Fluent;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Model.Tests.Properties;

/// <summary>The price ladder against a sorted dictionary: any levels, added and removed in any order.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class LadderProperties
{
    private const long MaxTicks = (1L << 40) - 1;

    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(600);

    [TestCase(true)]
    [TestCase(false)]
    [Description("R-1301: best, next and level of a ladder over a narrow range, where pages fill and windows slide.")]
    public void NarrowRange(bool highestIsBest) => Check(highestIsBest, Gen.Choose(1, 9_000).Select(ticks => (long)ticks));

    [TestCase(true)]
    [TestCase(false)]
    [Description("R-1301: the same over the whole range of prices, far levels and leaps included.")]
    public void WholeRange(bool highestIsBest) => Check(highestIsBest, Numbers.Between(1, MaxTicks));

    [TestCase(true)]
    [TestCase(false)]
    [Description("R-1301: the same over islands far apart, so that the window leaps and comes back.")]
    public void Islands(bool highestIsBest) => Check(
        highestIsBest,
        from island in Gen.Choose(0, 5)
        from ticks in Gen.Choose(0, 300)
        select Math.Min(MaxTicks, 1 + (island * (island % 2 == 0 ? 5_000L : 1L << 37)) + ticks));

    private static void Check(bool highestIsBest, Gen<long> prices)
    {
        Gen<(int Kind, long Ticks)> step = from kind in Gen.Choose(0, 4) from ticks in prices select (kind, ticks);
        Prop.ForAll(step.ListOf().ToArbitrary(), steps => Agrees(highestIsBest, steps)).Check(Many);
    }

    private static bool Agrees(bool highestIsBest, IEnumerable<(int Kind, long Ticks)> steps)
    {
        using var far = new FarLevelStore(4096);
        using var ladder = new PriceLadder(highestIsBest, PriceLadder.MinWindowTicks, far);
        var expected = new SortedDictionary<long, long>(Comparer<long>.Create((l, r) => highestIsBest ? r.CompareTo(l) : l.CompareTo(r)));
        long lots = 0;
        foreach ((int kind, long ticks) in steps)
        {
            if (kind <= 2 || expected.Count == 0)
            {
                ladder.GetOrAdd(ticks).Lots += ++lots;
                expected[ticks] = expected.GetValueOrDefault(ticks) + lots;
            }
            else
            {
                long gone = kind == 3 ? expected.Keys.First() : expected.Keys.ElementAt((int)(ticks % expected.Count));
                ladder.Remove(gone);
                expected.Remove(gone);
            }

            if (ladder.BestTicks != expected.Keys.FirstOrDefault() || ladder.Count != expected.Count || ladder.Has(ticks) != expected.ContainsKey(ticks))
            {
                return false;
            }
        }

        long next = ladder.BestTicks;
        foreach ((long ticks, long sum) in expected)
        {
            if (next != ticks || ladder.At(ticks).Lots != sum)
            {
                return false;
            }

            next = ladder.NextWorse(ticks);
        }

        return next == 0;
    }
}
