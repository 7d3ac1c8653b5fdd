namespace LowLatencyMargin.Pipeline.Threads;

/// <summary>A thread that polls its stages until the pipeline stops. An exception in a stage stops the pipeline: it never becomes state.</summary>
internal sealed class StageThread
{
    private readonly ThreadPlan _plan;
    private readonly IStage[] _stages;
    private readonly PipelineSignals _signals;
    private readonly Thread _thread;

    public StageThread(ThreadPlan plan, IStage[] stages, PipelineSignals signals)
    {
        _plan = plan;
        _stages = stages;
        _signals = signals;
        _thread = new Thread(Run) { Name = plan.Name, IsBackground = true };
    }

    /// <summary>Whether pinning succeeded; true when none was asked for.</summary>
    public bool IsPinned { get; private set; } = true;

    /// <summary>Bytes this thread has allocated since it began to poll.</summary>
    public long AllocatedBytes { get; private set; }

    public void Start() => _thread.Start();

    public void Join() => _thread.Join();

    private void Run()
    {
        try
        {
            if (_plan.Processor >= 0)
            {
                IsPinned = Affinity.TryPin(_plan.Processor);
            }

            Poll();
        }
        catch (Exception failure)
        {
            _signals.Fail(failure);
        }
    }

    private void Poll()
    {
        var backOff = new BackOff(_plan.Idle == IdlePolicy.BackOff ? 256 : 0, _plan.Idle == IdlePolicy.BackOff ? 1024 : int.MaxValue / 2);
        int polls = 0;
        while (!_signals.IsStopped)
        {
            bool worked = false;
            foreach (IStage stage in _stages)
            {
                worked |= stage.Poll();
            }

            if (worked)
            {
                backOff.Reset();
            }
            else if (_plan.Idle == IdlePolicy.Spin)
            {
                Thread.SpinWait(1);
            }
            else
            {
                backOff.Wait();
            }

            if ((++polls & 4095) == 0)
            {
                AllocatedBytes = GC.GetAllocatedBytesForCurrentThread();
            }
        }

        AllocatedBytes = GC.GetAllocatedBytesForCurrentThread();
    }
}
