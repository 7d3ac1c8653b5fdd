namespace LowLatencyMargin.Journal.Writing;

/// <summary>
/// Runs one job at a time away from the appender. The hand-over is one flag: while it is up the job's fields belong to this thread, while
/// it is down to the appender.
/// </summary>
internal sealed class FlushThread : IDisposable
{
    private readonly Action _work;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread? _thread;
    private volatile bool _isBusy;
    private volatile bool _isStopping;

    internal FlushThread(Action work, bool useThread)
    {
        _work = work;
        if (!useThread)
            return;
        _thread = new Thread(Run) { Name = "journal-flush", IsBackground = true };
        _thread.Start();
    }

    internal bool IsBusy => _isBusy;

    internal void Submit()
    {
        _isBusy = true;
        if (_thread is null)
        {
            _work();
            _isBusy = false;
            return;
        }

        _wake.Set();
    }

    public void Dispose()
    {
        _isStopping = true;
        _wake.Set();
        _thread?.Join();
        _wake.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _wake.WaitOne();
            if (_isBusy)
            {
                _work();
                _isBusy = false;
            }

            if (_isStopping)
                return;
        }
    }
}
