using System.Globalization;
using System.Runtime.InteropServices;

namespace Disruptor;

/// <summary>
/// A counter that one thread advances and others follow: the cursor of a sequencer, the progress of a consumer.
/// </summary>
/// <remarks>
/// The value has 120 bytes free on either side, so that it shares neither its cache line nor the line that the adjacent-line
/// prefetcher brings along, wherever the collector puts the object.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = PaddingBytes + sizeof(long) + PaddingBytes)]
public class Sequence
{
    /// <summary>The value of a sequence before its first event.</summary>
    public const long InitialCursorValue = -1;

    internal const int PaddingBytes = 120;

    [FieldOffset(PaddingBytes)]
    private long _value;

    /// <summary>Creates a sequence.</summary>
    /// <param name="initialValue">The value to start from.</param>
    public Sequence(long initialValue = InitialCursorValue)
    {
        // Plain: the reference to this object cannot reach another thread except through a publication of its own.
        _value = initialValue;
    }

    /// <summary>
    /// The current value. An acquire read: what the writer did before it set this value is visible after the read.
    /// </summary>
    public long Value => Volatile.Read(ref _value);

    /// <summary>
    /// Sets the value. A release write: reads and writes before it are not moved after it, so an event is complete before the
    /// cursor covers it and a slot is read before the consumer gives it back. No store-load fence.
    /// </summary>
    /// <param name="value">The new value.</param>
    public void SetValue(long value) => Volatile.Write(ref _value, value);

    /// <summary>Sets the value with a full fence: no later read is moved before the write.</summary>
    /// <param name="value">The new value.</param>
    public void SetValueVolatile(long value) => Interlocked.Exchange(ref _value, value);

    /// <summary>Sets the value if it is still the expected one. Full fence.</summary>
    /// <param name="expectedSequence">The value expected to be current.</param>
    /// <param name="nextSequence">The value to set.</param>
    /// <returns>Whether the value was set.</returns>
    public bool CompareAndSet(long expectedSequence, long nextSequence)
        => Interlocked.CompareExchange(ref _value, nextSequence, expectedSequence) == expectedSequence;

    /// <summary>The value as text.</summary>
    /// <returns>The value in invariant digits.</returns>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Adds one atomically. Full fence.</summary>
    /// <returns>The value after the addition.</returns>
    public long IncrementAndGet() => Interlocked.Increment(ref _value);

    /// <summary>Adds atomically. Full fence.</summary>
    /// <param name="value">What to add.</param>
    /// <returns>The value after the addition.</returns>
    public long AddAndGet(long value) => Interlocked.Add(ref _value, value);
}
