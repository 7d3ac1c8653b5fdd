namespace Disruptor;

/// <summary>Tells how far the events are published without a gap.</summary>
public interface IPublishedSequenceReader
{
    /// <summary>The highest sequence up to which all events from <paramref name="nextSequence"/> on are published.</summary>
    /// <param name="nextSequence">The first sequence to look at.</param>
    /// <param name="availableSequence">The last sequence to look at.</param>
    /// <returns>The highest published one, or <paramref name="nextSequence"/> - 1 if there is none.</returns>
    long GetHighestPublishedSequence(long nextSequence, long availableSequence);
}
