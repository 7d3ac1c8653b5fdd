namespace Disruptor;

/// <summary>Something that has a cursor.</summary>
public interface ICursored
{
    /// <summary>The highest sequence claimed (several producers) or published (one producer).</summary>
    long Cursor { get; }
}
