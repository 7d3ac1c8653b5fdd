namespace Disruptor;

/// <summary>Implemented by a handler that advances its processor's sequence itself, before the batch ends.</summary>
public interface IEventProcessorSequenceAware
{
    /// <summary>Called once, before the processor starts.</summary>
    /// <param name="sequenceCallback">The processor's sequence.</param>
    void SetSequenceCallback(Sequence sequenceCallback);
}
