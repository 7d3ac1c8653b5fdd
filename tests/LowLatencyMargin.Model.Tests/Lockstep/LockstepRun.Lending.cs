using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Commands of lending.</summary>
internal sealed partial class LockstepRun
{
    private static Outcome? ApplyLending() => null;
}
