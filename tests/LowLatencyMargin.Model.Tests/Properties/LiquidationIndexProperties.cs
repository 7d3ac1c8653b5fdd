using FsCheck;
using FsCheck.Fluent;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Model.Tests.Properties;

/// <summary>The liquidation index (two heaps) against sorted lists.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class LiquidationIndexProperties
{
    private const int Rows = 40;

    [Test]
    [Description("R-1102: the index gives the row with the largest key, then the lower row, longs first, whatever was added, moved and taken out before.")]
    public void IndexIsASortedList()
    {
        Gen<(int Row, int Key, bool IsLong)> step =
            from row in Gen.Choose(1, Rows)
            from key in Gen.Frequency((1, Gen.Constant(int.MinValue)), (4, Gen.Choose(-30, 30)))
            from side in Gen.Elements(true, false)
            select (row, key, side);
        Prop.ForAll(step.ListOf().ToArbitrary(), Agrees).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(400));
    }

    private static bool Agrees(IList<(int Row, int Key, bool IsLong)> steps)
    {
        using var positions = new Slab<Position>(Rows);
        for (int i = 0; i < Rows; i++)
        {
            positions.Allocate();
        }

        using var index = new LiquidationIndex(positions, Rows);
        Dictionary<int, (bool IsLong, long Key)> expected = [];
        foreach ((int row, int key, bool isLong) in steps)
        {
            ref Position position = ref positions.Edit(row);
            position.SizeLots = isLong ? 1 : -1;
            index.Set(row, ref position, new IndexKey(key == int.MinValue ? IndexKey.None : key, 0));
            if (key == int.MinValue)
            {
                expected.Remove(row);
            }
            else
            {
                expected[row] = (isLong, key);
            }

            if (index.Count != expected.Count || First(index, long.MinValue, long.MinValue) != Top(expected, -100, -100)
                || First(index, 5, -5) != Top(expected, 5, -5))
            {
                return false;
            }
        }

        while (expected.Count > 0)
        {
            int top = First(index, long.MinValue, long.MinValue);
            if (top != Top(expected, -100, -100))
            {
                return false;
            }

            expected.Remove(top);
            index.Set(top, ref positions.Edit(top), new IndexKey(IndexKey.None, 0));
        }

        return index.Count == 0;
    }

    private static int First(LiquidationIndex index, long longs, long shorts)
    {
        int top = index.Candidate(0, isLong: true, longs);
        return top != 0 ? top : index.Candidate(0, isLong: false, shorts);
    }

    private static int Top(Dictionary<int, (bool IsLong, long Key)> rows, long longs, long shorts) => rows
        .Where(row => row.Value.Key >= (row.Value.IsLong ? longs : shorts))
        .OrderByDescending(row => row.Value.IsLong)
        .ThenByDescending(row => row.Value.Key)
        .ThenBy(row => row.Key)
        .Select(row => row.Key)
        .FirstOrDefault();
}
