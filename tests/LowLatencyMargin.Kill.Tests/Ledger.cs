using LowLatencyMargin.KillTarget;

namespace LowLatencyMargin.Kill.Tests;

/// <summary>What the client was told over all lives of the process: append-only, by sequence.</summary>
internal sealed class Ledger
{
    private readonly Dictionary<long, Acknowledgement> _commands = [];

    /// <summary>Acknowledged commands by sequence.</summary>
    public IReadOnlyDictionary<long, Acknowledgement> Commands => _commands;

    /// <summary>Hashes that the process said, by sequence: after recoveries and at graceful ends.</summary>
    public List<Acknowledgement> Hashes { get; } = [];

    /// <summary>The last command acknowledged.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Recoveries that were told.</summary>
    public int Recoveries { get; private set; }

    /// <summary>Takes in what one life said, and checks what can be checked without the journal.</summary>
    public void Add(IReadOnlyList<Acknowledgement> records)
    {
        bool isRunning = false;
        foreach (Acknowledgement record in records)
        {
            if (record.Kind != AcknowledgementKind.Command)
            {
                AddHash(record);
                isRunning = record.Kind == AcknowledgementKind.RecoveredState;
                continue;
            }

            if (!isRunning || !_commands.TryAdd(record.Sequence, record))
            {
                Assert.Fail($"command {record.Sequence} was acknowledged {(isRunning ? "twice" : "before recovery")}");
            }

            LastSequence = Math.Max(LastSequence, record.Sequence);
        }
    }

    private void AddHash(Acknowledgement record)
    {
        if (record.Sequence < LastSequence)
        {
            Assert.Fail($"{record.Kind} at command {record.Sequence}, but {LastSequence} was acknowledged: acknowledged commands are lost");
        }

        Recoveries += record.Kind == AcknowledgementKind.RecoveredState ? 1 : 0;
        Hashes.Add(record);
    }
}
