namespace Disruptor;

/// <summary>What all handlers have in common. Every member may be left to its default.</summary>
public interface IEventHandler
{
    /// <summary>The most events in one batch; null for no limit. Read once, when the processor is created.</summary>
    int? MaxBatchSize => null;

    /// <summary>Called on the processor's thread before the first event.</summary>
    void OnStart()
    {
    }

    /// <summary>Called on the processor's thread after the last event.</summary>
    void OnShutdown()
    {
    }

    /// <summary>Called when a wait strategy with a timeout gave up waiting.</summary>
    /// <param name="sequence">The last sequence processed.</param>
    void OnTimeout(long sequence)
    {
    }
}
