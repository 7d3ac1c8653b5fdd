using System.Runtime.CompilerServices;

namespace Disruptor;

/// <summary>The sequences that one consumer waits for: other consumers, or the cursor if there are none.</summary>
public class DependentSequenceGroup
{
    private readonly Sequence _cursor;
    private readonly Sequence _first;
    private readonly Sequence[] _others;

    /// <summary>Creates a group.</summary>
    /// <param name="cursor">The cursor of the ring.</param>
    /// <param name="dependencies">The consumers to wait for; none: the cursor.</param>
    public DependentSequenceGroup(Sequence cursor, params Sequence[] dependencies)
    {
        _cursor = cursor;
        DependsOnCursor = dependencies.Length == 0;
        _first = DependsOnCursor ? cursor : dependencies[0];
        _others = DependsOnCursor ? [] : dependencies[1..];
    }

    /// <summary>Whether the group waits for the cursor itself.</summary>
    public bool DependsOnCursor { get; }

    /// <summary>The number of sequences waited for.</summary>
    public int DependentSequenceCount => 1 + _others.Length;

    /// <summary>The cursor of the ring.</summary>
    public long CursorValue => _cursor.Value;

    /// <summary>The lowest of the sequences waited for. Acquire reads: see <see cref="Sequence.Value"/>.</summary>
    public long Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var value = _first.Value;
            return _others.Length == 0 ? value : MinimumWithOthers(value);
        }
    }

    /// <summary>A mark for wait strategies that treat groups differently.</summary>
    public object? Tag { get; set; }

    /// <summary>Whether another group waits for the same sequences.</summary>
    /// <param name="dependentSequenceGroup">The other group.</param>
    /// <returns>Whether both wait for the same sequences, in the same order.</returns>
    public bool HasSameDependencies(DependentSequenceGroup dependentSequenceGroup)
        => ReferenceEquals(_first, dependentSequenceGroup._first) && _others.AsSpan().SequenceEqual(dependentSequenceGroup._others);

    /// <summary>Spins without ever giving the processor away: lowest latency, one core per waiter.</summary>
    /// <param name="expectedValue">The value to wait for.</param>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The value reached.</returns>
    public long AggressiveSpinWaitFor(long expectedValue, CancellationToken cancellationToken)
    {
        long value;
        while ((value = Value) < expectedValue)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // One pause: each look takes the line away from whoever writes it. Benchmark "BusySpin round trip": 5 to 10 % less.
            Thread.SpinWait(1);
        }

        return value;
    }

    /// <summary>Spins, and gives the processor away when that takes long.</summary>
    /// <param name="expectedValue">The value to wait for.</param>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The value reached.</returns>
    public long SpinWaitFor(long expectedValue, CancellationToken cancellationToken)
    {
        var spin = default(SpinWait);
        long value;
        while ((value = Value) < expectedValue)
        {
            cancellationToken.ThrowIfCancellationRequested();
            spin.SpinOnce();
        }

        return value;
    }

    private long MinimumWithOthers(long minimum)
    {
        foreach (var sequence in _others)
            minimum = Math.Min(minimum, sequence.Value);
        return minimum;
    }
}
