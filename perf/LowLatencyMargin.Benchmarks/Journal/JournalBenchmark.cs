using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Journal;

namespace LowLatencyMargin.Benchmarks.Journal;

/// <summary>
/// What the journal costs: nanoseconds per record in Buffered mode, records and group commits per second in Synced mode, records per second
/// of the reader on a cached file. A verb of its own, not BenchmarkDotNet: each run needs a fresh directory and long sequential state.
/// Arguments: [directory] [rounds].
/// </summary>
public static class JournalBenchmark
{
    private const int WarmUpRecords = 2_000_000;
    private const int BufferedRecords = 5_000_000;
    private const double SyncedSeconds = 3;
    private const int ReaderRecords = 5_000_000;

    public static int Run(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        string root = args.Length > 0 ? args[0] : Path.Combine(Path.GetTempPath(), "llm-journal-benchmark");
        int rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
        foreach (int batch in (int[])[16, 256, 4096])
            Print($"Buffered append+flush, 80 B, flush every {batch}", "ns/record", rounds, () => Buffered(root, batch));
        Print("Synced append, 80 B, flush polled every 64", "records/s", rounds, () => Synced(root, closedLoop: false));
        Print("Synced closed loop, 1 record per group", "us/commit", rounds, () => Synced(root, closedLoop: true));
        Print("Reader, 96 B, cached", "records/s", rounds, () => Reading(root));
        return 0;
    }

    private static void Print(string name, string unit, int rounds, Func<double> measure)
    {
        double[] results = new double[rounds];
        for (int i = 0; i < rounds; i++)
            results[i] = measure();
        Array.Sort(results);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-48} median {results[rounds / 2],14:N1} min {results[0],14:N1} max {results[^1],14:N1} {unit}"));
    }

    private static double Buffered(string root, int batch)
    {
        using var directory = new BenchmarkDirectory(root);
        using JournalWriter writer = JournalWriter.Open(new JournalOptions { Directory = directory.Path, Mode = DurabilityMode.Buffered });
        byte[] command = Command(80);
        Append(writer, command, 1, WarmUpRecords, batch);
        long started = Stopwatch.GetTimestamp();
        Append(writer, command, WarmUpRecords + 1, WarmUpRecords + BufferedRecords, batch);
        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / BufferedRecords;
    }

    private static double Synced(string root, bool closedLoop)
    {
        using var directory = new BenchmarkDirectory(root);
        using JournalWriter writer = JournalWriter.Open(new JournalOptions { Directory = directory.Path });
        byte[] command = Command(80);
        long sequence = 0;
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < SyncedSeconds)
        {
            Append(writer, command, sequence + 1, sequence + (closedLoop ? 1 : 64), 64);
            sequence = writer.AppendedSequence;
            writer.Flush();
            while (closedLoop && writer.DurableSequence < sequence)
                writer.Flush();
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        return closedLoop ? elapsed.TotalMicroseconds / sequence : writer.DurableSequence / elapsed.TotalSeconds;
    }

    private static double Reading(string root)
    {
        using var directory = new BenchmarkDirectory(root);
        using (JournalWriter writer = JournalWriter.Open(new JournalOptions { Directory = directory.Path, Mode = DurabilityMode.Buffered }))
            Append(writer, Command(96), 1, ReaderRecords, 1024);
        double best = 0;
        for (int i = 0; i < 3; i++)
        {
            using JournalReader reader = JournalReader.Open(directory.Path);
            long started = Stopwatch.GetTimestamp();
            while (reader.TryRead(out _))
            {
            }

            best = Math.Max(best, reader.CommandCount / Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return best;
    }

    private static void Append(JournalWriter writer, byte[] command, long from, long to, int batch)
    {
        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(command.AsSpan());
        for (long sequence = from; sequence <= to; sequence++)
        {
            header.Sequence = sequence;
            while (!writer.TryAppend(command))
            {
                if (writer.Fault is { } fault)
                    throw new JournalException(fault.Message);
                Thread.Yield();
            }

            if (sequence % batch == 0)
                writer.Flush();
        }
    }

    private static byte[] Command(int lengthBytes)
    {
        byte[] record = new byte[lengthBytes];
        Random.Shared.NextBytes(record);
        var header = new CommandHeader { LengthBytes = (uint)lengthBytes, Type = CommandType.PlaceOrder, Version = 1, TimeNs = 1 };
        MemoryMarshal.Write(record, in header);
        return record;
    }
}
