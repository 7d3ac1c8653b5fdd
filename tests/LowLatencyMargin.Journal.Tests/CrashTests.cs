using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Journal.Tests;

/// <summary>Power losses and kills, at every system call of a scenario, again and again on what the last one left.</summary>
public sealed class CrashTests
{
    private const int CrashesPerSeed = 25;
    private const int Seeds = 24;
    private const int MaxCallsBeforeCrash = 120;

    private sealed class Crashed : Exception;

    [Test, Description("R-2201 Synced: after a power loss at any call nothing acknowledged is missing, nothing is invented, recovery never refuses")]
    public void PowerLossLosesNothingThatWasSynced([Range(1, Seeds)] int seed) =>
        RunSeed(seed, DurabilityMode.Synced, (storage, random) => storage.Crash(random), mustKeep: true);

    [Test, Description("R-2202 Buffered: after kill -9 at any call nothing acknowledged is missing")]
    public void AKillLosesNothingThatWasWritten([Range(1, Seeds)] int seed) =>
        RunSeed(seed, DurabilityMode.Buffered, (storage, _) => storage.Copy(), mustKeep: true);

    [Test, Description("R-2203 Buffered: after a power loss what is left is a prefix, and recovery does not refuse")]
    public void PowerLossLeavesAPrefixOfWhatWasBuffered([Range(1, Seeds)] int seed) =>
        RunSeed(seed, DurabilityMode.Buffered, (storage, random) => storage.Crash(random), mustKeep: false);

    private static void RunSeed(int seed, DurabilityMode mode, Func<MemoryStorage, Random, MemoryStorage> crash, bool mustKeep)
    {
        var random = new Random(seed);
        var disk = new MemoryStorage();
        long acknowledged = 0;
        for (int round = 0; round < CrashesPerSeed; round++)
        {
            string what = $"seed {seed} round {round}";
            (disk, acknowledged) = RunUntilCrash(disk, mode, random, crash, acknowledged, mustKeep, what);
            JournalEnd end = Fixture.ReadAll(disk, out long last);
            Assert.That(end.Kind, Is.Not.EqualTo(JournalEndKind.Corrupt), $"{what}: {end}");
            if (mustKeep)
                Assert.That(last, Is.GreaterThanOrEqualTo(acknowledged), what);
            else
                acknowledged = Math.Min(acknowledged, last);
        }
    }

    private static (MemoryStorage After, long Acknowledged) RunUntilCrash(
        MemoryStorage disk, DurabilityMode mode, Random random, Func<MemoryStorage, Random, MemoryStorage> crash, long acknowledged, bool mustKeep,
        string what)
    {
        int callsLeft = random.Next(MaxCallsBeforeCrash);
        JournalWriter? writer = null;
        MemoryStorage? after = null;
        long acknowledgedThen = acknowledged;
        var faulty = new FaultStorage(disk)
        {
            Decide = (_, _) =>
            {
                if (after is null && callsLeft-- <= 0)
                {
                    after = crash(disk, random);
                    acknowledgedThen = Math.Max(acknowledged, writer?.DurableSequence ?? 0);
                }

                // the rest of the run happens in a world that is gone
                return after is null ? Errno.None : Errno.EIO;
            },
        };
        try
        {
            writer = JournalWriter.Open(Fixture.Options(faulty, mode) with { BackgroundSyncMs = random.Next(2) });
            if (mustKeep)
                Assert.That(writer.Recovery.LastSequence, Is.GreaterThanOrEqualTo(acknowledged), what);
            long next = writer.Recovery.LastSequence + 1;
            while (writer.Fault is null && writer.TryAppend(Fixture.Command(next)))
            {
                if (next++ % 10_000 == 0)
                    writer.AppendCheckpoint(next - 1, 1, 2);
                if (random.Next(6) == 0)
                    writer.Flush();
                if (random.Next(400) == 0)
                {
                    writer.Dispose();
                    writer = JournalWriter.Open(Fixture.Options(faulty, mode));
                }
            }
        }
        catch (JournalIoException) when (after is not null)
        {
        }
        finally
        {
            writer?.Dispose();
        }

        return (after!, acknowledgedThen);
    }
}
