using FsCheck;
using FsCheck.Fluent;
using LowLatencyMargin.Book.Tests.Book;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace LowLatencyMargin.Book.Tests.Lockstep;

/// <summary>Makes a list of steps that fails smaller, as long as it fails: FsCheck drives, this says what smaller is.</summary>
internal static class Shrinking
{
    private const int MostSteps = 60;

    // FsCheck begins here every time: a run that fails can be run again
    private const ulong Seed = 20_260_101;
    private const ulong Gamma = 3;

    /// <summary>The smallest list that still fails in the same way, found by FsCheck from one that fails.</summary>
    public static IReadOnlyList<Step> Shrink(Profile profile, IReadOnlyList<Step> failing, Rules rules)
    {
        string? kind = KindOf(BookRun.Play(profile, failing, rules));
        return Find(Gen.Constant(failing), steps => KindOf(BookRun.Play(profile, steps, rules)) == kind, 1) ?? failing;
    }

    /// <summary>Lists from a generator until one fails, made as small as it gets; null: none failed.</summary>
    public static IReadOnlyList<Step>? Find(Gen<IReadOnlyList<Step>> lists, Func<IReadOnlyList<Step>, bool> fails, int tests)
    {
        IReadOnlyList<Step>? smallest = null;
        Property property = Prop.ForAll(Arb.From(lists, Smaller), steps =>
        {
            bool isWrong = fails(steps);
            smallest = isWrong ? steps : smallest;
            return !isWrong;
        });
        property.Check(Config.Quick.WithMaxTest(tests).WithEndSize(MostSteps).WithReplay(Seed, Gamma).WithRunner(new SilentRunner()));
        return smallest;
    }

    /// <summary>Shrinks a failure, writes it down as a scenario, and says where and what.</summary>
    public static string Report(string where, Profile profile, IReadOnlyList<Step> failing, Rules rules = Rules.Documented)
    {
        IReadOnlyList<Step> small = Shrink(profile, failing, rules);
        string what = BookRun.Play(profile, small, rules)?.What ?? "nothing: it fails only sometimes";
        string scenario = ScenarioText.Of(profile, small, where);
        string name = string.Concat(where.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')) + ".scn";
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, name);
        File.WriteAllText(path, scenario);
        return $"{where}: {small.Count} of {failing.Count} steps\n{what}\n{string.Join('\n', small)}\n\n{path}:\n{scenario}";
    }

    /// <summary>What is wrong, without figures: a smaller list must fail in the same way, or a second fault hides the first.</summary>
    private static string? KindOf((int At, string What)? failure) =>
        failure is null ? null : string.Concat(failure.Value.What.Split('\n')[0].Where(letter => !char.IsDigit(letter)));

    /// <summary>Half of the list, a quarter, ... one step left out; then each step made plainer.</summary>
    public static IEnumerable<IReadOnlyList<Step>> Smaller(IReadOnlyList<Step> steps)
    {
        if (steps.Count > 1)
        {
            yield return [.. steps.Take(steps.Count / 2)];
        }

        for (int size = Math.Max(1, steps.Count / 2); size >= 1; size /= 2)
        {
            for (int start = Math.Max(0, steps.Count - size); ; start = Math.Max(0, start - size))
            {
                yield return [.. steps.Where((_, i) => i < start || i >= start + size)];
                if (start == 0)
                {
                    break;
                }
            }
        }

        for (int i = 0; i < steps.Count; i++)
        {
            foreach (Step plainer in Plainer(steps[i]))
            {
                yield return [.. steps.Take(i), plainer, .. steps.Skip(i + 1)];
            }
        }
    }

    private static IEnumerable<Step> Plainer(Step step)
    {
        for (int i = 0; i < step.Items.Count; i++)
        {
            Step without = step.Copy([.. step.Items.Where((_, at) => at != i)]);
            yield return i < without[Field.Bids] ? without.With(Field.Bids, without[Field.Bids] - 1) : without;
        }

        for (Field field = 0; field < Field.Count; field++)
        {
            if (step[field] != 0)
            {
                yield return step.With(field, 0);
            }
        }

        foreach (Field field in (Field[])[Field.Quantity, Field.Display, Field.AdvanceNs])
        {
            if (step[field] > 1)
            {
                yield return step.With(field, 1);
            }
        }

        for (int i = 0; i < step.Items.Count; i++)
        {
            for (Field field = 0; field < Field.Count; field++)
            {
                if (step.Items[i][field] != 0)
                {
                    Step plainer = step.Items[i].With(field, 0);
                    yield return step.Copy([.. step.Items.Select((item, at) => at == i ? plainer : item)]);
                }
            }
        }
    }

    /// <summary>What failed is told with its scenario, by <see cref="Report"/>.</summary>
    private sealed class SilentRunner : IRunner
    {
        public void OnStartFixture(Type t)
        {
        }

        public void OnArguments(int ntest, FSharpList<object> args, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every)
        {
        }

        public void OnShrink(FSharpList<object> args, FSharpFunc<FSharpList<object>, string> everyShrink)
        {
        }

        public void OnFinished(string name, TestResult testResult)
        {
        }
    }
}
