using System.Diagnostics;
using LowLatencyMargin.Latency.Flow;
using LowLatencyMargin.Pipeline;

namespace LowLatencyMargin.Latency.Runs;

/// <summary>
/// Submits a stream: as fast as the ring takes it, or open loop at a fixed rate. Each command has an intended time, fixed before the run; if
/// the pipeline stalls, commands are late and the wait is theirs.
/// </summary>
internal sealed class LoadSource : ICommandSource
{
    private const int MaxPerPoll = 128;

    private readonly long[] _intended = new long[1 << 20];
    private CommandStream.Reader _reader;
    private bool _isActive;
    private double _ticksPerCommand;
    private long _startedAt;
    private long _firstSequence;
    private long _limit;
    private long _submitted;
    private long _busy;

    /// <summary>Commands submitted of the current stream.</summary>
    public long Submitted => Volatile.Read(ref _submitted);

    /// <summary>How often the pipeline answered Busy.</summary>
    public long Busy => _busy;

    /// <summary>Whether the current stream has been submitted whole.</summary>
    public bool IsDone => !Volatile.Read(ref _isActive);

    /// <summary>Sequence of the first command of the current stream; until that is submitted, beyond any.</summary>
    public long FirstSequence => Volatile.Read(ref _firstSequence);

    /// <summary>When the current stream began.</summary>
    public long StartedAt => _startedAt;

    /// <summary>Begins a stream. Called while the source is idle; the gateway thread takes it up.</summary>
    /// <param name="stream">Commands.</param>
    /// <param name="perSecond">Rate; 0: as fast as possible.</param>
    /// <param name="limit">At most so many commands.</param>
    public void Start(CommandStream stream, double perSecond, long limit)
    {
        _reader = stream.Read();
        _ticksPerCommand = perSecond > 0 ? Stopwatch.Frequency / perSecond : 0;
        _limit = Math.Min(limit, stream.Count);
        _submitted = 0;
        _busy = 0;
        _firstSequence = long.MaxValue;
        _startedAt = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 100);
        Volatile.Write(ref _isActive, true);
    }

    /// <summary>When a command was meant to be sent.</summary>
    public long IntendedAt(long sequence) => _intended[sequence & (_intended.Length - 1)];

    /// <inheritdoc/>
    public bool Poll(CommandSequencer sequencer)
    {
        if (!Volatile.Read(ref _isActive))
        {
            return false;
        }

        bool worked = false;
        long now = Stopwatch.GetTimestamp();
        for (int i = 0; i < MaxPerPoll; i++)
        {
            long intended = _ticksPerCommand == 0 ? now : _startedAt + (long)(_submitted * _ticksPerCommand);
            if (intended > now || _submitted == _limit)
            {
                break;
            }

            if (!TrySubmit(sequencer, intended))
            {
                _busy++;
                break;
            }

            worked = true;
        }

        if (_submitted == _limit)
        {
            Volatile.Write(ref _isActive, false);
        }

        return worked;
    }

    private bool TrySubmit(CommandSequencer sequencer, long intended)
    {
        // noted before the command is seen by anyone: it may be through before this method returns. The sequencer may put a tick before it,
        // then it is the one after the next.
        long next = sequencer.LastSequence + 1;
        _intended[next & (_intended.Length - 1)] = intended;
        _intended[(next + 1) & (_intended.Length - 1)] = intended;
        if (_submitted == 0)
        {
            _startedAt = _ticksPerCommand == 0 ? intended : _startedAt;
            Volatile.Write(ref _firstSequence, next);
        }

        CommandStream.Reader before = _reader;
        if (!sequencer.TrySubmit(_reader.Next()))
        {
            _reader = before;
            return false;
        }

        Volatile.Write(ref _submitted, _submitted + 1);
        return true;
    }
}
