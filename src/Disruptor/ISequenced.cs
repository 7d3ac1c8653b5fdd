namespace Disruptor;

/// <summary>What a producer sees of a ring: claim slots, publish them.</summary>
public interface ISequenced
{
    /// <summary>The number of slots, a power of two.</summary>
    int BufferSize { get; }

    /// <summary>Whether so many slots could be claimed now. With one producer, only that producer's thread may ask.</summary>
    /// <param name="requiredCapacity">The number of slots.</param>
    /// <returns>Whether there is room.</returns>
    bool HasAvailableCapacity(int requiredCapacity);

    /// <summary>The number of free slots, at some moment during the call.</summary>
    /// <returns>The free slots.</returns>
    long GetRemainingCapacity();

    /// <summary>Claims the next slot and waits until it is free.</summary>
    /// <returns>The sequence claimed, to be published.</returns>
    long Next();

    /// <summary>Claims <paramref name="n"/> slots and waits until they are free.</summary>
    /// <param name="n">How many, at most <see cref="BufferSize"/>.</param>
    /// <returns>The highest sequence claimed.</returns>
    long Next(int n);

    /// <summary>Claims the next slot if it is free.</summary>
    /// <param name="sequence">The sequence claimed.</param>
    /// <returns>Whether a slot was claimed.</returns>
    bool TryNext(out long sequence);

    /// <summary>Claims <paramref name="n"/> slots if they are free.</summary>
    /// <param name="n">How many.</param>
    /// <param name="sequence">The highest sequence claimed.</param>
    /// <returns>Whether the slots were claimed.</returns>
    bool TryNext(int n, out long sequence);

    /// <summary>Publishes a claimed slot: consumers may read it from now on.</summary>
    /// <param name="sequence">The sequence.</param>
    void Publish(long sequence);

    /// <summary>Publishes a range of claimed slots.</summary>
    /// <param name="lo">The first sequence.</param>
    /// <param name="hi">The last sequence.</param>
    void Publish(long lo, long hi);
}
