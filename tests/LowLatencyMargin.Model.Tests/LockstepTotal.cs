using LowLatencyMargin.Model.Tests.Lockstep;

namespace LowLatencyMargin.Model.Tests;

/// <summary>Says at the end how many random commands exchange and model agreed on, over all fixtures that ran.</summary>
[SetUpFixture]
internal sealed class LockstepTotal
{
    [OneTimeTearDown]
    public void Print() => TestContext.Progress.WriteLine($"model: {LockstepRun.CommandsCompared} random commands compared");
}
