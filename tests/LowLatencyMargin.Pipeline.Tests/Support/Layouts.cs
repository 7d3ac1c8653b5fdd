using LowLatencyMargin.Pipeline.Threads;

namespace LowLatencyMargin.Pipeline.Tests.Support;

/// <summary>Layouts that run on any machine, none of them pinned.</summary>
internal static class Layouts
{
    public static ThreadLayout Of(string name) => name switch
    {
        "one" => ThreadLayout.For(1),
        "two" => Two(IdlePolicy.Yield),
        _ => Four(IdlePolicy.BackOff),
    };

    public static ThreadLayout Two(IdlePolicy idle) => new(
        [
            new ThreadPlan("core", [StageKind.Core], -1, idle),
            new ThreadPlan("io", [StageKind.Gateway, StageKind.Journal, StageKind.Publish], -1, idle),
        ],
        2);

    public static ThreadLayout Four(IdlePolicy idle) => new(
        [
            new ThreadPlan("gateway", [StageKind.Gateway], -1, idle),
            new ThreadPlan("core", [StageKind.Core], -1, idle),
            new ThreadPlan("journal", [StageKind.Journal], -1, idle),
            new ThreadPlan("publish", [StageKind.Publish], -1, idle),
        ],
        2);
}
