using System.Buffers.Binary;

namespace HdrHistogram.Utilities;

/// <summary>A byte array with a position at which big-endian numbers are written and read.</summary>
public sealed class ByteBuffer
{
    private readonly byte[] _bytes;

    private ByteBuffer(byte[] bytes)
    {
        _bytes = bytes;
    }

    /// <summary>Where the next number is written or read.</summary>
    public int Position { get; set; }

    internal ReadOnlySpan<byte> Unread => _bytes.AsSpan(Position);

    internal Span<byte> Unwritten => _bytes.AsSpan(Position);

    /// <summary>Creates a buffer of zeros.</summary>
    /// <param name="bufferCapacity">Its size in bytes.</param>
    /// <returns>The buffer, at position 0.</returns>
    public static ByteBuffer Allocate(int bufferCapacity) => new(new byte[bufferCapacity]);

    /// <summary>Creates a buffer with a copy of some bytes.</summary>
    /// <param name="source">The bytes.</param>
    /// <returns>The buffer, at position 0.</returns>
    public static ByteBuffer Allocate(byte[] source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new ByteBuffer(source.AsSpan().ToArray());
    }

    /// <summary>Size of the buffer.</summary>
    /// <returns>The size in bytes.</returns>
    public int Capacity() => _bytes.Length;

    /// <summary>Size of what lies beyond the position.</summary>
    /// <returns>The size in bytes.</returns>
    public int Remaining() => _bytes.Length - Position;

    /// <summary>Reads a byte.</summary>
    /// <returns>The byte.</returns>
    public byte Get() => _bytes[Position++];

    /// <summary>Reads a 32-bit number.</summary>
    /// <returns>The number.</returns>
    public int GetInt()
    {
        int value = BinaryPrimitives.ReadInt32BigEndian(_bytes.AsSpan(Position));
        Position += sizeof(int);
        return value;
    }

    /// <summary>Reads a 64-bit number.</summary>
    /// <returns>The number.</returns>
    public long GetLong()
    {
        long value = BinaryPrimitives.ReadInt64BigEndian(_bytes.AsSpan(Position));
        Position += sizeof(long);
        return value;
    }

    /// <summary>Reads a floating-point number.</summary>
    /// <returns>The number.</returns>
    public double GetDouble() => BitConverter.Int64BitsToDouble(GetLong());

    /// <summary>Writes a byte.</summary>
    /// <param name="value">The byte.</param>
    public void Put(byte value) => _bytes[Position++] = value;

    /// <summary>Writes a 32-bit number.</summary>
    /// <param name="value">The number.</param>
    public void PutInt(int value)
    {
        PutInt(Position, value);
        Position += sizeof(int);
    }

    /// <summary>Writes a 32-bit number somewhere else; the position stays.</summary>
    /// <param name="index">Where.</param>
    /// <param name="value">The number.</param>
    public void PutInt(int index, int value) => BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(index), value);

    /// <summary>Writes a 64-bit number.</summary>
    /// <param name="value">The number.</param>
    public void PutLong(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_bytes.AsSpan(Position), value);
        Position += sizeof(long);
    }

    /// <summary>Writes a floating-point number.</summary>
    /// <param name="value">The number.</param>
    public void PutDouble(double value) => PutLong(BitConverter.DoubleToInt64Bits(value));

    /// <summary>Creates a buffer on the bytes themselves.</summary>
    internal static ByteBuffer Wrap(byte[] bytes) => new(bytes);

    internal ReadOnlySpan<byte> Slice(int start, int length) => _bytes.AsSpan(start, length);
}
