using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Disruptor.Dsl;
using Disruptor.Processing;

namespace Disruptor;

/// <summary>A ring of value-type events: the slots are the events, in one piece of memory allocated once.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public sealed partial class ValueRingBuffer<T> : RingBuffer, IValueRingBuffer<T>
    where T : struct
{
    // Room before the first and after the last slot, so that no other object shares a cache line pair with a slot.
    private const int PaddingBytes = 128;
    private const int AlignmentBytes = 128;

    private readonly T[] _entries;
    private readonly nint _firstSlotOffset;

    /// <summary>Creates a ring of zeroed events.</summary>
    /// <param name="sequencer">The sequencer.</param>
    public ValueRingBuffer(ISequencer sequencer)
        : base(sequencer)
    {
        _entries = Allocate(BufferSize, out _firstSlotOffset);
    }

    /// <summary>Creates a ring.</summary>
    /// <param name="eventFactory">Makes the initial value of each slot.</param>
    /// <param name="sequencer">The sequencer.</param>
    public ValueRingBuffer(Func<T> eventFactory, ISequencer sequencer)
        : this(sequencer)
    {
        for (var i = 0; i < BufferSize; i++)
            this[i] = eventFactory();
    }

    /// <summary>Creates a ring for several producers whose consumers block.</summary>
    /// <param name="eventFactory">Makes the initial value of each slot.</param>
    /// <param name="bufferSize">The number of slots, a power of two.</param>
    public ValueRingBuffer(Func<T> eventFactory, int bufferSize)
        : this(eventFactory, new MultiProducerSequencer(bufferSize))
    {
    }

    /// <inheritdoc/>
    public ref T this[long sequence]
    {
        // The one unchecked access: the mask keeps the index below the number of slots, and the array has that many behind the
        // first one. Checked and unaligned it costs the consumer of 64-byte events a second cache line for every event.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.AddByteOffset(
            ref MemoryMarshal.GetArrayDataReference(_entries),
            _firstSlotOffset + ((nint)((int)sequence & Mask) * Unsafe.SizeOf<T>()));
    }

    /// <summary>Creates a ring for several producers.</summary>
    /// <param name="factory">Makes the initial value of each slot.</param>
    /// <param name="bufferSize">The number of slots, a power of two.</param>
    /// <param name="waitStrategy">How consumers wait.</param>
    /// <returns>The ring.</returns>
    public static ValueRingBuffer<T> CreateMultiProducer(Func<T> factory, int bufferSize, IWaitStrategy waitStrategy)
        => new(factory, new MultiProducerSequencer(bufferSize, waitStrategy));

    /// <summary>Creates a ring for several producers whose consumers block.</summary>
    /// <param name="factory">Makes the initial value of each slot.</param>
    /// <param name="bufferSize">The number of slots, a power of two.</param>
    /// <returns>The ring.</returns>
    public static ValueRingBuffer<T> CreateMultiProducer(Func<T> factory, int bufferSize)
        => new(factory, new MultiProducerSequencer(bufferSize));

    /// <summary>Creates a ring for one producer.</summary>
    /// <param name="factory">Makes the initial value of each slot.</param>
    /// <param name="bufferSize">The number of slots, a power of two.</param>
    /// <param name="waitStrategy">How consumers wait.</param>
    /// <returns>The ring.</returns>
    public static ValueRingBuffer<T> CreateSingleProducer(Func<T> factory, int bufferSize, IWaitStrategy waitStrategy)
        => new(factory, new SingleProducerSequencer(bufferSize, waitStrategy));

    /// <summary>Creates a ring for one producer whose consumers block.</summary>
    /// <param name="factory">Makes the initial value of each slot.</param>
    /// <param name="bufferSize">The number of slots, a power of two.</param>
    /// <returns>The ring.</returns>
    public static ValueRingBuffer<T> CreateSingleProducer(Func<T> factory, int bufferSize)
        => new(factory, new SingleProducerSequencer(bufferSize));

    /// <summary>Creates a ring.</summary>
    /// <param name="producerType">One producer or several.</param>
    /// <param name="factory">Makes the initial value of each slot.</param>
    /// <param name="bufferSize">The number of slots, a power of two.</param>
    /// <param name="waitStrategy">How consumers wait.</param>
    /// <returns>The ring.</returns>
    public static ValueRingBuffer<T> Create(ProducerType producerType, Func<T> factory, int bufferSize, IWaitStrategy waitStrategy)
        => producerType switch
        {
            ProducerType.Single => CreateSingleProducer(factory, bufferSize, waitStrategy),
            ProducerType.Multi => CreateMultiProducer(factory, bufferSize, waitStrategy),
            _ => throw new ArgumentOutOfRangeException(nameof(producerType), producerType, "Unknown producer type."),
        };

    /// <summary>Claims a given sequence of a ring that nobody uses yet.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <returns>Its slot.</returns>
    public ref T ClaimAndGetPreallocated(long sequence)
    {
        Sequencer.Claim(sequence);
        return ref this[sequence];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(ValueRingBuffer<>)}<{typeof(T).Name}>({BufferSize} slots, cursor {Cursor})";

    /// <summary>Creates a poller. Its sequence is not gating until it is added with <see cref="RingBuffer.AddGatingSequences"/>.</summary>
    /// <param name="gatingSequences">The consumers that the poller must not overtake; none: the cursor.</param>
    /// <returns>The poller.</returns>
    public ValueEventPoller<T> NewPoller(params Sequence[] gatingSequences) => Sequencer.NewPoller(this, gatingSequences);

    /// <inheritdoc/>
    IValueEventProcessor<T> IValueRingBuffer<T>.CreateEventProcessor(SequenceBarrier barrier, IValueEventHandler<T> eventHandler)
        => new ValueEventProcessor<T>(this, barrier, eventHandler);

    private static T[] Allocate(int bufferSize, out nint firstSlotOffset)
    {
        var slotBytes = Unsafe.SizeOf<T>();
        var paddingSlots = (PaddingBytes + AlignmentBytes + slotBytes - 1) / slotBytes;
        var length = bufferSize + (2 * paddingSlots);
        firstSlotOffset = (nint)paddingSlots * slotBytes;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            return new T[length]; // may move, and references must stay where the collector looks for them

        // Pinned, so that the first slot can be put on a cache line pair of its own and stays there: a 64-byte event is then one
        // line. The offset need not be a whole number of slots, since bytes without references mean nothing to the collector.
        var entries = GC.AllocateArray<T>(length, pinned: true);
        unsafe
        {
            var firstSlot = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(entries)) + firstSlotOffset;
            firstSlotOffset -= firstSlot & (AlignmentBytes - 1);
        }

        return entries;
    }
}
