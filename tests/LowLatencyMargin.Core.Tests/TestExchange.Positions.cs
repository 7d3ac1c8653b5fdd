using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Hedge positions and what is done with positions.</summary>
internal sealed partial class TestExchange
{
    public ResultCode PositionMode(long account, PositionMode mode)
    {
        SetPositionMode command = new() { AccountId = account, Mode = mode };
        return Send(ref command, CommandType.SetPositionMode);
    }

    /// <summary>An account with money in hedge mode; its id.</summary>
    public int Hedger(long deposit = 0, long owner = 7)
    {
        int id = Account(deposit, owner);
        Expect(ResultCode.Accepted, PositionMode(id, Commands.PositionMode.Hedge));
        return id;
    }

    /// <summary>An order of a hedge position; 0: a new one. Its id, and the position's.</summary>
    public (long Order, long Position) Hedge(
        int account, int market, Side side, long lots, long ticks, long position = 0, ModeChoice mode = ModeChoice.Any, long margin = 0)
    {
        Expect(ResultCode.Accepted, Order(Limit(account, market, side, lots, ticks), new OrderTerms
        {
            PositionId = position,
            Mode = mode,
            MarginUnits = margin,
        }));
        return (LastOrderId, Events<OrderAssigned>(EventType.OrderAssigned).Single().PositionId);
    }

    /// <summary>A hedge position opened against another account's resting order; its id.</summary>
    public long Opened(int account, int other, int market, Side side, long lots, long ticks, ModeChoice mode = ModeChoice.Any)
    {
        Expect(ResultCode.Accepted, side == Side.Buy ? Sell(other, market, lots, ticks) : Buy(other, market, lots, ticks));
        long position = Hedge(account, market, side, lots, ticks, mode: mode).Position;
        Assert.That(Of(account, market, position).AbsoluteLots, Is.EqualTo(lots), "the position that the test is about");
        return position;
    }

    public ResultCode Close(
        int account, int market, long position = 0, long lots = 0, long ticks = 0, TimeInForce timeInForce = TimeInForce.GoodTillCancel)
    {
        ClosePosition command = new()
        {
            AccountId = account,
            MarketId = market,
            PositionId = position,
            QuantityLots = lots,
            PriceTicks = ticks,
            TimeInForce = timeInForce,
        };
        return Noted(Send(ref command, CommandType.ClosePosition));
    }

    public ResultCode Split(int account, int market, long lots, long position = 0)
    {
        SplitPosition command = new() { AccountId = account, MarketId = market, PositionId = position, QuantityLots = lots };
        return Send(ref command, CommandType.SplitPosition);
    }

    public ResultCode Merge(int account, int market, long position, long other)
    {
        MergePositions command = new() { AccountId = account, MarketId = market, PositionId = position, OtherPositionId = other };
        return Send(ref command, CommandType.MergePositions);
    }

    public ResultCode Transfer(int account, int market, int to, long lots = 0, long position = 0, long toPosition = 0)
    {
        TransferPosition command = new()
        {
            AccountId = account,
            MarketId = market,
            PositionId = position,
            ToAccountId = to,
            ToPositionId = toPosition,
            QuantityLots = lots,
        };
        return Send(ref command, CommandType.TransferPosition);
    }

    /// <summary>A position by its id; nothing when there is none.</summary>
    public Position Of(int account, int market, long position) =>
        State.FindNamed(account, market, position, out int row) == ResultCode.Accepted ? State.Positions[row] : default;

    public PositionDetail DetailOf(int account, int market, long position) =>
        State.FindNamed(account, market, position, out int row) == ResultCode.Accepted ? State.PositionDetails[row] : default;

    public PositionStatus StatusOf(int account, int market, long position = 0) =>
        State.FindNamed(account, market, position, out int row) == ResultCode.Accepted ? State.StatusOf(row) : PositionStatus.None;

    /// <summary>Positions of a hedge account in a market.</summary>
    public int HedgeCount(int account, int market)
    {
        int count = 0;
        for (int row = State.FirstHedge(account, market); row != 0; row = State.NextHedge(row))
        {
            count++;
        }

        return count;
    }

    /// <summary>The record of a position that ended.</summary>
    public ClosedPosition Closed(long position)
    {
        for (int i = 1; i <= State.ClosedPositions.Count; i++)
        {
            if (State.ClosedPositions[i].PositionId == position)
            {
                return State.ClosedPositions[i];
            }
        }

        return default;
    }
}
