namespace LowLatencyMargin.Benchmarks.Journal;

/// <summary>A fresh directory for one run, removed after it.</summary>
internal sealed class BenchmarkDirectory : IDisposable
{
    internal BenchmarkDirectory(string root)
    {
        Path = System.IO.Path.Combine(root, Guid.NewGuid().ToString("n"));
        Directory.CreateDirectory(Path);
    }

    internal string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
