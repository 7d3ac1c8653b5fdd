using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Funding of a market as it was charged once.</summary>
internal sealed record ModelFundingUpdate(long Market, long EndNs, Big Rate, Big Premium, long Mark, long Index, Big Cumulative, bool IsForced);

/// <summary>What a position paid, below zero: got.</summary>
internal sealed record ModelFundingPayment(long Account, long Market, long Position, Big Size, Big Entry, Big Index, Big Amount, bool IsIsolated);

/// <summary>The cumulative index of a market (docs/funding.md).</summary>
internal sealed class ModelFunding
{
    public FundingRules Rules { get; set; } = FundingRules.Default;

    /// <summary>10^-8 ticks.</summary>
    public Big Index { get; set; }

    /// <summary>Highest and lowest since the market last had no position.</summary>
    public Big High { get; set; }

    public Big Low { get; set; }

    /// <summary>End of the interval that runs; null: no timer.</summary>
    public long? EndsNs { get; set; }

    /// <summary>When the timer was set, counted over all timers.</summary>
    public long Set { get; set; }

    public Big Clearing { get; set; }

    /// <summary>What roundings took so far, in 10^-8 units, less than one.</summary>
    public Big Rest { get; set; }

    public bool IsOn => Rules.IsOn != 0;

    public long IntervalNs => Rules.IntervalMs * 1_000_000L;
}

/// <summary>Funding of a position.</summary>
internal sealed partial class ModelRow
{
    /// <summary>The market's index when it was settled last, or opened.</summary>
    public Big FundingEntry { get; set; }

    /// <summary>Since it opened.</summary>
    public Big FundingPaid { get; set; }

    /// <summary>What it owes, to the unit; below zero: what it gets.</summary>
    public Big Owed => Size.IsZero ? 0 : OwedOf(Size);

    /// <summary>Isolated margin as if it were settled.</summary>
    public Big Net => Margin - Owed;

    public Big OwedExactly => Size * (Market.Funding.Index - FundingEntry) * Market.TickValue;

    /// <summary>Of another size with the same entry.</summary>
    public Big OwedOf(Big size) => -Rounding.Floor(-size * (Market.Funding.Index - FundingEntry) * Market.TickValue, Rounding.Scale);
}

/// <summary>When funding is charged, and when positions are settled.</summary>
internal sealed partial class ModelExchange
{
    private static readonly Big MostOwed = Big.Pow(2, 54);
    private static readonly Big MostIndex = Big.Pow(2, 62);

    private long _timersSet;

    public Outcome SetFundingRules(in SetFundingRules command)
    {
        var outcome = new Outcome();
        ModelMarket? market = Market(command.MarketId, outcome);
        outcome.Refuse(ResultCode.InvalidParameter, !CanWork(in command.Rules) || market is { IsSpot: true });
        if (market is null || !outcome.IsAccepted)
        {
            return outcome;
        }

        ModelFunding funding = market.Funding;
        bool begins = !funding.IsOn || funding.Rules.IntervalMs != command.Rules.IntervalMs;
        funding.Rules = command.Rules;
        if (!funding.IsOn)
        {
            funding.EndsNs = null;
        }
        else if (begins)
        {
            funding.EndsNs = null;
            BeginFunding(market, Now);
        }

        return outcome;
    }

    public Outcome ForceFunding(in ForceFunding command)
    {
        var outcome = new Outcome();
        ModelMarket? market = Market(command.MarketId, outcome);
        if (market is null)
        {
            return outcome;
        }

        outcome.Refuse(ResultCode.FundingOff, market.IsSpot || !market.Funding.IsOn);
        outcome.Refuse(ResultCode.MarketStateForbids, !market.Liquidates);
        outcome.Refuse(ResultCode.IndexMissing, !market.HasMark || market.Prices.IndexNow(Now) == 0);
        if (outcome.IsAccepted)
        {
            outcome.Refuse(ResultCode.Overflow, !Charge(market, Now, isForced: true, outcome));
        }

        return outcome;
    }

    /// <summary>With the first index price the intervals begin to count.</summary>
    private void BeginFunding(ModelMarket market, long now)
    {
        ModelFunding funding = market.Funding;
        if (!market.IsSpot && funding.IsOn && funding.EndsNs is null && market.Prices.Index != 0)
        {
            funding.EndsNs = ((now / funding.IntervalNs) + 1) * funding.IntervalNs;
            funding.Set = ++_timersSet;
        }
    }

