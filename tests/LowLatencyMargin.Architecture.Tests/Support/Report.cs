namespace LowLatencyMargin.Architecture.Tests.Support;

/// <summary>Fails with everything that was found, one finding a line: NUnit's own message stops after ten.</summary>
internal static class Report
{
    /// <summary>Nothing may have been found.</summary>
    public static void AssertNone<T>(IEnumerable<T> findings)
    {
        string[] lines = [.. findings.Select(finding => $"{finding}")];
        Assert.That(lines.Length, Is.Zero, string.Join(Environment.NewLine, lines));
    }
}
