using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Latency.Flow;

namespace LowLatencyMargin.Latency.Runs;

/// <summary>The core alone on one thread: no ring, no journal, no clock.</summary>
internal static class CoreRun
{
    /// <summary>Applies a set-up, then a flow several times over, each time from a fresh exchange; returns ns per command of each round.</summary>
    public static Result Run(CommandStream setup, CommandStream flow, int rounds)
    {
        double[] nsPerCommand = new double[rounds];
        long allocated = 0;
        int collections = 0;
        for (int round = 0; round < rounds; round++)
        {
            using var exchange = new Exchange();
            Apply(exchange, setup);
            GC.Collect();
            int collectionsBefore = GC.CollectionCount(0);
            long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            long start = ThreadCpu.Ns;
            Apply(exchange, flow);
            nsPerCommand[round] = (double)(ThreadCpu.Ns - start) / flow.Count;
            if (round > 0)
            {
                allocated += GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
                collections += GC.CollectionCount(0) - collectionsBefore;
            }
        }

        return new Result(nsPerCommand, allocated, collections);
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

    internal readonly record struct Result(double[] NsPerCommand, long AllocatedBytes, int Collections);
}
