using System.Collections.Concurrent;

namespace Disruptor.Tests.Support;

/// <summary>Writes down what the processor calls, and does what a test wants in between.</summary>
internal sealed class RecordingHandler : IValueEventHandler<Slot>
{
    public ConcurrentQueue<string> Calls { get; } = new();

    public ConcurrentQueue<long> Values { get; } = new();

    public ConcurrentQueue<long> BatchSizes { get; } = new();

    public Action<long>? OnEventAction { get; init; }

    public Action? OnStartAction { get; init; }

    public Action? OnShutdownAction { get; init; }

    public Action<long>? OnTimeoutAction { get; init; }

    public int? MaxBatchSize { get; init; }

    public int Timeouts;

    public void OnStart()
    {
        Calls.Enqueue("start");
        OnStartAction?.Invoke();
    }

    public void OnShutdown()
    {
        Calls.Enqueue("shutdown");
        OnShutdownAction?.Invoke();
    }

    public void OnTimeout(long sequence)
    {
        Interlocked.Increment(ref Timeouts);
        OnTimeoutAction?.Invoke(sequence);
    }

    public void OnBatchStart(long batchSize)
    {
        BatchSizes.Enqueue(batchSize);
        Calls.Enqueue($"batch {batchSize}");
    }

    public void OnEvent(ref Slot data, long sequence, bool endOfBatch)
    {
        OnEventAction?.Invoke(sequence);
        Values.Enqueue(data.Value);
        Calls.Enqueue(endOfBatch ? $"event {sequence} end" : $"event {sequence}");
    }
}
