using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Model.Tests.Lockstep;
using LowLatencyMargin.Model.Tests.Prices;

namespace LowLatencyMargin.Model.Tests;

/// <summary>Marks and indexes of a market with trades, feeds, rules and time at random, against a second reckoning of docs/prices.md.</summary>
internal sealed class PriceLockstepTests
{
    private const int Runs = 12;
    private const long MaxSpread = 2_000_000;

    private readonly Command _command = new();
    private Exchange _exchange = null!;
    private ModelPrices _model = null!;
    private Random _random = null!;
    private long _nowNs;
    private long _around;

    [Test]
    [Description("R-801 to R-806: mark, index, state, window and events of prices after every command.")]
    public void PricesAreWhatTheirPageSays([Range(0, Runs - 1)] int run)
    {
        _random = new Random((int)RunLength.Seed(9_000, run));
        using var exchange = new Exchange();
        _exchange = exchange;
        _model = new ModelPrices { MaxSpread = MaxSpread };
        _nowNs = 1_000_000_000_000L;
        _around = 10_000;
        Begin();
        long steps = RunLength.Of(240_000) / Runs;
        (long mark, long moves, long freezes) = (0, 0, 0);
        MarketState state = MarketState.Open;
        for (long step = 0; step < steps; step++)
        {
            Step();
            Compare(step);
            moves += mark == _model.Mark ? 0 : 1;
            freezes += state != MarketState.PriceStale && _model.State == MarketState.PriceStale ? 1 : 0;
            (mark, state) = (_model.Mark, _model.State);
        }

        Assert.That(moves, Is.GreaterThan(steps / 10), "the mark moved");
        Assert.That(freezes, Is.GreaterThan(steps / 2_000), "the mark froze");
        TestContext.Out.WriteLine($"{moves:N0} moves and {freezes:N0} freezes in {steps:N0} steps");
    }

    private void Begin()
    {
        Send(CommandType.Genesis, new Genesis
        {
            MaxAccounts = 8, MaxOrders = 1_024, MaxPositions = 16, MaxAssets = 2, MaxMarkets = 2, MaxWorkPerCommand = 1_024, HashSeed = 5,
        });
        var asset = new AddAsset { Decimals = 6 };
        _ = Symbol.TryParse("USD", out asset.Symbol);
        Send(CommandType.AddAsset, asset);
        var market = new ListMarket
        {
            QuoteAssetId = 1,
            TickSizeE9 = 1_000_000,
            LotSizeE9 = 1_000_000,
            LadderTicks = 4096,
            Parameters = MarketParameters.Default with { MaxSpreadRate = (int)MaxSpread, MaxOpenOrders = 100, SelfTrade = SelfTradePrevention.None },
        };
        _ = Symbol.TryParse("BTC-PERP", out market.Symbol);
        _ = Symbol.TryParse("BTC", out market.BaseSymbol);
        Send(CommandType.ListMarket, market);
        for (int account = 2; account <= 3; account++)
        {
            Send(CommandType.CreateAccount, new CreateAccount { OwnerId = 1 });
            Send(CommandType.Deposit, new Deposit { AccountId = account, AssetId = 1, AmountUnits = 1L << 50 });
        }
    }

    private void Step()
    {
        Pass(_random.Next(6) switch { 0 => 0, 1 => _random.Next(1_000_000), 5 => _random.NextInt64(40_000_000_000), _ => _random.NextInt64(2_000_000_000) });
        _around = Math.Clamp(_around + _random.Next(-40, 41), 5_000, 20_000);
        long near = _around + _random.Next(-30, 31);
        switch (_random.Next(20))
        {
            case 0:
                PriceRules rules = RandomRules();
                Send(CommandType.SetPriceRules, new SetPriceRules { MarketId = 1, Rules = rules });
                _model.SetRules(in rules, _nowNs);
                break;
            case 1 when _random.Next(5) == 0:
                Send(CommandType.SetMarkPrice, new SetMarkPrice { MarketId = 1, PriceTicks = near });
                _model.SetMark(near, _nowNs);
                break;
            case 2 when _random.Next(4) == 0:
                Send(CommandType.SetIndexPrice, new SetIndexPrice { MarketId = 1, PriceTicks = near });
                _model.SetIndex(near);
                break;
            case 3 when _random.Next(8) == 0 && _model.State != MarketState.PriceStale:
                MarketState state = _model.State == MarketState.Open ? MarketState.ReduceOnly : MarketState.Open;
                Send(CommandType.SetMarketState, new SetMarketState { MarketId = 1, State = state });
                _model.SetState(state);
                break;
            case < 9:
                long jump = _random.Next(12) == 0 ? near * _random.Next(80, 121) / 100 : near;
                int source = 1 + _random.Next(2);
                Send(CommandType.FeedPrice, new FeedPrice { MarketId = 1, PriceTicks = jump, Source = source });
                _model.Feed(source, jump, _nowNs);
                break;
            case < 18:
                Order(near);
                break;
            default:
                Send(CommandType.CancelOrders, new CancelOrders { AccountId = 2 + _random.Next(2) });
                break;
        }
    }

