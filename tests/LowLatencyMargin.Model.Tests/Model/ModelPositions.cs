using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>R-408, as numbered in docs/positions.md.</summary>
internal enum ModelStatus
{
    Pending = 1,
    Open = 2,
    Closing = 3,
    Closed = 4,
    StoppedOut = 5,
    Liquidated = 6,
}

/// <summary>Modes, leverage, close, split, merge and transfer (docs/positions.md).</summary>
internal sealed partial class ModelExchange
{
    public Outcome SetPositionMode(long accountId, long mode)
    {
        var outcome = new Outcome();
        ModelAccount? account = Account(accountId, outcome);
        outcome.Refuse(ResultCode.MalformedCommand, mode is not (0 or 1));
        if (account is null)
        {
            return outcome;
        }

        outcome.Refuse(ResultCode.StateUnchanged, account.IsHedge == (mode == 1));
        outcome.Refuse(ResultCode.ActivePosition, account.Rows.Values.Any(row => !row.Size.IsZero));
        outcome.Refuse(ResultCode.ActiveOrders, account.Rows.Values.Any(row => row.Orders.Count > 0));
        if (outcome.IsAccepted)
        {
            account.IsHedge = mode == 1;
            foreach (ModelRow row in account.Rows.Values.ToList())
            {
                account.Pool += row.Margin;
                row.Margin = 0;
                row.Shorts = account.IsHedge ? (row.IsIsolated, row.Leverage) : default;
                Forget(row);
            }
        }

        return outcome;
    }

    public Outcome SetMode(long accountId, long marketId, MarginMode mode, long position, long sides)
    {
        var outcome = new Outcome();
        ModelAccount? account = Account(accountId, outcome);
        ModelMarket? market = Market(marketId, outcome);
        outcome.Refuse(ResultCode.MalformedCommand, mode is not (MarginMode.Cross or MarginMode.Isolated) || sides is < 0 or > 2);
        CheckMargin(account, market, outcome);
        bool isIsolated = mode == MarginMode.Isolated;
        if (account is null || market is null)
        {
            return outcome;
        }

        bool isHedge = account.IsHedge && !market.IsSpot;
        if (isHedge && position == 0)
        {
            SetHedgeMode(account, market, isIsolated, sides, outcome);
            return outcome;
        }

        outcome.Refuse(ResultCode.HedgeModeRequired, !isHedge && sides != 0);
        outcome.Refuse(ResultCode.InvalidCombination, isHedge && sides != 0);
        ModelRow? row = PositionOf(account, market, position, ResultCode.NoPosition, outcome);
        outcome.Refuse(ResultCode.ActiveOrders, row is { Orders.Count: > 0 });
        outcome.Refuse(ResultCode.ActiveLoan, Loans.Exists(loan => loan.Row == row));
        bool isOpen = row is not null && !row.Size.IsZero;
        outcome.Refuse(ResultCode.LiquidationActive, row is not null && !row.Size.IsZero && IsUnderWay(row));
        outcome.Refuse(ResultCode.ActivePosition, isOpen && !market.ModeSwitchIsChecked);
        outcome.Refuse(ResultCode.StateUnchanged, isOpen && market.ModeSwitchIsChecked && row!.IsIsolated == isIsolated);
        if (!outcome.IsAccepted)
        {
            return outcome;
        }

        if (isOpen)
        {
            SwitchOpen(row!, outcome);
            return outcome;
        }

        row ??= RowOf(account, market);
        if (!isIsolated)
        {
            row.EmptyPurse();
        }

        if (row.IsIsolated != isIsolated)
        {
            account.Pool += row.Margin;
            row.Margin = 0;
        }

        row.IsIsolated = isIsolated;
        row.Refresh();
        Forget(row);
        return outcome;
    }

