using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Journal;
using LowLatencyMargin.Pipeline;
using LowLatencyMargin.Pipeline.Threads;

namespace LowLatencyMargin.KillTarget;

/// <summary>
/// Recovers, says its hashes, and runs until it is killed, gets SIGTERM or its standard input ends, as it does when the parent is gone.
/// </summary>
internal static class Program
{
    private const int ExitUsage = 2;
    private const int ExitFault = 70;
    private const int MaxWorkPerCommand = 16;
    private const int DeadlineAfterInputMs = 30_000;

    private static int Main(string[] args)
    {
        if (Arguments.Parse(args) is not { } arguments)
        {
            Console.Error.WriteLine(Arguments.Usage);
            return ExitUsage;
        }

        var stop = new ManualResetEventSlim();
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Set();
        });
        new Thread(() => WatchInput(stop)) { IsBackground = true, Name = "stdin" }.Start();
        try
        {
            return Run(arguments, stop);
        }
        catch (JournalException failure)
        {
            Console.Error.WriteLine(failure.Message);
            return ExitFault;
        }
    }

    private static int Run(Arguments arguments, ManualResetEventSlim stop)
    {
        using Stream output = Console.OpenStandardOutput();
        var resting = new RestingOrders();
        var pipe = new AcknowledgementPipe(output, resting);
        var source = new LateSource();
        using ExchangeHost host = ExchangeHost.Open(OptionsOf(arguments), Genesis, source, [pipe]);
        Tell(pipe, host.Exchange, AcknowledgementKind.RecoveredChain, AcknowledgementKind.RecoveredState);
        var load = new Load(host.Exchange, arguments.Run, arguments.PerSecond, resting);
        source.Load = load;
        host.Pipeline.Start();
        while (!stop.Wait(20) && !host.Pipeline.IsStopped)
        {
        }

        load.Stop();
        while (!host.Pipeline.IsStopped && !(load.IsStopped && host.Pipeline.IsDrained))
        {
            Thread.Sleep(1);
        }

        host.Pipeline.Dispose();
        if (host.Pipeline.Failure is { } failure)
        {
            Console.Error.WriteLine(failure);
            return ExitFault;
        }

        Tell(pipe, host.Exchange, AcknowledgementKind.EndChain, AcknowledgementKind.EndState);
        return 0;
    }

    private static Genesis Genesis => new()
    {
        MaxAccounts = 64,
        MaxOrders = 1 << 14,
        MaxPositions = 128,
        MaxAssets = 2,
        MaxMarkets = 2,
        MaxWorkPerCommand = MaxWorkPerCommand,
        RecentOrders = 1 << 10,
    };

    private static PipelineOptions OptionsOf(Arguments arguments) => new()
    {
        Journal = new JournalOptions
        {
            Directory = arguments.Directory,
            Mode = arguments.Mode,
            SegmentBytes = 1 << 20,
            BatchBytes = 256 << 10,
            BackgroundSyncMs = 100,
        },
        CommandSlots = 1 << 12,
        EventSlots = 1 << 14,
        Threads = LayoutOf(arguments.Threads),
    };

    private static ThreadLayout LayoutOf(int threads) => threads switch
    {
        1 => ThreadLayout.For(1),
        2 => new ThreadLayout(
            [
                new ThreadPlan("core", [StageKind.Core], -1, IdlePolicy.Yield),
                new ThreadPlan("io", [StageKind.Gateway, StageKind.Journal, StageKind.Publish], -1, IdlePolicy.Yield),
            ],
            2),
        _ => new ThreadLayout([.. Enum.GetValues<StageKind>().Select(stage => new ThreadPlan(stage.ToString(), [stage], -1, IdlePolicy.BackOff))], 2),
    };

    private static void Tell(AcknowledgementPipe pipe, Exchange exchange, AcknowledgementKind chain, AcknowledgementKind state)
    {
        pipe.Write(Acknowledgement.Of(chain, exchange.Sequence, exchange.ChainHash));
        pipe.Write(Acknowledgement.Of(state, exchange.Sequence, exchange.ComputeStateHash()));
    }

    private static void WatchInput(ManualResetEventSlim stop)
    {
        using Stream input = Console.OpenStandardInput();
        Span<byte> buffer = stackalloc byte[16];
        while (input.Read(buffer) > 0)
        {
        }

        stop.Set();
        // no parent, no purpose: whatever hangs, this process ends
        Thread.Sleep(DeadlineAfterInputMs);
        Environment.Exit(ExitFault);
    }

    /// <summary>The load is made from what was recovered, after the host that it is a part of.</summary>
    private sealed class LateSource : ICommandSource
    {
        public Load? Load { get; set; }

        public bool Poll(CommandSequencer sequencer) => Load!.Poll(sequencer);
    }
}
