using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Pipeline.Tests.Support;

/// <summary>Submits orders without end, and cancels when a test wants some.</summary>
internal sealed class OrdersAndCancels : ICommandSource
{
    private const int PerPoll = 16;

    private readonly byte[] _order = Command.OfLength(96, 1);
    private readonly byte[] _cancel = Command.OfLength(48, 2, CommandType.CancelOrder);
    private long _orders;
    private long _cancels;
    private long _refusedInARow;
    private long _wantedCancels;
    private volatile bool _isStopping;
    private volatile bool _isStopped;

    public long Orders => Volatile.Read(ref _orders);

    public long Cancels => Volatile.Read(ref _cancels);

    public long RefusedInARow => Volatile.Read(ref _refusedInARow);

    public long WantedCancels
    {
        set => Volatile.Write(ref _wantedCancels, value);
    }

    public bool IsStopped => _isStopped;

    public void Stop() => _isStopping = true;

    public bool Poll(CommandSequencer sequencer)
    {
        if (_isStopping)
        {
            _isStopped = true;
            return false;
        }

        if (_cancels < Volatile.Read(ref _wantedCancels) && sequencer.TrySubmit(_cancel))
        {
            Volatile.Write(ref _cancels, _cancels + 1);
        }

        for (int i = 0; i < PerPoll; i++)
        {
            if (!sequencer.TrySubmit(_order))
            {
                Volatile.Write(ref _refusedInARow, _refusedInARow + 1);
                return i > 0;
            }

            Volatile.Write(ref _orders, _orders + 1);
            Volatile.Write(ref _refusedInARow, 0);
        }

        return true;
    }
}
