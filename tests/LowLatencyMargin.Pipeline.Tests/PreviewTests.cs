using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Journal;
using LowLatencyMargin.Pipeline.Previews;
using LowLatencyMargin.Pipeline.Tests.Support;

namespace LowLatencyMargin.Pipeline.Tests;

/// <summary>Previews of an exchange that runs.</summary>
internal sealed class PreviewTests
{
    [Test]
    [Description("R-509: previews asked for while commands stream are answered between them, and neither journal, events nor state know of them")]
    public void PreviewsLeaveNoTrace([Values("one", "two", "four")] string layout)
    {
        using CommandFlow flow = CommandFlow.Quiet(7, 3_000);
        using var with = new TemporaryDirectory();
        using var without = new TemporaryDirectory();
        Rig.BeginInFuture(Rig.Journal(with.Path));
        Rig.BeginInFuture(Rig.Journal(without.Path));
        List<EventSlot> expected = Run(without.Path, layout, flow.Commands, previews: false, out string state);
        List<EventSlot> actual = Run(with.Path, layout, flow.Commands, previews: true, out string after);
        Rig.AssertSame(actual, expected);
        Assert.That(after, Is.EqualTo(state));
        using var replayed = new Exchange();
        JournalReplay.Run(with.Path, replayed);
        Assert.That(replayed.ComputeStateHash().ToString(), Is.EqualTo(state));
    }

    [Test]
    [Description("R-509: a queue that is full says so; a command that is too long is not taken")]
    public void QueueIsBounded()
    {
        using var exchange = new Exchange();
        exchange.Apply(Command.Genesis());
        var queue = new PreviewQueue(exchange, capacity: 3);
        var requests = Enumerable.Range(0, 5).Select(_ => new PreviewRequest()).ToList();
        Assert.That(requests[0].TrySet(new byte[CommandHeader.MaxCommandBytes + 1]), Is.False);
        Assert.That(requests[0].TrySet(CommandFlow.Deposit(2, 5)));
        Assert.That(requests.Select(queue.TryAsk), Is.EqualTo(new[] { true, true, true, true, false }));
        Assert.That(requests.Select(request => request.IsAnswered), Is.EqualTo(new[] { false, false, false, false, true }));
        Assert.That(queue.Serve());
        Assert.That(queue.Serve(), Is.False);
        Assert.That(requests[0].IsAnswered);
        Assert.That(requests[0].Code, Is.EqualTo(ResultCode.UnknownAsset).Or.EqualTo(ResultCode.UnknownAccount));
        Assert.That(requests[0].EventCount, Is.EqualTo(1));
        Assert.That(requests[0].AfterSequence, Is.EqualTo(1));
        Assert.That(requests[1].Code, Is.EqualTo(ResultCode.MalformedCommand), "nothing was set");
        Assert.That(queue.TryAsk(requests[4]));
    }

    private static List<EventSlot> Run(string directory, string layout, List<byte[]> commands, bool previews, out string state)
    {
        var recorder = new Recorder();
        var source = new ListSource(commands);
        using ExchangeHost host = ExchangeHost.Open(Rig.Options(layout, Rig.Journal(directory)), Command.GenesisOf(), source, [recorder]);
        host.Pipeline.Start();
        var request = new PreviewRequest();
        int answered = 0;
        Waiting.Until(
            () =>
            {
                bool isEnough = source.IsDone && answered >= 20;
                if (previews && !isEnough && request.IsAnswered)
                {
                    answered++;
                    _ = request.TrySet(commands[answered * 31 % commands.Count]);
                    _ = host.Previews.TryAsk(request);
                }

                return host.Pipeline.IsStopped || (host.Pipeline.IsDrained && request.IsAnswered && (isEnough || (source.IsDone && !previews)));
            },
            "drained");
        Assert.That(host.Pipeline.Failure, Is.Null);
        host.Pipeline.Dispose();
        state = host.Exchange.ComputeStateHash().ToString();
        return [.. recorder.Events];
    }
}
