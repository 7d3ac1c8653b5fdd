using HdrHistogram.Utilities;

namespace HdrHistogram.Encoding;

/// <summary>The 40 bytes, big-endian, in front of the counts of an encoded histogram.</summary>
internal readonly record struct V2Header(
    int PayloadBytes,
    int NumberOfSignificantValueDigits,
    long LowestTrackableValue,
    long HighestTrackableValue)
{
    public const int Bytes = 40;
    public const int Cookie = CookieBase | VariableWordSize;
    public const int CompressedCookie = CompressedCookieBase | VariableWordSize;

    private const int CookieBase = 0x1c849303;
    private const int CompressedCookieBase = 0x1c849304;
    private const int VariableWordSize = 0x10;
    private const int WordSizeMask = 0xf0;
    private const int NormalizingIndexOffset = 0;
    private const double IntegerToDoubleValueConversionRatio = 1.0;

    public static bool IsCompressedCookie(int cookie) => (cookie & ~WordSizeMask) == CompressedCookieBase;

    public void Write(ByteBuffer buffer)
    {
        buffer.PutInt(Cookie);
        buffer.PutInt(PayloadBytes);
        buffer.PutInt(NormalizingIndexOffset);
        buffer.PutInt(NumberOfSignificantValueDigits);
        buffer.PutLong(LowestTrackableValue);
        buffer.PutLong(HighestTrackableValue);
        buffer.PutDouble(IntegerToDoubleValueConversionRatio);
    }

    public static V2Header Read(ByteBuffer buffer)
    {
        if (buffer.Remaining() < Bytes)
        {
            throw new ArgumentException("The buffer ends before the header of the histogram does.", nameof(buffer));
        }

        int cookie = buffer.GetInt();
        if ((cookie & ~WordSizeMask) != CookieBase)
        {
            throw new ArgumentException($"The buffer does not hold a histogram in V2 encoding: cookie 0x{cookie:x8}.", nameof(buffer));
        }

        // The offset and the ratio belong to histograms of doubles; the counts are in the order of their values all the same.
        int payloadBytes = buffer.GetInt();
        _ = buffer.GetInt();
        int digits = buffer.GetInt();
        long lowest = buffer.GetLong();
        long highest = buffer.GetLong();
        _ = buffer.GetDouble();
        return new V2Header(payloadBytes, digits, lowest, highest);
    }
}
