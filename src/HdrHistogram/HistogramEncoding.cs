using System.Buffers;
using System.IO.Compression;
using HdrHistogram.Encoding;
using HdrHistogram.Utilities;

namespace HdrHistogram;

/// <summary>Histograms as bytes, in the V2 encoding that the HdrHistogram libraries of all languages share.</summary>
public static class HistogramEncoding
{
    private const int CompressedHeaderBytes = 8;

    /// <summary>Reads a compressed histogram.</summary>
    /// <param name="buffer">Where from; the position is moved behind it.</param>
    /// <param name="minBarForHighestTrackableValue">The histogram is made to cover at least values up to this.</param>
    /// <returns>The histogram.</returns>
    /// <exception cref="ArgumentException">The buffer does not hold such a histogram, or not all of it.</exception>
    public static HistogramBase DecodeFromCompressedByteBuffer(ByteBuffer buffer, long minBarForHighestTrackableValue)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (buffer.Remaining() < CompressedHeaderBytes)
        {
            throw new ArgumentException("The buffer ends before the header of the compressed histogram does.", nameof(buffer));
        }

        int cookie = buffer.GetInt();
        if (!V2Header.IsCompressedCookie(cookie))
        {
            throw new ArgumentException($"The buffer does not hold a compressed V2 histogram: cookie 0x{cookie:x8}.", nameof(buffer));
        }

        int length = buffer.GetInt();
        if (length < 0 || length > buffer.Remaining())
        {
            throw new ArgumentException("The buffer ends before the compressed histogram does.", nameof(buffer));
        }

        using var compressed = new MemoryStream(buffer.Unread[..length].ToArray(), writable: false);
        using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
        buffer.Position += length;
        return HistogramEncoderV2.Decode(ReadToEnd(zlib), minBarForHighestTrackableValue);
    }

    /// <summary>Reads a histogram that is not compressed, or whose decompressor the caller supplies.</summary>
    /// <param name="buffer">Where from; the position is moved behind it. Not read when there is a decompressor.</param>
    /// <param name="minBarForHighestTrackableValue">The histogram is made to cover at least values up to this.</param>
    /// <param name="decompressor">Where from instead of the buffer; null for none.</param>
    /// <returns>The histogram.</returns>
    /// <exception cref="ArgumentException">The buffer does not hold such a histogram, or not all of it.</exception>
    public static HistogramBase DecodeFromByteBuffer(
        ByteBuffer buffer,
        long minBarForHighestTrackableValue,
        DeflateStream? decompressor = null)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return HistogramEncoderV2.Decode(decompressor is null ? buffer : ReadToEnd(decompressor), minBarForHighestTrackableValue);
    }

    /// <summary>Writes a histogram compressed.</summary>
    /// <param name="source">The histogram.</param>
    /// <param name="targetBuffer">Where to, from its position on.</param>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentException">The histogram does not fit.</exception>
    public static int EncodeIntoCompressedByteBuffer(this HistogramBase source, ByteBuffer targetBuffer)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(targetBuffer);
        byte[] compressed = Compress(source);
        int written = CompressedHeaderBytes + compressed.Length;
        if (written > targetBuffer.Remaining())
        {
            throw new ArgumentException($"The histogram needs {written} bytes.", nameof(targetBuffer));
        }

        targetBuffer.PutInt(V2Header.CompressedCookie);
        targetBuffer.PutInt(compressed.Length);
        compressed.CopyTo(targetBuffer.Unwritten);
        targetBuffer.Position += compressed.Length;
        return written;
    }

    /// <summary>The number that encodings of a histogram start with when they are not compressed.</summary>
    /// <param name="histogram">The histogram.</param>
    /// <returns>The cookie.</returns>
    public static int GetEncodingCookie(this HistogramBase histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        return V2Header.Cookie;
    }

    internal static string ToBase64(HistogramBase histogram)
    {
        byte[] compressed = Compress(histogram);
        ByteBuffer buffer = ByteBuffer.Allocate(CompressedHeaderBytes + compressed.Length);
        buffer.PutInt(V2Header.CompressedCookie);
        buffer.PutInt(compressed.Length);
        compressed.CopyTo(buffer.Unwritten);
        return Convert.ToBase64String(buffer.Slice(0, buffer.Capacity()));
    }

    private static byte[] Compress(HistogramBase histogram)
    {
        // Rented: the worst case of the encoding is large enough for the heap that only full collections clean up.
        byte[] scratch = ArrayPool<byte>.Shared.Rent(histogram.GetNeededByteBufferCapacity());
        using var compressed = new MemoryStream();
        try
        {
            int length = histogram.Encode(ByteBuffer.Wrap(scratch), HistogramEncoderV2.Instance);
            using var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true);
            zlib.Write(scratch, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }

        return compressed.ToArray();
    }

    private static ByteBuffer ReadToEnd(Stream stream)
    {
        using var bytes = new MemoryStream();
        try
        {
            stream.CopyTo(bytes);
        }
        catch (InvalidDataException exception)
        {
            throw new ArgumentException("The compressed histogram is damaged.", nameof(stream), exception);
        }

        return ByteBuffer.Allocate(bytes.ToArray());
    }
}
