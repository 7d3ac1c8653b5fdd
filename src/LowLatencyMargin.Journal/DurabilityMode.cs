namespace LowLatencyMargin.Journal;

/// <summary>What "durable" means, and so what an acknowledgement is worth. A third mode, replicated, takes its place here later.</summary>
public enum DurabilityMode
{
    /// <summary>
    /// Acknowledged after pwrite: survives the death of the process (kill -9), may lose the last unsynced window, about a second, on power
    /// loss or a kernel crash.
    /// </summary>
    Buffered = 0,

    /// <summary>
    /// Acknowledged after fdatasync of the group: survives power loss on a disk that is honest about flushes; does not survive the loss of
    /// the disk.
    /// </summary>
    Synced = 1,
}
