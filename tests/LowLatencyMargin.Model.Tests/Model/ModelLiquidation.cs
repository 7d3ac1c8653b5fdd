using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Liquidation of one position of a scope (R-1101, R-1104, R-1107 to R-1109, R-1201 to R-1203).</summary>
internal sealed partial class ModelExchange
{
    private readonly List<ModelRow> _touched = [];

    /// <summary>Accounts whose cross scope was found in this command, wherever.</summary>
    private readonly HashSet<ModelAccount> _found = [];

    /// <summary>A scope that should have been liquidated, or null.</summary>
    public (long Account, string What)? FindLiquidatable(IEnumerable<ModelAccount> accounts)
    {
        foreach (ModelAccount account in accounts)
        {
            if (account.IsLiquidation)
            {
                continue;
            }

            // the loans of an account without positions and with money have levels of their own
            bool isOfLoans = account.LoanRows.Any() && account.Pool.Sign >= 0 && !account.CrossPositions.Any();
            // what happens in a market without a price finds nobody; the account is found by its others or when the price is back
            bool isFrozen = account.CrossPositions.Any(row => !row.Market.Liquidates) || account.LoanRows.Any(row => row.IsBeyondWorth);
            bool isForKeepers = account.CrossPositions.Any()
                && account.CrossPositions.Any(row => row.Market.LiquidationRules.KeeperLoop == KeeperLoop.Keepers)
                && !IsCommanded(account.CrossPositions.First());
            if (!isOfLoans && !isFrozen && !isForKeepers && !IsUnderWay(account) && account.IsCrossLiquidatable(strictly: true))
            {
                return (account.Id, $"account {account.Id} cross: equity {account.CrossEquity} requirement {account.CrossRequirement}");
            }

            foreach (ModelRow row in account.Rows.Values)
            {
                bool isFor = row.Market.LiquidationRules.KeeperLoop == KeeperLoop.Keepers && !IsCommanded(row);
                if (row.IsIsolated && row.Market.Liquidates && !isFor && !IsUnderWay(row) && !row.Size.IsZero
                    && row.IsLiquidatable(row.IsolatedEquity, row.Requirement))
                {
                    return (account.Id, $"account {account.Id} market {row.Market.Id} isolated: equity {row.IsolatedEquity} requirement {row.Requirement}");
                }
            }
        }

        return null;
    }

    /// <summary>Whether the scope of a row is liquidatable.</summary>
    private static bool IsToBeLiquidated(ModelRow row) =>
        row.IsIsolated ? row.IsLiquidatable(row.IsolatedEquity, row.Requirement) : row.Account.IsCrossLiquidatable(strictly: false);

