using System.Diagnostics;
using LowLatencyMargin.Cli.CommandLine;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Journal;
using LowLatencyMargin.Journal.Format;

namespace LowLatencyMargin.Cli.Journals;

/// <summary><c>journal replay</c>.</summary>
internal sealed class ReplayedJournal : IDisposable
{
    private const int ProgressEvery = 50_000;

    private readonly Exchange _exchange = new();
    private readonly Dictionary<long, Hash128> _hashes = [];
    private long _commands;
    private long _rejected;
    private long _checkpoints;
    private string? _difference;

    public void Dispose() => _exchange.Dispose();

    internal static int Run(string directory, bool json, TextWriter output, Action<long> progress)
    {
        using var replay = new ReplayedJournal();
        using JournalReader reader = JournalReader.Open(directory);
        long started = Stopwatch.GetTimestamp();
        while (replay._difference is null && reader.TryRead(out RecordView record))
        {
            replay.Apply(in record);
            if (replay._commands % ProgressEvery == 0)
            {
                progress(replay._commands);
            }
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        if (replay._commands == 0)
        {
            throw new JournalException($"{directory}: no commands to replay; expected a journal");
        }

        return replay.Print(directory, reader.End, elapsed, json, output);
    }

    private void Apply(in RecordView record)
    {
        if (record.IsCheckpoint)
        {
            Compare(record.Checkpoint);
            return;
        }

        ResultCode code = _exchange.Apply(record.Bytes);
        _commands++;
        _rejected += code == ResultCode.Accepted ? 0 : 1;
        if (record.Sequence % CheckpointInterval.Commands == 0)
        {
            _hashes[record.Sequence] = _exchange.ChainHash;
        }

        if (code == ResultCode.OutOfSequence)
        {
            _difference = $"sequence {record.Sequence} does not follow {_exchange.Sequence}";
        }
    }

    /// <summary>A checkpoint stands in the file a little after the command that it is of.</summary>
    private void Compare(CheckpointBody checkpoint)
    {
        if (!_hashes.Remove(checkpoint.Sequence, out Hash128 hash))
        {
            if (checkpoint.Sequence != _exchange.Sequence)
            {
                return;
            }

            hash = _exchange.ChainHash;
        }

        _checkpoints++;
        if (hash.Low != checkpoint.HashLow || hash.High != checkpoint.HashHigh)
        {
            var expected = new Hash128 { Low = checkpoint.HashLow, High = checkpoint.HashHigh };
            _difference = $"after sequence {checkpoint.Sequence} the chain hash is {hash}, the checkpoint says {expected}";
        }
    }

    private int Print(string directory, JournalEnd? end, TimeSpan elapsed, bool json, TextWriter output)
    {
        bool corrupt = end?.Kind == JournalEndKind.Corrupt;
        var fields = new Fields();
        fields.Add("journal", directory);
        fields.Add("commands", _commands);
        fields.Add("rejected", _rejected);
        fields.Add("checkpoints compared", _checkpoints);
        fields.Add("seconds", Value.Of(new ExactNumber((long)elapsed.TotalMilliseconds, 1_000)));
        fields.Add("commands per second", (long)(_commands / Math.Max(1e-9, elapsed.TotalSeconds)));
        fields.Add("sequence", _exchange.Sequence);
        fields.Add("chain hash", _exchange.ChainHash.ToString());
        fields.Add("state hash", _exchange.ComputeStateHash().ToString());
        fields.Add("end", end is null ? Value.NoneText : WordStyle.Kebab(end.Kind.ToString()));
        fields.Add("verdict", _difference ?? (corrupt ? end!.ToString() : "equal"));
        Report.Write(output, "replayed", fields, json);
        return _difference is null && !corrupt ? ExitCode.Held : ExitCode.Failed;
    }
}
