using System.Runtime.CompilerServices;

namespace Disruptor;

/// <summary>Where one consumer waits until the events it depends on are there.</summary>
public sealed class SequenceBarrier : ICancellableBarrier, IDisposable
{
    private readonly ISequenceWaiter _waiter;

    // Null where every available sequence is a published one: a single producer, or waiting behind other consumers.
    private readonly IPublishedSequenceReader? _publishedReader;
    private CancellationTokenSource _cancellation = new();
    private CancellationTokenSource? _linked;
    private CancellationToken _linkedTo;

    /// <summary>Creates a barrier.</summary>
    /// <param name="sequencer">The sequencer of the ring.</param>
    /// <param name="sequenceWaiter">How to wait.</param>
    /// <param name="dependentSequences">What to wait for.</param>
    public SequenceBarrier(ISequencer sequencer, ISequenceWaiter sequenceWaiter, DependentSequenceGroup dependentSequences)
    {
        _waiter = sequenceWaiter;
        DependentSequences = dependentSequences;
        _publishedReader = dependentSequences.DependsOnCursor && sequencer is not SingleProducerSequencer ? sequencer : null;
    }

    /// <summary>What the barrier waits for.</summary>
    public DependentSequenceGroup DependentSequences { get; }

    /// <summary>The strategy to signal when the consumer behind this barrier has advanced; null if nobody blocks.</summary>
    internal IWaitStrategy? BlockingStrategy { get; init; }

    /// <summary>Whether <see cref="CancelProcessing"/> has been called.</summary>
    internal bool IsCancelled => Volatile.Read(ref _cancellation).IsCancellationRequested;

    /// <summary>Waits until an event can be read.</summary>
    /// <param name="sequence">The sequence of the event.</param>
    /// <param name="cancellationToken">A token of the caller's, besides <see cref="CancelProcessing"/>.</param>
    /// <returns>The highest sequence up to which all events are published, or a timeout.</returns>
    public SequenceWaitResult WaitForPublishedSequence(long sequence, CancellationToken cancellationToken = default)
    {
        var result = WaitFor(sequence, cancellationToken);
        return _publishedReader is null || result.IsTimeout ? result : WaitUntilPublished(sequence, result, cancellationToken);
    }

    /// <summary>Waits until the sequences depended on have reached a value. With several producers that means claimed.</summary>
    /// <param name="sequence">The value to wait for.</param>
    /// <param name="cancellationToken">A token of the caller's, besides <see cref="CancelProcessing"/>.</param>
    /// <returns>The highest value reached, or a timeout.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken = default)
    {
        var token = cancellationToken.CanBeCanceled ? Link(cancellationToken) : Volatile.Read(ref _cancellation).Token;

        // Also while events keep coming: a halt under load must not wait for the first idle moment.
        token.ThrowIfCancellationRequested();

        var available = DependentSequences.Value;
        return available >= sequence ? new SequenceWaitResult(available) : _waiter.WaitFor(sequence, token);
    }

    /// <inheritdoc/>
    public void CancelProcessing()
    {
        Volatile.Read(ref _cancellation).Cancel();
        _waiter.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The token sources have no timer and no wait handle: nothing to free, and a late cancel must still be harmless.
        _waiter.Dispose();
    }

    /// <summary>Lets a cancelled barrier wait again. Only while nobody waits on it.</summary>
    internal void Reset()
    {
        if (_cancellation.IsCancellationRequested)
            Volatile.Write(ref _cancellation, new CancellationTokenSource());
    }

    // A claimed slot is published within moments unless its producer lost the processor: then give ours away too.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private SequenceWaitResult WaitUntilPublished(long sequence, SequenceWaitResult claimed, CancellationToken cancellationToken)
    {
        var spin = default(SpinWait);
        while (true)
        {
            var published = _publishedReader!.GetHighestPublishedSequence(sequence, claimed.UnsafeAvailableSequence);
            if (published >= sequence)
                return new SequenceWaitResult(published);

            spin.SpinOnce(sleep1Threshold: -1);
            claimed = WaitFor(sequence, cancellationToken);
        }
    }

    // Allocates once per token of the caller's, not once per wait.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private CancellationToken Link(CancellationToken cancellationToken)
    {
        if (_linked is null || _linkedTo != cancellationToken)
        {
            _linkedTo = cancellationToken;
            _linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cancellation.Token);
        }

        return _linked.Token;
    }
}
