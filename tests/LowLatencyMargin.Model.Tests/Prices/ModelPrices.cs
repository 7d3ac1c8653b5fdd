using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Prices;

/// <summary>Mark and index of one market after docs/prices.md: a list of trades, whole numbers without limit, roots found by trying.</summary>
internal sealed class ModelPrices
{
    private const int Parts = 64;
    private static readonly Big[] Powers = [.. Enumerable.Range(0, 65).Select(PowerOf)];

    private readonly List<(long TimeNs, long Lots, long Ticks)> _trades = [];
    private readonly (long TimeNs, long Ticks)?[] _feeds = new (long, long)?[3];
    private PriceRules _rules = PriceRules.Default;
    private bool _byHand;
    private bool _automatic;
    private bool _frozen;
    private bool _timerRuns;
    private Big _markE16;
    private Big _targetE16;
    private long _updatedNs;
    private long _lookedNs;
    private (long Number, long Ticks)? _gapBase;

    public long Mark { get; private set; }

    public bool HasMark { get; private set; }

    public long Index { get; private set; }

    /// <summary>Whether the index is one by hand, which no feed has taken the place of.</summary>
    public bool IndexIsByHand { get; private set; }

    public MarketState State { get; private set; } = MarketState.Open;

    /// <summary>Whether the market has a deadline: it does not open any more.</summary>
    public bool IsClosing { get; set; }

    /// <summary>Best bid and ask, 0 when there is none.</summary>
    public (long Bid, long Ask) Touch { get; set; }

    /// <summary>Widest spread as a rate.</summary>
    public long MaxSpread { get; set; }

    /// <summary>Whether all that is open could be valued at a mark exactly; an update to another one is left out.</summary>
    public Func<long, bool> CanBe { get; set; } = _ => true;

    /// <summary>The index of a moment, 0: it is missing.</summary>
    public long IndexNow(long nowNs) => IndexIsByHand ? Index : IndexAt(nowNs);

    /// <summary>The end of the interval that a time lies in, if the market is looked at then.</summary>
    public long? Due(long nowNs) => _timerRuns ? ((nowNs / IntervalNs) + 1) * IntervalNs : null;

    /// <summary>The end of the interval in which it was looked at last.</summary>
    public long? DueNs => Due(_lookedNs);

    public long Vwap(long nowNs)
    {
        Big lots = Counted(nowNs).Aggregate(Big.Zero, (sum, trade) => sum + trade.Lots);
        Big value = Counted(nowNs).Aggregate(Big.Zero, (sum, trade) => sum + ((Big)trade.Lots * trade.Ticks));
        return lots.IsZero ? 0 : (long)((value + (lots / 2)) / lots);
    }

    public void SetMark(long ticks, long nowNs)
    {
        (_byHand, _automatic, _timerRuns, IndexIsByHand) = (true, false, false, true);
        Thaw();
        (Mark, HasMark, Index) = (ticks, true, ticks);
        (_markE16, _targetE16, _updatedNs) = ((Big)ticks << 16, (Big)ticks << 16, nowNs);
    }

    public void SetIndex(long ticks) => (Index, IndexIsByHand) = (ticks, true);

    public void SetState(MarketState state) => State = state;

    public void SetRules(in PriceRules rules, long nowNs)
    {
        if (rules.VwapWindowMs != _rules.VwapWindowMs)
        {
            _trades.Clear();
        }

        bool begins = HasMark || rules.Rule == MarkRule.Mid || _feeds.Any(feed => feed is not null);
        (_rules, _byHand, _automatic, _timerRuns, _gapBase) = (rules, false, begins && rules.Rule != MarkRule.Manual, false, null);
        if (!_automatic)
        {
            Thaw();
        }

        Update(nowNs);
    }

    public void Feed(int source, long ticks, long nowNs)
    {
        _feeds[source] = (nowNs, ticks);
        _automatic = !_byHand && _rules.Rule != MarkRule.Manual;
        Update(nowNs);
    }

