using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Latency.Flow;

namespace LowLatencyMargin.Latency.Runs;

/// <summary>The core alone on one thread: no ring, no journal, no clock. Thread CPU time, because the machine is shared.</summary>
internal static class CoreRun
{
    /// <summary>Applies a workload several times over, each time to a fresh exchange.</summary>
    /// <param name="workload">Set-up and flow.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="commands">At most so many of the flow.</param>
    /// <param name="progress">Called with the rounds done.</param>
    public static Result Run(Workload workload, int rounds, long commands = long.MaxValue, Action<int>? progress = null)
    {
        commands = Math.Min(commands, workload.Flow.Count);
        double[] nsPerCommand = new double[rounds];
        long allocated = 0;
        int collections = 0;
        for (int round = 0; round < rounds; round++)
        {
            using var exchange = new Exchange();
            Begin(exchange, workload.Genesis);
            Apply(exchange, workload.Setup, long.MaxValue);
            GC.Collect();
            int collectionsBefore = GC.CollectionCount(0);
            long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            long start = ThreadCpu.Ns;
            Apply(exchange, workload.Flow, commands);
            nsPerCommand[round] = (double)(ThreadCpu.Ns - start) / commands;
            if (round > 0)
            {
                allocated += GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
                collections += GC.CollectionCount(0) - collectionsBefore;
            }

            progress?.Invoke(round + 1);
        }

        return new Result(nsPerCommand, commands, allocated, collections);
    }

    private static void Begin(Exchange exchange, Genesis genesis)
    {
        genesis.Header = new CommandHeader
        {
            LengthBytes = (uint)Unsafe.SizeOf<Genesis>(),
            Type = CommandType.Genesis,
            Version = Exchange.CommandVersion,
            Sequence = 1,
        };
        ExchangeSetup.Require(exchange.Apply(MemoryMarshal.AsBytes(new ReadOnlySpan<Genesis>(in genesis))));
    }

    private static void Apply(Exchange exchange, CommandStream stream, long limit)
    {
        CommandStream.Reader reader = stream.Read();
        long sequence = exchange.Sequence;
        for (long i = 0; i < limit && !reader.IsAtEnd; i++)
        {
            Span<byte> command = reader.Next();
            ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(command);
            header.Sequence = ++sequence;
            header.TimeNs = sequence * 1000;
            exchange.Apply(command);
        }
    }

    /// <summary>CPU time of a command in each round; what the rounds after the first allocated and collected.</summary>
    internal sealed record Result(double[] NsPerCommand, long Commands, long AllocatedBytes, int Collections)
    {
        public double Median => NsPerCommand.Order().ElementAt(NsPerCommand.Length / 2);

        public double PerSecond => 1_000_000_000 / Median;

        public double Best => NsPerCommand.Min();
    }
}
