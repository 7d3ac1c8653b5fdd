namespace LowLatencyMargin.Pipeline.Threads;

/// <summary>How long something has been idle, and what to do about it: spin a little, let others run, then sleep.</summary>
internal struct BackOff(int spins, int yields)
{
    private int _idle;

    /// <summary>There was work.</summary>
    public void Reset() => _idle = 0;

    /// <summary>There was none.</summary>
    public void Wait()
    {
        int idle = _idle++;
        if (idle < spins)
        {
            Thread.SpinWait(8);
        }
        else if (idle < spins + yields)
        {
            Thread.Yield();
        }
        else
        {
            _idle = spins + yields;
            Thread.Sleep(1);
        }
    }
}