    public Outcome SetLeverage(long accountId, long marketId, long leverage, long position, long sides, long release)
    {
        var outcome = new Outcome();
        ModelAccount? account = Account(accountId, outcome);
        ModelMarket? market = Market(marketId, outcome);
        outcome.Refuse(ResultCode.MalformedCommand, sides is < 0 or > 2 || release is not (0 or 1));
        CheckMargin(account, market, outcome);
        outcome.Refuse(ResultCode.InvalidLeverage, market is not null && (leverage < 1 || leverage > market.Parameters.MaxLeverage));
        if (account is null || market is null)
        {
            return outcome;
        }

        bool isHedge = account.IsHedge && !market.IsSpot;
        Big level = market.Parameters.LiquidationLevelRate;
        outcome.Refuse(ResultCode.InvalidLeverage, market.Kind == MarketKind.SpotMargin && leverage > 1
            && Rounding.Scale * leverage <= level * (leverage - 1));
        if (isHedge && position == 0)
        {
            if (outcome.IsAccepted)
            {
                ModelRow head = RowOf(account, market);
                head.Leverage = sides == 2 ? head.Leverage : (int)leverage;
                head.Shorts = (head.Shorts.IsIsolated, sides == 1 ? head.Shorts.Leverage : (int)leverage);
            }

            return outcome;
        }

        outcome.Refuse(ResultCode.HedgeModeRequired, !isHedge && sides != 0);
        outcome.Refuse(ResultCode.InvalidCombination, isHedge && sides != 0);
        ModelRow? row = PositionOf(account, market, position, ResultCode.NoPosition, outcome);
        if (!outcome.IsAccepted)
        {
            return outcome;
        }

        row ??= RowOf(account, market);
        if (market.Kind == MarketKind.SpotMargin)
        {
            outcome.Refuse(ResultCode.ActiveLoan, Loans.Exists(loan => loan.Row == row));
            outcome.Refuse(ResultCode.ActiveOrders, row.Orders.Count > 0);
            row.Leverage = outcome.IsAccepted ? (int)leverage : row.Leverage;
            Forget(row);
            return outcome;
        }

        ChangeLeverage(row, (int)leverage, release == 1, outcome);
        Forget(row);
        return outcome;
    }

    public Outcome Close(OrderRequest request, long quantity)
    {
        var outcome = new Outcome();
        ModelAccount? account = Account(request.Account, outcome);
        ModelMarket? market = Market(request.Market, outcome);
        outcome.Refuse(ResultCode.InvalidQuantity, quantity < 0);
        ModelRow? row = PositionOf(account, market, request.Position, ResultCode.NoPosition, outcome);
        outcome.Refuse(ResultCode.NoPosition, account is not null && market is not null && (row is null || row.Size.IsZero));
        if (!outcome.IsAccepted)
        {
            return outcome;
        }

        bool isWhole = quantity == 0 || quantity >= row!.Lots;
        Place(
            request with
            {
                Side = row!.Size.Sign > 0 ? Side.Sell : Side.Buy,
                Quantity = isWhole ? (long)row.Lots : quantity,
                Position = row.PositionId,
                IsReduceOnly = true,
            },
            outcome);
        if (outcome.IsAccepted && outcome.NewOrders.Any(order => order.Row == row && row.Orders.Contains(order) && order.Leaves == row.Lots))
        {
            row.IsClosing = true;
        }

        return outcome;
    }

    public Outcome Split(long accountId, long marketId, long position, long quantity)
    {
        var outcome = new Outcome();
        ModelRow? row = HedgePositionOf(accountId, marketId, position, outcome);
        outcome.Refuse(ResultCode.LiquidationActive, row is not null && IsUnderWay(row));
        outcome.Refuse(ResultCode.InvalidQuantity, row is not null && (quantity < 1 || quantity >= row.Lots));
        outcome.Refuse(ResultCode.CapacityExceeded, row is not null && !HasRoom(row.Account, row.Market));
        if (row is null || !outcome.IsAccepted)
        {
            return outcome;
        }

        FundingImage unsettled = FundingImage.Of(row, outcome);
        SettleFunding(row, outcome);
        var part = new ModelRow
        {
            Account = row.Account, Market = row.Market, IsHedge = true, HedgeSide = row.HedgeSide, IsIsolated = row.IsIsolated,
            Leverage = row.Leverage, OpenedAt = row.OpenedAt, WasOpen = true,
            Size = row.Size.Sign * quantity,
            Cost = Rounding.Down(row.Cost * quantity, row.Lots),
            Margin = Rounding.Floor(row.Margin * quantity, row.Lots),
            FundingEntry = row.FundingEntry,
        };
        RowImage before = RowImage.Of(row);
        row.Size -= part.Size;
        row.Cost -= part.Cost;
        row.Margin -= part.Margin;
        Add(part);
        if (outcome.Refuse(ResultCode.InsufficientMargin, IsInDanger(row) || IsInDanger(part)))
        {
            Drop(part);
            _positionIds--;
            before.Restore();
            unsettled.Restore(outcome);
            return outcome;
        }

        Blur(row, isClosed: true);
        row.Refresh();
        part.Refresh();
        FollowPositions([row], outcome);
        return outcome;
    }

