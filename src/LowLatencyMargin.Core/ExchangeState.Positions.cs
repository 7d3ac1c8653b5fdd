using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core;

/// <summary>
/// The rows of account and market. In hedge mode the row of a market is the head: it has the settings, and right behind it in the account's list
/// stand the rows of the market's positions.
/// </summary>
public sealed partial class ExchangeState
{
    /// <summary>The row of an account in a market, 0 when there is none; in hedge mode the head.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindPosition(int account, int market)
    {
        int first = Accounts[account].FirstPosition;
        if (first == 0 || Positions[first].Market == market)
        {
            return first;
        }

        return PositionOf.Find(PositionKey(account, market));
    }

    /// <summary>The first hedge position of an account in a market, 0 when there is none.</summary>
    public int FirstHedge(int account, int market)
    {
        int head = FindPosition(account, market);
        return head == 0 ? 0 : NextHedge(head);
    }

    /// <summary>The hedge position behind a head or hedge position, 0 when there is none.</summary>
    public int NextHedge(int index)
    {
        int next = Positions[index].Next;
        return next != 0 && Positions[next].Market == Positions[index].Market ? next : 0;
    }

    /// <summary>Open orders of all positions of an account in a market, of which a row is one; it may be 0.</summary>
    public int OpenOrders(int account, int market, int index)
    {
        if (!IsHedge(account))
        {
            return Positions[index].OpenOrders;
        }

        int orders = 0;
        for (int row = FirstHedge(account, market); row != 0; row = NextHedge(row))
        {
            orders += Positions[row].OpenOrders;
        }

        return orders;
    }

    /// <summary>Whether an account has several positions in a market.</summary>
    public bool IsHedge(int account) => (Accounts[account].Traits & AccountTraits.Hedge) != 0;

    /// <summary>The same for one market: a spot market has no positions.</summary>
    public bool IsHedge(int account, int market) => IsHedge(account) && !Markets[market].IsSpot;

    /// <summary>
    /// The row that a command means by a position id: 0 is the one there is, row 0 when there is none. The id of a one-way account is that of its open
    /// position.
    /// </summary>
    public ResultCode FindNamed(int account, int market, long positionId, out int index)
    {
        index = FindPosition(account, market);
        if (!IsHedge(account, market))
        {
            bool isOther = positionId != 0 && (Positions[index].SizeLots == 0 || PositionDetails[index].PositionId != positionId);
            return isOther ? ResultCode.UnknownPosition : ResultCode.Accepted;
        }

        int found = index == 0 ? 0 : NextHedge(index);
        index = found;
        if (positionId == 0)
        {
            return found != 0 && NextHedge(found) != 0 ? ResultCode.PositionIdMissing : ResultCode.Accepted;
        }

        while (index != 0 && PositionDetails[index].PositionId != positionId)
        {
            index = NextHedge(index);
        }

        return index == 0 ? ResultCode.UnknownPosition : ResultCode.Accepted;
    }

    /// <summary>
    /// Whose orders do not trade with an account's: its group; 0: only orders of the same row. The rows of a hedge account belong together in any
    /// case: below 0, which no group is.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long SelfTradeGroup(int account)
    {
        ref readonly Account owner = ref Accounts[account];
        return owner.GroupId != 0 || (owner.Traits & AccountTraits.Hedge) == 0 ? owner.GroupId : -1;
    }

    /// <summary>Where a position stands .</summary>
    public PositionStatus StatusOf(int index)
    {
        ref readonly Position position = ref Positions[index];
        return position.SizeLots == 0 ? (position.Guards & Guards.Hedge) != 0 ? PositionStatus.Pending : PositionStatus.None
            : (position.Guards & Guards.Closing) != 0 ? PositionStatus.Closing
            : PositionStatus.Open;
    }

    /// <summary>Whether <see cref="AddPosition"/> would find room.</summary>
    public bool HasRoomForPosition(int account, int market) =>
        HasRoomForPositions(account, market, 1) && (!Markets[market].IsSpot || HasRoomForBalances(account, market));

    /// <summary>Whether a new hedge position and, if there is none yet, its head would find room.</summary>
    public bool HasRoomForHedge(int account, int market) => HasRoomForPositions(account, market, FindPosition(account, market) == 0 ? 2 : 1);

    /// <summary>A new row of an account in a market.</summary>
    public int AddPosition(int account, int market)
    {
        int index = AllocatePosition();
        ref Account owner = ref Accounts.Edit(account);
        ref Position position = ref Positions.Edit(index);
        position.Account = account;
        position.Market = market;
        position.Next = owner.FirstPosition;
        if (owner.FirstPosition != 0)
        {
            Positions.Edit(owner.FirstPosition).Previous = index;
        }

        owner.FirstPosition = index;
        owner.Positions++;
        Markets.Edit(market).Positions++;
        PositionOf.Add(PositionKey(account, market), index);
        if (Markets[market].IsSpot)
        {
            KeepBalance(account, Markets[market].BaseAsset);
            KeepBalance(account, Markets[market].QuoteAsset);
        }

        return index;
    }

