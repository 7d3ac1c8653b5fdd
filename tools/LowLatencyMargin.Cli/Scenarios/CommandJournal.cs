using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Journal;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>Commands into a new journal, with a checkpoint of the chain hash at the end.</summary>
internal sealed class CommandJournal : IDisposable
{
    private readonly JournalWriter _writer;

    internal CommandJournal(string directory)
    {
        JournalDirectory.Ensure(directory);
        if (JournalDirectory.Segments(directory).Count > 0)
        {
            throw new JournalException($"'{directory}' holds a journal already; expected an empty or new directory");
        }

        _writer = JournalWriter.Open(new JournalOptions { Directory = directory, Mode = DurabilityMode.Buffered });
    }

    public void Dispose() => _writer.Dispose();

    /// <summary>Appends a command that an exchange has just applied.</summary>
    internal void Append(ReadOnlySpan<byte> command, Exchange exchange)
    {
        while (!_writer.TryAppend(command))
        {
            if (_writer.Fault is { } fault)
            {
                throw new JournalException($"the journal can't be written: {fault}");
            }

            _ = _writer.Flush();
        }

        if (exchange.Sequence % CheckpointInterval.Commands == 0)
        {
            Checkpoint(exchange);
        }
    }

    internal void Checkpoint(Exchange exchange)
    {
        Hash128 hash = exchange.ChainHash;
        _writer.AppendCheckpoint(exchange.Sequence, hash.Low, hash.High);
        _ = _writer.Flush();
    }
}
