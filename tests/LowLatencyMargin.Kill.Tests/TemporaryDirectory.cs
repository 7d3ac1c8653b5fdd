namespace LowLatencyMargin.Kill.Tests;

/// <summary>A directory for a journal, gone afterwards; kept when the test failed.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public TemporaryDirectory()
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "llm-kill-" + Guid.NewGuid().ToString("n"));
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public void Dispose()
    {
        if (TestContext.CurrentContext.Result.FailCount > 0)
        {
            TestContext.Out.WriteLine($"the journal is kept in {Path}");
            return;
        }

        Directory.Delete(Path, recursive: true);
    }
}
