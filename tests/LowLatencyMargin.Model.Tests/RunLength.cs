using System.Globalization;

namespace LowLatencyMargin.Model.Tests;

/// <summary>How many commands lockstep tests run: LLM_MODEL_COMMANDS=50000000 for those of a fixture together.</summary>
internal static class RunLength
{
    public static long Of(long byDefault)
    {
        string? text = Environment.GetEnvironmentVariable("LLM_MODEL_COMMANDS");
        return text is null ? byDefault : long.Parse(text, CultureInfo.InvariantCulture);
    }
}
