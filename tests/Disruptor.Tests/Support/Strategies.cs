namespace Disruptor.Tests.Support;

/// <summary>Every wait strategy by name; a fresh one for each use, since blocking ones have state.</summary>
internal static class Strategies
{
    public static readonly string[] All = ["BusySpin", "Yielding", "Sleeping", "Blocking", "TimeoutBlocking"];

    /// <summary>
    /// Fewer events where spinning consumers outnumber the cores: each hand-over then takes a time slice of the scheduler.
    /// </summary>
    public static int Scaled(string name, int events) => name == "BusySpin" ? events / 20 : events;

    public static IWaitStrategy Make(string name) => name switch
    {
        "BusySpin" => new BusySpinWaitStrategy(),
        "Yielding" => new YieldingWaitStrategy(),
        "Sleeping" => new SleepingWaitStrategy(),
        "Blocking" => new BlockingWaitStrategy(),
        "TimeoutBlocking" => new TimeoutBlockingWaitStrategy(TimeSpan.FromMilliseconds(5)),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
