using HdrHistogram.Utilities;

namespace HdrHistogram.Encoding;

/// <summary>
/// ZigZag LEB128-64b9B: signed numbers in 1 to 9 bytes, 7 bits a byte from the lowest up, the top bit saying that more follow; the ninth
/// byte has no such bit and holds 8 bits.
/// </summary>
internal static class ZigZagLeb128
{
    public const int MaxBytes = 9;

    private const int BitsPerByte = 7;
    private const byte MoreFollow = 0x80;

    public static void Put(ByteBuffer buffer, long value)
    {
        ulong bits = (ulong)((value << 1) ^ (value >> 63));
        for (int written = 1; written < MaxBytes && bits >= MoreFollow; written++)
        {
            buffer.Put((byte)(bits | MoreFollow));
            bits >>= BitsPerByte;
        }

        buffer.Put((byte)bits);
    }

    public static long Get(ByteBuffer buffer)
    {
        ulong bits = 0;
        for (int read = 0; read < MaxBytes; read++)
        {
            byte next = buffer.Get();
            bool isLast = read == MaxBytes - 1 || next < MoreFollow;
            bits |= (ulong)(isLast ? next : next & ~MoreFollow) << (read * BitsPerByte);
            if (isLast)
            {
                break;
            }
        }

        return (long)(bits >> 1) ^ -(long)(bits & 1);
    }
}