    /// <summary>
    /// Liquidates the position that the exchange chose. Returns why the choice was wrong, or null. The choice among several scopes is the
    /// exchange's; that the scope is liquidatable and, in cross mode, that this position frees most for what it costs is checked here.
    /// </summary>
    public string? Liquidate(in LiquidationStarted started, in LiquidationScope told, Outcome outcome)
    {
        FinishLiquidations(outcome);
        (long accountId, long marketId, long position) = (started.AccountId, started.Header.MarketId, told.PositionId);
        ModelAccount? account = Accounts.GetValueOrDefault(accountId);
        ModelRow? row = account?.Rows.GetValueOrDefault(account.IsHedge ? ModelRow.KeyOf(position, marketId) : marketId);
        if (account is null || row is null || row.Size.IsZero || account.IsLiquidation)
        {
            return $"account {accountId} has no position {position} in market {marketId} to liquidate";
        }

        if (UnderWay.Values.Any(way => way.Row == row))
        {
            return $"account {accountId} market {marketId} is under way";
        }

        if (!IsToBeLiquidated(row))
        {
            return $"account {accountId} market {marketId} is healthy: equity {(row.IsIsolated ? row.IsolatedEquity : account.CrossEquity)},"
                + $" requirement {(row.IsIsolated ? row.Requirement : account.CrossRequirement)}";
        }

        bool isFound = row.IsIsolated
            ? row.Market.LiquidationRules.KeeperLoop == KeeperLoop.Engine
            : account.CrossPositions.Any(other => other.Market.LiquidationRules.KeeperLoop == KeeperLoop.Engine) || _found.Contains(account);
        if (!isFound && !IsCommanded(row) && !IsUnderWay(row))
        {
            return $"account {accountId} market {marketId} is for keepers to find";
        }

        if (!IsCommanded(row) && !_found.Contains(account) && FindNearer(row) is { } nearer)
        {
            return $"account {accountId} market {marketId} comes before account {nearer.Account.Id}, which is nearer to bankruptcy";
        }

        if (!row.IsIsolated)
        {
            _found.Add(account);
        }

        SettleScope(row, outcome);
        CancelScope(row, outcome);
        if (!IsToBeLiquidated(row))
        {
            return $"account {accountId}: cancelling its orders cured it";
        }

        if (!row.IsIsolated
            && account.CrossPositions.FirstOrDefault(other => !UnderWay.Values.Any(way => way.Row == other) && IsClosedBefore(other, row)) is { } better)
        {
            return $"account {accountId}: position {better.PositionId} frees {better.Requirement} for {LossOf(better)}, position {row.PositionId} in market"
                + $" {marketId} only {row.Requirement} for {LossOf(row)} (liquidation {started.LiquidationId})";
        }

        var way = new ModelUnderWay
        {
            Id = started.LiquidationId,
            Row = row,
            Kind = KindOf(row.Size),
            Keeper = IsCommanded(row) ? _commanded!.Value.Keeper : null,
            StartedIn = Command,
            WentOnIn = Command,
        };
        UnderWay.Add(way.Id, way);
        row.Market.Liquidations++;
        outcome.Told.Add(new ModelStarted(way.Id, accountId, marketId, row.PositionId, row.Size, row.Market.Mark, EquityOf(row), RequirementOf(row),
            row.Cost, row.Backing, Bankruptcy.Of(row).Limit, way.Keeper?.Id ?? 0));
        GoOn(way, outcome);
        return null;
    }

    /// <summary>A liquidation that waited: its time has come, or money cured its scope. Returns why that is wrong, or null.</summary>
    public string? Resume(long id, Outcome outcome)
    {
        ModelUnderWay way = UnderWay[id];
        if (!way.Row.Size.IsZero && IsToBeLiquidated(way.Row))
        {
            if (way.WaitsUntilNs > Now)
            {
                return $"liquidation {id} went on before {way.WaitsUntilNs}";
            }

            SettleScope(way.Row, outcome);
            CancelScope(way.Row, outcome);
        }

        GoOn(way, outcome);
        return null;
    }

    /// <summary>Liquidations that wait for a moment that has come, where their market liquidates.</summary>
    public ModelUnderWay? FindForgotten() => UnderWay.Values.FirstOrDefault(way => way.WaitsUntilNs <= Now && way.Row.Market.Liquidates);

    /// <summary>Liquidations that have begun, by their ids.</summary>
    public SortedDictionary<long, ModelUnderWay> UnderWay { get; } = [];

    /// <summary>Whether a liquidation of the scope of a row has begun and not finished.</summary>
    private bool IsUnderWay(ModelRow row) => UnderWay.Values.Any(way => SharesScope(way, row));

    private bool IsUnderWay(ModelAccount account) => UnderWay.Values.Any(way => !way.Row.IsIsolated && way.Row.Account == account);

    private static bool SharesScope(ModelUnderWay way, ModelRow row) =>
        way.Row == row || (!row.IsIsolated && !way.Row.IsIsolated && way.Row.Account == row.Account);

    private static Big EquityOf(ModelRow row) => row.IsIsolated ? row.IsolatedEquity : row.Account.CrossEquity;

    private static Big RequirementOf(ModelRow row) => row.IsIsolated ? row.Requirement : row.Account.CrossRequirement;

    private static bool Reaches(ModelRow row) =>
        row.IsIsolated ? row.ReachesIsEnough : row.Account.CrossPositions.Any(other => other.ReachesIsEnough);

