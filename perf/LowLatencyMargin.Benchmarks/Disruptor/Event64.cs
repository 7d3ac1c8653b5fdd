using System.Runtime.InteropServices;

namespace LowLatencyMargin.Benchmarks.Rings;

/// <summary>An event of one cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct Event64
{
    public long Value;
    public long B;
    public long C;
    public long D;
    public long E;
    public long F;
    public long G;
    public long H;

    /// <summary>Writes all 64 bytes, as a real message would.</summary>
    public void Fill(long value)
    {
        Value = value;
        B = value;
        C = value;
        D = value;
        E = value;
        F = value;
        G = value;
        H = value;
    }
}
