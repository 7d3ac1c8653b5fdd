using HdrHistogram.Utilities;

namespace HdrHistogram.Encoding;

/// <summary>The V2 encoding: a header, then the counts up to the last that is not 0, runs of zeros as negative numbers.</summary>
internal sealed class HistogramEncoderV2 : IEncoder
{
    public static readonly HistogramEncoderV2 Instance = new();

    public static int NeededCapacity(int countsLength) => V2Header.Bytes + (countsLength * ZigZagLeb128.MaxBytes);

    public int Encode(HistogramBase histogram, ByteBuffer buffer)
    {
        int start = buffer.Position;
        Header(histogram, payloadBytes: 0).Write(buffer);
        PutCounts(histogram, buffer);
        int end = buffer.Position;

        buffer.Position = start;
        Header(histogram, end - start - V2Header.Bytes).Write(buffer);
        buffer.Position = end;
        return end - start;
    }

    public static HistogramBase Decode(ByteBuffer buffer, long minBarForHighestTrackableValue)
    {
        V2Header header = V2Header.Read(buffer);

        // Early versions of the C library count the header as part of the payload.
        bool countsHeader = header.PayloadBytes == buffer.Remaining() + V2Header.Bytes;
        int payloadBytes = countsHeader ? buffer.Remaining() : header.PayloadBytes;
        if (payloadBytes < 0 || payloadBytes > buffer.Remaining())
        {
            throw new ArgumentException("The buffer ends before the counts of the histogram do.", nameof(buffer));
        }

        long highest = Math.Max(header.HighestTrackableValue, minBarForHighestTrackableValue);
        var histogram = new LongHistogram(header.LowestTrackableValue, highest, header.NumberOfSignificantValueDigits);
        int end = buffer.Position + payloadBytes;
        try
        {
            GetCounts(histogram, buffer, end);
        }
        catch (IndexOutOfRangeException exception)
        {
            throw new ArgumentException("The buffer ends within a count.", nameof(buffer), exception);
        }

        return histogram;
    }

    private static V2Header Header(HistogramBase histogram, int payloadBytes) => new(
        payloadBytes,
        histogram.NumberOfSignificantValueDigits,
        histogram.LowestTrackableValue,
        histogram.HighestTrackableValue);

    private static void PutCounts(HistogramBase histogram, ByteBuffer buffer)
    {
        int limit = Math.Max(histogram.LastRecordedIndex(), 0) + 1;
        int index = 0;
        while (index < limit)
        {
            long count = histogram.CountAt(index++);
            if (count < 0)
            {
                throw new InvalidOperationException("A counter ran over: the histogram cannot be encoded.");
            }

            if (count > 0)
            {
                ZigZagLeb128.Put(buffer, count);
                continue;
            }

            int zeros = 1;
            while (index < limit && histogram.CountAt(index) == 0)
            {
                zeros++;
                index++;
            }

            ZigZagLeb128.Put(buffer, zeros == 1 ? 0 : -zeros);
        }
    }

    private static void GetCounts(LongHistogram histogram, ByteBuffer buffer, int end)
    {
        long index = 0;
        while (buffer.Position < end)
        {
            long count = ZigZagLeb128.Get(buffer);
            long next = count < 0 ? index - count : index + 1;
            if (next < index || next > histogram.CountsLength)
            {
                throw new ArgumentException("The buffer holds more counts than the histogram it describes has.", nameof(buffer));
            }

            if (count > 0)
            {
                histogram.AddAt((int)index, count);
            }

            index = next;
        }

        if (buffer.Position != end)
        {
            throw new ArgumentException("The last count goes beyond the length that the header gives.", nameof(buffer));
        }
    }
}
