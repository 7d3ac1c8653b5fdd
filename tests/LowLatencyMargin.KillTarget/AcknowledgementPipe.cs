using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Pipeline;

namespace LowLatencyMargin.KillTarget;

/// <summary>The publisher: one record per command to the pipe, written before the call returns. Hears of new orders for the load.</summary>
internal sealed class AcknowledgementPipe(Stream pipe, RestingOrders resting) : IEventConsumer
{
    private readonly List<EventSlot> _command = [];
    private Acknowledgement[] _records = new Acknowledgement[1024];
    private int _count;

    public void OnEvents(ReadOnlySpan<EventSlot> events)
    {
        foreach (ref readonly EventSlot slot in events)
        {
            _command.Add(slot);
            if (slot.Header.Type == EventType.OrderAccepted && (slot.Header.Flags & EventFlags.Immediate) == 0)
            {
                ref readonly OrderChanged order = ref EventSlot.As<OrderChanged>(in slot);
                resting.Add(order.OrderId, order.AccountId);
            }

            if ((slot.Header.Flags & EventFlags.Last) != 0)
            {
                Add(Acknowledgement.Of(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_command)));
                _command.Clear();
            }
        }

        Flush();
    }

    public void Write(Acknowledgement record)
    {
        Add(record);
        Flush();
    }

    private void Add(Acknowledgement record)
    {
        if (_count == _records.Length)
        {
            Array.Resize(ref _records, 2 * _count);
        }

        _records[_count++] = record;
    }

    private void Flush()
    {
        pipe.Write(Acknowledgement.BytesOf(_records.AsSpan(0, _count)));
        _count = 0;
    }
}