    /// <summary>A new hedge position with its id, and its head if there is none yet.</summary>
    public int AddHedge(int account, int market)
    {
        int head = FindPosition(account, market);
        head = head != 0 ? head : AddPosition(account, market);
        int index = AllocatePosition();
        ref Position first = ref Positions.Edit(head);
        ref Position position = ref Positions.Edit(index);
        position.Account = account;
        position.Market = market;
        position.Guards = Guards.Hedge | (first.Guards & Guards.Killed);
        position.Previous = head;
        position.Next = first.Next;
        if (first.Next != 0)
        {
            Positions.Edit(first.Next).Previous = index;
        }

        first.Next = index;
        Accounts.Edit(account).Positions++;
        Markets.Edit(market).Positions++;
        PositionDetails.Edit(index).PositionId = ++LastPositionId;
        return index;
    }

    /// <summary>Gives a row back if there is nothing in it: no position, order, margin or setting.</summary>
    public void RemovePositionIfEmpty(int index)
    {
        ref Position position = ref Positions.Edit(index);
        if (position.SizeLots != 0 || position.OpenOrders != 0 || PositionDetails[index].LiquidationId != 0)
        {
            return;
        }

        if ((position.Guards & Guards.Hedge) != 0)
        {
            RemoveHedge(index, ref position);
            return;
        }

        bool isSet = position.MarginUnits != 0 || position.IsIsolated != 0 || position.Leverage != 0
            || (position.Guards & (Guards.MakerProtection | Guards.Killed | Guards.Loans)) != 0;
        if (isSet || Accounts[position.Account].IsLiquidationAccount != 0 || IsHeadInUse(index))
        {
            return;
        }

        PositionOf.Remove(PositionKey(position.Account, position.Market));
        if (Markets[position.Market].IsSpot)
        {
            LeaveBalance(position.Account, Markets[position.Market].BaseAsset);
            LeaveBalance(position.Account, Markets[position.Market].QuoteAsset);
        }

        RemoveRow(index, ref position);
    }

    /// <summary>Remembers a position that ended .</summary>
    public void RememberClosed(in ClosedPosition closed)
    {
        if (ClosedPositions.Capacity == 0)
        {
            return;
        }

        int index = ClosedPositions.HasRoom ? ClosedPositions.Allocate() : 1 + (int)(ClosedCount % ClosedPositions.Capacity);
        ClosedPositions.Edit(index) = closed;
        ClosedCount++;
    }

    private int AllocatePosition()
    {
        int index = Positions.Allocate();
        Invariant.Assert(index != 0, "room for a position was checked before");
        if (index == Positions.HighWater)
        {
            // never in use before: the machine gives the page when it is first written, which is better now than in the middle of a cascade
            LiquidationProgress.Edit(index) = default;
        }

        return index;
    }

    private bool IsHeadInUse(int index) =>
        NextHedge(index) != 0 || TradingGuards[index].ShortIsIsolated != 0 || TradingGuards[index].ShortLeverage != 0;

    private bool HasRoomForPositions(int account, int market, int rows) =>
        Positions.Capacity - Positions.Count >= rows && Accounts[account].Positions + rows <= Exact.MaxPositionsPerAccount
        && Markets[market].Positions + rows <= Markets[market].MaxPositions;

    /// <summary>A hedge position goes with its last order, and takes its head along if nothing else needs it.</summary>
    private void RemoveHedge(int index, ref Position position)
    {
        if (position.MarginUnits != 0)
        {
            // its margin goes back to the pool when the command ends, and the row with it
            Touch(index);
            return;
        }

        ref readonly PositionDetail detail = ref PositionDetails[index];
        if (detail.PositionId != 0)
        {
            // it never opened: what opened and closed has told so, and has no id any more
            ref PositionChanged changed = ref Events.Add<PositionChanged>(
                EventType.PositionClosed,
                position.Market,
                position.IsIsolated != 0 ? EventFlags.Isolated : EventFlags.None,
                (byte)PositionStatus.Closed);
            changed.AccountId = position.Account;
            changed.PositionId = detail.PositionId;
            RememberClosed(ClosedPosition.Of(in position, in detail, FundingPaid[index], PositionStatus.Closed, TimeNs));
        }

        int head = FindPosition(position.Account, position.Market);
        RemoveRow(index, ref position);
        if (Positions[head].IsTouched == 0)
        {
            RemovePositionIfEmpty(head);
        }
    }

    private void ForgetLiquidation(int index)
    {
        ref LiquidationProgress progress = ref LiquidationProgress.Edit(index);
        if (progress.IsDeferred != 0)
        {
            int at = 0;
            while (_deferred[at] != index)
            {
                at++;
            }

            _deferred.Edit(at) = _deferred[--_head.Now.DeferredCount];
            _deferred.Edit(_head.Now.DeferredCount) = 0;
        }

        progress = default;
    }

    private void RemoveRow(int index, ref Position position)
    {
        ref Account owner = ref Accounts.Edit(position.Account);
        if (position.Previous != 0)
        {
            Positions.Edit(position.Previous).Next = position.Next;
        }
        else
        {
            owner.FirstPosition = position.Next;
        }

        if (position.Next != 0)
        {
            Positions.Edit(position.Next).Previous = position.Previous;
        }

        owner.Positions--;
        Markets.Edit(position.Market).Positions--;
        if (Markets[position.Market].HasFunded != 0)
        {
            FundingPaid.Edit(index) = 0;
        }

        PositionDetails.Edit(index) = default;
        TradingGuards.Edit(index) = default;
        ForgetLiquidation(index);
        Positions.Free(index);
    }
}
