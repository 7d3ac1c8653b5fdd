namespace LowLatencyMargin.Cli.Tests.Rehearsal;

/// <summary>The recorded crash of February 2025, which lies beside the repository and not in it.</summary>
internal static class CrashDays
{
    internal const string Missing = "the candles are not beside the repository, in shared/data/binance-futures-1m-2025-02-crash";

    internal static readonly string[] Symbols = ["ALGOUSDT", "AVAXUSDT", "FILUSDT", "NEARUSDT"];

    internal static string? PathOf(string symbol)
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "LowLatencyMargin.sln")))
            {
                string path = Path.Combine(folder, "..", "shared", "data", "binance-futures-1m-2025-02-crash", $"{symbol}_1m_2025-02-02_to_03.csv");
                return File.Exists(path) ? path : null;
            }
        }

        return null;
    }
}