    /// <summary>Steps until the scope passes, the position is gone, or it has to wait.</summary>
    private void GoOn(ModelUnderWay way, Outcome outcome)
    {
        ModelRow row = way.Row;
        way.WaitsUntilNs = null;
        while (!row.Size.IsZero && IsToBeLiquidated(row) && way.WaitsUntilNs is null)
        {
            Step(way, outcome);
        }

        if (way.WaitsUntilNs is { } until)
        {
            outcome.Told.Add(new ModelWait(way.Id, row.Account.Id, row.Size, until, EquityOf(row), RequirementOf(row)));
            Cover(way, outcome);
            return;
        }

        if (row.Size.IsZero || !IsToBeLiquidated(row))
        {
            Finish(way, outcome);
        }

        // what a flat position was charged can be more than the scope had to spare
        if (!row.IsIsolated && !IsToBeLiquidated(row))
        {
            foreach (ModelUnderWay other in UnderWay.Values.Where(other => SharesScope(other, row))
                .OrderBy(other => other.Row.Market.Id).ThenBy(other => other.Row.PositionId).ToList())
            {
                Finish(other, outcome);
            }
        }

        if (!row.IsIsolated && !row.Account.CrossPositions.Any() && row.Account.Pool.Sign < 0)
        {
            SettleDebt(row.Account, row.Market, way.Kind, outcome);
        }

        Forget(row);
    }

    private void Step(ModelUnderWay way, Outcome outcome)
    {
        ModelRow row = way.Row;
        ModelMarket market = row.Market;
        bool isLong = row.Size.Sign > 0;
        if (row.IsIsolated && row.IsolatedEquity.Sign < 0)
        {
            row.Margin += TakeRecourse(row, way.Id, -row.IsolatedEquity, outcome);
        }

        Big equity = row.IsIsolated ? row.IsolatedEquity : row.Account.CrossEquity - row.Account.SpotHolds;
        Big others = row.IsIsolated ? 0 : row.Account.CrossRequirement - row.Requirement;
        (Big meant, bool isPart) = new ModelParts(way, equity, others).Size();
        LiquidationStepKind kind = isPart ? LiquidationStepKind.Part : LiquidationStepKind.Whole;
        bool isCalm = equity.Sign > 0 && market.Liquidates;
        if (isCalm && market.LiquidationRules.Style == LiquidationStyle.Keeper && GoesToKeeper(way, meant, outcome))
        {
            return;
        }

        Bankruptcy at = Bankruptcy.Of(row);
        bool isStage = isCalm && market.LiquidationRules.Style == LiquidationStyle.Staged;
        if (isStage)
        {
            (meant, kind) = (Big.Min(meant, market.LotsOfStage(row, at.Limit)), LiquidationStepKind.Stage);
            if (meant.IsZero)
            {
                way.WaitsUntilNs = Now + market.StageNs;
                return;
            }
        }

        (Big allowed, kind) = isCalm ? Bounded(way, meant, kind) : (meant, kind);
        if (allowed.IsZero)
        {
            way.WaitsUntilNs = market.NextSecond(Now);
            return;
        }

        int firstTrade = outcome.Trades.Count;
        Big closed = market.Liquidates
            ? Match(row, null, isLong ? Side.Sell : Side.Buy, (long)at.Limit, allowed, isLiquidation: true, _touched, way.Makers, outcome)
            : 0;
        Big units = outcome.Trades.Skip(firstTrade).Aggregate(Big.Zero, (sum, t) => sum + ((Big)t.Lots * t.Price * market.TickValue));
        CoverMargin(way, outcome);
        FinishLiquidations(outcome);
        way.Closed += closed;
        way.BookUnits += units;
        market.NoteClosed(Now, row.Account.Id, closed * market.Mark * market.TickValue);
        outcome.Told.Add(new ModelStep(way.Id, kind, allowed, closed, units, EquityOf(row), RequirementOf(row)));
        // what the book did not take of a whole position is taken over without another test
        bool isWhole = kind == LiquidationStepKind.Whole && closed < allowed;
        if (row.Size.IsZero || (!isWhole && !IsToBeLiquidated(row)))
        {
            return;
        }

        if (isStage)
        {
            way.WaitsUntilNs = Now + market.StageNs;
        }
        else if (closed < allowed)
        {
            TakeRest(way, at, outcome);
        }
        else if (kind == LiquidationStepKind.Limit)
        {
            way.WaitsUntilNs = market.NextSecond(Now);
        }
    }

