using System.Globalization;
using LowLatencyMargin.Book.Tests.Lockstep;

namespace LowLatencyMargin.Book.Tests;

/// <summary>
/// The exchange against the reference book, in lockstep over random commands of all types of docs/matching.md: result, events in order, orders,
/// queues and positions. LLM_BOOK_COMMANDS=5000000 makes the runs that long together. A failure is shrunk and written down as a scenario file.
/// </summary>
[TestFixture]
internal sealed class BookLockstepTests
{
    private const long DefaultCommands = 4_000_000;

    /// <summary>How often each event, code and reason must have come, in a million commands.</summary>
    private const long LeastPerMillion = 20;

    private static long Commands
    {
        get
        {
            string? text = Environment.GetEnvironmentVariable("LLM_BOOK_COMMANDS");
            return text is null ? DefaultCommands : long.Parse(text, CultureInfo.InvariantCulture);
        }
    }

    [Test]
    [Description("R-1301 to R-1316, R-1401, R-1402, R-1405: many small exchanges, every command's result and events foretold. "
        + "Longer by environment variable: LLM_BOOK_COMMANDS=5000000, over all runs.")]
    public void ExchangeDoesWhatTheReferenceBookDoes()
    {
        var tally = new Tally();
        for (ulong seed = 1; tally.Commands < Commands; seed++)
        {
            Run(Profiles.Small[(int)(seed % (ulong)Profiles.Small.Count)], seed, tally);
        }

        string table = tally.ToString();
        TestContext.Out.WriteLine(table);
        long least = Math.Max(1, Commands * LeastPerMillion / 1_000_000);
        Assert.That(Coverage.Expected.Where(what => tally[what] < least), Is.Empty, $"each at least {least} times\n{table}");
    }

    [TestCase(71UL)]
    [TestCase(72UL)]
    [Description("R-1301 to R-1314: the same with 400 accounts and ten thousand live orders.")]
    public void LargeBook(ulong seed)
    {
        var tally = new Tally();
        Run(Profiles.Large, seed, tally);
        Assert.That(tally["event Trade"], Is.GreaterThan(1_000));
    }

    private static void Run(Profile profile, ulong seed, Tally tally)
    {
        using var run = new BookRun(profile, tally);
        var source = new StepSource(new Prng(seed), profile, run.Book);
        List<Step> steps = [];
        for (int i = 0; i < profile.Length; i++)
        {
            Step step = source.Next();
            steps.Add(step);
            if (run.Try(step) is not null)
            {
                Assert.Fail(Shrinking.Report($"{profile.Name}, seed {seed}", profile, steps));
            }
        }

        if (run.TryFinish() is not null)
        {
            Assert.Fail(Shrinking.Report($"{profile.Name}, seed {seed}", profile, steps));
        }
    }
}
