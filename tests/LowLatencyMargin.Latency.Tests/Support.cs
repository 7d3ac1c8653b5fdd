using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Latency.CommandLine;
using LowLatencyMargin.Latency.Flow;

namespace LowLatencyMargin.Latency.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("latency-tests-").FullName;

    public string Write(string name, string text)
    {
        string path = Path.Combine(Root, name);
        File.WriteAllText(path, text);
        return path;
    }

    public string PathOf(string name) => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

/// <summary>The program, run in this process.</summary>
internal sealed record Outcome(int Code, string Output, string Errors)
{
    /// <summary>Threads that are not pinned and do not spin: tests run beside others.</summary>
    public const string Layout = "all=gateway+core+journal+publish:backoff";

    public static Outcome Of(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        int code = Application.Run(args, output, errors);
        return new Outcome(code, output.ToString(), errors.ToString());
    }
}

internal static class Streams
{
    public static byte[] Bytes(this CommandStream stream)
    {
        using var bytes = new MemoryStream();
        CommandStream.Reader reader = stream.Read();
        while (!reader.IsAtEnd)
        {
            bytes.Write(reader.Next());
        }

        return bytes.ToArray();
    }

    public static List<T> All<T>(this CommandStream stream, CommandType type)
        where T : unmanaged
    {
        List<T> found = [];
        CommandStream.Reader reader = stream.Read();
        while (!reader.IsAtEnd)
        {
            Span<byte> command = reader.Next();
            if (MemoryMarshal.AsRef<CommandHeader>(command).Type == type)
            {
                found.Add(MemoryMarshal.Read<T>(command));
            }
        }

        return found;
    }
}
