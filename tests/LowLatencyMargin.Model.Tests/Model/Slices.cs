namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Which parts of the contract the exchange of this branch has.</summary>
internal static class Slices
{
    public static readonly bool Requirements = Has("A1");
    public static readonly bool FlatRows = Has("FLAT");
    public static readonly bool Positions = Has("A2");
    public static readonly bool Rules = Has("D");

    private static bool Has(string name) => (Environment.GetEnvironmentVariable("LLM_SLICES") ?? string.Empty).Split(',').Contains(name);
}
