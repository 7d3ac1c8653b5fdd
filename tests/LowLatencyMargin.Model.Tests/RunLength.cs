using System.Globalization;

namespace LowLatencyMargin.Model.Tests;

/// <summary>How long lockstep tests run, and on which random numbers.</summary>
internal static class RunLength
{
    /// <summary>LLM_MODEL_COMMANDS=50000000: commands of a fixture's runs together.</summary>
    public static long Of(long byDefault) => FromEnvironment("LLM_MODEL_COMMANDS", byDefault);

    /// <summary>The seed of a fixture's run; LLM_SEED=7 gives all runs other ones.</summary>
    public static ulong Seed(ulong fixture, int run) => ((ulong)FromEnvironment("LLM_SEED", 0) * 10_000) + fixture + (ulong)run;

    private static long FromEnvironment(string name, long byDefault)
    {
        string? text = Environment.GetEnvironmentVariable(name);
        return text is null ? byDefault : long.Parse(text, CultureInfo.InvariantCulture);
    }
}
