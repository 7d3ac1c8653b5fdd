using System.Diagnostics;
using System.Globalization;
using LowLatencyMargin.Journal;
using LowLatencyMargin.KillTarget;

namespace LowLatencyMargin.Kill.Tests;

/// <summary>The process is killed under load, again and again, and the client's ledger is held against the journal.</summary>
[NonParallelizable]
internal sealed class KillTests
{
    private const int Kills = 20;
    private const int KillsPerJournal = 50;
    private const double CommandsPerSecond = 60_000;
    private const int UnderLoadMs = 250;
    private const int AnyMomentMs = 300;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Kills in each mode: half of LLM_KILLS, which only raises them.</summary>
    private static int KillsPerMode => Math.Max(Kills, Number("LLM_KILLS", Kills)) / 2;

    /// <summary>LLM_SEED: the commands, and how long each life is let live, follow from it.</summary>
    private static int Seed => Number("LLM_SEED", 1);

    [Test]
    [Description("R-2001, R-104, R-103: after SIGKILL at random moments under load, start-up and recovery included, every acknowledged "
        + "command is in the journal exactly once at its sequence with its id and its events, none is doubled or missing, and "
        + "offline replay comes to the hashes that the process had after each recovery")]
    public void NothingAcknowledgedIsLostOrDoubled([Values] DurabilityMode mode)
    {
        TestContext.Out.WriteLine(
            $"again with: LLM_SEED={Seed} LLM_KILLS={2 * KillsPerMode} dotnet test tests/LowLatencyMargin.Kill.Tests -c Release");
        var random = new Prng(((ulong)Seed << 1) + (ulong)mode);
        var tally = new Tally();
        for (int life = 0; life < KillsPerMode; life += KillsPerJournal)
        {
            RunJournal(mode, life, Math.Min(KillsPerJournal, KillsPerMode - life), random, tally);
        }

        TestContext.Out.WriteLine($"{mode}: {tally}");
        Assert.That(tally.UnderLoad, Is.GreaterThanOrEqualTo(KillsPerMode / 2), "kills under load");
        Assert.That(tally.Recoveries, Is.GreaterThan(tally.UnderLoad), "recoveries whose hashes were compared");
        Assert.That(tally.Trades, Is.GreaterThan(0));
        Assert.That(tally.Liquidations, Is.GreaterThan(0));
    }

    [Test]
    [Description("R-2001: asked to stop by SIGTERM or by the end of its input, the process acknowledges all that it took, ends cleanly, "
        + "and the next start replays to the same hashes")]
    public void GracefulStopLosesNothing([Values] DurabilityMode mode, [Values] bool isSignal)
    {
        using var directory = new TemporaryDirectory();
        var ledger = new Ledger();
        for (int life = 0; life < 2; life++)
        {
            using Child child = Start(directory, mode, life);
            int enough = 2_000;
            Until(() => child.Count > enough || child.HasExited, "work");
            if (isSignal)
            {
                Terminate(child);
            }
            else
            {
                child.CloseInput();
            }

            child.Finish(Limit);
            Assert.That(child.ExitCode, Is.Zero, child.Errors);
            ledger.Add(child.Records);
            Assert.That(child.Records[^1].Kind, Is.EqualTo(AcknowledgementKind.EndState));
            Assert.That(child.Records[^1].Sequence, Is.EqualTo(ledger.LastSequence), "everything that was applied was acknowledged");
        }

        AssertSameHashes(ledger.Hashes);
        var audit = new Audit(directory.Path, ledger);
        audit.Run();
        Assert.That(audit.Commands, Is.EqualTo(ledger.Commands.Count + 1), "all but the genesis was acknowledged");
        using JournalReader reader = JournalReader.Open(directory.Path);
        while (reader.TryRead(out _))
        {
        }

        Assert.That(reader.End!.Kind, Is.EqualTo(JournalEndKind.Clean));
    }

    [Test]
    [Description("A process without a parent ends: when its input and output are gone it stops by itself, cleanly, with all that it "
        + "acknowledged in its journal")]
    public void NoProcessIsLeftBehind()
    {
        using var directory = new TemporaryDirectory();
        using Child child = Start(directory, DurabilityMode.Buffered, 0);
        Until(() => child.Count > 100 || child.HasExited, "work");
        child.Abandon();
        child.Finish(Limit);
        Assert.That(child.ExitCode, Is.Zero, child.Errors);
        using JournalWriter next = JournalWriter.Open(new JournalOptions { Directory = directory.Path });
        Assert.That(next.AppendedSequence, Is.GreaterThanOrEqualTo(child.Records[^1].Sequence), "the journal is free for the next writer");
    }

