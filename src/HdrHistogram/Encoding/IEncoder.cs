using HdrHistogram.Utilities;

namespace HdrHistogram.Encoding;

/// <summary>Turns a histogram into bytes.</summary>
public interface IEncoder
{
    internal int Encode(HistogramBase histogram, ByteBuffer buffer);
}