    public Outcome Merge(long accountId, long marketId, long position, long other)
    {
        var outcome = new Outcome();
        ModelRow? row = HedgePositionOf(accountId, marketId, position, outcome);
        ModelRow? second = HedgePositionOf(accountId, marketId, other, outcome);
        if (row is null || second is null)
        {
            return outcome;
        }

        outcome.Refuse(ResultCode.InvalidCombination, row == second);
        outcome.Refuse(ResultCode.LiquidationActive, IsUnderWay(row) || IsUnderWay(second));
        outcome.Refuse(ResultCode.PositionsDiffer, row.HedgeSide != second.HedgeSide || row.IsIsolated != second.IsIsolated);
        outcome.Refuse(ResultCode.ActiveOrders, second.Orders.Count > 0);
        if (!outcome.IsAccepted)
        {
            return outcome;
        }

        FundingImage unsettled = FundingImage.Of(row, outcome);
        FundingImage unsettledSecond = FundingImage.Of(second, outcome);
        SettleFunding(row, outcome);
        SettleFunding(second, outcome);
        RowImage before = RowImage.Of(row);
        Drop(second);
        row.Size += second.Size;
        row.Cost += second.Cost;
        row.Margin += second.Margin;
        if (outcome.Refuse(ResultCode.InsufficientMargin, IsInDanger(row)))
        {
            before.Restore();
            second.Account.Rows.Add(second.Key, second);
            second.Market.Rows.Add(second);
            unsettledSecond.Restore(outcome);
            unsettled.Restore(outcome);
            return outcome;
        }

        Blur(row, isClosed: true);
        RecordTransfer(second, 0, ended: true);
        row.Realized += second.Realized;
        row.Fees += second.Fees;
        row.FundingPaid += second.FundingPaid;
        row.OpenedAt = Math.Min(row.OpenedAt, second.OpenedAt);
        outcome.Ended[second.PositionId] = ModelStatus.Closed;
        row.Refresh();
        return outcome;
    }

    public Outcome Transfer(long accountId, long marketId, long position, long toId, long toPosition, long quantity)
    {
        var outcome = new Outcome();
        ModelAccount? account = Account(accountId, outcome);
        ModelAccount? to = Account(toId, outcome);
        ModelMarket? market = Market(marketId, outcome);
        if (account is null || to is null || market is null)
        {
            return outcome;
        }

        outcome.Refuse(ResultCode.InvalidCombination, account == to);
        outcome.Refuse(ResultCode.DifferentOwners, account.Owner != to.Owner);
        ModelRow? row = PositionOf(account, market, position, ResultCode.NoPosition, outcome);
        outcome.Refuse(ResultCode.NoPosition, row is null || row.Size.IsZero);
        outcome.Refuse(ResultCode.InvalidQuantity, quantity < 0 || (row is not null && quantity > row.Lots));
        ModelRow? receiver = null;
        if (to.IsHedge ? toPosition != 0 : toPosition != 0)
        {
            receiver = PositionOf(to, market, toPosition, ResultCode.UnknownPosition, outcome);
        }

        Side side = row is null || row.Size.Sign > 0 ? Side.Buy : Side.Sell;
        outcome.Refuse(ResultCode.PositionsDiffer, to.IsHedge && receiver is not null && receiver.HedgeSide != side);
        ModelRow? there = receiver ?? (to.IsHedge ? null : FindRow(to, market));
        bool isNew = to.IsHedge && receiver is null;
        bool isCross = there is null ? !isNew || !SettingOf(to, market, side).IsIsolated : !there.IsIsolated;
        outcome.Refuse(ResultCode.LiquidationActive, (row is not null && IsUnderWay(row)) || (there is not null && IsUnderWay(there)));
        outcome.Refuse(ResultCode.LiquidationActive, isCross && IsUnderWay(to));
        outcome.Refuse(ResultCode.CapacityExceeded, isNew && !HasRoom(to, market));
        if (row is null || !outcome.IsAccepted)
        {
            return outcome;
        }

        (bool isIsolated, int leverage) = SettingOf(to, market, side);
        receiver ??= isNew
            ? new ModelRow { Account = to, Market = market, IsHedge = true, HedgeSide = side, IsIsolated = isIsolated, Leverage = leverage }
            : RowOf(to, market);
        Big lots = quantity == 0 ? row.Lots : quantity;
        CheckPositionLimits(receiver, side, lots, 0, market.Mark, outcome);
        outcome.Refuse(ResultCode.MarketStateForbids, !market.Liquidates);
        Big units = lots * market.Mark * market.TickValue;
        outcome.Refuse(ResultCode.Overflow, Committed(market) - row.Released(lots) + units > MaxNotional);
        if (outcome.IsAccepted)
        {
            Move(row, receiver, side, lots, units, isNew, outcome);
        }

        Forget(receiver);
        Forget(row);
        return outcome;
    }

