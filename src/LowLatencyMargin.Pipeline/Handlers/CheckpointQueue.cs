using Disruptor;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Pipeline.Handlers;

/// <summary>The core's chain hash after a command.</summary>
internal struct Checkpoint
{
    public long Sequence;
    public Hash128 Hash;
}

/// <summary>From the core to the journal. When the journal is far behind, a checkpoint is left out: nobody waits for one.</summary>
internal sealed class CheckpointQueue
{
    private readonly ValueRingBuffer<Checkpoint> _ring = ValueRingBuffer<Checkpoint>.CreateSingleProducer(() => default, 64);
    private readonly Sequence _taken = new();

    public CheckpointQueue() => _ring.AddGatingSequences(_taken);

    public void Offer(long sequence, Hash128 hash)
    {
        if (_ring.TryNext(out long slot))
        {
            _ring[slot] = new Checkpoint { Sequence = sequence, Hash = hash };
            _ring.Publish(slot);
        }
    }

    /// <summary>The next checkpoint, if its command is not behind <paramref name="lastSequence"/>: it must not stand before it.</summary>
    public bool TryTake(long lastSequence, out Checkpoint checkpoint)
    {
        long next = _taken.Value + 1;
        checkpoint = default;
        if (next > _ring.Cursor || _ring[next].Sequence > lastSequence)
        {
            return false;
        }

        checkpoint = _ring[next];
        _taken.SetValue(next);
        return true;
    }
}
