using LowLatencyMargin.MatchingBenchmark;

namespace LowLatencyMargin.Benchmarks.Matching;

/// <summary>
/// exchange-core's benchmark stream for a bare book, from its description: a book kept at a target size by new orders, and mostly moves of a
/// resting order towards the last price; about 12 % new, 2 % immediate, 7 % cancels, 7 % reductions, 72 % moves. A book of its own tells it what
/// trades. Its fill-or-kill orders with a budget, 1 in 1,600 commands, are immediate ones here.
/// </summary>
internal sealed class BookStream : IDisposable
{
    public const int LadderTicks = 1 << 18;

    private const int StartTicks = 200_000;
    private const int DeviationTicks = 10_000;
    private const int MinTicks = StartTicks - (5 * DeviationTicks);
    private const int MaxTicks = StartTicks + (5 * DeviationTicks);
    private const int OldestOrders = 512;
    private const int CountersRefreshed = 512;

    private readonly Random _random;
    private readonly MatchingSession _session;
    private readonly LiveTargets _live;
    private readonly Message[] _messages;
    private readonly int _target;
    private int _count;
    private int _nextId;
    private long _lastTicks = StartTicks;
    private int _direction;
    private bool _isFilled;
    private int _bids;
    private int _asks;

    private BookStream(int resting, int commands, bool isUniform, int seed)
    {
        _random = new Random(seed);
        _target = resting;
        _messages = new Message[resting + commands];
        _session = new MatchingSession(_messages.Length, LadderTicks);
        _live = new LiveTargets(_messages.Length, isUniform ? int.MaxValue : OldestOrders);
    }

    /// <summary>Makes a stream: as many new orders as shall rest, then the commands to measure.</summary>
    public static Message[] Generate(int resting, int commands, bool isUniform, int seed)
    {
        using var stream = new BookStream(resting, commands, isUniform, seed);
        for (int i = 0; i < resting; i++)
        {
            stream.PlaceResting(stream._random.Next(4) >= 2);
        }

        int refresh = Math.Min(CountersRefreshed, resting + 1);
        for (int i = 0; i < commands; i++)
        {
            if (i % refresh == 0)
            {
                stream.CountSides();
            }

            stream.Step();
        }

        return stream._messages;
    }

    public void Dispose() => _session.Dispose();

    private void CountSides() => (_bids, _asks) = (_live.Bids, _live.Asks);

    private void Step()
    {
        bool isBid = _random.Next(4) + _direction >= 2;
        int half = _target / 2;
        int lack = half - (isBid ? _bids : _asks);
        bool grow = lack > 0;
        _isFilled |= !grow;
        bool fast = !_isFilled || lack > Math.Min(512, half * 3 / 4);
        int kind = _random.Next(grow ? fast ? 2 : 10 : 40);
        if (kind < 2 || _live.Count == 0)
        {
            if (grow)
            {
                PlaceResting(_random.Next(4) + _direction >= 2);
            }
            else
            {
                Send(NewOrder(isBid, isBid ? MaxTicks : MinTicks) with { IsImmediate = 1 });
            }

            return;
        }

        int id = _live.Pick(_random);
        (long price, long leaves, bool isBidThere) = _live.Of(id);
        var message = new Message { OrderId = (ulong)id, Side = isBidThere ? (byte)0 : (byte)1 };
        Send(kind switch
        {
            2 => message with { Type = MessageType.Cancel },
            3 => message with { Type = MessageType.Reduce, QuantityLots = 1 + (uint)_random.NextInt64(leaves) },
            _ => message with { Type = MessageType.Modify, QuantityLots = (uint)leaves, PriceTicks = Moved(price) },
        });
    }

    private long Moved(long price)
    {
        double delta = (_lastTicks - price) * 0.01;
        long step = delta > 0 ? (long)Math.Ceiling(delta) : delta < 0 ? (long)Math.Floor(delta) : 1 - (2 * _random.Next(2));
        return Math.Min(price + step, MaxTicks);
    }

    private void PlaceResting(bool isBid)
    {
        double u = _random.NextDouble();
        int d = 1 + (int)(u * u * DeviationTicks);
        long sum = _random.Next(d) + _random.Next(d) + _random.Next(d) + _random.Next(d);
        long offset = Math.Abs((sum / 4 * 2) - d);
        Send(NewOrder(isBid, Math.Max(1, isBid ? _lastTicks - offset : _lastTicks + offset)));
    }

    private Message NewOrder(bool isBid, long price) => new()
    {
        Type = MessageType.New,
        OrderId = (ulong)_nextId++,
        PriceTicks = price,
        QuantityLots = (uint)(1 + (_random.Next(6) * _random.Next(6) * _random.Next(6))),
        Side = isBid ? (byte)0 : (byte)1,
    };

    private void Send(Message message)
    {
        message.Sequence = (ulong)_count;
        _messages[_count++] = message;
        var observer = new Observer(this);
        _session.Apply(in message, ref observer);
        if (observer.Instant)
        {
            CountSides();
        }
    }

    private void Observe(in Report report, ref bool isInstantLeft)
    {
        int id = (int)report.OrderId;
        switch (report.Type)
        {
            case ReportType.OrderAck when _messages[_count - 1].IsImmediate == 0:
                _live.Add(id, report.PriceTicks, report.QuantityLots, report.Side == 0);
                break;
            case ReportType.Trade:
                _live.Take((int)report.MakerId, report.QuantityLots);
                _live.Take((int)report.TakerId, report.QuantityLots);
                _lastTicks = Math.Clamp(report.PriceTicks, MinTicks, MaxTicks);
                _direction = _lastTicks == MinTicks ? 1 : _lastTicks == MaxTicks ? -1 : _direction;
                break;
            case ReportType.CancelAck when _live.Has(id):
                _live.Take(id, long.MaxValue);
                break;
            case ReportType.CancelAck:
                isInstantLeft = true;
                break;
            case ReportType.ModifyAck when _live.Has(id):
                _live.Change(id, report.PriceTicks, _messages[_count - 1]);
                break;
            default:
                break;
        }
    }

    /// <summary>Reads each report as it is written.</summary>
    private struct Observer(BookStream stream) : IReportSink
    {
        private Report _report;
        private bool _instant;

        public readonly bool Instant => _instant;

        [System.Diagnostics.CodeAnalysis.UnscopedRef]
        public ref Report Next() => ref _report;

        public void Written() => stream.Observe(in _report, ref _instant);
    }
}
