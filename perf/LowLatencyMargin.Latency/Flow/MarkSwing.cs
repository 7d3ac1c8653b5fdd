namespace LowLatencyMargin.Latency.Flow;

/// <summary>A mark that walks around the price, so that liquidations have something to do.</summary>
internal sealed class MarkSwing(ulong seed, int every, int widthPercent)
{
    private readonly Prng _prng = new(seed ^ 0x5EED);
    private double _offset;

    /// <summary>A mark comes every so many commands.</summary>
    public int Every { get; } = every;

    public long Next(long lastTicks)
    {
        double width = widthPercent / 100.0;
        _offset = Math.Clamp(_offset + ((_prng.Unit() - 0.5) * width / 4), -width, width);
        return Math.Max(1, (long)(lastTicks * (1 + _offset)));
    }
}
