using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Latency.Flow;

namespace LowLatencyMargin.Latency.Runs;

/// <summary>The core alone on one thread: no journal, no clock, no other thread. Thread CPU time, because the machine is shared.</summary>
internal static class CoreRun
{
    /// <summary>A batch of the core thread: hints begin anew with each.</summary>
    private const int BatchCommands = 256;

    /// <summary>Applies a workload several times over, each time to a fresh exchange; events are counted.</summary>
    /// <param name="workload">Set-up and flow.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="hints">Whether commands to come are looked at (<see cref="LookAhead"/>); only where the state is large.</param>
    public static Result Run(Workload workload, int rounds, bool hints = true) =>
        Run(workload, rounds, long.MaxValue, static _ => { }, default(CountedEvents), hints);

    /// <summary>The same with another way out.</summary>
    /// <param name="workload">Set-up and flow.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="commands">At most so many of the flow.</param>
    /// <param name="progress">Called with the rounds done.</param>
    /// <param name="output">Where the events of each command go.</param>
    /// <param name="hints">Whether commands to come are looked at.</param>
    public static Result Run<TOutput>(Workload workload, int rounds, long commands, Action<int> progress, TOutput output, bool hints = true)
        where TOutput : struct, IEventOutput
    {
        commands = Math.Min(commands, workload.Flow.Count);
        double[] nsPerCommand = new double[rounds];
        long allocated = 0;
        int collections = 0;
        long resident = 0;
        for (int round = 0; round < rounds; round++)
        {
            long residentBefore = Environment.WorkingSet;
            using var exchange = new Exchange();
            Begin(exchange, workload.Genesis);
            Apply(exchange, workload.Setup, long.MaxValue, default(CountedEvents), hints);
            GC.Collect();
            int collectionsBefore = GC.CollectionCount(0);
            long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            long start = ThreadCpu.Ns;
            Apply(exchange, workload.Flow, commands, output, hints);
            nsPerCommand[round] = (double)(ThreadCpu.Ns - start) / commands;
            if (commands == workload.Flow.Count)
            {
                RequireSameEnd(exchange.State!, workload.Counts);
            }

            if (round > 0)
            {
                allocated += GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
                collections += GC.CollectionCount(0) - collectionsBefore;
            }

            resident = Environment.WorkingSet - residentBefore;
            progress(round + 1);
        }

        return new Result(nsPerCommand, commands, allocated, collections) { ResidentBytes = resident };
    }

    /// <summary>A run that ends otherwise than the flow did when it was made has measured something else.</summary>
    private static void RequireSameEnd(ExchangeState state, FlowCounts made)
    {
        if (state.RestingOrders != made.RestingOrders || state.LastTradeId < made.Trades)
        {
            throw new InvalidOperationException(
                $"the core ended with {state.RestingOrders:N0} resting orders and {state.LastTradeId:N0} trades; "
                + $"the flow has {made.RestingOrders:N0} and {made.Trades:N0}");
        }
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

    /// <summary>The core's loop, batch by batch as the pipeline's core thread takes them.</summary>
    private static void Apply<TOutput>(Exchange exchange, CommandStream stream, long limit, TOutput output, bool hints)
        where TOutput : struct, IEventOutput
    {
        CommandStream.Reader reader = stream.Read();
        LookAhead ahead = exchange.LookAhead!;
        long sequence = exchange.Sequence;
        long end = sequence + Math.Min(limit, stream.Count);
        while (sequence < end && !reader.IsAtEnd)
        {
            bool looks = hints && ahead.IsWorthwhile;
            sequence = ApplyBatch(exchange, ref reader, sequence, Math.Min(end, sequence + BatchCommands), ref output, looks ? ahead : null);
        }
    }

    /// <summary>One batch, with hints for the commands behind each where the state is large. Called often, so that it is compiled for what it does.</summary>
    /// <returns>Sequence of the last command.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long ApplyBatch<TOutput>(
        Exchange exchange, ref CommandStream.Reader next, long sequence, long end, ref TOutput output, LookAhead? ahead)
        where TOutput : struct, IEventOutput
    {
        CommandStream.Reader reader = next;
        CommandStream.Reader far = reader;
        CommandStream.Reader middle = reader;
        CommandStream.Reader near = reader;
        for (int n = ahead is not null ? LookAhead.FarCommands : 0; n > 0; n--)
        {
            Look(ahead!, ref far, ref middle, ref near, n <= LookAhead.MiddleCommands, n <= LookAhead.NearCommands);
        }

        while (sequence < end && !reader.IsAtEnd)
        {
            if (ahead is not null)
            {
                Look(ahead, ref far, ref middle, ref near, hasMiddle: true, hasNear: true);
            }

            Span<byte> command = reader.Next();
            ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(command);
            header.Sequence = ++sequence;
            header.TimeNs = sequence * 1000;
            exchange.Apply(command);
            output.Take(exchange.Events.Span);
        }

        next = reader;
        return sequence;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Look(
        LookAhead ahead,
        ref CommandStream.Reader far,
        ref CommandStream.Reader middle,
        ref CommandStream.Reader near,
        bool hasMiddle,
        bool hasNear)
    {
        if (!far.IsAtEnd)
        {
            ahead.Far(far.Next());
        }

        if (hasMiddle && !middle.IsAtEnd)
        {
            ahead.Middle(middle.Next());
        }

        if (hasNear && !near.IsAtEnd)
        {
            ahead.Near(near.Next());
        }
    }

    /// <summary>CPU time of a command in each round; what the rounds after the first allocated and collected.</summary>
    internal sealed record Result(double[] NsPerCommand, long Commands, long AllocatedBytes, int Collections)
    {
        /// <summary>What the process's memory grew by while the last exchange was set up and run.</summary>
        public long ResidentBytes { get; init; }

        public double Median => NsPerCommand.Order().ElementAt(NsPerCommand.Length / 2);

        public double PerSecond => 1_000_000_000 / Median;

        public double Best => NsPerCommand.Min();
    }
}
