namespace LowLatencyMargin.Core.Memory;

/// <summary>What a <see cref="Rewindable"/> has besides rows.</summary>
/// <typeparam name="T">All of it.</typeparam>
internal struct Tracked<T>(T first)
    where T : struct
{
    /// <summary>As it stands.</summary>
    public T Now = first;

    private T _kept;

    /// <summary>Remembers how it stands.</summary>
    public void Keep() => _kept = Now;

    /// <summary>Stands again as it did.</summary>
    public void Rewind() => Now = _kept;
}
