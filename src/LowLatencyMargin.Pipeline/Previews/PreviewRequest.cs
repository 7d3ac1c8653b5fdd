using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Previews;

namespace LowLatencyMargin.Pipeline.Previews;

/// <summary>
/// A command to preview, and the answer. Made once and used again and again: the one who asks fills it in and reads it, the core thread answers
/// in between.
/// </summary>
public sealed class PreviewRequest
{
    /// <summary>Events that an answer has room for; there may be more.</summary>
    public const int MaxEvents = 256;

    private readonly byte[] _command = new byte[CommandHeader.MaxCommandBytes];
    private readonly EventSlot[] _events = new EventSlot[MaxEvents];
    private Preview _figures;
    private int _length;
    private int _kept;
    private bool _isAnswered = true;

    /// <summary>Whether the answer is there. Nothing else may be touched before.</summary>
    public bool IsAnswered => Volatile.Read(ref _isAnswered);

    /// <summary>What the command would get.</summary>
    public ResultCode Code { get; private set; }

    /// <summary>Account and position before and after.</summary>
    public ref readonly Preview Figures => ref _figures;

    /// <summary>The sequence after which it was answered: what was submitted up to there is in it.</summary>
    public long AfterSequence { get; private set; }

    /// <summary>How many events the command would make.</summary>
    public int EventCount { get; private set; }

    /// <summary>The first of them.</summary>
    public ReadOnlySpan<EventSlot> Events => _events.AsSpan(0, _kept);

    /// <summary>Header and body; false: longer than any command.</summary>
    public bool TrySet(ReadOnlySpan<byte> command)
    {
        if (command.Length > _command.Length)
        {
            return false;
        }

        command.CopyTo(_command);
        _length = command.Length;
        return true;
    }

    internal void Ask() => Volatile.Write(ref _isAnswered, false);

    internal void Answer(Core.Exchange exchange)
    {
        Code = exchange.Preview(_command.AsSpan(0, _length), out _figures);
        ReadOnlySpan<EventSlot> events = exchange.Events.Previewed;
        EventCount = events.Length;
        _kept = Math.Min(events.Length, MaxEvents);
        events[.._kept].CopyTo(_events);
        AfterSequence = exchange.Sequence;
        Volatile.Write(ref _isAnswered, true);
    }
}
