using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Scenes of several commands: accounts with just enough money take opposite sides, then the mark falls or rises far beyond their margins, so that
/// many of one side are bankrupt and many of the other in profit.</summary>
internal sealed class CrashCommands(Prng random, Profile profile, ModelExchange model, Command command)
{
    private readonly Queue<Action> _scene = new();

    private long _clientIds = 3_000_000_000;

    public bool IsRunning => _scene.Count > 0;

    public void Next()
    {
        if (_scene.Count == 0)
        {
            Write();
        }

        _scene.Dequeue()();
    }

    private void Write()
    {
        List<ModelMarket> perpetuals = [.. model.Markets.Where(market => !market.IsSpot && market.State != MarketState.Closed)];
        if (perpetuals.Count == 0)
        {
            _scene.Enqueue(() => command.Begin<Tick>(CommandType.Tick));
            return;
        }

        ModelMarket market = random.Pick(perpetuals);
        int pairs = 1 + random.Below(Math.Max(2, profile.Accounts));
        for (int i = 0; i < pairs; i++)
        {
            Pair(random.Chance(85) ? market : random.Pick(perpetuals));
        }

        if (random.Chance(70))
        {
            _scene.Enqueue(() => Mark(market, percent: random.Between(1, 12), isUp: random.Chance(50)));
        }

        // down and up by turns: what a liquidation account took over on the way it loses on the way back
        long from = market.Mark == 0 ? profile.BasePrice : market.Mark;
        bool isUp = from < profile.BasePrice * 6 / 10 || (from < profile.BasePrice * 16 / 10 && random.Chance(45));
        int steps = 1 + random.Below(3);
        for (int i = 0; i < steps; i++)
        {
            _scene.Enqueue(() => Mark(market, percent: random.Between(4, 45), isUp));
        }
    }

    /// <summary>Two accounts meet at one price; how much they bring is just about what it takes.</summary>
    private void Pair(ModelMarket market)
    {
        long maker = AnyAccount();
        long taker = AnyAccount();
        long lots = random.Between(1, profile.MaxLots);
        var side = (Side)random.Below(2);
        if (random.Chance(75))
        {
            _scene.Enqueue(() => Pay(maker, market, lots));
            _scene.Enqueue(() => Pay(taker, market, lots));
        }

        long price = 0;
        _scene.Enqueue(() =>
        {
            long mark = market.Mark == 0 ? profile.BasePrice : market.Mark;
            long width = Math.Max(1, mark / 60);
            price = Math.Max(1, mark + random.Between(-width, width));
            Order(maker, market, side, lots, price, TimeInForce.GoodTillCancel);
        });
        _scene.Enqueue(() => Order(taker, market, side == Side.Buy ? Side.Sell : Side.Buy, lots, price, TimeInForce.ImmediateOrCancel));
    }

    private void Pay(long account, ModelMarket market, long lots)
    {
        ref Deposit deposit = ref command.Begin<Deposit>(CommandType.Deposit);
        deposit.AccountId = account;
        deposit.AssetId = 1;
        Big notional = lots * (Big)Math.Max(1, market.Mark) * market.TickValue;
        deposit.AmountUnits = (long)Big.Clamp(notional * random.Between(5, 30) / 100, 1, Big.Pow(2, 52));
    }

    private void Order(long account, ModelMarket market, Side side, long lots, long price, TimeInForce timeInForce)
    {
        ref PlaceOrderWithTerms place = ref command.Begin<PlaceOrderWithTerms>(CommandType.PlaceOrderWithTerms);
        place.Order.AccountId = account;
        place.Order.MarketId = market.Id;
        place.Order.ClientOrderId = ++_clientIds;
        place.Order.Side = side;
        place.Order.QuantityLots = lots;
        place.Order.PriceTicks = price;
        place.Order.TimeInForce = timeInForce;
        place.Terms.Mode = (ModeChoice)random.Below(3);
    }

    private void Mark(ModelMarket market, long percent, bool isUp)
    {
        long step = Math.Max(1, market.Mark * percent / 100);
        Set(market, isUp ? Math.Min(market.Mark + step, profile.BasePrice * 8) : market.Mark - step);
    }

    private void Set(ModelMarket market, long price)
    {
        ref SetMarkPrice mark = ref command.Begin<SetMarkPrice>(CommandType.SetMarkPrice);
        mark.MarketId = market.Id;
        mark.PriceTicks = Math.Max(1, price);
    }

    private long AnyAccount() => model.LiquidationAccounts + 1 + random.Below(profile.Accounts);
}
