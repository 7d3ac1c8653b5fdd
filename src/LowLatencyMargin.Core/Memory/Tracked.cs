using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace LowLatencyMargin.Core.Memory;

/// <summary>The head of a <see cref="Rewindable"/>: read and written apart, like a row.</summary>
/// <typeparam name="T">What it holds.</typeparam>
internal struct Tracked<T>(T first)
    where T : struct
{
    private T _now = first;
    private T _kept;

    /// <summary>To read.</summary>
    [UnscopedRef]
    public readonly ref readonly T Now
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _now;
    }

    /// <summary>To change.</summary>
    [UnscopedRef]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Edit(Rewindable owner)
    {
        owner.BeforeChange();
        return ref _now;
    }

    /// <summary>Remembers how it stands.</summary>
    public void Keep() => _kept = _now;

    /// <summary>Stands again as it did.</summary>
    public void Rewind() => _now = _kept;
}