    /// <summary>No more than the limits of a second leave (R-1113).</summary>
    private (Big Lots, LiquidationStepKind Kind) Bounded(ModelUnderWay way, Big lots, LiquidationStepKind kind)
    {
        ModelRow row = way.Row;
        ModelMarket market = row.Market;
        LiquidationRules rules = market.LiquidationRules;
        Big perLot = market.Mark * market.TickValue;
        foreach ((long limit, long account) in new[] { (rules.AccountLimitUnits, row.Account.Id), (rules.MarketLimitUnits, 0L) })
        {
            if (limit == 0)
            {
                continue;
            }

            Big closed = market.ClosedInSecond(Now, account);
            Big most = Rounding.Down(Positive(limit - closed), perLot);
            most = closed.IsZero ? Big.Max(most, Rounding.Up(row.Lots, 10)) : most;
            (lots, kind) = most < lots ? (most, kind == LiquidationStepKind.Stage ? kind : LiquidationStepKind.Limit) : (lots, kind);
        }

        return (lots, kind);
    }

    /// <summary>What the book does not take at the bankruptcy price of a step goes to the market's liquidation account.</summary>
    private void TakeRest(ModelUnderWay way, Bankruptcy at, Outcome outcome)
    {
        ModelRow row = way.Row;
        bool isLong = row.Size.Sign > 0;
        Big left = row.Lots;
        Big cost = isLong ? Rounding.Up(at.Units * left, at.Lots) : Rounding.Down(at.Units * left, at.Lots);
        if (MustDeleverage(row, left, cost))
        {
            (Big closed, Big booked) = Deleverage(row, outcome);
            way.Closed += closed;
            way.TakenProfit += booked;
            if (row.Size.IsZero)
            {
                FollowInventory(row.Market);
                return;
            }

            left = row.Lots;
            at = Bankruptcy.Of(row);
            cost = at.Units;
        }

        Big profit = Close(row, left, cost, inLiquidation: true, outcome);
        CoverMargin(way, outcome);
        way.TakenLots += left;
        way.TakenProfit += profit;
        if (row.IsIsolated && row.Margin.Sign < 0)
        {
            // what deleveraging at the mark cost beyond it
            CoverIsolated(row, way.Id, -row.Margin, way.Kind, outcome);
            row.Margin = 0;
        }

        outcome.Told.Add(new ModelTakenOver(way.Id, row.Account.Id, row.Market.Id, isLong ? left : -left, cost, at.Limit, profit));
        TakeOver(way, isLong ? Side.Buy : Side.Sell, left, cost, outcome);
    }

    /// <summary>What is missing when an isolated position is gone.</summary>
    private void CoverMargin(ModelUnderWay way, Outcome outcome)
    {
        ModelRow row = way.Row;
        if (row.IsIsolated && row.Size.IsZero && row.Margin.Sign < 0)
        {
            Big loss = -row.Margin;
            row.Margin = 0;
            CoverIsolated(row, way.Id, loss, way.Kind, outcome);
        }
    }

    /// <summary>Fee and penalty of what was closed; a flat isolated position gives its margin back.</summary>
    private void Finish(ModelUnderWay way, Outcome outcome)
    {
        ModelRow row = way.Row;
        ModelAccount account = row.Account;
        ModelMarket market = row.Market;
        bool isFlat = row.Size.IsZero;
        UnderWay.Remove(way.Id);
        Big remains = Remains(row);
        Big fee = Big.Min(remains, Rounding.RateUp(way.BookUnits, market.Parameters.TakerFeeRate));
        Big atMark = (way.Closed + way.Kept + way.TakenLots) * market.Mark * market.TickValue;
        Big most = atMark.IsZero ? 0 : Big.Max(market.Parameters.MinPenaltyUnits, Rounding.RateUp(atMark, market.Parameters.PenaltyRate));
        Big penalty = Big.Min(remains - fee, most);
        if (row.IsIsolated)
        {
            row.Margin -= fee + penalty;
        }
        else
        {
            account.Pool -= fee + penalty;
        }

        market.Receive(fee);
        row.Fees += fee + penalty;
        RecordLiquidation(row, way.TakenProfit, fee + penalty, row.Realized - row.Fees, isFlat);
        Distribute(way, fee, penalty, atMark, remains, outcome);
        if (row.IsIsolated && isFlat)
        {
            CoverMargin(way, outcome);
            account.Pool += row.Margin;
            row.Margin = 0;
        }

        outcome.Told.Add(new ModelFinished(way.Id, account.Id, way.Closed, way.BookUnits, way.TakenLots));
        outcome.Liquidations.Add(way);
        Cover(way, outcome);
        row.Refresh();
        EndWithoutOrders(row, outcome);
    }