    /// <summary>Time goes on, and the market is looked at whenever that is due.</summary>
    private void Pass(long lengthNs)
    {
        long until = _nowNs + lengthNs;
        Looked();
        for (long? due = _model.Due(_nowNs); due <= until; due = _model.Due(_nowNs))
        {
            _nowNs = due!.Value;
            _model.Update(_nowNs);
        }

        _nowNs = until;
        Send(CommandType.Tick, default(Tick));
    }

    private void Order(long near)
    {
        var order = new PlaceOrder
        {
            AccountId = 2 + _random.Next(2),
            MarketId = 1,
            PriceTicks = near + _random.Next(-50, 51),
            QuantityLots = 1 + _random.Next(20),
            Side = (Side)_random.Next(2),
            TimeInForce = _random.Next(3) == 0 ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancel,
        };
        ResultCode code = Apply(CommandType.PlaceOrder, order);
        var trades = new List<(long Lots, long Ticks)>();
        foreach (ref readonly EventSlot slot in _exchange.Events.Span)
        {
            if (slot.Header.Type == EventType.Trade)
            {
                ref readonly Trade trade = ref EventSlot.As<Trade>(in slot);
                trades.Add((trade.QuantityLots, trade.PriceTicks));
            }
        }

        Assert.That(code, Is.EqualTo(ResultCode.Accepted).Or.EqualTo(ResultCode.MarketStateForbids).Or.EqualTo(ResultCode.TooManyOrders));
        if (trades.Count != 0)
        {
            Looked();
            _model.FollowTrade(trades[^1].Ticks);
            _model.Trade(trades, _nowNs);
        }
    }

    private PriceRules RandomRules() => PriceRules.Default with
    {
        Rule = (MarkRule)_random.Next(7),
        VwapWindowMs = _random.Next(2) == 0 ? 60_000 : _random.Next(1_000, 200_000),
        FreshMs = _random.Next(100, 30_000),
        HalfLifeMs = _random.Next(3) == 0 ? 0 : _random.Next(1, 20_000),
        IntervalMs = _random.Next(1_000, 10_000),
        GapRate = _random.Next(3) == 0 ? 0 : _random.Next(100_000, 8_000_000),
        BandRate = _random.Next(10_000, 20_000_000),
        ClampRate = _random.Next(10_000, 10_000_000),
    };

    private void Looked() => _model.Touch = (_exchange.State!.Books[1].Bids.BestTicks, _exchange.State.Books[1].Asks.BestTicks);

    private void Compare(long step)
    {
        ref readonly Core.Matching.Market market = ref _exchange.State!.Markets[1];
        ref readonly Core.Pricing.MarketPrice price = ref _exchange.State.Prices[1];
        Assert.That(
            (market.MarkTicks, market.HasMark != 0, market.IndexTicks, market.State),
            Is.EqualTo((_model.Mark, _model.HasMark, _model.Index, _model.State)),
            $"mark, whether it is one, index, state after step {step} at {_nowNs}, rule {price.Rules.Rule}");
    }

    private void Send<T>(CommandType type, T body)
        where T : unmanaged => Assert.That(Apply(type, body), Is.EqualTo(ResultCode.Accepted), type.ToString());

    private ResultCode Apply<T>(CommandType type, T body)
        where T : unmanaged
    {
        Looked(type);
        ref T place = ref _command.Begin<T>(type);
        CommandHeader header = _command.Header with { Sequence = _exchange.Sequence + 1, TimeNs = _nowNs };
        place = body;
        _command.Header = header;
        return _exchange.Apply(_command.Bytes);
    }

    /// <summary>What a feed or new rules see of the book is what stands there before them.</summary>
    private void Looked(CommandType type)
    {
        if (type is CommandType.FeedPrice or CommandType.SetPriceRules)
        {
            Looked();
        }
    }
}
