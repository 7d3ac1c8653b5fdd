using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>A position closed by somebody else's liquidation, and what it was chosen by.</summary>
internal sealed record ModelDeleveraging(
    long Account, long Market, Big SizeBefore, Big Lots, Big Value, Big Profit, Big Mark, Big CostBefore, Big Equity, Big Score, long Place,
    long Position, Big Worth, Big Left, Big Carried);

/// <summary>A place in a ranking.</summary>
internal sealed record ModelRanked(ModelRow Row, long Position, Big Score, Big Lots, long OpenedAt);

/// <summary>Who is closed first on one side of a market, as it stood when it was made.</summary>
internal sealed class ModelRanking
{
    public required long Mark { get; init; }

    public required long Command { get; init; }

    public required ModelLossRules Rules { get; init; }

    public required List<ModelRanked> Places { get; init; }
}

/// <summary>Rankings of a market.</summary>
internal sealed partial class ModelMarket
{
    public Dictionary<int, ModelRanking> Rankings { get; } = [];

    /// <summary>The mark at which inventory was deleveraged last.</summary>
    public long InventoryTriedAt { get; set; }
}

/// <summary>Auto-deleveraging (R-1204, R-1205, R-1207), after docs/waterfall.md.</summary>
internal sealed partial class ModelExchange
{
    /// <summary>Whether holders of the other side have to close some of what a liquidation could not close on the book.</summary>
    private bool MustDeleverage(ModelRow row, Big left, Big worth) =>
        row.Market.Losses.Mode == ModelLossMode.Adl && row.Market.HasPositions && Carried(row, left, worth) < left;

    /// <summary>Lots that insurance can carry, with their value at the bankruptcy price.</summary>
    private Big Carried(ModelRow row, Big left, Big worth)
    {
        ModelMarket market = row.Market;
        Big notional = left * market.Mark * market.TickValue;
        Big loss = row.Size.Sign > 0 ? worth - notional : notional - worth;
        Big funds = market.LiquidationAccount.CrossEquity + FundsFor(market);
        if (loss.Sign <= 0 || funds >= loss)
        {
            return left;
        }

        return funds.Sign <= 0 || market.Losses.AtMark ? 0 : Rounding.Down(funds * left, loss);
    }

    /// <summary>What all lots of a position are worth at its bankruptcy price, as its owner is now.</summary>
    private Big WorthAtBankruptcy(ModelRow row) => row.Account.IsLiquidation
        ? Bankruptcy.Of(row, row.Account.CrossEquity - row.PriceProfit + FundsFor(row.Market)).Units
        : Bankruptcy.Of(row).Units;

    /// <summary>What a liquidation account holds although nothing carries it any more: closed by holders, as if it were liquidated with its own money and
    /// insurance behind it. Returns why that is wrong, or null.</summary>
    public string? DeleverageInventory(in LiquidationStarted started, Outcome outcome)
    {
        ModelMarket market = Markets[(int)started.Header.MarketId - 1];
        ModelRow row = market.LiquidationAccount.Rows[market.Id];
        if (!IsToBeDeleveraged(market))
        {
            return $"inventory of market {market.Id} is carried: size {row.Size}, equity {row.Account.CrossEquity}, funds {FundsFor(market)}";
        }

        market.InventoryTriedAt = market.Mark;
        LossKind kind = KindOf(row.Size);
        outcome.Told.Add(new ModelStarted(started.LiquidationId, row.Account.Id, market.Id, 0, row.Size, market.Mark, row.Account.CrossEquity,
            -FundsFor(market), 0, 0, 0, 0));
        (Big lots, _) = Deleverage(row, outcome);
        if (row.Size.IsZero && row.Account.CrossEquity.Sign < 0)
        {
            Big loss = -row.Account.CrossEquity;
            row.Account.Pool += loss;
            CoverShortfall(row.Account, market, loss, kind, outcome);
        }

        KeepSurplus(market, outcome);
        row.Refresh();
        outcome.Told.Add(new ModelFinished(started.LiquidationId, row.Account.Id, lots, 0, 0));
        return null;
    }

    /// <summary>Whether a market's inventory has lost more than insurance has.</summary>
    public bool IsToBeDeleveraged(ModelMarket market) => market.HasPositions && market.Losses.Mode == ModelLossMode.Adl && market.Liquidates
        && !market.LiquidationAccount.Rows[market.Id].Size.IsZero && market.LiquidationAccount.CrossEquity + FundsFor(market) < 0
        && market.InventoryTriedAt != market.Mark;

