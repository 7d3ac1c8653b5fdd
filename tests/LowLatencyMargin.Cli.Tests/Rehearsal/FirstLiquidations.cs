using LowLatencyMargin.Cli.Rehearsal;
using LowLatencyMargin.MarketData;

namespace LowLatencyMargin.Cli.Tests.Rehearsal;

/// <summary>
/// When each account of a population falls below its requirement for the first time: computed from the numbers of the population and the candles in
/// decimals, in quote assets. Nothing of it is the engine's.
/// </summary>
/// <param name="paths">Candles of each market.</param>
/// <param name="lots">Size of a lot in each market.</param>
/// <param name="initial">The market's initial margin.</param>
/// <param name="maintenance">Its maintenance margin.</param>
/// <param name="taker">Its taker fee.</param>
/// <param name="penalty">Its liquidation penalty.</param>
internal sealed class FirstLiquidations(PricePath[] paths, decimal[] lots, decimal initial, decimal maintenance, decimal taker, decimal penalty)
{
    /// <summary>The smallest unit of the quote asset.</summary>
    private const decimal Unit = 0.000001m;

    /// <summary>Rates are kept to a hundred-millionth.</summary>
    private const decimal RateUnit = 0.00000001m;

    private const int StepsPerMinute = 4;
    private const int Markets = 8;

    private readonly List<long> _minutes = [.. paths.SelectMany(path => path.Candles).Select(candle => candle.OpenTimeMs).Distinct().Order()];

    /// <summary>Marks by market, minute and quarter of it: open; low, then high if the candle rises, else high, then low; close.</summary>
    private decimal[][] _marks = [];

    private bool[][] _moves = [];

    private double[][] _lows = [];

    private double[][] _highs = [];

    /// <summary>The moment of the first liquidation of an account's positions in nanoseconds since 1970; null: never.</summary>
    internal long? Of(IReadOnlyList<PlannedPosition> account)
    {
        if (_marks.Length == 0)
        {
            Prepare();
        }

        bool isolated = account[0].IsIsolated;
        Assert.That(account, Has.Count.EqualTo(1).Or.All.Matches<PlannedPosition>(position => !position.IsIsolated));
        decimal money = isolated
            ? RoundUp(Cost(account[0]) * Initial(account[0]))
            : account.Sum(Deposit) - account.Sum(position => RoundUp(Cost(position) * taker));
        Span<double> sizes = stackalloc double[account.Count];
        Span<double> costs = stackalloc double[account.Count];
        for (int i = 0; i < account.Count; i++)
        {
            sizes[i] = (double)Size(account[i]);
            costs[i] = (double)Cost(account[i]);
        }

        double rates = (double)(maintenance + taker + penalty);
        for (int minute = 0; minute < _minutes.Count; minute++)
        {
            // floating point only to pass over minutes whose worst prices leave the account a thousandth too much
            double spare = (double)money - 0.001;
            for (int i = 0; i < account.Count; i++)
            {
                bool isLong = account[i].IsLong;
                double worst = isLong ? _lows[account[i].Market][minute] : _highs[account[i].Market][minute];
                double value = sizes[i] * worst;
                spare += (isLong ? value - costs[i] : costs[i] - value) - (sizes[i] * _highs[account[i].Market][minute] * rates);
            }

            if (spare <= 0 && Within(account, money, minute) is { } step)
            {
                return (_minutes[minute] * 1_000_000) + (step * 15_000_000_000L);
            }
        }

        return null;
    }

    private static decimal RoundUp(decimal money) => Math.Ceiling(money / Unit) * Unit;

    /// <summary>The quarter of a minute in which it happens; the markets move one after the other.</summary>
    private int? Within(IReadOnlyList<PlannedPosition> account, decimal money, int minute)
    {
        Span<decimal> marks = stackalloc decimal[Markets];
        for (int market = 0; market < paths.Length; market++)
        {
            marks[market] = minute == 0 ? paths[market].Candles[0].Open : _marks[market][(minute * StepsPerMinute) - 1];
        }

        for (int step = 0; step < StepsPerMinute; step++)
        {
            for (int market = 0; market < paths.Length; market++)
            {
                marks[market] = _marks[market][(minute * StepsPerMinute) + step];
                if (_moves[market][minute] && IsBelow(account, money, marks))
                {
                    return step;
                }
            }
        }

        return null;
    }

    private bool IsBelow(IReadOnlyList<PlannedPosition> account, decimal money, ReadOnlySpan<decimal> marks)
    {
        decimal equity = money;
        decimal required = 0;
        foreach (PlannedPosition position in account)
        {
            decimal value = Size(position) * marks[position.Market];
            equity += position.IsLong ? value - Cost(position) : Cost(position) - value;
            required += RoundUp(value * maintenance) + RoundUp(value * (taker + penalty));
        }

        return equity < required;
    }

    private decimal Tick(int market) => 1m / (decimal)Math.Pow(10, paths[market].TickDecimals);

    private decimal Size(PlannedPosition position) => position.Lots * lots[position.Market];

    private decimal Cost(PlannedPosition position) => Size(position) * position.EntryTicks * Tick(position.Market);

    private decimal Initial(PlannedPosition position) => Math.Max(initial, Math.Ceiling(1m / position.Leverage / RateUnit) * RateUnit);

    /// <summary>What came in for a position: margin and fee at entry or first mark, whichever is higher, and what it begins with as a loss.</summary>
    private decimal Deposit(PlannedPosition position)
    {
        decimal first = paths[position.Market].Candles[0].Open;
        decimal entry = position.EntryTicks * Tick(position.Market);
        decimal value = Size(position) * Math.Max(first, entry);
        decimal loss = Math.Max(0, position.IsLong ? entry - first : first - entry) * Size(position);
        return RoundUp(value * Initial(position)) + RoundUp(value * taker) + loss;
    }

    private void Prepare()
    {
        _marks = new decimal[paths.Length][];
        _moves = new bool[paths.Length][];
        _lows = new double[paths.Length][];
        _highs = new double[paths.Length][];
        for (int market = 0; market < paths.Length; market++)
        {
            var byTime = paths[market].Candles.ToDictionary(candle => candle.OpenTimeMs);
            decimal last = paths[market].Candles[0].Open;
            var marks = new List<decimal>();
            _moves[market] = new bool[_minutes.Count];
            _lows[market] = new double[_minutes.Count];
            _highs[market] = new double[_minutes.Count];
            for (int minute = 0; minute < _minutes.Count; minute++)
            {
                bool moves = byTime.TryGetValue(_minutes[minute], out Candle c);
                decimal[] steps = !moves ? [last, last, last, last]
                    : c.Close >= c.Open ? [c.Open, c.Low, c.High, c.Close]
                    : [c.Open, c.High, c.Low, c.Close];
                _moves[market][minute] = moves;
                // what another market's move meets within the minute can still be the price before
                _lows[market][minute] = (double)Math.Min(last, steps.Min());
                _highs[market][minute] = (double)Math.Max(last, steps.Max());
                marks.AddRange(steps);
                last = steps[3];
            }

            _marks[market] = [.. marks];
        }
    }
}
