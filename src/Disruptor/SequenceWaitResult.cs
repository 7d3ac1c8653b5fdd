using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Disruptor;

/// <summary>What a wait ended with: a sequence, or a timeout.</summary>
[SuppressMessage("Usage", "CA2231", Justification = "Upstream declares no equality operators.")]
public readonly struct SequenceWaitResult : IEquatable<SequenceWaitResult>
{
    /// <summary>The result of a wait that gave up.</summary>
    public static readonly SequenceWaitResult Timeout = new(TimeoutValue);

    // No sequence is that low, so one number tells both cases and the result travels in a register.
    private const long TimeoutValue = long.MinValue;

    /// <summary>Creates the result of a wait that succeeded.</summary>
    /// <param name="availableSequence">The highest sequence available.</param>
    public SequenceWaitResult(long availableSequence) => UnsafeAvailableSequence = availableSequence;

    /// <summary>The highest sequence available; null after a timeout.</summary>
    public long? AvailableSequence => IsTimeout ? null : UnsafeAvailableSequence;

    /// <summary>The highest sequence available; meaningless after a timeout.</summary>
    public long UnsafeAvailableSequence { get; }

    /// <summary>Whether the wait gave up.</summary>
    public bool IsTimeout => UnsafeAvailableSequence == TimeoutValue;

    /// <inheritdoc/>
    public bool Equals(SequenceWaitResult other) => UnsafeAvailableSequence == other.UnsafeAvailableSequence;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SequenceWaitResult other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => UnsafeAvailableSequence.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => IsTimeout ? nameof(Timeout) : UnsafeAvailableSequence.ToString(CultureInfo.InvariantCulture);
}
