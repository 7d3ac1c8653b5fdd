namespace LowLatencyMargin.Pipeline.Tests.Support;

/// <summary>Submits commands one after another, as many per poll as the pipeline takes, up to a limit that a test raises.</summary>
internal sealed class ListSource(IReadOnlyList<byte[]> commands, int perPoll = 64) : ICommandSource
{
    private long _limit = commands.Count;
    private long _submitted;
    private long _refused;
    private int _lastRefused = -1;

    /// <summary>Commands that may be submitted by now.</summary>
    public long Limit
    {
        set => Volatile.Write(ref _limit, value);
    }

    public long Submitted => Volatile.Read(ref _submitted);

    /// <summary>How often the pipeline said Busy.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>The sequence that the pipeline gave each command.</summary>
    public List<long> Sequences { get; } = [];

    /// <summary>Of the gateway thread; a test may use it once the pipeline is disposed.</summary>
    public CommandSequencer? Sequencer { get; private set; }

    public bool IsDone => Submitted == commands.Count;

    public bool Poll(CommandSequencer sequencer)
    {
        Sequencer = sequencer;
        int taken = 0;
        long limit = Math.Min(Volatile.Read(ref _limit), commands.Count);
        while (taken < perPoll && _submitted < limit)
        {
            if (!sequencer.TrySubmit(commands[(int)_submitted]))
            {
                _lastRefused = (int)_submitted;
                Volatile.Write(ref _refused, _refused + 1);
                break;
            }

            Sequences.Add(sequencer.LastSequence);
            Volatile.Write(ref _submitted, _submitted + 1);
            taken++;
        }

        return taken > 0;
    }

    public override string ToString() => $"{Submitted} of {commands.Count} submitted, {Refused} times busy, last at {_lastRefused}";
}