    /// <summary>Trades of one command; nothing follows where the rule does not look at them.</summary>
    public void Trade(IReadOnlyList<(long Lots, long Ticks)> trades, long nowNs)
    {
        if (_byHand || _rules.Rule is not (MarkRule.Median or MarkRule.Hybrid))
        {
            return;
        }

        _trades.RemoveAll(trade => !Counts(trade.TimeNs, nowNs));
        _trades.AddRange(trades.Select(trade => (nowNs, trade.Lots, trade.Ticks)));
        Update(nowNs);
    }

    /// <summary>A mark that is not made of anything is the last trade.</summary>
    public void FollowTrade(long ticks) => Mark = HasMark ? Mark : ticks;

    public void Update(long nowNs)
    {
        long index = IndexAt(nowNs);
        (Index, IndexIsByHand) = index == 0 ? (Index, IndexIsByHand) : (index, false);
        if (!_automatic)
        {
            return;
        }

        (Big, Big, long, (long, long)?) before = (_markE16, _targetE16, _updatedNs, _gapBase);
        long target = Target(nowNs, index, out List<long> sources);
        _timerRuns = target != 0;
        _lookedNs = nowNs;
        if (target == 0)
        {
            if (HasMark && !_frozen)
            {
                (_frozen, _targetE16) = (true, _markE16);
                State = State == MarketState.Open ? MarketState.PriceStale : State;
            }

            return;
        }

        Thaw();
        long number = nowNs / IntervalNs;
        if (HasMark && _gapBase?.Number != number)
        {
            _gapBase = (number, Mark);
        }

        Big to = (Big)Cut(target, sources) << 16;
        _markE16 = !HasMark || _rules.HalfLifeMs == 0 ? to : _targetE16 + Left(_markE16 - _targetE16, nowNs - _updatedNs);
        (_targetE16, _updatedNs) = (to, nowNs);
        long mark = (long)Big.Max(1, (_markE16 + 32_768) >> 16);
        if (!CanBe(mark))
        {
            (_markE16, _targetE16, _updatedNs, _gapBase) = before;
            return;
        }

        (Mark, HasMark) = (mark, true);
    }

    public override string ToString() =>
        $"mark {Mark} index {Index} {State}, rule {_rules.Rule}, interval {_rules.IntervalMs}, half-life {_rules.HalfLifeMs}, fresh {_rules.FreshMs},"
        + $" by hand {_byHand}, automatic {_automatic}, frozen {_frozen}, timer {_timerRuns}, at {(double)_markE16 / 65536} to {(double)_targetE16 / 65536}"
        + $" since {_updatedNs}, feeds {_feeds[1]} {_feeds[2]}, touch {Touch}, {_trades.Count} trades, gap {_rules.GapRate} from "
        + $"{_gapBase}, band {_rules.BandRate} clamp {_rules.ClampRate}";

    private long IntervalNs => _rules.IntervalMs * 1_000_000L;

    private static long MeanOf(long one, long two) => (one + two + 1) / 2;

    /// <summary>round(2^32 x 2^(-k/64)): the whole number whose 64th power is nearest in the sense of its half steps.</summary>
    private static Big PowerOf(int k)
    {
        Big low = 0;
        Big high = Big.One << 33;
        while (high - low > 1)
        {
            Big middle = (low + high) / 2;
            (low, high) = Big.Pow((2 * middle) - 1, 64) <= Big.Pow(2, (33 * 64) - k) ? (middle, high) : (low, middle);
        }

        return low;
    }

    private IEnumerable<(long TimeNs, long Lots, long Ticks)> Counted(long nowNs) => _trades.Where(trade => Counts(trade.TimeNs, nowNs));

    private bool Counts(long timeNs, long nowNs)
    {
        long part = _rules.VwapWindowMs * 1_000_000L / Parts;
        return (nowNs / part) - (timeNs / part) < Parts;
    }

