using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Journal.Writing;

/// <summary>Keeps one prepared segment ready, so that beginning a segment costs a header and a rename.</summary>
internal sealed class SpareSegments : IDisposable
{
    private const int RetryMs = 1000;

    private readonly SegmentFactory _factory;
    private readonly long _segmentBytes;
    private readonly Action<JournalIoException> _onFault;
    private readonly Thread? _thread;
    private readonly object _gate = new();
    private JournalFile? _ready;
    private volatile bool _isSpaceLow;
    private bool _isStopping;

    internal SpareSegments(SegmentFactory factory, long segmentBytes, bool useThread, Action<JournalIoException> onFault)
    {
        _factory = factory;
        _segmentBytes = segmentBytes;
        _onFault = onFault;
        if (!useThread)
            return;
        _thread = new Thread(Run) { Name = "journal-spare", IsBackground = true };
        _thread.Start();
    }

    /// <summary>No spare could be made because the disk is full; tried again each second.</summary>
    internal bool IsSpaceLow => _isSpaceLow;

    /// <summary>The spare, when it is ready.</summary>
    internal JournalFile? TryTake()
    {
        if (_thread is null)
            return TryCreate();
        lock (_gate)
        {
            JournalFile? taken = _ready;
            _ready = null;
            Monitor.PulseAll(_gate);
            return taken;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.PulseAll(_gate);
        }

        _thread?.Join();
        if (_ready is null)
            return;
        _ready.Dispose();
        _factory.TryDelete(_ready.Path);
        _ready = null;
    }

    private void Run()
    {
        while (true)
        {
            lock (_gate)
            {
                while (_ready is not null && !_isStopping)
                    Monitor.Wait(_gate);
                if (_isStopping)
                    return;
            }

            JournalFile? made = TryCreate();
            lock (_gate)
            {
                _ready = made;
                Monitor.PulseAll(_gate);
                if (made is null && !_isStopping)
                    Monitor.Wait(_gate, RetryMs);
            }
        }
    }

    private JournalFile? TryCreate()
    {
        try
        {
            JournalFile file = _factory.Create(_segmentBytes);
            _isSpaceLow = false;
            return file;
        }
        catch (JournalIoException full) when (full.Errno is Errno.ENOSPC or Errno.EDQUOT)
        {
            // nothing is lost: the present segment has its room, and appending stops by itself when that is used up
            _isSpaceLow = true;
            return null;
        }
        catch (JournalIoException failed)
        {
            _onFault(failed);
            return null;
        }
    }
}
