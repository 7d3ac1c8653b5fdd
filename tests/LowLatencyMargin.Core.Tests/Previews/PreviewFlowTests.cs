using System.Reflection;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Previews;

namespace LowLatencyMargin.Core.Tests.Previews;

/// <summary>Before each command of a stream of all commands its preview: nothing changes, and then all comes as it said.</summary>
[TestFixture]
internal sealed class PreviewFlowTests
{
    private const int ImageEvery = 997;

    private Preview _preview;
    private ResultCode _code;
    private EventSlot[] _events = [];
    private int _previews;

    [TestCase(1UL, 4096, 2048)]
    [TestCase(2UL, 4096, 2048)]
    [TestCase(3UL, 64, 2048)]
    [TestCase(4UL, 17, 2048)]
    [TestCase(5UL, 40, 24)]
    [Description("R-509: a preview leaves state, hash, chain, sequence and events alone, and equals what the command then does: code, events, figures.")]
    public void WhatItSaysComes(ulong seed, int work, int maxOrders)
    {
        _previews = 0;
        (TestExchange x, MixedFlow flow) = MixedFlow.Start(seed, work, maxOrders);
        using (x)
        {
            flow.HostilePerMille = 5;
            flow.Before = command => LookAhead(x, command);
            for (int i = 0; i < 20_000; i++)
            {
                _code = ResultCode.NotPreviewable;
                ResultCode code = flow.Step();
                if (_code != ResultCode.NotPreviewable)
                {
                    Compare(x, code);
                }
            }

            Assert.That(_previews, Is.GreaterThan(10_000));
        }
    }

    [Test]
    [Description("R-509: all that the state has is guarded: arrays by its undo log, everything else in a Tracked<T>, and closed by a preview.")]
    public void EverythingIsGuarded()
    {
        (TestExchange x, _) = MixedFlow.Start(seed: 1);
        using (x)
        {
            x.State.Undo.Begin();
            ComeToEachMarket(x.State);
            var image = StateImage.Of(x.State);
            x.State.Undo.Rollback();
            Assert.That(image.Count, Is.GreaterThan(300));
            Assert.That(image.Unguarded, Is.Empty);
        }
    }

    /// <summary>What stands per market is closed when a command comes to it.</summary>
    private static void ComeToEachMarket(ExchangeState state)
    {
        foreach (PropertyInfo property in typeof(ExchangeState).GetProperties())
        {
            Type type = property.PropertyType;
            if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(PerMarket<>))
            {
                continue;
            }

            // loans stand by asset, where there is a pool
            bool byAsset = property.Name == nameof(ExchangeState.LoanLimits);
            for (int market = 1; market <= (byAsset ? state.Pools.HighWater : state.Markets.HighWater); market++)
            {
                _ = type.GetProperty("Item")!.GetValue(property.GetValue(state), [market]);
            }
        }
    }

    private static ResultCode Tick(TestExchange x, long timeNs)
    {
        Tick tick = new() { Header = new CommandHeader { TimeNs = timeNs } };
        return x.Send(ref tick, CommandType.Tick);
    }

    private void LookAhead(TestExchange x, ReadOnlySpan<byte> command)
    {
        // a preview is of this moment: timers and what is left over come first
        long timeNs = MemoryMarshal.AsRef<CommandHeader>(command).TimeNs;
        do
        {
            TestExchange.Expect(ResultCode.Accepted, Tick(x, timeNs));
        }
        while (x.Exchange.NextDueNs <= timeNs);

        Exchange exchange = x.Exchange;
        Hash128 before = exchange.ComputeStateHash();
        EventSlot[] last = exchange.Events.Span.ToArray();
        StateImage? image = _previews % ImageEvery == 0 ? StateImage.Of(x.State) : null;
        long sequence = exchange.Sequence;

        _code = exchange.Preview(command, out _preview);

        _events = exchange.Events.Previewed.ToArray();
        Assert.That(exchange.ComputeStateHash(), Is.EqualTo(before), "state");
        Assert.That(exchange.Sequence, Is.EqualTo(sequence));
        Assert.That(exchange.Events.Span.SequenceEqual(last), "events of the last command");
        Assert.That(x.State.Undo.IsOn, Is.False);
        if (image is not null)
        {
            Assert.That(image.Differences(StateImage.Of(x.State)), Is.Empty);
        }

        _previews += _code == ResultCode.NotPreviewable ? 0 : 1;
    }

    private void Compare(TestExchange x, ResultCode code)
    {
        Assert.That(code, Is.EqualTo(_code));
        ReadOnlySpan<EventSlot> events = x.Exchange.Events.Span;
        Assert.That(_events, Has.Length.EqualTo(events.Length));
        for (int i = 0; i < events.Length; i++)
        {
            EventSlot expected = _events[i];
            expected.Header.CommandSequence = x.Exchange.Sequence;
            Assert.That(MemoryMarshal.AsBytes(events.Slice(i, 1)).SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<EventSlot>(in expected))));
        }

        if (_preview.Account != 0)
        {
            PreviewFigures after = PreviewFigures.Of(
                x.State, new Settlement(x.State), new MarginCheck(x.State), _preview.Account, _preview.After.Row);
            Assert.That(after, Is.EqualTo(_preview.After));
        }
    }
}
