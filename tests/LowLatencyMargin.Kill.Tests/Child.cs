using System.Diagnostics;
using System.Runtime.InteropServices;
using LowLatencyMargin.KillTarget;

namespace LowLatencyMargin.Kill.Tests;

/// <summary>One life of the exchange process, and all that it said on its pipe.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;
    private readonly Thread _reader;
    private readonly Thread _errorReader;
    private readonly List<Acknowledgement> _records = [];
    private string _errors = string.Empty;
    private int _count;
    private volatile bool _isAbandoned;

    public Child(Arguments arguments)
    {
        var start = new ProcessStartInfo(Dotnet())
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, typeof(Arguments).Assembly.GetName().Name + ".dll"));
        foreach (string argument in arguments.ToArray())
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
        _errorReader = new Thread(() => _errors = _process.StandardError.ReadToEnd()) { IsBackground = true };
        _errorReader.Start();
    }

    /// <summary>Records that have come so far. Any thread.</summary>
    public int Count => Volatile.Read(ref _count);

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>What it said on its error stream; complete after <see cref="Finish"/>.</summary>
    public string Errors => _errors;

    /// <summary>Everything that it said; complete after <see cref="Finish"/>.</summary>
    public IReadOnlyList<Acknowledgement> Records => _records;

    public int Id => _process.Id;

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Asks it to stop.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Closes this end of all pipes, as the kernel does when the parent dies.</summary>
    public void Abandon()
    {
        _isAbandoned = true;
        _reader.Join();
        _process.StandardOutput.Close();
        _process.StandardInput.Close();
    }

    /// <summary>Waits for the end of the process and of its pipe.</summary>
    public void Finish(TimeSpan limit)
    {
        if (!_process.WaitForExit(limit))
        {
            _process.Kill();
            Assert.Fail($"the child did not end within {limit.TotalSeconds} s");
        }

        _reader.Join();
        _errorReader.Join();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    /// <summary>The dotnet that runs this test.</summary>
    private static string Dotnet()
    {
        // .../shared/Microsoft.NETCore.App/10.0.x/
        string runtime = RuntimeEnvironment.GetRuntimeDirectory();
        return Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", "dotnet"));
    }

    private void Read()
    {
        Stream pipe = _process.StandardOutput.BaseStream;
        byte[] buffer = new byte[1 << 16];
        int length = 0;
        int read;
        while (!_isAbandoned && (read = pipe.Read(buffer, length, buffer.Length - length)) > 0)
        {
            length += read;
            int whole = length - (length % Acknowledgement.SizeBytes);
            foreach (ref readonly Acknowledgement record in MemoryMarshal.Cast<byte, Acknowledgement>(buffer.AsSpan(0, whole)))
            {
                _records.Add(record);
            }

            // a record that the kill cut was not said
            buffer.AsSpan(whole, length - whole).CopyTo(buffer);
            length -= whole;
            Volatile.Write(ref _count, _records.Count);
        }
    }
}
