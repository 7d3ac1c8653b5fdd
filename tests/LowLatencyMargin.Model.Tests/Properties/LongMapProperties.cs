using FsCheck;
using FsCheck.Fluent;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Model.Tests.Properties;

[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class LongMapProperties
{
    private const int Capacity = 48;

    [Test]
    [Description("The map of rows finds what a dictionary finds, with keys that collide and gaps that close.")]
    public void MapIsADictionary()
    {
        Gen<(bool Adds, long Key)> step =
            from adds in Gen.Elements(true, true, false)
            from account in Gen.Choose(0, 9)
            from market in Gen.Choose(1, 12)
            select (adds, ((long)account << 32) | (uint)market);
        Prop.ForAll(step.ListOf().ToArbitrary(), Agrees).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(300));
    }

    private static bool Agrees(IList<(bool Adds, long Key)> steps)
    {
        using var map = new LongMap(Capacity);
        Dictionary<long, int> expected = [];
        int value = 0;
        foreach ((bool adds, long key) in steps)
        {
            if (!adds && expected.Remove(key))
            {
                map.Remove(key);
            }
            else if (adds && expected.Count < Capacity && expected.TryAdd(key, value + 1))
            {
                map.Add(key, ++value);
            }

            if (map.Find(key) != expected.GetValueOrDefault(key) || map.Count != expected.Count)
            {
                return false;
            }
        }

        return steps.All(step => map.Find(step.Key) == expected.GetValueOrDefault(step.Key));
    }
}
