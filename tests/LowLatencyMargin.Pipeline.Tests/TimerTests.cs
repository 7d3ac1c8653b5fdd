using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Pipeline.Tests.Support;

namespace LowLatencyMargin.Pipeline.Tests;

/// <summary>Timers of the core in a pipeline to which nobody sends anything: the sequencer wakes it with a journaled tick.</summary>
internal sealed class TimerTests
{
    [Test]
    [Description("R-1315, R-1303: the dead-man timer cancels the orders of an account that fell silent, without another command, in every layout")]
    public void ATimerRunsWithoutACommand([Values("one", "two", "four")] string layout)
    {
        using CommandFlow flow = CommandFlow.Quiet(9, 0);
        var watch = new TickWatch();
        var source = new ListSource([.. flow.Commands, Order(2), Timer(2, timeoutMs: 50)]);
        using ExchangeHost host = ExchangeHost.Open(Rig.Options(layout), Command.GenesisOf(), source, [watch.Recorder]);
        host.Pipeline.Start();
        host.Pipeline.UntilDrained(source);
        Waiting.Until(() => watch.HasSeen, "the timer's tick");
        host.Pipeline.Dispose();
        Assert.That(host.Exchange.State!.RestingOrders, Is.Zero);
        Assert.That(host.Pipeline.Ticks, Is.InRange(1, 3), "it is woken when due, not polled");
    }

    [Test]
    [Description("R-1315, R-2001: a timer that was set before a restart runs after it, without another command")]
    public void ATimerOutlivesARestart()
    {
        using CommandFlow flow = CommandFlow.Quiet(9, 0);
        using var directory = new TemporaryDirectory();
        var first = new ListSource([.. flow.Commands, Order(2), Timer(2, timeoutMs: 300)]);
        using (ExchangeHost host = ExchangeHost.Open(Rig.Options("two", Rig.Journal(directory.Path)), Command.GenesisOf(), first, [new Recorder()]))
        {
            host.Pipeline.Start();
            host.Pipeline.UntilDrained(first);
        }

        var watch = new TickWatch();
        using ExchangeHost again = ExchangeHost.Open(
            Rig.Options("two", Rig.Journal(directory.Path)), Command.GenesisOf(), new ListSource([]), [watch.Recorder]);
        Assert.That(again.Exchange.State!.RestingOrders, Is.EqualTo(1));
        again.Pipeline.Start();
        Waiting.Until(() => watch.HasSeen, "the timer's tick");
        again.Pipeline.Dispose();
        Assert.That(again.Exchange.State!.RestingOrders, Is.Zero);
    }

    private static byte[] Order(long account) => Command.Of(
        CommandType.PlaceOrder, new PlaceOrder { AccountId = account, MarketId = 1, PriceTicks = 9_000, QuantityLots = 1, Side = Side.Buy });

    private static byte[] Timer(long account, int timeoutMs) =>
        Command.Of(CommandType.CancelAllAfter, new CancelAllAfter { AccountId = account, TimeoutMs = timeoutMs });

    /// <summary>Sees ticks go by.</summary>
    private sealed class TickWatch
    {
        private int _count;

        public TickWatch() => Recorder = new Recorder
        {
            Look = slot =>
            {
                // the last event of a command is all that is shown here: that of the tick that the timer ran in
                if (slot.Header.Type == EventType.Accepted && EventSlot.As<Accepted>(in slot).Command == CommandType.Tick)
                {
                    Interlocked.Increment(ref _count);
                }
            },
        };

        public Recorder Recorder { get; }

        public bool HasSeen => Volatile.Read(ref _count) > 0;
    }
}
