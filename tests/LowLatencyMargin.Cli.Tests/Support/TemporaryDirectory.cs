namespace LowLatencyMargin.Cli.Tests.Support;

/// <summary>A directory for one test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("llm-cli-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    internal string At(string name) => Path.Combine(_path, name);

    internal string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }
}