    /// <summary>What fee and penalty may take.</summary>
    private static Big Remains(ModelRow row)
    {
        ModelAccount account = row.Account;
        if (row.IsIsolated)
        {
            return Positive(row.Size.IsZero ? row.Margin : Big.Min(row.Margin, row.IsolatedEquity - row.Requirement - (row.ReachesIsEnough ? 1 : 0)));
        }

        Big required = !row.Size.IsZero ? account.CrossRequirement + (Reaches(row) ? 1 : 0) : 0;
        return Positive(Big.Min(account.Pool + account.Assets(Purpose.Maintenance), account.CrossEquity - required));
    }

    private void Cover(ModelUnderWay way, Outcome outcome)
    {
        CoverPool(way.Row.Account, way.Row.Market, way.Kind, outcome);
        CoverPools(way.Makers.Select(maker => maker.Maker.Id), way.Row.Market, outcome);
    }

    /// <summary>Of cross positions: those in markets that liquidate come first.</summary>
    private static bool IsClosedBefore(ModelRow one, ModelRow other)
    {
        if (one.Market.Liquidates != other.Market.Liquidates)
        {
            return one.Market.Liquidates;
        }

        Big frees = (one.Requirement * LossOf(other)) - (other.Requirement * LossOf(one));
        if (LossOf(one).IsZero != LossOf(other).IsZero)
        {
            return LossOf(one).IsZero;
        }

        return !frees.IsZero ? frees.Sign > 0
            : one.Requirement != other.Requirement ? one.Requirement > other.Requirement
            : one.Market != other.Market ? one.Market.Id < other.Market.Id
            : one.PositionId < other.PositionId;
    }

    /// <summary>What closing a position now would cost.</summary>
    private static Big LossOf(ModelRow row)
    {
        ModelMarket market = row.Market;
        bool isLong = row.Size.Sign > 0;
        long? best = market.Best(isLong ? Side.Buy : Side.Sell)?.Price;
        Big slip = best is { } price ? row.Lots * Big.Max(0, isLong ? market.Mark - price : price - market.Mark) * market.TickValue : row.Notional;
        return Rounding.RateUp(row.Notional, (Big)market.Parameters.TakerFeeRate + market.Parameters.PenaltyRate) + slip;
    }

    /// <summary>When all liquidations of a command are done: what their trades lead to.</summary>
    public void FinishLiquidations(Outcome outcome)
    {
        List<ModelRow> rows = [.. _touched.Where(row => !UnderWay.Values.Any(way => way.Row == row))];
        _touched.Clear();
        FollowPositions(rows, outcome);
    }

    private static void SettleScope(ModelRow row, Outcome outcome)
    {
        if (row.IsIsolated)
        {
            SettleFunding(row, outcome);
        }
        else
        {
            SettleCrossFunding(row.Account, outcome);
        }
    }

    private void Distribute(ModelUnderWay way, Big fee, Big penalty, Big atMark, Big remains, Outcome outcome)
    {
        ModelMarket market = way.Row.Market;
        MarketParameters p = market.Parameters;
        ModelAccount? keeper = penalty.IsZero ? null : way.Taker ?? way.Keeper ?? Turn(way.Row.Account, taker: null);
        Big refund = keeper is null ? 0 : Big.Min(penalty, market.LiquidationRules.KeeperCostRefundUnits);
        Big shared = penalty - refund;
        Big reward = keeper is null ? 0 : refund + Rounding.RateDown(shared, p.PenaltyKeeperRate);
        Big protocol = Rounding.RateDown(shared, p.PenaltyProtocolRate);
        Big toMakers = 0;
        Big share = Rounding.RateDown(shared, p.PenaltyMakersRate);
        Big total = way.Makers.Aggregate(Big.Zero, (sum, maker) => sum + maker.Lots);
        foreach (IGrouping<ModelAccount, Big> maker in way.Makers.GroupBy(maker => maker.Maker, maker => maker.Lots))
        {
            Big part = Rounding.Down(share * maker.Aggregate(Big.Zero, (sum, lots) => sum + lots), total);
            maker.Key.Pool += part;
            toMakers += part;
        }

        Big insurance = penalty - reward - protocol - toMakers;
        market.Protocol += protocol;
        market.Insurance += insurance;
        if (!(fee + penalty).IsZero)
        {
            outcome.Told.Add(new ModelPenalty(way.Row.Account.Id, fee, reward, protocol, insurance, toMakers));
            outcome.Told.Add(new ModelTerms(way.Id, market.Id, atMark, remains, p.MinPenaltyUnits, refund, p.TakerFeeRate, p.PenaltyRate));
        }

        if (keeper is not null && !reward.IsZero)
        {
            keeper.Pool += reward;
            outcome.Told.Add(new ModelReward(
                keeper.Id, way.Id, way.Row.Account.Id, reward, refund, Keepers.GetValueOrDefault(keeper.Id)?.ScoreAt(Now) ?? 0));
        }
    }

