using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.MatchingBenchmark.Workload;

/// <summary>
/// A queue of somebody else's, as a harness in C has it: one call into native code for every report. The runtime does not let managed code stand
/// in for it, since the call leaves the thread as it is; so it is the machine code of the few lines of C that it would be.
/// </summary>
public sealed unsafe partial class ForeignQueue : IDisposable
{
    private const int ReadWrite = 3;
    private const int ReadExecute = 5;
    private const int PrivateAnonymous = 0x22;
    private const nuint PageBytes = 4096;

    private readonly NativeArray<Report> _reports;
    private readonly NativeArray<Positions> _positions = new(1);
    private readonly void* _code;

    /// <summary>An empty queue.</summary>
    /// <param name="capacity">A power of two.</param>
    public ForeignQueue(int capacity)
    {
        if (!IsSupported)
        {
            throw new PlatformNotSupportedException("the foreign queue is x64 machine code for Linux");
        }

        _reports = new NativeArray<Report>(capacity);
        _positions.Edit(0).Mask = capacity - 1;
        _positions.Edit(0).Reports = Unsafe.AsPointer(ref _reports.Edit(0));
        _code = Map(null, PageBytes, ReadWrite, PrivateAnonymous, -1, 0);
        Code.CopyTo(new Span<byte>(_code, Code.Length));
        _ = Protect(_code, PageBytes, ReadExecute);
    }

    /// <summary>Whether this machine can run it.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>int push(void* sink, const Report* report).</summary>
    public void* Push => _code;

    /// <summary>What it is to be called with.</summary>
    public void* Sink => Unsafe.AsPointer(ref _positions.Edit(0));

    // mov rax,[sink.written]; if (rax - [sink.read] > [sink.mask]) return 0; copy 64 bytes to [sink.reports] + (rax & mask) * 64;
    // [sink.written] = rax + 1; return 1
    private static ReadOnlySpan<byte> Code =>
    [
        0x48, 0x8B, 0x07, 0x48, 0x89, 0xC1, 0x48, 0x2B, 0x8F, 0x80, 0x00, 0x00, 0x00, 0x48, 0x8B, 0x97, 0x08, 0x01, 0x00, 0x00, 0x48, 0x39, 0xD1, 0x77,
        0x38, 0x48, 0x21, 0xC2, 0x48, 0xC1, 0xE2, 0x06, 0x48, 0x03, 0x97, 0x00, 0x01, 0x00, 0x00, 0x0F, 0x10, 0x06, 0x0F, 0x10, 0x4E, 0x10, 0x0F, 0x10,
        0x56, 0x20, 0x0F, 0x10, 0x5E, 0x30, 0x0F, 0x11, 0x02, 0x0F, 0x11, 0x4A, 0x10, 0x0F, 0x11, 0x52, 0x20, 0x0F, 0x11, 0x5A, 0x30, 0x48, 0xFF, 0xC0,
        0x48, 0x89, 0x07, 0xB8, 0x01, 0x00, 0x00, 0x00, 0xC3, 0x31, 0xC0, 0xC3,
    ];

    /// <summary>The reader's side: copies what was pushed, as far as there is room.</summary>
    public int Drain(Span<Report> destination)
    {
        ref Positions positions = ref _positions.Edit(0);
        int count = (int)Math.Min(Volatile.Read(ref positions.Written) - positions.Read, destination.Length);
        for (int i = 0; i < count; i++)
        {
            destination[i] = _reports[(int)((positions.Read + i) & positions.Mask)];
        }

        Volatile.Write(ref positions.Read, positions.Read + count);
        return count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = Unmap(_code, PageBytes);
        _positions.Dispose();
        _reports.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint bytes, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint bytes, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint bytes);

    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct Positions
    {
        [FieldOffset(0)]
        public long Written;

        [FieldOffset(128)]
        public long Read;

        [FieldOffset(256)]
        public void* Reports;

        [FieldOffset(264)]
        public long Mask;
    }
}
