namespace Disruptor.Tests.Support;

/// <summary>Keeps what the fatal handler says out of the test log.</summary>
internal sealed class SilencedConsole : IDisposable
{
    private readonly TextWriter _error = Console.Error;

    public SilencedConsole() => Console.SetError(TextWriter.Null);

    public void Dispose() => Console.SetError(_error);
}