    private void Move(ModelRow row, ModelRow receiver, Side side, Big lots, Big units, bool isNew, Outcome outcome)
    {
        FundingImage unsettled = FundingImage.Of(row, outcome);
        FundingImage unsettledReceiver = FundingImage.Of(receiver, outcome);
        SettleFunding(row, outcome);
        SettleFunding(receiver, outcome);
        RowImage giverBefore = RowImage.Of(row);
        RowImage receiverBefore = RowImage.Of(receiver);
        long ids = _positionIds;
        Big heldByGiver = row.PoolHold;
        Big heldByReceiver = receiver.PoolHold;
        if (isNew)
        {
            Add(receiver);
        }

        Dictionary<long, ModelStatus> ended = new(outcome.Ended);
        Big profit = Close(row, lots, units, inLiquidation: false, outcome);
        bool isBelow = row.IsIsolated && row.Margin.Sign < 0;
        if (row.Size.IsZero)
        {
            row.Account.Pool += row.Margin;
            row.Margin = 0;
        }

        Big drawn = Book(receiver, side, lots, units, out Big? receiverProfit, out bool receiverIsBelow, out bool canDraw, outcome);
        row.Refresh();
        if (row.IsOver)
        {
            // its orders go with it
            (row.OrderMargin, row.PoolHold) = (0, 0);
        }

        receiver.Refresh();
        bool fits = !isBelow && !receiverIsBelow && canDraw
            && StaysCovered(row, row.PoolHold > heldByGiver) && StaysCovered(receiver, receiver.PoolHold + drawn > heldByReceiver);
        if (outcome.Refuse(ResultCode.InsufficientMargin, !fits))
        {
            giverBefore.Restore();
            receiverBefore.Restore();
            unsettledReceiver.Restore(outcome);
            unsettled.Restore(outcome);
            outcome.Ended.Clear();
            foreach ((long id, ModelStatus status) in ended)
            {
                outcome.Ended[id] = status;
            }

            _positionIds = ids;
            if (isNew)
            {
                Drop(receiver);
            }

            return;
        }

        outcome.TransferProfit = profit;
        RecordTransfer(row, profit, row.Size.IsZero);
        if (receiverProfit is { } other)
        {
            RecordTransfer(receiver, other, receiverBefore.Size.Sign != receiver.Size.Sign);
        }

        FollowPositions([row, receiver], outcome);
    }

    /// <summary>The receiver's side of a transfer: as a fill without a fee. Returns the margin drawn.</summary>
    private Big Book(ModelRow row, Side side, Big lots, Big units, out Big? profit, out bool isBelow, out bool canDraw, Outcome outcome)
    {
        Big closing = Big.Min(lots, row.Against(side));
        Big closingUnits = units * closing / lots;
        profit = null;
        isBelow = false;
        canDraw = true;
        Big returned = 0;
        if (!closing.IsZero)
        {
            profit = Close(row, closing, closingUnits, inLiquidation: false, outcome);
            isBelow = row.IsIsolated && row.Margin.Sign < 0;
            if (row.Size.IsZero)
            {
                returned = row.Margin;
                row.Account.Pool += row.Margin;
                row.Margin = 0;
            }
        }

        if (closing == lots)
        {
            return 0;
        }

        Big added = units - closingUnits;
        Big drawn = row.IsIsolated ? row.Draw(side == Side.Sell, row.Cost, added, row.Margin) : 0;
        canDraw = drawn <= returned || CanLeave(row.Account, Assets[0], drawn, asItStands: true);
        row.Account.Pool -= drawn;
        row.Margin += drawn;
        Open(row, side, lots - closing, added);
        return drawn;
    }