    /// <summary>Holders of the other side close what insurance cannot carry; how many lots they closed, and the owner's profit of it.</summary>
    private (Big Lots, Big Profit) Deleverage(ModelRow owner, Outcome outcome)
    {
        ModelMarket market = owner.Market;
        bool isLong = owner.Size.Sign > 0;
        Big closed = 0;
        Big booked = 0;
        int next = 0;
        while (!owner.Size.IsZero)
        {
            Big left = owner.Lots;
            Big worth = WorthAtBankruptcy(owner);
            Big carried = owner.Account.IsLiquidation ? 0 : Carried(owner, left, worth);
            if (carried == left)
            {
                break;
            }

            // made when a holder is needed, not before
            ModelRanking ranking = RankingOf(market, isLong ? -1 : 1);
            if (next == ranking.Places.Count)
            {
                break;
            }

            ModelRanked place = ranking.Places[next];
            ModelRow holder = place.Row;
            if (!IsThere(place, owner))
            {
                next++;
                continue;
            }

            Big quantity = Big.Min(left - carried, holder.Lots);
            Big value = ValueOf(owner, quantity, worth);
            if (quantity.IsZero || !CanClose(place, owner, quantity, value))
            {
                next++;
                continue;
            }

            Big equity = ScopeEquity(holder);
            Big score = ScoreOf(holder);
            Big before = holder.Size;
            Big cost = holder.Cost;
            bool ended = holder.Lots == quantity;
            SettleFunding(owner, outcome);
            SettleFunding(holder, outcome);
            Big ownersProfit = Close(owner, quantity, value, inLiquidation: true, outcome);
            Big profit = Close(holder, quantity, value, inLiquidation: false, outcome);
            booked += ownersProfit;
            closed += quantity;
            RecordDeleveraging(holder, profit, ended);
            if (ended)
            {
                holder.Account.Pool += holder.Margin;
                holder.Margin = 0;
                next++;
            }

            holder.Refresh();
            _touched.Add(holder);
            market.Deleveraged++;
            market.DeleveragedLots += quantity;
            market.DeleveragedUnits += value;
            outcome.Deleveragings.Add(new ModelDeleveraging(
                holder.Account.Id, market.Id, before, quantity, value, profit, market.Mark, cost, equity, score, ranking.Places.IndexOf(place) + 1,
                place.Position, worth, left, carried));
            RequireHealthy(holder, "deleveraging");
            FinishLiquidations(outcome);
        }

        return (closed, booked);
    }

    private static Big ValueOf(ModelRow owner, Big quantity, Big worth)
    {
        ModelMarket market = owner.Market;
        if (market.Losses.AtMark)
        {
            return quantity * market.Mark * market.TickValue;
        }

        return owner.Size.Sign > 0 ? Rounding.Up(worth * quantity, owner.Lots) : Rounding.Down(worth * quantity, owner.Lots);
    }

    private bool IsBeingLiquidated(ModelRow row) => UnderWay.Values.Any(way => way.Row == row);

    private bool IsThere(ModelRanked place, ModelRow owner) =>
        place.Row.PositionId == place.Position && place.Row.Size.Sign == -owner.Size.Sign && place.Row.Account != owner.Account
        && !IsBeingLiquidated(place.Row);

