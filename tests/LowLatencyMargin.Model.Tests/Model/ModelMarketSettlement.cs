using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>A position closed at its market's last price.</summary>
internal sealed record ModelSettled(long Account, long Market, long Position, Big Size, long Price, Big Cost, Big Profit);

/// <summary>A market that has no positions any more.</summary>
internal sealed record ModelMarketEnd(long Market, long Price, long Positions, Big Lots);

/// <summary>When a market is to be settled; 0: no more.</summary>
internal sealed record ModelDeadline(long Market, long DueNs);

/// <summary>A change of a market's state by its settlement.</summary>
internal sealed record ModelStateChange(long Market, MarketState Before, MarketState After);

/// <summary>How far a market is on its way out.</summary>
internal sealed partial class ModelMarket
{
    public long? SettlesNs { get; set; }

    /// <summary>When the timer of the deadline was set, counted over all timers.</summary>
    public long SettlesSet { get; set; }

    public bool IsBeingSettled => State == MarketState.Settling;

    /// <summary>Whether an order is taken (R-1402).</summary>
    public bool Takes(bool reducesOnly) => State == MarketState.Open || (reducesOnly && State is MarketState.ReduceOnly or MarketState.PriceStale);
}

/// <summary>Markets that close for good (R-2101), after docs/matching.md.</summary>
internal sealed partial class ModelExchange
{
    /// <summary>Which of a market's positions comes first is the exchange's business.</summary>
    public Func<ModelRow, int> PlaceOfSettled { get; set; } = _ => 0;

    public Outcome SettleMarket(in SettleMarket command)
    {
        var outcome = new Outcome();
        ModelMarket? market = KnownMarket(command.MarketId);
        bool isDeadline = command.DueNs != 0;
        if (outcome.Refuse(ResultCode.UnknownMarket, market is null)
            || outcome.Refuse(ResultCode.NothingToSettle, market!.IsSpot)
            || outcome.Refuse(ResultCode.InvalidPrice, command.PriceTicks is < 0 or > MaxField)
            || outcome.Refuse(ResultCode.InvalidExpiry, isDeadline && (command.DueNs <= Now || command.DueNs > Core.Exchange.MaxTimeNs))
            || outcome.Refuse(ResultCode.InvalidCombination, isDeadline && command.PriceTicks != 0)
            || outcome.Refuse(ResultCode.MarketStateForbids, market!.IsBeingSettled)
            || outcome.Refuse(ResultCode.NoReferencePrice, command.PriceTicks == 0 && market!.Mark == 0)
            || outcome.Refuse(ResultCode.Overflow, command.PriceTicks != 0 && !CanBeMarked(market!, command.PriceTicks)))
        {
            return outcome;
        }

        SetDeadline(market!, isDeadline ? command.DueNs : null, outcome);
        if (!isDeadline)
        {
            BeginSettlement(market!, command.PriceTicks, outcome);
            FinishSettlements(outcome);
        }
        else if (market!.State is MarketState.Open or MarketState.PreOpen)
        {
            Change(market, MarketState.ReduceOnly, outcome);
        }

        return outcome;
    }

    /// <summary>The operator opens a market: it is not settled after all.</summary>
    public Outcome Open(in SetMarketState command)
    {
        var outcome = new Outcome();
        ModelMarket? market = KnownMarket(command.MarketId);
        if (!outcome.Refuse(ResultCode.UnknownMarket, market is null)
            && !outcome.Refuse(ResultCode.StateUnchanged, market!.State == command.State)
            && !outcome.Refuse(ResultCode.MarketStateForbids, market!.IsBeingSettled))
        {
            SetDeadline(market!, null, outcome);
            market!.Prices.SetState(command.State);
        }

        return outcome;
    }

    /// <summary>The next deadline of a market.</summary>
    public long? NextDeadline => Markets.Min(market => market.SettlesNs);

    /// <summary>Closes what is open where a settlement has begun.</summary>
    public void FinishSettlements(Outcome outcome)
    {
        foreach (ModelMarket market in Markets.Where(market => market.IsBeingSettled))
        {
            List<ModelRow> rows = [.. market.Rows.Where(row => !row.Size.IsZero && !row.Account.IsLiquidation).OrderBy(PlaceOfSettled)];
            Big lots = rows.Aggregate(Big.Zero, (sum, row) => sum + row.Lots);
            foreach (ModelRow row in rows)
            {
                SettlePosition(row, outcome);
            }

            SquareInventory(market, outcome);
            outcome.MarketEnds.Add(new ModelMarketEnd(market.Id, market.Mark, rows.Count, lots));
            Change(market, MarketState.Closed, outcome);
            CoverPools(rows.Select(row => row.Account.Id), market, outcome);
        }
    }