    private static bool StaysCovered(ModelRow row, bool holdsMore)
    {
        if (!row.IsIsolated)
        {
            return row.Account.Available.Sign >= 0;
        }

        Big required = row.Requirement + (row.ReachesIsEnough ? 1 : 0);
        bool covers = row.Size.IsZero || row.Net + Big.Min(0, row.PriceProfit) >= Big.Max(row.InitialMargin, required);
        return covers && (!holdsMore || row.Account.Available.Sign >= 0);
    }

    private static bool IsInDanger(ModelRow row) =>
        row.IsIsolated ? row.IsLiquidatable(row.IsolatedEquity, row.Requirement) : row.Account.IsCrossLiquidatable(strictly: false);

    private static void Drop(ModelRow row)
    {
        row.Account.Rows.Remove(row.Key);
        row.Market.Rows.Remove(row);
    }

    private void SetHedgeMode(ModelAccount account, ModelMarket market, bool isIsolated, long sides, Outcome outcome)
    {
        foreach (ModelRow row in account.Rows.Values.Where(row => row.IsHedge && row.Market == market))
        {
            bool isMeant = sides == 0 || (sides == 1) == (row.HedgeSide == Side.Buy);
            outcome.Refuse(ResultCode.ActivePosition, isMeant && !row.Size.IsZero);
            outcome.Refuse(ResultCode.ActiveOrders, isMeant && row.Orders.Count > 0);
        }

        if (outcome.IsAccepted)
        {
            ModelRow head = RowOf(account, market);
            head.IsIsolated = sides == 2 ? head.IsIsolated : isIsolated;
            head.Shorts = (sides == 1 ? head.Shorts.IsIsolated : isIsolated, head.Shorts.Leverage);
            Forget(head);
        }
    }

    /// <summary>R-303, `checked`.</summary>
    private static void SwitchOpen(ModelRow row, Outcome outcome)
    {
        ModelAccount account = row.Account;
        FundingImage unsettled = FundingImage.Of(row, outcome);
        SettleFunding(row, outcome);
        Big margin = row.Margin;
        if (row.IsIsolated)
        {
            account.Pool += margin;
            row.Margin = 0;
            row.IsIsolated = false;
            row.Refresh();
            if (outcome.Refuse(ResultCode.InsufficientMargin, account.Available.Sign < 0 || account.IsCrossLiquidatable(strictly: false)))
            {
                account.Pool -= margin;
                row.Margin = margin;
                row.IsIsolated = true;
                unsettled.Restore(outcome);
                row.Refresh();
            }

            row.Band = row.IsIsolated ? row.Band : null;
            if (!row.IsIsolated && margin.Sign < 0)
            {
                // what is missing moves from the pool
                SettleCrossFunding(account, outcome);
            }

            return;
        }

        Big required = row.Requirement + (row.ReachesIsEnough ? 1 : 0);
        Big needed = Big.Max(row.InitialMargin, required) - Big.Min(0, row.PriceProfit);
        row.IsIsolated = true;
        Big owed = account.CrossOwed;
        Big free = account.Pool - owed - account.PoolHolds - account.CrossKeptBack + Big.Min(0, account.CrossProfit + owed) - account.LoanCharge;
        account.Pool -= needed;
        row.Margin = needed;
        row.Refresh();
        if (outcome.Refuse(ResultCode.InsufficientMargin, free < needed || account.IsCrossLiquidatable(strictly: false)))
        {
            account.Pool += needed;
            row.Margin = 0;
            row.IsIsolated = false;
            unsettled.Restore(outcome);
            row.Refresh();
            return;
        }

        SettleCrossFunding(account, outcome);
    }

