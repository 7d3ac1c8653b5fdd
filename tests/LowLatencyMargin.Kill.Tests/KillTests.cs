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
    private const double CommandsPerSecond = 60_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static int KillsPerMode => int.Parse(Environment.GetEnvironmentVariable("LLM_KILLS") ?? Kills.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) / 2;

    /// <summary>Of another run with LLM_SEED: the moments of the kills and the commands follow from it.</summary>
    private static int Seed => int.Parse(Environment.GetEnvironmentVariable("LLM_SEED") ?? "1", CultureInfo.InvariantCulture);

    [Test]
    [Description("R-2001, R-104, R-103: after SIGKILL at random moments under load, start-up and recovery included, every acknowledged command is in the journal exactly once at its "
        + "sequence with its id and its events, none is doubled or missing, and offline replay comes to the hashes that the process had after each recovery")]
    public void NothingAcknowledgedIsLostOrDoubled([Values] DurabilityMode mode)
    {
        TestContext.Out.WriteLine($"again with: LLM_SEED={Seed} LLM_KILLS={2 * KillsPerMode} dotnet test tests/LowLatencyMargin.Kill.Tests -c Release");
        using var directory = new TemporaryDirectory();
        var ledger = new Ledger();
        var random = new Prng((ulong)Seed);
        int underLoad = 0;
        for (int kill = 0; kill < KillsPerMode; kill++)
        {
            using Child child = Start(directory, mode, kill);
            underLoad += WaitForTheMoment(child, random) ? 1 : 0;
            child.Kill();
            child.Finish(Limit);
            Assert.That(child.Errors, Is.Empty, $"run {kill}");
            ledger.Add(child.Records);
        }

        using (Child last = Start(directory, mode, KillsPerMode))
        {
            Until(() => last.Count > 100 || last.HasExited, "the last life to work");
            last.CloseInput();
            last.Finish(Limit);
            Assert.That(last.ExitCode, Is.Zero, last.Errors);
            ledger.Add(last.Records);
        }

        var audit = new Audit(directory.Path, ledger);
        audit.Run();
        Report(ledger, audit, underLoad);
        Assert.That(ledger.Recoveries, Is.GreaterThan(underLoad));
        Assert.That(underLoad, Is.GreaterThanOrEqualTo(KillsPerMode / 2), "kills under load");
        Assert.That(audit.Trades, Is.GreaterThan(0));
        Assert.That(audit.Liquidations, Is.GreaterThan(0));
    }

    [Test]
    [Description("R-2001: asked to stop by SIGTERM or by the end of its input, the process acknowledges all that it took, ends cleanly, and the next start replays to the same hashes")]
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
        Assert.That(audit.Commands, Is.EqualTo(ledger.Commands.Count + 1), "all but the genesis was acknowledged: nothing is in the journal that was not");
        using JournalReader reader = JournalReader.Open(directory.Path);
        while (reader.TryRead(out _))
        {
        }

        Assert.That(reader.End!.Kind, Is.EqualTo(JournalEndKind.Clean));
    }

    [Test]
    [Description("A process without a parent ends: when its input and output are gone it stops by itself, and its journal is whole")]
    public void NoProcessIsLeftBehind()
    {
        using var directory = new TemporaryDirectory();
        using Child child = Start(directory, DurabilityMode.Buffered, 0);
        Until(() => child.Count > 100 || child.HasExited, "work");
        child.CloseInput();
        child.Finish(Limit);
        Assert.That(child.ExitCode, Is.Zero, child.Errors);
        using JournalWriter next = JournalWriter.Open(new JournalOptions { Directory = directory.Path });
        Assert.That(next.AppendedSequence, Is.GreaterThan(100), "the journal is free for the next writer");
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

    private static Child Start(TemporaryDirectory directory, DurabilityMode mode, int life)
    {
        int[] threads = [2, 4, 1];
        return new Child(new Arguments(directory.Path, mode, ((long)Seed << 12) + life + 1, CommandsPerSecond, threads[life % threads.Length]));
    }

    /// <summary>One life in five is ended at any moment from its start on, the others a random while after their first acknowledgements.</summary>
    private static bool WaitForTheMoment(Child child, Prng random)
    {
        if (random.Below(5) == 0)
        {
            Thread.Sleep(random.Below(300));
            return false;
        }

        Until(() => child.Count > 50 || child.HasExited, "the first acknowledgements");
        Thread.Sleep(random.Below(250));
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
            Assert.That(
                (hashes[i + 2].Sequence, hashes[i + 2].Id, hashes[i + 2].EventHash), Is.EqualTo((hashes[i].Sequence, hashes[i].Id, hashes[i].EventHash)), $"{hashes[i].Kind}");
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

    private static void Report(Ledger ledger, Audit audit, int underLoad) => TestContext.Out.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{KillsPerMode} kills, {underLoad} of them under load; {audit.Commands:N0} commands in the journal, {ledger.Commands.Count:N0} acknowledged, 0 lost, 0 doubled; "
        + $"{audit.Trades:N0} trades, {audit.Liquidations:N0} liquidations, {audit.Checkpoints} checkpoints compared, {ledger.Recoveries} recoveries' hashes equal"));
}