    private static bool CanBeMarked(ModelExchange model, ModelMarket market, long price)
    {
        if (Exposed(market) * price * market.TickValue > MaxNotional)
        {
            return false;
        }

        (long, bool) before = (market.Mark, market.HasMark);
        (market.Mark, market.HasMark) = (price, true);
        bool can = model.Assets.All(asset => IsWithinWorth(asset, asset.External));
        (market.Mark, market.HasMark) = before;
        return can;
    }

    private bool CanBeMarked(ModelMarket market, long price) => CanBeMarked(this, market, price);

    private void SetDeadline(ModelMarket market, long? dueNs, Outcome outcome)
    {
        if (market.SettlesNs != dueNs)
        {
            market.SettlesNs = dueNs;
            market.Prices.IsClosing = dueNs is not null;
            market.SettlesSet = ++_timersSet;
            outcome.Deadlines.Add(new ModelDeadline(market.Id, dueNs ?? 0));
        }
    }

    /// <summary>State, price, orders; positions come after it.</summary>
    private void BeginSettlement(ModelMarket market, long price, Outcome outcome)
    {
        market.SettlesNs = null;
        market.Prices.IsClosing = false;
        Change(market, MarketState.Settling, outcome);
        market.Mark = price == 0 ? market.Mark : price;
        market.HasMark = true;
        market.Told.Add(market.Mark);
        market.Prices.SetMark(market.Mark, Now);
        BeginFunding(market, Now);
        market.FollowMark(Now);
        foreach (ModelOrder order in market.Rows.SelectMany(row => row.Orders).OrderByDescending(order => order.Placed).ToList())
        {
            CancelResting(order, CancelReason.MarketClosed, outcome);
            EndWithoutOrders(order.Row, outcome);
        }

        foreach (ModelRow row in market.Rows.ToList())
        {
            Forget(row);
        }
    }

    private static void Change(ModelMarket market, MarketState to, Outcome outcome)
    {
        if (market.State != to)
        {
            outcome.StateChanges.Add(new ModelStateChange(market.Id, market.State, to));
            market.Prices.SetState(to);
        }
    }

    private void SettlePosition(ModelRow row, Outcome outcome)
    {
        ModelMarket market = row.Market;
        ModelAccount account = row.Account;
        SettleFunding(row, outcome);
        (Big size, Big cost, Big lots, long position) = (row.Size, row.Cost, row.Lots, row.PositionId);
        Big units = lots * market.Mark * market.TickValue;
        Big profit = Close(row, lots, units, inLiquidation: false, outcome);
        if (row.IsIsolated && row.Margin.Sign < 0)
        {
            Big loss = -row.Margin;
            row.Margin = 0;
            CoverIsolated(row, 0, loss, KindOf(size), outcome);
        }

        account.Pool += row.Margin;
        row.Margin = 0;
        RecordDeleveraging(row, profit, ended: true);
        outcome.Settled.Add(new ModelSettled(account.Id, market.Id, position, size, market.Mark, cost, profit));
        TakeFrom(market, size, lots, units, outcome);
        row.Refresh();
        EndWithoutOrders(row, outcome);
        Forget(row);
    }

    /// <summary>The other side of a position that is settled.</summary>
    private void TakeFrom(ModelMarket market, Big size, Big lots, Big units, Outcome outcome)
    {
        ModelRow row = RowOf(market.LiquidationAccount, market);
        SettleFunding(row, outcome);
        Big closing = row.Size.Sign * size.Sign < 0 ? Big.Min(lots, row.Lots) : 0;
        Big closingUnits = Rounding.Down(units * closing, lots);
        if (!closing.IsZero)
        {
            Close(row, closing, closingUnits, inLiquidation: true, outcome);
        }

        if (lots > closing)
        {
            Open(row, size.Sign > 0 ? Side.Buy : Side.Sell, lots - closing, units - closingUnits);
        }

        row.Refresh();
    }

    /// <summary>Flat now: what the liquidation account lacks is a shortfall, what it made is the fund's.</summary>
    private void SquareInventory(ModelMarket market, Outcome outcome)
    {
        ModelAccount account = market.LiquidationAccount;
        if (account.CrossEquity.Sign < 0)
        {
            Big loss = -account.CrossEquity;
            account.Pool += loss;
            CoverShortfall(account, market, loss, LossKind.Any, outcome);
        }

        KeepSurplus(market, outcome);
    }
}