    /// <summary>R-305.</summary>
    private static void ChangeLeverage(ModelRow row, int leverage, bool releases, Outcome outcome)
    {
        ModelAccount account = row.Account;
        Big available = account.Available;
        (int oldLeverage, Big oldInitial, Big oldOrders, Big oldHold) = (row.Leverage, row.KeptBack, row.OrderMargin, row.PoolHold);
        row.Leverage = leverage;
        Big orders = row.OrderMarginOf(row.BuyLots, row.BuyHold, row.SellLots, row.SellHold, row.SellLow);
        bool fits;
        Big moved = 0;
        if (row.IsIsolated)
        {
            moved = Big.Max(0, row.InitialMarginAtEntry - row.Net);
            fits = moved.IsZero || CanLeave(account, moved);
            if (releases && moved.IsZero)
            {
                Big required = row.Size.IsZero ? 0 : row.Requirement + (row.ReachesIsEnough ? 1 : 0);
                bool isMaintenance = row.Market.Parameters.WithdrawRequirement == Core.Commands.WithdrawRequirement.Maintenance;
                Big stays = isMaintenance ? required : Big.Max(row.InitialMargin, required);
                Big least = Big.Max(row.InitialMarginAtEntry, stays - Big.Min(0, row.PriceProfit));
                moved = -Big.Max(0, row.Net - least);
            }

            row.Margin += moved;
            Big hold = row.PoolHoldOf(orders);
            row.Margin -= moved;
            Big increase = moved + hold - oldHold;
            fits &= increase.Sign <= 0 || increase <= available;
        }
        else
        {
            Big increase = row.KeptBack - oldInitial + orders - oldOrders;
            fits = increase.Sign <= 0 || increase <= available;
        }

        if (outcome.Refuse(ResultCode.InsufficientMargin, !fits))
        {
            row.Leverage = oldLeverage;
            return;
        }

        if (!moved.IsZero)
        {
            SettleFunding(row, outcome);
        }

        if (moved.Sign > 0)
        {
            SettleCrossFunding(account, outcome);
        }

        account.Pool -= moved;
        row.Margin += moved;
        row.Refresh();
    }

    private ModelRow? HedgePositionOf(long accountId, long marketId, long position, Outcome outcome)
    {
        ModelAccount? account = Account(accountId, outcome);
        ModelMarket? market = Market(marketId, outcome);
        outcome.Refuse(ResultCode.HedgeModeRequired, account is { IsHedge: false });
        if (account is not { IsHedge: true })
        {
            return null;
        }

        ModelRow? row = PositionOf(account, market, position, ResultCode.NoPosition, outcome);
        outcome.Refuse(ResultCode.NoPosition, row is not null && row.Size.IsZero);
        return row;
    }

    /// <summary>A row's funding as it was before it was settled; a refused command settles nothing.</summary>
    private sealed record FundingImage(ModelRow Row, Big Pool, Big Margin, Big Entry, Big Paid, Big Clearing, Big Rest, Big Insurance, int Payments)
    {
        public static FundingImage Of(ModelRow row, Outcome outcome) => new(
            row, row.Account.Pool, row.Margin, row.FundingEntry, row.FundingPaid, row.Market.Funding.Clearing, row.Market.Funding.Rest, row.Market.Insurance,
            outcome.Payments.Count);

        public void Restore(Outcome outcome)
        {
            (Row.Account.Pool, Row.Margin, Row.FundingEntry, Row.FundingPaid) = (Pool, Margin, Entry, Paid);
            (Row.Market.Funding.Clearing, Row.Market.Funding.Rest, Row.Market.Insurance) = (Clearing, Rest, Insurance);
            outcome.Payments.RemoveRange(Payments, outcome.Payments.Count - Payments);
        }
    }

    /// <summary>A row and its account's pool as they were.</summary>
    private sealed record RowImage(
        ModelRow Row, Big Pool, Big Size,
            Big Cost, Big Margin, Big OrderMargin, Big PoolHold, long Id, bool WasOpen, bool IsClosing, Big Realized, Big Fees, long OpenedAt,
            Big Entry, Big Paid, Core.Rules.LevelBand? Band)
    {
        public static RowImage Of(ModelRow row) => new(
            row, row.Account.Pool, row.Size, row.Cost, row.Margin, row.OrderMargin, row.PoolHold, row.PositionId, row.WasOpen, row.IsClosing,
            row.Realized, row.Fees, row.OpenedAt, row.FundingEntry, row.FundingPaid, row.Band);

        public void Restore()
        {
            Row.Account.Pool = Pool;
            Row.Size = Size;
            Row.Cost = Cost;
            Row.Margin = Margin;
            Row.OrderMargin = OrderMargin;
            Row.PoolHold = PoolHold;
            Row.PositionId = Row.IsHedge ? Row.PositionId : Id;
            Row.WasOpen = WasOpen;
            Row.IsClosing = IsClosing;
            Row.Realized = Realized;
            Row.Fees = Fees;
            Row.OpenedAt = OpenedAt;
            (Row.FundingEntry, Row.FundingPaid, Row.Band) = (Entry, Paid, Band);
        }
    }
}