    /// <summary>Whether a holder can be closed for that: it pays no more than its profit, and stays healthy.</summary>
    private static bool CanClose(ModelRanked place, ModelRow owner, Big quantity, Big value)
    {
        ModelRow holder = place.Row;
        ModelAccount account = holder.Account;
        Big released = holder.Released(quantity);
        Big booked = holder.Size.Sign > 0 ? value - released : released - value;
        bool isBitmex = holder.Market.Losses.Score == ModelScore.Bitmex;
        if (!isBitmex && (holder.PriceProfit.Sign <= 0 || booked.Sign < 0))
        {
            return false;
        }

        bool reaches = holder.IsIsolated ? holder.ReachesIsEnough : account.CrossPositions.Any(row => row.ReachesIsEnough);
        // as if settled, which the booking of the trade does first
        Big owed = holder.Owed;
        Big entry = holder.FundingEntry;
        (Big size, Big cost, Big margin, Big pool) = (holder.Size, holder.Cost, holder.Margin, account.Pool);
        holder.Size -= holder.Size.Sign * quantity;
        holder.Cost -= released;
        holder.FundingEntry = holder.Market.Funding.Index;
        if (holder.IsIsolated)
        {
            holder.Margin += booked - owed;
        }
        else
        {
            account.Pool += booked - owed;
        }

        Big equity = holder.IsIsolated ? holder.IsolatedEquity : account.CrossEquity - account.SpotHolds;
        Big requirement = holder.IsIsolated ? holder.Requirement : account.CrossRequirement;
        bool isOpen = holder.IsIsolated ? !holder.Size.IsZero : account.CrossPositions.Any() || account.LoanRows.Any(row => row.Owes);
        bool isShort = equity.Sign < 0 || (holder.IsIsolated && holder.Margin.Sign < 0);
        (holder.Size, holder.Cost, holder.Margin, account.Pool, holder.FundingEntry) = (size, cost, margin, pool, entry);
        return !isShort && (!isOpen || (reaches ? equity > requirement : equity >= requirement));
    }

    private ModelRanking RankingOf(ModelMarket market, int side)
    {
        if (market.Rankings.TryGetValue(side, out ModelRanking? known) && known.Mark == market.Mark && known.Command == Command
            && known.Rules == market.Losses)
        {
            return known;
        }

        return market.Rankings[side] = new ModelRanking
        {
            Mark = market.Mark, Command = Command, Rules = market.Losses, Places = Rank(market, side),
        };
    }

    private List<ModelRanked> Rank(ModelMarket market, int side)
    {
        bool takesLosers = market.Losses.Score == ModelScore.Bitmex;
        return [.. market.Rows
            .Where(row => row.Size.Sign == side && !row.Account.IsLiquidation && !IsBeingLiquidated(row) && (takesLosers || row.PriceProfit.Sign > 0))
            .Select(row => new ModelRanked(row, row.PositionId, ScoreOf(row), row.Lots, row.OpenedAt))
            .OrderByDescending(place => place.Score)
            .ThenByDescending(place => place.Lots)
            .ThenBy(place => place.OpenedAt)
            .ThenBy(place => place.Row.Account.Id)
            .ThenBy(place => place.Position)];
    }

    private static Big ScopeEquity(ModelRow row) => row.IsIsolated ? row.IsolatedEquity : row.Account.CrossEquity - row.Account.SpotHolds;

    private static Big ScoreOf(ModelRow row) => ModelScores.Of(row.Market.Losses.Score, row.Cost, row.PriceProfit, row.Notional, ScopeEquity(row));

    private static void RequireHealthy(ModelRow row, string by)
    {
        bool isBad = row.IsIsolated
            ? !row.Size.IsZero && row.IsLiquidatable(row.IsolatedEquity, row.Requirement)
            : row.Account.CrossPositions.Any() && row.Account.IsCrossLiquidatable(strictly: false);
        if (isBad)
        {
            throw new InvalidOperationException($"{by} makes account {row.Account.Id} in market {row.Market.Id} liquidatable");
        }
    }

    private void RecordDeleveraging(ModelRow row, Big profit, bool ended)
    {
        if (row.Account.Trader is { } trader)
        {
            // no fill: the base of a month stays open
            Record(trader, profit, 0, ended, row.LastResult, trader.ByOther);
        }
    }
}

/// <summary>Scores of a ranking, from the figures of an event alone.</summary>
internal static class ModelScores
{
    public static Big Of(ModelScore kind, Big cost, Big profit, Big notional, Big equity)
    {
        Big roi = Big.Min(Big.Pow(2, 40), Rounding.Down(Big.Abs(profit) * 100_000_000, Big.Max(1, cost)));
        Big leverage = Big.Min(Big.Pow(2, 30), Rounding.Down(notional * 10_000, Big.Max(1, equity)));
        if (kind == ModelScore.PnlLeverage)
        {
            return Big.Min(Big.Pow(2, 62), Rounding.Down(Big.Max(0, profit) * leverage, 10_000));
        }

        return profit.Sign < 0 ? -Rounding.Down(roi * 10_000, Big.Max(1, leverage)) : Rounding.Down(roi * leverage, 10_000);
    }
}