    private void CancelScope(ModelRow row, Outcome outcome)
    {
        if (row.IsIsolated)
        {
            CancelNewestFirst(row.Orders, onlyHolding: false, outcome);
        }
        else
        {
            CancelNewestFirst(row.Account.Rows.Values.SelectMany(other => other.Orders), onlyHolding: true, outcome);
        }

        foreach (ModelRow other in row.Account.Rows.Values.Where(other => other != row).ToList())
        {
            Forget(other);
        }
    }

    /// <summary>Of isolated rows only as long as they hold money of the pool, if that is what matters.</summary>
    private void CancelNewestFirst(IEnumerable<ModelOrder> orders, bool onlyHolding, Outcome outcome)
    {
        foreach (ModelOrder order in orders.OrderByDescending(order => order.Placed).ToList())
        {
            if (!onlyHolding || !order.Row.IsIsolated || order.Row.PoolHold.Sign > 0)
            {
                CancelResting(order, CancelReason.Liquidation, outcome);
                EndWithoutOrders(order.Row, outcome);
            }
        }
    }

    private void TakeOver(ModelUnderWay way, Side side, Big lots, Big cost, Outcome outcome)
    {
        ModelMarket market = way.Row.Market;
        ModelRow row = RowOf(market.LiquidationAccount, market);
        SettleFunding(row, outcome);
        bool closes = side == Side.Buy ? row.Size.Sign < 0 : row.Size.Sign > 0;
        Big closing = closes ? Big.Min(lots, row.Lots) : 0;
        Big closingCost = Rounding.Down(cost * closing, lots);
        if (!closing.IsZero)
        {
            Close(row, closing, closingCost, inLiquidation: true, outcome);
        }

        Big opening = lots - closing;
        if (!opening.IsZero)
        {
            Open(row, side, opening, cost - closingCost);
        }

        ModelAccount account = market.LiquidationAccount;
        if (account.CrossEquity.Sign < 0)
        {
            Big loss = -account.CrossEquity;
            account.Pool += loss;
            CoverShortfall(way.Row.Account, market, loss, way.Kind, outcome);
        }

        row.Refresh();
        KeepSurplus(market, outcome);
        FollowInventory(market);
    }
}

/// <summary>What closing a position exactly uses up the money behind it for.</summary>
internal sealed record Bankruptcy(Big Units, Big Lots, Big Limit)
{
    public static Bankruptcy Of(ModelRow row) => Of(row, row.Backing);

    public static Bankruptcy Of(ModelRow row, Big backing)
    {
        bool isLong = row.Size.Sign > 0;
        Big perLot = row.Lots * row.Market.TickValue;

        // a long's cost - M counts at most as the larger of its cost and its value at mark, a short's cost + M at least as the smaller
        Big most = Big.Max(row.Cost, perLot * row.Market.Mark);
        Big least = Big.Min(row.Cost, perLot * row.Market.Mark);
        Big units = Big.Max(0, isLong ? Big.Min(row.Cost - backing, most) : Big.Max(row.Cost + backing, least));
        Big limit = Big.Clamp(isLong ? Rounding.Up(units, perLot) : Rounding.Down(units, perLot), 1, ModelExchange.MaxField);
        return new Bankruptcy(units, row.Lots, limit);
    }
}