    private void EndInterval(ModelMarket market, Outcome outcome)
    {
        ModelFunding funding = market.Funding;
        long end = funding.EndsNs!.Value;
        funding.EndsNs = end + funding.IntervalNs;
        funding.Set = ++_timersSet;
        if (market.Liquidates && market.HasMark && market.Prices.IndexNow(end) != 0)
        {
            _ = Charge(market, end, isForced: false, outcome);
        }
    }

    /// <summary>One interval; false when it can't be charged exactly.</summary>
    private bool Charge(ModelMarket market, long now, bool isForced, Outcome outcome)
    {
        ModelFunding funding = market.Funding;
        FundingRules rules = funding.Rules;
        Big mark = market.Mark;
        Big index = market.Prices.IndexNow(now);
        Big premium = (mark - index) * Rounding.Scale / index;
        Big part = premium * rules.DampeningRate / Rounding.Scale;
        Big rate = part + Big.Min(Big.Max(rules.InterestRate - part, -rules.ClampRate), rules.ClampRate);
        Big cap = rules.CapRate == 0 ? Rounding.Scale : rules.CapRate;
        rate = Big.Min(Big.Max(rate, -cap), cap);
        Big after = funding.Index + (mark * rate);
        Big lots = market.Rows.Aggregate(Big.Zero, (sum, row) => sum + row.Lots);
        Big high = Big.Max(lots.IsZero ? funding.Index : funding.High, after);
        Big low = Big.Min(lots.IsZero ? funding.Index : funding.Low, after);
        if (Big.Abs(after) > MostIndex || Rounding.Down(lots * market.TickValue * (high - low), Rounding.Scale) > MostOwed)
        {
            return false;
        }

        (funding.Index, funding.High, funding.Low) = (after, high, low);
        outcome.FundingUpdates.Add(new ModelFundingUpdate(market.Id, now, rate, premium, market.Mark, (long)index, after, isForced));
        return true;
    }

    /// <summary>What a position owes becomes money.</summary>
    private static void SettleFunding(ModelRow row, Outcome outcome)
    {
        ModelFunding funding = row.Market.Funding;
        if (row.Size.IsZero || row.FundingEntry == funding.Index)
        {
            return;
        }

        Big exact = row.OwedExactly;
        Big amount = row.Owed;
        if (row.IsIsolated)
        {
            row.Margin -= amount;
        }
        else
        {
            row.Account.Pool -= amount;
        }

        outcome.Payments.Add(new ModelFundingPayment(
            row.Account.Id, row.Market.Id, row.PositionId, row.Size, row.FundingEntry, funding.Index, amount, row.IsIsolated));
        row.FundingEntry = funding.Index;
        row.FundingPaid += amount;
        funding.Clearing += amount;
        funding.Rest += (amount * Rounding.Scale) - exact;
        if (funding.Rest >= Rounding.Scale)
        {
            funding.Rest -= Rounding.Scale;
            funding.Clearing -= 1;
            row.Market.Insurance += 1;
        }
    }

    /// <summary>Funding that was paid belongs to a period, not to the result of a position .</summary>
    public void RecordPayments(Outcome outcome)
    {
        foreach (ModelFundingPayment paid in outcome.Payments)
        {
            if (Accounts[paid.Account].Trader is not { } trader)
            {
                continue;
            }

            foreach (ModelFigures figures in new[] { trader.OfDay.In((int)(Now / ModelMarket.DayNs)), trader.OfMonth.In(MonthOf(Now)), trader.OfAll })
            {
                figures.Funding += paid.Amount;
            }
        }
    }

    private static void SettleCrossFunding(ModelAccount account, Outcome outcome)
    {
        foreach (ModelRow row in account.CrossPositions.ToList())
        {
            SettleFunding(row, outcome);
        }
    }

    private static bool CanWork(in FundingRules rules)
    {
        const int percent = 1_000_000;
        return rules.IsOn is 0 or 1
            && rules.IntervalMs is >= 60_000 and <= 7 * 86_400_000
            && rules.InterestRate is >= -percent and <= percent
            && rules.ClampRate is >= 0 and <= percent
            && rules.CapRate is >= 0 and <= 100 * percent
            && rules.DampeningRate is >= 0 and <= 100 * percent;
    }
}