    private long FeedAt(int source, long nowNs) =>
        _feeds[source] is { } feed && nowNs - feed.TimeNs < _rules.FreshMs * 1_000_000L ? feed.Ticks : 0;

    private long IndexAt(long nowNs)
    {
        (long one, long two) = (FeedAt(1, nowNs), FeedAt(2, nowNs));
        return one == 0 || two == 0 ? one + two : MeanOf(one, two);
    }

    private long Mid()
    {
        (long bid, long ask) = Touch;
        long mid = (bid + ask) / 2;
        return bid != 0 && ask != 0 && ask - bid <= (long)Model.Rounding.RateDown(mid, MaxSpread) ? mid : 0;
    }

    private long Target(long nowNs, long index, out List<long> sources)
    {
        (long one, long two) = (FeedAt(1, nowNs), FeedAt(2, nowNs));
        sources = _rules.Rule switch
        {
            MarkRule.Median => [Vwap(nowNs), one, two],
            MarkRule.External => [one, two],
            MarkRule.Mid => [Mid()],
            MarkRule.MidAndExternal => [Mid(), index],
            MarkRule.Touch when index == 0 => [],
            MarkRule.Touch => [index, Touch.Bid, Touch.Ask],
            _ => [Vwap(nowNs), index],
        };
        _ = sources.RemoveAll(price => price == 0);
        if (_rules.Rule == MarkRule.Touch && index != 0)
        {
            long reach = (long)Model.Rounding.RateDown(index, _rules.ClampRate);
            long[] three = [index, Touch.Bid == 0 ? index : Touch.Bid, Touch.Ask == 0 ? index : Touch.Ask];
            return Math.Clamp(three.Order().ElementAt(1), index - reach, index + reach);
        }

        if (_rules.Rule == MarkRule.Hybrid && sources.Count == 2)
        {
            int trades = Counted(nowNs).Count();
            int percent = trades < 10 ? 20 : trades < 50 ? 30 : trades < 200 ? 40 : 50;
            return ((sources[0] * percent) + (sources[1] * (100 - percent)) + 50) / 100;
        }

        return sources.Count switch
        {
            3 => sources.Order().ElementAt(1),
            2 => MeanOf(sources[0], sources[1]),
            1 when !HasMark || Math.Abs(sources[0] - Mark) <= (long)Model.Rounding.RateDown(Mark, _rules.BandRate) => sources[0],
            _ => 0,
        };
    }

    private long Cut(long target, List<long> sources)
    {
        if (_gapBase is not { } from || _rules.GapRate == 0)
        {
            return target;
        }

        long reach = (long)Model.Rounding.RateDown(from.Ticks, _rules.GapRate);
        return target > from.Ticks + reach && sources.Count(price => price >= from.Ticks + reach) < 2 ? from.Ticks + reach
            : target < from.Ticks - reach && sources.Count(price => price <= from.Ticks - reach) < 2 ? from.Ticks - reach
            : target;
    }

    private Big Left(Big distance, long elapsedNs)
    {
        Big halfLife = _rules.HalfLifeMs * 1_000_000L;
        Big whole = elapsedNs / halfLife;
        if (whole >= 40)
        {
            return 0;
        }

        Big rest = ((elapsedNs - (whole * halfLife)) << 20) / halfLife;
        (int row, Big part) = ((int)(rest >> 14), rest & 16_383);
        Big fraction = (((Powers[row] * (16_384 - part)) + (Powers[row + 1] * part)) >> 14) >> (int)whole;
        return distance.Sign * ((Big.Abs(distance) * fraction) >> 32);
    }

    private void Thaw()
    {
        State = _frozen && State == MarketState.PriceStale ? IsClosing ? MarketState.ReduceOnly : MarketState.Open : State;
        _frozen = false;
    }
}
