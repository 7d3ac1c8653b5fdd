namespace LowLatencyMargin.Pipeline.Tests.Support;

/// <summary>Holds threads back while it is closed.</summary>
internal sealed class Gate
{
    private readonly object _lock = new();
    private bool _isClosed;

    public bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                return _isClosed;
            }
        }
    }

    public void Close() => Set(true);

    public void Open() => Set(false);

    public void Pass()
    {
        lock (_lock)
        {
            while (_isClosed)
            {
                Monitor.Wait(_lock);
            }
        }
    }

    private void Set(bool isClosed)
    {
        lock (_lock)
        {
            _isClosed = isClosed;
            Monitor.PulseAll(_lock);
        }
    }
}
