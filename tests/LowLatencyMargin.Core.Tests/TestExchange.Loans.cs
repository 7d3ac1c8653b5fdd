using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Lending;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Pools, loans, and orders that borrow and repay.</summary>
internal sealed partial class TestExchange
{
    /// <summary>Assets USD and SOL with a pool each, a spot-margin market at 1,000 ticks, and a lender of both; the market's id.</summary>
    public int Lending(MarketParameters parameters, PoolParameters? pool = null, long lent = 1_000_000_000, long mark = 1_000)
    {
        Expect(ResultCode.Accepted, AddAsset("SOL"));
        int market = SpotMarket("SOL", 2, 1, parameters, mark, kind: MarketKind.SpotMargin);
        Expect(ResultCode.Accepted, Pool(1, pool ?? PoolParameters.Default));
        Expect(ResultCode.Accepted, Pool(2, pool ?? PoolParameters.Default));
        if (lent != 0)
        {
            int lender = Account(lent);
            Expect(ResultCode.Accepted, Deposit(lender, lent, asset: 2));
            Expect(ResultCode.Accepted, Lend(lender, lent));
            Expect(ResultCode.Accepted, Lend(lender, lent, asset: 2));
        }

        return market;
    }

    public LendingPool PoolOf(int asset) => State.Pools[State.Assets[asset].Pool];

    public ResultCode Pool(int asset, PoolParameters parameters)
    {
        SetPool command = new() { AssetId = asset, Parameters = parameters };
        return Send(ref command, CommandType.SetPool);
    }

    public ResultCode Lend(long account, long units, long asset = 1)
    {
        Lend command = new() { AccountId = account, AssetId = asset, AmountUnits = units };
        return Send(ref command, CommandType.Lend);
    }

    public ResultCode Unlend(long account, long units, long asset = 1, bool announce = false)
    {
        Unlend command = new() { AccountId = account, AssetId = asset, AmountUnits = units, Announce = announce ? 1 : 0 };
        return Send(ref command, CommandType.Unlend);
    }

    public ResultCode Borrow(long account, long market, long units, long asset = 1)
    {
        Borrow command = new() { AccountId = account, MarketId = market, AssetId = asset, AmountUnits = units };
        return Send(ref command, CommandType.Borrow);
    }

    public ResultCode Repay(long account, long market, long units, long asset = 1)
    {
        Repay command = new() { AccountId = account, MarketId = market, AssetId = asset, AmountUnits = units };
        return Send(ref command, CommandType.Repay);
    }

    public ResultCode CloseLoans(long account, long market)
    {
        CloseLoans command = new() { AccountId = account, MarketId = market, ClientOrderId = ++_clientIds };
        return Send(ref command, CommandType.CloseLoans);
    }

    /// <summary>A limit order with what it does to loans.</summary>
    public ResultCode Place(
        long account, long market, Side side, long lots, long ticks, SideEffect effect, TimeInForce timeInForce = TimeInForce.GoodTillCancel)
    {
        PlaceOrderWithTerms command = new()
        {
            Order = new PlaceOrder
            {
                AccountId = account,
                MarketId = market,
                ClientOrderId = ++_clientIds,
                Side = side,
                TimeInForce = timeInForce,
                QuantityLots = lots,
                PriceTicks = ticks,
            },
            Terms = new OrderTerms { Effect = effect },
        };
        ResultCode code = Send(ref command, CommandType.PlaceOrderWithTerms);
        if (code == ResultCode.Accepted)
        {
            LastOrderId = Events<OrderChanged>(EventType.OrderAccepted)[0].OrderId;
        }

        return code;
    }

    /// <summary>What an account owes in a market.</summary>
    public long Owed(int account, int market, int asset = 1)
    {
        int scope = State.ScopeOf[State.FindPosition(account, market)];
        return LoanFigures.OwedBy(State, asset == 1 ? State.MarginScopes[scope].QuoteLoan : State.MarginScopes[scope].BaseLoan);
    }

    /// <summary>What the wallet of an account's scope in a market has.</summary>
    public long InScope(int account, int market, int asset) => Units(State.WalletOf(Position(account, market)), asset);
}