    [Test]
    [Description("A second process on the same journal is refused, says who has it, and leaves the first one alone")]
    public void OneWriterAtATime()
    {
        using var directory = new TemporaryDirectory();
        using Child first = Start(directory, DurabilityMode.Buffered, 0);
        Until(() => first.Count > 100 || first.HasExited, "work");
        using (Child second = Start(directory, DurabilityMode.Buffered, 1))
        {
            second.Finish(Limit);
            Assert.That(second.ExitCode, Is.EqualTo(70));
            Assert.That(second.Errors, Does.Contain("in use").And.Contain(first.Id.ToString(CultureInfo.InvariantCulture)));
            Assert.That(second.Records, Is.Empty);
        }

        int before = first.Count;
        Until(() => first.Count > before || first.HasExited, "the first to go on");
        first.CloseInput();
        first.Finish(Limit);
        Assert.That(first.ExitCode, Is.Zero, first.Errors);
        var ledger = new Ledger();
        ledger.Add(first.Records);
        new Audit(directory.Path, ledger).Run();
    }

    /// <summary>Lives on one journal, each killed but the last, and then the audit.</summary>
    private static void RunJournal(DurabilityMode mode, int firstLife, int kills, Prng random, Tally tally)
    {
        using var directory = new TemporaryDirectory();
        var ledger = new Ledger();
        int underLoad = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            using Child child = Start(directory, mode, firstLife + kill);
            underLoad += WaitForTheMoment(child, random, isAnyMoment: kill % 5 == 3) ? 1 : 0;
            child.Kill();
            child.Finish(Limit);
            Assert.That(child.Errors, Is.Empty, $"life {firstLife + kill}");
            ledger.Add(child.Records);
        }

        using (Child last = Start(directory, mode, firstLife + kills))
        {
            Until(() => last.Count > 100 || last.HasExited, "the last life to work");
            last.CloseInput();
            last.Finish(Limit);
            Assert.That(last.ExitCode, Is.Zero, last.Errors);
            ledger.Add(last.Records);
        }

        var audit = new Audit(directory.Path, ledger);
        audit.Run();
        tally.Add(kills, underLoad, ledger, audit);
    }

    private static Child Start(TemporaryDirectory directory, DurabilityMode mode, int life)
    {
        int[] threads = [2, 4, 1];
        return new Child(new Arguments(directory.Path, mode, ((long)Seed << 12) + life + 1, CommandsPerSecond, threads[life % threads.Length]));
    }

    /// <summary>A life is ended at any moment from its start on, or a random while after its first acknowledgements.</summary>
    private static bool WaitForTheMoment(Child child, Prng random, bool isAnyMoment)
    {
        if (isAnyMoment)
        {
            Thread.Sleep(random.Below(AnyMomentMs));
            return false;
        }

        Until(() => child.Count > 50 || child.HasExited, "the first acknowledgements");
        Thread.Sleep(random.Below(UnderLoadMs));
        if (child.HasExited)
        {
            child.Finish(Limit);
            Assert.Fail($"the child ended by itself: {child.Errors}");
        }

        return true;
    }

    private static void AssertSameHashes(List<Acknowledgement> hashes)
    {
        // recovered, end, recovered, end
        Assert.That(hashes, Has.Count.EqualTo(8));
        for (int i = 2; i < 4; i++)
        {
            Acknowledgement end = hashes[i];
            Acknowledgement next = hashes[i + 2];
            Assert.That((next.Sequence, next.Id, next.EventHash), Is.EqualTo((end.Sequence, end.Id, end.EventHash)), $"{end.Kind}");
        }
    }

    private static void Terminate(Child child)
    {
        using Process kill = Process.Start("kill", ["-TERM", child.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.That(kill.ExitCode, Is.Zero);
    }

    private static void Until(Func<bool> isSo, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(start) > Limit)
            {
                Assert.Fail($"not within {Limit.TotalSeconds} s: {what}");
            }

            Thread.Sleep(1);
        }
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
