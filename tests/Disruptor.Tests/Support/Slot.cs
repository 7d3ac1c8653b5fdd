using System.Runtime.InteropServices;

namespace Disruptor.Tests.Support;

/// <summary>A cache-line event whose eight words tell whether it was read whole.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct Slot
{
    public long Value;
    public long B;
    public long C;
    public long D;
    public long E;
    public long F;
    public long Producer;
    public long Check;

    /// <summary>Writes the first word first and the last word last, so that a reader in between sees the difference.</summary>
    public void Fill(long value, long producer = 0)
    {
        Value = value;
        B = value;
        C = value;
        D = value;
        E = value;
        F = value;
        Producer = producer;
        Check = ~value;
    }

    public readonly bool IsWhole => Check == ~Value && B == Value && C == Value && D == Value && E == Value && F == Value;
}
