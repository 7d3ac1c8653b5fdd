using System.Numerics;
using System.Runtime.CompilerServices;

namespace Disruptor;

/// <summary>
/// The sequencer of a ring that several threads publish to. The cursor counts claims; which of them are published is noted slot by
/// slot, as the number of the lap, so that no note has to be taken back when the slot is used again.
/// </summary>
public sealed class MultiProducerSequencer : ISequencer
{
    // Room for a cache line pair before and after the notes.
    private const int PaddingInts = 32;

    private readonly Sequence _cursor = new();
    private readonly Sequence _cachedGating = new();
    private readonly GatingSequences _gating = new();
    private readonly IWaitStrategy _waitStrategy;
    private readonly bool _isBlocking;
    private readonly int _bufferSize;
    private readonly int _mask;
    private readonly int _lapShift;
    private readonly int[] _publishedLaps;

    /// <summary>Creates a sequencer whose consumers block.</summary>
    /// <param name="bufferSize">The number of slots, a power of two.</param>
    public MultiProducerSequencer(int bufferSize)
        : this(bufferSize, new BlockingWaitStrategy())
    {
    }

    /// <summary>Creates a sequencer.</summary>
    /// <param name="bufferSize">The number of slots, a power of two.</param>
    /// <param name="waitStrategy">How consumers wait.</param>
    public MultiProducerSequencer(int bufferSize, IWaitStrategy waitStrategy)
    {
        Guard.BufferSize(bufferSize);
        _bufferSize = bufferSize;
        _mask = bufferSize - 1;
        _lapShift = BitOperations.Log2((uint)bufferSize);
        _waitStrategy = waitStrategy;
        _isBlocking = waitStrategy.IsBlockingStrategy;
        _publishedLaps = new int[bufferSize + (2 * PaddingInts)];
        _publishedLaps.AsSpan().Fill(int.MinValue); // no lap, nor that of sequence -1
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
    public bool HasAvailableCapacity(int requiredCapacity) => HasAvailableCapacity(requiredCapacity, _cursor.Value);

    /// <inheritdoc/>
    public void Claim(long sequence)
    {
        _cursor.SetValueVolatile(sequence);
        _cachedGating.SetValueVolatile(long.MinValue); // whatever was known is void: the next claim looks again
    }

    /// <inheritdoc/>
    public long Next() => ClaimThenWait(1);

    /// <inheritdoc/>
    public long Next(int n)
    {
        Guard.ClaimSize(n, _bufferSize);
        return ClaimThenWait(n);
    }

    /// <inheritdoc/>
    public bool TryNext(out long sequence) => TryNext(1, out sequence);

    /// <inheritdoc/>
    public bool TryNext(int n, out long sequence)
    {
        Guard.ClaimSize(n, _bufferSize);
        while (true)
        {
            var current = _cursor.Value;
            if (!HasAvailableCapacity(n, current))
            {
                sequence = default;
                return false;
            }

            if (_cursor.CompareAndSet(current, current + n))
            {
                sequence = current + n;
                return true;
            }
        }
    }

    /// <inheritdoc/>
    public long GetRemainingCapacity()
    {
        // Consumers first: they only follow the claims, so the difference cannot exceed the truth.
        var consumed = _gating.Minimum(_cursor.Value);

        // Claims that still wait for room count as none left.
        return Math.Max(0, _bufferSize - (_cursor.Value - consumed));
    }

    /// <inheritdoc/>
    public void Publish(long sequence)
    {
        NotePublished(sequence);
        if (_isBlocking)
            _waitStrategy.SignalAllWhenBlocking();
    }

    /// <inheritdoc/>
    public void Publish(long lo, long hi)
    {
        for (var sequence = lo; sequence <= hi; sequence++)
            NotePublished(sequence);
        if (_isBlocking)
            _waitStrategy.SignalAllWhenBlocking();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsAvailable(long sequence)
    {
        // Acquire: pairs with the release in NotePublished, so the event is complete when its lap is seen.
        return Volatile.Read(ref _publishedLaps[NoteIndex(sequence)]) == Lap(sequence);
    }

    /// <inheritdoc/>
    public long GetHighestPublishedSequence(long lowerBound, long availableSequence)
    {
        for (var sequence = lowerBound; sequence <= availableSequence; sequence++)
        {
            if (!IsAvailable(sequence))
                return sequence - 1;
        }

        return availableSequence;
    }

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

    // One atomic addition instead of a compare-and-set loop: producers in a crowd do not make each other retry. The claim is taken
    // before there is room for it, which is why consumers go by the notes and not by the cursor.
    private long ClaimThenWait(int n)
    {
        var next = _cursor.AddAndGet(n);
        var wrapPoint = next - _bufferSize;
        if (wrapPoint > _cachedGating.Value)
            WaitForCapacity(wrapPoint, next - n);
        return next;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WaitForCapacity(long wrapPoint, long claimedBefore)
    {
        var spin = default(SpinWait);
        long minimum;
        while (wrapPoint > (minimum = _gating.Minimum(claimedBefore)))
            spin.SpinOnce(sleep1Threshold: -1);

        // Release, after the acquire read of the consumers: a producer that goes by the cached value inherits what was seen here.
        // Producers may overwrite each other with an older minimum; that costs a look, never a slot.
        _cachedGating.SetValue(minimum);
    }

    private bool HasAvailableCapacity(int requiredCapacity, long cursor)
    {
        var wrapPoint = cursor + requiredCapacity - _bufferSize;
        if (wrapPoint <= _cachedGating.Value)
            return true;

        var minimum = _gating.Minimum(cursor);
        _cachedGating.SetValue(minimum);
        return wrapPoint <= minimum;
    }

    // Release: the event is written before its lap is noted.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void NotePublished(long sequence) => Volatile.Write(ref _publishedLaps[NoteIndex(sequence)], Lap(sequence));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int NoteIndex(long sequence) => ((int)sequence & _mask) + PaddingInts;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Lap(long sequence) => (int)(sequence >> _lapShift);
}
