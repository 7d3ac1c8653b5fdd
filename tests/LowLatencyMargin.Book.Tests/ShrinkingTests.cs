using LowLatencyMargin.Book.Tests.Book;
using LowLatencyMargin.Book.Tests.Lockstep;

namespace LowLatencyMargin.Book.Tests;

/// <summary>Lists that FsCheck makes up, and the proof that a difference is found and made small.</summary>
[TestFixture]
internal sealed class ShrinkingTests
{
    private const int Lists = 600;

    [Test]
    [Description("R-1301 to R-1314: lists of small commands made up by FsCheck; a failure is shrunk and written down as a scenario.")]
    public void MadeUpListsAgree()
    {
        IReadOnlyList<Step>? failing = Shrinking.Find(StepGen.Lists, steps => BookRun.Play(StepGen.Profile, steps) is not null, Lists);
        if (failing is not null)
        {
            Assert.Fail(Shrinking.Report("made up", StepGen.Profile, failing));
        }
    }

    [TestCase(nameof(Rules.IncreaseKeepsPriority), 4)]
    [TestCase(nameof(Rules.RefillKeepsPriority), 5)]
    [TestCase(nameof(Rules.LinksDoNothing), 4)]
    [Description("R-1301, R-1308, R-1302: a reference book with one wrong rule differs from the exchange; the difference is found, "
        + "shrunk to the commands that show it, and written down as a scenario file.")]
    public void WrongRuleIsFoundAndShrunk(string name, int most)
    {
        Rules wrong = Enum.Parse<Rules>(name);
        IReadOnlyList<Step>? failing = Shrinking.Find(StepGen.Lists, steps => BookRun.Play(StepGen.Profile, steps, wrong) is not null, 20 * Lists);
        Assert.That(failing, Is.Not.Null, "found");
        string report = Shrinking.Report(name, StepGen.Profile, failing!, wrong);
        TestContext.Out.WriteLine(report);
        Assert.That(failing, Has.Count.LessThanOrEqualTo(most), report);
        Assert.That(report, Does.Contain("order a").And.Contain(".scn:"));
        Assert.That(BookRun.Play(StepGen.Profile, failing!), Is.Null, "by the documented rules they agree");
    }

    [Test]
    [Description("R-1301: a long failing run of the generator is shrunk to a few commands as well.")]
    public void LongRunIsShrunk()
    {
        Profile profile = Profiles.Small[0];
        using var run = new BookRun(profile, new Tally(), Rules.IncreaseKeepsPriority);
        var source = new StepSource(new Prng(5), profile, run.Book);
        List<Step> steps = [];
        string? wrong = null;
        while (wrong is null && steps.Count < profile.Length)
        {
            steps.Add(source.Next());
            wrong = run.Try(steps[^1]);
        }

        Assert.That(wrong, Is.Not.Null, "found");
        IReadOnlyList<Step> small = Shrinking.Shrink(profile, steps, Rules.IncreaseKeepsPriority);
        Assert.That(small, Has.Count.LessThanOrEqualTo(16), string.Join('\n', small));
    }
}
