using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Latency.Flow.Recorded;

/// <summary>
/// Plays a record into a flow, again and again until the flow is long enough. Each time orders get the ids that the exchange gives them then;
/// accounts take turns, so that nobody's position grows with every repetition; at the end of each what still rests is cancelled, and before
/// the next one accounts get back what they have lost.
/// </summary>
internal sealed class FlowPlayer
{
    private const int StepsPerMark = 100;

    private readonly FlowBuilder _flow;
    private readonly RecordedFlow _record;
    private readonly long[] _accounts;
    private readonly MarkPath _path;
    private readonly Placed[] _placed;
    private readonly long[] _deposits;
    private readonly int _commands;
    private readonly Dictionary<int, long> _marks = [];
    private int _repetition;

    public FlowPlayer(FlowBuilder flow, RecordedFlow record, long[] accounts, MarkPath path, int commands)
    {
        _flow = flow;
        _record = record;
        _accounts = accounts;
        _path = path;
        _commands = commands;
        _placed = new Placed[record.Orders];
        _deposits = [.. accounts.Select(account => flow.State.Accounts[(int)account].BalanceUnits)];
    }

    /// <summary>How often the record was played, the last time perhaps in part.</summary>
    public double Repetitions { get; private set; }

    /// <summary>Cancels and changes of orders that did not rest any more: left out.</summary>
    public long LeftOut { get; private set; }

    private double Ratio => _path.At((double)_flow.Stream.Count / _commands);

    public void Play(Action<int>? progress = null)
    {
        while (_flow.Stream.Count < _commands)
        {
            if (_repetition > 0)
            {
                CancelAll();
                TopUp();
            }

            int commandsBefore = _flow.Stream.Count;
            int steps = PlayOnce(progress);
            Repetitions += (double)steps / _record.Steps.Count;
            if (_flow.Stream.Count == commandsBefore)
            {
                break;
            }

            _repetition++;
        }
    }

    /// <summary>Plays one step.</summary>
    public void Step(in FlowStep step)
    {
        switch (step.Kind)
        {
            case StepKind.Place:
                Place(in step);
                break;
            case StepKind.Cancel when Resting(step.Key, out Placed placed):
                var cancel = new CancelOrder { AccountId = placed.Account, OrderId = placed.OrderId };
                _flow.Send(CommandType.CancelOrder, ref cancel);
                break;
            case StepKind.Modify when Resting(step.Key, out Placed placed):
                var modify = new ModifyOrder
                {
                    AccountId = placed.Account,
                    OrderId = placed.OrderId,
                    PriceTicks = step.PriceTicks == 0 ? 0 : Along(step.PriceTicks),
                    QuantityLots = step.QuantityLots,
                };
                _flow.Send(CommandType.ModifyOrder, ref modify);
                break;
            case StepKind.Mark:
                _marks[step.Market] = step.PriceTicks;
                Mark(step.Market, step.PriceTicks);
                break;
            case StepKind.Other when _repetition == 0:
                _flow.Send(_record.Others[step.Key].AsSpan());
                break;
            default:
                break;
        }
    }

    private int PlayOnce(Action<int>? progress)
    {
        Array.Clear(_placed);
        int step = 0;
        for (; step < _record.Steps.Count && _flow.Stream.Count < _commands; step++)
        {
            FlowStep next = _record.Steps[step];
            if (step % StepsPerMark == 0)
            {
                progress?.Invoke(_flow.Stream.Count);
                FollowMarks(in next);
            }

            Step(in next);
            while (_flow.Exchange.HasPendingWork)
            {
                var tick = default(Tick);
                _flow.Send(CommandType.Tick, ref tick);
            }
        }

        return step;
    }

    private void Place(in FlowStep step)
    {
        long account = _accounts[(step.Account + _repetition) % _accounts.Length];
        var order = new PlaceOrder
        {
            AccountId = account,
            MarketId = step.Market,
            ClientOrderId = ((long)_repetition * _record.Orders) + step.Key + 1,
            PriceTicks = step.PriceTicks == 0 ? 0 : Along(step.PriceTicks),
            QuantityLots = step.QuantityLots,
            MaxSlippageRate = step.MaxSlippageRate,
            Side = step.Side,
            Type = step.Type,
            TimeInForce = step.TimeInForce,
        };
        if (_flow.Send(CommandType.PlaceOrder, ref order) == ResultCode.Accepted && _flow.Events[0].Header.Type == EventType.OrderAccepted)
        {
            _placed[step.Key] = new Placed(account, EventSlot.As<OrderChanged>(in _flow.Events[0]).OrderId);
        }
    }

    /// <summary>Sets the mark to the last trade of the record; or, along a path, moves the record's own marks.</summary>
    private void FollowMarks(in FlowStep step)
    {
        if (_record.MarksFollowTrades && step.LastTicks > 0)
        {
            Mark(1, step.LastTicks);
        }
        else if (_path.Candles > 1)
        {
            for (int market = 1; market <= _flow.State.Markets.HighWater; market++)
            {
                if (!_marks.TryGetValue(market, out long ticks))
                {
                    _marks[market] = ticks = Math.Max(1, _flow.State.Markets[market].MarkTicks);
                }

                Mark(market, ticks);
            }
        }
    }

    private void Mark(int market, long ticks)
    {
        var mark = new SetMarkPrice { MarketId = market, PriceTicks = Along(ticks) };
        _flow.Send(CommandType.SetMarkPrice, ref mark);
    }

    private long Along(long ticks) => Math.Max(1, (long)Math.Round(ticks * Ratio));

    private bool Resting(int key, out Placed placed)
    {
        placed = _placed[key];
        bool rests = placed.OrderId != 0 && _flow.State.FindOrder(placed.OrderId, (int)placed.Account) != 0;
        LeftOut += rests ? 0 : 1;
        return rests;
    }

    private void CancelAll()
    {
        foreach (Placed placed in _placed)
        {
            if (placed.OrderId != 0 && _flow.State.FindOrder(placed.OrderId, (int)placed.Account) != 0)
            {
                var cancel = new CancelOrder { AccountId = placed.Account, OrderId = placed.OrderId };
                _flow.Send(CommandType.CancelOrder, ref cancel);
            }
        }
    }

    private void TopUp()
    {
        for (int i = 0; i < _accounts.Length; i++)
        {
            long missing = _deposits[i] - _flow.State.Accounts[(int)_accounts[i]].BalanceUnits;
            if (missing > 0)
            {
                var deposit = new Deposit { AccountId = _accounts[i], AssetId = 1, AmountUnits = missing };
                _flow.Send(CommandType.Deposit, ref deposit);
            }
        }
    }

    private readonly record struct Placed(long Account, long OrderId);
}
