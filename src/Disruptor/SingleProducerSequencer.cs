using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Disruptor;

/// <summary>The sequencer of a ring that one thread publishes to. Claiming and publishing take no atomic instruction.</summary>
public sealed class SingleProducerSequencer : ISequencer
{
    private readonly Sequence _cursor = new();
    private readonly GatingSequences _gating = new();
    private readonly IWaitStrategy _waitStrategy;
    private readonly bool _isBlocking;
    private readonly int _bufferSize;
    private ProducerState _producer = new() { Claimed = Sequence.InitialCursorValue, CachedGating = Sequence.InitialCursorValue };

    /// <summary>Creates a sequencer whose consumers block.</summary>
    /// <param name="bufferSize">The number of slots, a power of two.</param>
    public SingleProducerSequencer(int bufferSize)
        : this(bufferSize, new BlockingWaitStrategy())
    {
    }

    /// <summary>Creates a sequencer.</summary>
    /// <param name="bufferSize">The number of slots, a power of two.</param>
    /// <param name="waitStrategy">How consumers wait.</param>
    public SingleProducerSequencer(int bufferSize, IWaitStrategy waitStrategy)
    {
        Guard.BufferSize(bufferSize);
        _bufferSize = bufferSize;
        _waitStrategy = waitStrategy;
        _isBlocking = waitStrategy.IsBlockingStrategy;
    }

    /// <inheritdoc/>
    public int BufferSize => _bufferSize;

    /// <inheritdoc/>
    public long Cursor => _cursor.Value;

    /// <inheritdoc/>
    public SequenceBarrier NewBarrier(SequenceWaiterOwner owner, params Sequence[] sequencesToTrack)
    {
        var group = new DependentSequenceGroup(_cursor, sequencesToTrack);
        return new SequenceBarrier(this, _waitStrategy.NewSequenceWaiter(owner, group), group)
        {
            BlockingStrategy = _isBlocking ? _waitStrategy : null,
        };
    }

    /// <inheritdoc/>
    public bool HasAvailableCapacity(int requiredCapacity)
    {
        var wrapPoint = _producer.Claimed + requiredCapacity - _bufferSize;
        if (wrapPoint <= _producer.CachedGating)
            return true;

        // The cursor stands in for consumers that are not there: it never exceeds what a consumer added later starts from.
        _producer.CachedGating = _gating.Minimum(_cursor.Value);
        return wrapPoint <= _producer.CachedGating;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Next()
    {
        var next = _producer.Claimed + 1;
        if (next - _bufferSize > _producer.CachedGating)
            WaitForCapacity(next - _bufferSize);

        _producer.Claimed = next;
        return next;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Next(int n)
    {
        Guard.ClaimSize(n, _bufferSize);
        var next = _producer.Claimed + n;
        if (next - _bufferSize > _producer.CachedGating)
            WaitForCapacity(next - _bufferSize);

        _producer.Claimed = next;
        return next;
    }

    /// <inheritdoc/>
    public bool TryNext(out long sequence) => TryNext(1, out sequence);

    /// <inheritdoc/>
    public bool TryNext(int n, out long sequence)
    {
        Guard.ClaimSize(n, _bufferSize);
        if (!HasAvailableCapacity(n))
        {
            sequence = default;
            return false;
        }

        sequence = _producer.Claimed += n;
        return true;
    }

    /// <inheritdoc/>
    public long GetRemainingCapacity()
    {
        // May be asked by any thread. Consumers first: they only follow the claims, so the difference cannot exceed the truth.
        var consumed = _gating.Minimum(_cursor.Value);
        var claimed = Volatile.Read(ref _producer.Claimed);
        return Math.Max(0, _bufferSize - (claimed - consumed));
    }

    /// <inheritdoc/>
    public void Claim(long sequence)
    {
        _producer.Claimed = sequence;
        _producer.CachedGating = long.MinValue; // whatever was known is void: the next claim looks again
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(long sequence)
    {
        // Release: the event is written before the cursor covers it.
        _cursor.SetValue(sequence);
        if (_isBlocking)
            _waitStrategy.SignalAllWhenBlocking();
    }

    /// <inheritdoc/>
    public void Publish(long lo, long hi) => Publish(hi);

    /// <inheritdoc/>
    public bool IsAvailable(long sequence)
    {
        var cursor = _cursor.Value;
        return sequence <= cursor && sequence > cursor - _bufferSize;
    }

    /// <inheritdoc/>
    public long GetHighestPublishedSequence(long nextSequence, long availableSequence) => availableSequence;

    /// <inheritdoc/>
    public void AddGatingSequences(params Sequence[] gatingSequences) => _gating.Add(_cursor, gatingSequences);

    /// <inheritdoc/>
    public bool RemoveGatingSequence(Sequence sequence) => _gating.Remove(sequence);

    /// <inheritdoc/>
    public long GetMinimumSequence() => _gating.Minimum(_cursor.Value);

    /// <inheritdoc/>
    public ValueEventPoller<T> NewPoller<T>(IValueDataProvider<T> provider, params Sequence[] gatingSequences)
        where T : struct
        => EventPoller.Create(provider, this, new Sequence(), _cursor, gatingSequences);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WaitForCapacity(long wrapPoint)
    {
        var spin = default(SpinWait);
        long minimum;
        while (wrapPoint > (minimum = _gating.Minimum(_cursor.Value)))
            spin.SpinOnce(sleep1Threshold: -1);

        _producer.CachedGating = minimum;
    }

    // What the producer writes at every claim, away from what the consumers read.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct ProducerState
    {
        [FieldOffset(120)]
        public long Claimed;

        [FieldOffset(128)]
        public long CachedGating;
    }
}
