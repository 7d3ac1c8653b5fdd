using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Matching;

/// <summary>Closes positions on command, by a reduce-only order like any other .</summary>
public sealed class PositionCloses(ExchangeState state, Transfers transfers, OrderEntry orders)
{
    /// <summary>Closes all or a part of a position.</summary>
    public ResultCode Close(ref readonly ClosePosition command)
    {
        ResultCode code = transfers.CheckScope(command.AccountId, command.MarketId);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if ((command.Reserved | command.Reserved2) != 0)
        {
            return ResultCode.MalformedCommand;
        }

        int account = (int)command.AccountId;
        code = state.FindNamed(account, (int)command.MarketId, command.PositionId, out int index);
        if (code != ResultCode.Accepted || state.Positions[index].SizeLots == 0)
        {
            return code != ResultCode.Accepted ? code : ResultCode.NoPosition;
        }

        if (command.QuantityLots < 0)
        {
            return ResultCode.InvalidQuantity;
        }

        ref readonly Position position = ref state.Positions[index];
        long positionId = state.PositionDetails[index].PositionId;
        bool hedge = state.IsHedge(account);
        var order = new PlaceOrder
        {
            AccountId = command.AccountId,
            MarketId = command.MarketId,
            ClientOrderId = command.ClientOrderId,
            PriceTicks = command.PriceTicks,
            QuantityLots = command.QuantityLots == 0 ? position.AbsoluteLots : Math.Min(command.QuantityLots, position.AbsoluteLots),
            Side = position.SizeLots > 0 ? Side.Sell : Side.Buy,
            Type = command.PriceTicks == 0 ? OrderType.Market : OrderType.Limit,
            TimeInForce = command.TimeInForce,
            Flags = OrderFlags.ReduceOnly,
            MaxSlippageRate = command.MaxSlippageRate,
        };
        var terms = new OrderTerms { PositionId = hedge ? positionId : 0 };
        code = orders.Place(in order, in terms, isCounted: true);
        if (code == ResultCode.Accepted)
        {
            NoteClosing(index);
        }

        return code;
    }

    /// <summary>A position is closing when the order for all that is left of it rests .</summary>
    private void NoteClosing(int index)
    {
        ref readonly Order order = ref state.Orders[orders.PlacedOrder];
        ref Position position = ref state.Positions.Edit(index);
        if (orders.PlacedOrder != 0 && order.Position == index && order.LeavesLots == position.AbsoluteLots && (position.Guards & Guards.Closing) == 0)
        {
            position.Guards |= Guards.Closing;
            state.Touch(index);
        }
    }
}
