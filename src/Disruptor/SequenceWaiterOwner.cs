namespace Disruptor;

/// <summary>Who waits: lets a wait strategy treat one handler differently from another.</summary>
public class SequenceWaiterOwner
{
    private SequenceWaiterOwner(object? handler) => Handler = handler;

    /// <summary>An owner that is not a handler.</summary>
    public static SequenceWaiterOwner Unknown { get; } = new(null);

    /// <summary>The handler; null for <see cref="Unknown"/>.</summary>
    public object? Handler { get; }

    /// <summary>An owner that is a handler.</summary>
    /// <param name="eventHandler">The handler.</param>
    /// <returns>The owner.</returns>
    public static SequenceWaiterOwner EventHandler(IEventHandler eventHandler) => new(eventHandler);
}
