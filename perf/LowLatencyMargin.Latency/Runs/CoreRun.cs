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
    private const int LookEvery = 256;

    /// <summary>Applies a workload several times over, each time to a fresh exchange.</summary>
    /// <param name="workload">Set-up and flow.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="commands">At most so many of the flow.</param>
    /// <param name="progress">Called with the rounds done.</param>
    /// <param name="output">Where the events of each command go; null: nowhere.</param>
    /// <param name="hints">Whether commands to come are looked at (<see cref="LookAhead"/>); only where the state is large.</param>
    public static Result Run(
        Workload workload,
        int rounds,
        long commands = long.MaxValue,
        Action<int>? progress = null,
        IEventOutput? output = null,
        bool hints = true)
    {
        output ??= new CountedEvents();
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
            Apply(exchange, workload.Setup, long.MaxValue, new CountedEvents(), hints);
            GC.Collect();
            int collectionsBefore = GC.CollectionCount(0);
            long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            long start = ThreadCpu.Ns;
            Apply(exchange, workload.Flow, commands, output, hints);
            nsPerCommand[round] = (double)(ThreadCpu.Ns - start) / commands;
            if (round > 0)
            {
                allocated += GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
                collections += GC.CollectionCount(0) - collectionsBefore;
            }

            resident = Environment.WorkingSet - residentBefore;
            progress?.Invoke(round + 1);
        }

        return new Result(nsPerCommand, commands, allocated, collections) { ResidentBytes = resident };
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

    private static void Apply(Exchange exchange, CommandStream stream, long limit, IEventOutput output, bool hints)
    {
        switch (output)
        {
            case RingedEvents ringed:
                ApplyTo(exchange, stream, limit, ringed, hints);
                break;
            default:
                ApplyTo(exchange, stream, limit, (CountedEvents)output, hints);
                break;
        }
    }

    /// <summary>The core's loop: hints for the commands behind it where the state is large, as the pipeline's core thread gives them.</summary>
    private static void ApplyTo<TOutput>(Exchange exchange, CommandStream stream, long limit, TOutput output, bool hints)
        where TOutput : IEventOutput
    {
        CommandStream.Reader reader = stream.Read();
        CommandStream.Reader far = reader;
        CommandStream.Reader middle = reader;
        CommandStream.Reader near = reader;
        LookAhead ahead = exchange.LookAhead!;
        bool looks = false;
        long sequence = exchange.Sequence;
        for (long i = 0; i < limit && !reader.IsAtEnd; i++)
        {
            if (i % LookEvery == 0)
            {
                looks = hints && ahead.IsWorthwhile;
                far = middle = near = reader;
                for (int n = looks ? LookAhead.FarCommands : 0; n > 0; n--)
                {
                    Look(ahead, ref far, ref middle, ref near, n <= LookAhead.MiddleCommands, n <= LookAhead.NearCommands);
                }
            }

            if (looks)
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
    }

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
