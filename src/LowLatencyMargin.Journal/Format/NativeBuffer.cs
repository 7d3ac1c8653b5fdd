using System.Runtime.InteropServices;

namespace LowLatencyMargin.Journal.Format;

/// <summary>Page-aligned memory outside the collected heap.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const int PageBytes = 4096;

    internal NativeBuffer(int lengthBytes)
    {
        LengthBytes = lengthBytes;
        Pointer = (byte*)NativeMemory.AlignedAlloc((nuint)lengthBytes, PageBytes);
    }

    ~NativeBuffer() => Free();

    internal byte* Pointer { get; private set; }

    internal int LengthBytes { get; }

    internal Span<byte> Span => new(Pointer, LengthBytes);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}
