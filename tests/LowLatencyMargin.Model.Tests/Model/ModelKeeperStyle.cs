using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Keepers that take positions over with their own capital (R-1106).</summary>
internal sealed partial class ModelExchange
{
    /// <summary>The first keeper that can take the lots of a step at the mark does; false when none can.</summary>
    private bool GoesToKeeper(ModelUnderWay way, Big lots, Outcome outcome)
    {
        foreach (ModelAccount keeper in InQueue(way))
        {
            if (keeper.Owner != way.Row.Account.Owner && !keeper.IsHedge && keeper.HasMargin && Take(way.Row, keeper, lots, outcome))
            {
                way.Taker = keeper;
                if (CommanderOf(way) is null)
                {
                    Turn(way.Row.Account, keeper);
                }

                way.Kept += lots;
                Big units = lots * way.Row.Market.Mark * way.Row.Market.TickValue;
                outcome.Told.Add(new ModelStep(way.Id, LiquidationStepKind.Keeper, lots, lots, units, EquityOf(way.Row), RequirementOf(way.Row)));
                return true;
            }
        }

        return false;
    }

    /// <summary>Who commanded a liquidation gives capital in that command only.</summary>
    private ModelAccount? CommanderOf(ModelUnderWay way) => way.StartedIn == Command ? way.Keeper : null;

    private List<ModelAccount> InQueue(ModelUnderWay way)
    {
        if (CommanderOf(way) is { } commanded)
        {
            return [commanded];
        }

        return [.. Keepers.Values.OrderByDescending(keeper => keeper.Credit + keeper.WeightAt(Now)).ThenBy(keeper => keeper.Account.Id)
            .Select(keeper => keeper.Account)];
    }

    private bool Take(ModelRow row, ModelAccount keeper, Big lots, Outcome outcome)
    {
        ModelMarket market = row.Market;
        Side side = row.Size.Sign > 0 ? Side.Buy : Side.Sell;
        ModelRow receiver = RowOf(keeper, market);
        Big units = lots * market.Mark * market.TickValue;
        var limits = new Outcome();
        CheckPositionLimits(receiver, side, lots, 0, market.Mark, limits);
        limits.Refuse(ResultCode.Overflow, Committed(market) - row.Released(lots) + units > MaxNotional);
        if (!limits.IsAccepted || IsUnderWay(receiver) || IsUnderWay(keeper))
        {
            Forget(receiver);
            return false;
        }

        FundingImage unsettled = FundingImage.Of(receiver, outcome);
        SettleFunding(receiver, outcome);
        RowImage giverBefore = RowImage.Of(row);
        RowImage before = RowImage.Of(receiver);
        Big held = receiver.PoolHold;
        long ids = _positionIds;
        Dictionary<long, ModelStatus> ended = new(outcome.Ended);
        Big profit = Close(row, lots, units, inLiquidation: true, outcome);
        Big drawn = Book(receiver, side, lots, units, out _, out bool isBelow, out bool canDraw, outcome);
        receiver.Refresh();
        if (isBelow || !canDraw || !StaysCovered(receiver, receiver.PoolHold + drawn > held))
        {
            giverBefore.Restore();
            before.Restore();
            unsettled.Restore(outcome);
            outcome.Ended.Clear();
            foreach ((long id, ModelStatus status) in ended)
            {
                outcome.Ended[id] = status;
            }

            _positionIds = ids;
            Forget(receiver);
            return false;
        }

        outcome.TransferProfit = profit;
        FollowPositions([receiver], outcome);
        return true;
    }
}
