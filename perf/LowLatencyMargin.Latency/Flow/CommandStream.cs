using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Latency.Flow;

/// <summary>Commands one after another in native memory, as the gateway would have decoded them: no sequence, no time.</summary>
internal sealed unsafe class CommandStream : IDisposable
{
    private byte* _bytes;
    private nuint _capacity;
    private nuint _length;

    public CommandStream(int expectedCommands)
    {
        _capacity = (nuint)expectedCommands * 96;
        _bytes = (byte*)NativeMemory.Alloc(_capacity);
    }

    ~CommandStream() => Release();

    public int Count { get; private set; }

    public long Bytes => (long)_length;

    public void Add<T>(ref readonly T command)
        where T : unmanaged
    {
        Add(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in command)));
    }

    public void Add(ReadOnlySpan<byte> command)
    {
        if (_length + (nuint)command.Length > _capacity)
        {
            _capacity = (_capacity * 2) + CommandHeader.MaxCommandBytes;
            _bytes = (byte*)NativeMemory.Realloc(_bytes, _capacity);
        }

        command.CopyTo(new Span<byte>(_bytes + _length, command.Length));
        _length += (nuint)command.Length;
        Count++;
    }

    public Reader Read() => new(_bytes, _bytes + _length);

    /// <summary>Takes the client's names out of all new orders: what the engine costs without looking them up.</summary>
    public void RemoveClientOrderIds()
    {
        for (Reader reader = Read(); !reader.IsAtEnd;)
        {
            Span<byte> command = reader.Next();
            if (MemoryMarshal.AsRef<CommandHeader>(command).Type == CommandType.PlaceOrder)
            {
                MemoryMarshal.AsRef<PlaceOrder>(command).ClientOrderId = 0;
            }
        }
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        NativeMemory.Free(_bytes);
        _bytes = null;
    }

    /// <summary>Walks the commands.</summary>
    internal struct Reader(byte* next, byte* end)
    {
        private byte* _next = next;

        public readonly bool IsAtEnd => _next >= end;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Span<byte> Next()
        {
            int length = (int)((CommandHeader*)_next)->LengthBytes;
            var command = new Span<byte>(_next, length);
            _next += length;
            return command;
        }
    }
}
