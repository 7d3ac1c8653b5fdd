using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Model.Tests.Prices;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Where a market's mark comes from (docs/prices.md).</summary>
internal sealed partial class ModelMarket
{
    public ModelPrices Prices { get; } = new();

    public ModelFunding Funding { get; } = new();

    /// <summary>When the timer of the next look was set, counted over all timers.</summary>
    public long LookSet { get; set; }

    public MarketState State => Prices.State;

    /// <summary>Whether positions are liquidated here.</summary>
    public bool Liquidates => State is MarketState.Open or MarketState.ReduceOnly;

    /// <summary>Marks that came of feeds, trades and time, in the order in which they were told.</summary>
    public List<long> Told { get; } = [];
}

/// <summary>Marks of feeds, trades, the book and time.</summary>
internal sealed partial class ModelExchange
{
    public Outcome FeedPrice(in FeedPrice command)
    {
        var outcome = new Outcome();
        ModelMarket? market = Market(command.MarketId, outcome);
        outcome.Refuse(ResultCode.InvalidPrice, command.PriceTicks is < 1 or > MaxField);
        outcome.Refuse(ResultCode.MalformedCommand, command.Source is not (1 or 2));
        outcome.Refuse(ResultCode.InvalidParameter, command.Source is not (1 or 2));
        if (market is not null && outcome.IsAccepted)
        {
            Look(market);
            market.Prices.Feed((int)command.Source, command.PriceTicks, Now);
            FollowPrices(market);
        }

        return outcome;
    }

    public Outcome SetPriceRules(in SetPriceRules command)
    {
        var outcome = new Outcome();
        ModelMarket? market = Market(command.MarketId, outcome);
        outcome.Refuse(ResultCode.InvalidParameter, !CanWork(in command.Rules));
        if (market is not null && outcome.IsAccepted)
        {
            Look(market);
            market.Prices.SetRules(in command.Rules, Now);
            FollowPrices(market);
        }

        return outcome;
    }

    public Outcome SetIndexPrice(in SetIndexPrice command)
    {
        var outcome = new Outcome();
        ModelMarket? market = Market(command.MarketId, outcome);
        outcome.Refuse(ResultCode.InvalidPrice, command.PriceTicks is < 1 or > MaxField);
        if (market is not null && outcome.IsAccepted)
        {
            market.Prices.SetIndex(command.PriceTicks);
            BeginFunding(market, Now);
        }

        return outcome;
    }

    private int _tradesSeen;

    /// <summary>What the command's trades since the last call make of the marks, those of liquidations apart.</summary>
    public void FollowTrades(Outcome outcome)
    {
        List<ModelTrade> trades = [.. outcome.Trades.Skip(_tradesSeen).Where(trade => !trade.ByLiquidation)];
        _tradesSeen = outcome.Trades.Count;
        foreach (IGrouping<long, ModelTrade> group in trades.GroupBy(trade => trade.Market).ToList())
        {
            ModelMarket market = Markets[(int)group.Key - 1];
            Look(market);
            market.Prices.FollowTrade(group.First().Price);
            market.Prices.Trade([.. group.Select(trade => (trade.Lots, trade.Price))], Now);
            FollowPrices(market);
        }
    }

    /// <summary>The markets' looks at their sources up to a moment.</summary>
    private void RunTimers(long now, Outcome outcome)
    {
        _tradesSeen = 0;
        foreach (ModelMarket market in Markets)
        {
            market.Told.Clear();
            Look(market);
        }

        while (Timers.Where(timer => timer.TimeNs <= now).OrderBy(timer => timer.TimeNs).ThenBy(timer => timer.Set).FirstOrDefault() is { } next)
        {
            Now = next.TimeNs;
            next.Run(outcome);
        }
    }

    /// <summary>What is due some time; of one moment what was set first.</summary>
    private IEnumerable<ModelTimer> Timers => Markets.SelectMany(TimersOf).Concat(Accounts.Values.SelectMany(TimersOf));

    private IEnumerable<ModelTimer> TimersOf(ModelMarket market)
    {
        if (market.Prices.DueNs is { } look)
        {
            yield return new ModelTimer(look, market.LookSet, _ =>
            {
                market.Prices.Update(Now);
                FollowPrices(market);
            });
        }

        if (market.Funding.EndsNs is { } end)
        {
            yield return new ModelTimer(end, market.Funding.Set, outcome => EndInterval(market, outcome));
        }

        if (market.SettlesNs is { } deadline)
        {
            yield return new ModelTimer(deadline, market.SettlesSet, outcome => BeginSettlement(market, 0, outcome));
        }

        if (market.Inventory.SellsNs is { } sells)
        {
            yield return new ModelTimer(sells, market.Inventory.Set, outcome => SellInventory(market, outcome));
        }
    }

    private IEnumerable<ModelTimer> TimersOf(ModelAccount account)
    {
        if (account.Trader is { MonthEndsNs: { } end } trader)
        {
            yield return new ModelTimer(end, trader.MonthSet, _ => BeginMonth(account));
        }
    }

    private void Look(ModelMarket market)
    {
        market.Prices.Touch = (market.Best(Side.Buy)?.Price ?? 0, market.Best(Side.Sell)?.Price ?? 0);
        market.Prices.MaxSpread = market.Parameters.MaxSpreadRate;
        market.Prices.CanBe = ticks => Exposed(market) * ticks * market.TickValue <= MaxNotional;
    }

    private void FollowPrices(ModelMarket market)
    {
        market.LookSet = ++_timersSet;
        BeginFunding(market, Now);
        if (!market.Prices.HasMark || market.Prices.Mark == market.Mark)
        {
            market.HasMark |= market.Prices.HasMark;
            return;
        }

        market.Mark = market.Prices.Mark;
        market.HasMark = true;
        market.Told.Add(market.Mark);
        market.FollowMark(Now);
    }

    private static bool CanWork(in PriceRules rules)
    {
        const int hour = 3_600_000;
        const int percent = 1_000_000;
        return rules.Rule is >= MarkRule.Manual and <= MarkRule.Hybrid
            && rules.VwapWindowMs is >= 1_000 and <= 24 * hour
            && rules.FreshMs is >= 100 and <= 24 * hour
            && rules.HalfLifeMs is >= 0 and <= hour
            && rules.IntervalMs is >= 1_000 and <= hour
            && rules.GapRate is >= 0 and <= 50 * percent
            && rules.BandRate is >= percent / 100 and <= 100 * percent
            && rules.ClampRate is >= percent / 100 and <= 50 * percent;
    }
}
