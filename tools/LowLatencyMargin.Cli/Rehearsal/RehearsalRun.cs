using LowLatencyMargin.Cli.Scenarios;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.MarketData;

namespace LowLatencyMargin.Cli.Rehearsal;

/// <summary>
/// Plays candles as marks into the production engine, over a generated population. A candle is four marks, a quarter of a minute apart; before each
/// the market maker moves its quotes; after each the engine gets ticks until no work is left over.
/// </summary>
internal sealed class RehearsalRun : IDisposable
{
    private const int MarksPerCandle = 4;
    private const long NsPerMs = 1_000_000;
    private const long NsPerMark = 15_000_000_000;

    private readonly ScenarioSession _session;
    private readonly RehearsalSetup _setup;
    private LiquidationTally _tally = null!;

    internal RehearsalRun(RehearsalOptions options)
    {
        _session = new ScenarioSession(new TextReport(TextWriter.Null, string.Empty), null) { Lines = [] };
        _setup = new RehearsalSetup(options, _session);
    }

    internal IReadOnlyList<RehearsalMarket> Markets => _setup.Markets;

    internal Population Population => _setup.Population;

    internal IReadOnlyDictionary<ResultCode, long> Refusals => _setup.Refusals;

    internal Exchange Exchange => _session.Driver.Exchange;

    internal long Commands => _setup.Feed.Commands;

    /// <summary>Units of money or lots that were unaccounted for after any minute: 0.</summary>
    internal Int128 Unaccounted { get; private set; }

    /// <summary>Minutes played.</summary>
    internal int Minutes { get; private set; }

    public void Dispose() => _session.Dispose();

    /// <summary>When a position of the population was liquidated first; null: never.</summary>
    internal long? FirstLiquidationNs(in PlannedPosition position) =>
        _tally.FirstLiquidations.TryGetValue((_setup.Accounts[position.Owner], Markets[position.Market].Name.Id), out long ns) ? ns : null;

    /// <summary>Whether a position of the population was closed, or a part of it, against a liquidation.</summary>
    internal bool IsDeleveraged(in PlannedPosition position) =>
        _tally.Deleveraged.Contains((_setup.Accounts[position.Owner], Markets[position.Market].Name.Id));

    /// <summary>Opens the population.</summary>
    internal void Open(Action<long> progress)
    {
        _setup.Run(progress);
        _tally = new LiquidationTally(_setup.Feed.State);
        _setup.Feed.Listener = _tally.Take;
    }

    /// <summary>Plays all candles; progress is told minutes.</summary>
    internal void Play(Action<long> progress)
    {
        while (Markets.Min(market => market.NextMs) is { } ms)
        {
            PlayMinute(ms);
            progress(++Minutes);
        }
    }

    private void PlayMinute(long ms)
    {
        List<(RehearsalMarket Market, Candle Candle)> moving = [];
        foreach (RehearsalMarket market in Markets)
        {
            bool moves = market.NextMs == ms;
            long mark = _setup.Feed.State.Markets[market.Name.Id].MarkTicks;
            var minute = new MinuteFigures
            {
                TimeNs = ms * NsPerMs, OpenTicks = mark, HighTicks = mark, LowTicks = mark, CloseTicks = mark,
            };
            if (moves)
            {
                Candle candle = market.Take();
                moving.Add((market, candle));
                minute = new MinuteFigures
                {
                    TimeNs = ms * NsPerMs, OpenTicks = market.TicksOf(candle.Open), HighTicks = market.TicksOf(candle.High),
                    LowTicks = market.TicksOf(candle.Low), CloseTicks = market.TicksOf(candle.Close),
                };
            }

            market.Minutes.Add(minute);
            _tally.Begin(market.Name.Id, minute);
        }

        Span<decimal> marks = stackalloc decimal[MarksPerCandle];
        for (int i = 0; i < MarksPerCandle; i++)
        {
            Advance((ms * NsPerMs) + (i * NsPerMark));
            foreach ((RehearsalMarket market, Candle candle) in moving)
            {
                PricePath.MarksOf(in candle, marks);
                Mark(market, market.TicksOf(marks[i]));
            }
        }

        Advance((ms * NsPerMs) + (MarksPerCandle * NsPerMark) - 1);
        EndMinute();
    }

    private void Advance(long timeNs)
    {
        _tally.TimeNs = _setup.Feed.TimeNs;
        _setup.Feed.TickUntil(timeNs);
        _tally.TimeNs = timeNs;
    }

    private void Mark(RehearsalMarket market, long ticks)
    {
        Require(market, market.Maker.Quote(ticks));
        Require(market, _setup.Feed.Send(CommandType.SetMarkPrice, new SetMarkPrice { MarketId = market.Name.Id, PriceTicks = ticks }));
        _setup.Feed.TickUntil(_setup.Feed.TimeNs);
    }

    private static void Require(RehearsalMarket market, ResultCode code)
    {
        if (code != ResultCode.Accepted && code != ResultCode.MarketStateForbids)
        {
            throw new RehearsalException($"{market.Name.Name}: a quote or a mark was refused: {code}, {ResultText.Of(code)}");
        }
    }

    private void EndMinute()
    {
        ExchangeState state = _setup.Feed.State;
        Int128 imbalance = Conservation.Imbalance(state);
        Unaccounted += Int128.Abs(imbalance);
        foreach (RehearsalMarket market in Markets)
        {
            MinuteFigures minute = market.Minutes[^1];
            minute.InsuranceUnits = state.Markets[market.Name.Id].InsuranceUnits;
            minute.OpenInterestLots = state.Markets[market.Name.Id].PositionLots / 2;
            minute.ImbalanceUnits = imbalance;
            Unaccounted += Math.Abs(Conservation.OpenInterestImbalance(state, market.Name.Id));
            market.Total.Add(minute);
        }
    }
}
