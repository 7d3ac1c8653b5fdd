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
    public static Result Run(Workload workload, int rounds)
    {
        double[] nsPerCommand = new double[rounds];
        long allocated = 0;
        int collections = 0;
        for (int round = 0; round < rounds; round++)
        {
            using var exchange = new Exchange();
            Begin(exchange, workload.Genesis);
            Apply(exchange, workload.Setup);
            GC.Collect();
            int collectionsBefore = GC.CollectionCount(0);
            long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            long start = ThreadCpu.Ns;
            Apply(exchange, workload.Flow);
            nsPerCommand[round] = (double)(ThreadCpu.Ns - start) / workload.Flow.Count;
            if (round > 0)
            {
                allocated += GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
                collections += GC.CollectionCount(0) - collectionsBefore;
            }
        }

        return new Result(nsPerCommand, allocated, collections);
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

    private static void Apply(Exchange exchange, CommandStream stream)
    {
        CommandStream.Reader reader = stream.Read();
        long sequence = exchange.Sequence;
        while (!reader.IsAtEnd)
        {
            Span<byte> command = reader.Next();
            ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(command);
            header.Sequence = ++sequence;
            header.TimeNs = sequence * 1000;
            exchange.Apply(command);
        }
    }

    /// <summary>CPU time of each round; what the rounds after the first allocated and collected.</summary>
    internal sealed record Result(double[] NsPerCommand, long AllocatedBytes, int Collections)
    {
        public double Median => NsPerCommand.Order().ElementAt(NsPerCommand.Length / 2);

        public double Best => NsPerCommand.Min();
    }
}
