using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Journal;

namespace LowLatencyMargin.Cli.Journals;

/// <summary>What one pass over a journal counts.</summary>
internal sealed class JournalScan
{
    private const int ProgressEvery = 50_000;

    private JournalScan(IReadOnlyList<JournalSegment> segments) => Segments = segments;

    internal IReadOnlyList<JournalSegment> Segments { get; }

    internal SortedDictionary<CommandType, long> ByType { get; } = [];

    internal long Commands { get; private set; }

    internal long Checkpoints { get; private set; }

    internal long RecordBytes { get; private set; }

    internal long FirstSequence { get; private set; }

    internal long LastSequence { get; private set; }

    internal long FirstTimeNs { get; private set; }

    internal long LastTimeNs { get; private set; }

    internal JournalEnd End { get; private set; } = null!;

    /// <summary>Reads it from the beginning to the end, verifying everything.</summary>
    internal static JournalScan Run(string directory, Action<long> progress)
    {
        var scan = new JournalScan(JournalDirectory.Segments(directory));
        if (scan.Segments.Count == 0)
        {
            throw new JournalException($"{directory}: no journal here; expected segments (*.jnl)");
        }

        using JournalReader reader = JournalReader.Open(directory);
        while (reader.TryRead(out RecordView record))
        {
            scan.Add(in record);
            if (scan.Commands % ProgressEvery == 0)
            {
                progress(scan.Commands);
            }
        }

        scan.RecordBytes = reader.RecordBytes;
        scan.End = reader.End!;
        return scan;
    }

    private void Add(in RecordView record)
    {
        if (record.IsCheckpoint)
        {
            Checkpoints++;
            return;
        }

        Commands++;
        if (Commands == 1)
        {
            FirstSequence = record.Sequence;
            FirstTimeNs = record.TimeNs;
        }

        LastSequence = record.Sequence;
        LastTimeNs = record.TimeNs;
        ByType[record.Type] = ByType.GetValueOrDefault(record.Type) + 1;
    }
}
