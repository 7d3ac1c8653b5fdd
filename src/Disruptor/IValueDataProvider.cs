namespace Disruptor;

/// <summary>Gives access to events by sequence.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public interface IValueDataProvider<T>
    where T : struct
{
    /// <summary>The slot of an event.</summary>
    /// <param name="sequence">The sequence of the event.</param>
    ref T this[long sequence] { get; }
}
