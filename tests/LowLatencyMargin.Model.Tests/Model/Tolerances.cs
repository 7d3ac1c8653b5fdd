namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Faults of the exchange that are known and not yet mended; LLM_TOLERATE names those to live with.</summary>
internal static class Tolerances
{

    public static readonly bool FlipDraw = Has("flip-draw");
    public static readonly bool StaleDraw = Has("stale-draw");

    public static readonly bool PortfolioCopy = Has("portfolio-copy");


    public static readonly bool FlatRelease = Has("flat-release");

    public static readonly bool StaleSpotHold = Has("stale-spot-hold");

    public static readonly bool TierEdge = Has("tier-edge");

    private static bool Has(string name) => (Environment.GetEnvironmentVariable("LLM_TOLERATE") ?? string.Empty).Split(',').Contains(name);
}
