using LowLatencyMargin.Cli.Scenarios;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.MarketData;

namespace LowLatencyMargin.Cli.Flow;

/// <summary>How to convert.</summary>
/// <param name="File">Order flow.</param>
/// <param name="Directory">Where the journal goes.</param>
/// <param name="Accounts">Accounts that get the orders, one after the other.</param>
/// <param name="DepositUsd">What each has.</param>
/// <param name="MarkEverySeconds">How often the last trade becomes the mark; 0: never after the first price.</param>
internal sealed record ConversionOptions(string File, string Directory, int Accounts, long DepositUsd, int MarkEverySeconds);

/// <summary>
/// Order flow of Bitstamp into a journal of commands. The commands run through an engine while they are made: it says which id a later cancel
/// has to name, and which orders have filled by then.
/// </summary>
internal sealed class BitstampConversion : IDisposable
{
    /// <summary>With a tick of 0.01 and a lot of 1e-8, 10 decimals of the dollar make a tick value of exactly 1.</summary>
    internal const int UsdDecimals = 10;

    internal const long UsdUnits = 10_000_000_000;
    private const long TickE9 = 10_000_000;

    /// <summary>1e-8 BTC, the unit of the file: no size is rounded.</summary>
    private const long LotE9 = 10;

    private const long NsPerMs = 1_000_000;
    private const int MarketId = 1;

    private readonly ConversionOptions _options;
    private readonly CommandJournal _journal;
    private readonly CommandDriver _driver;
    private readonly Dictionary<long, (long Account, long OrderId)> _orders = [];
    private readonly long[] _accounts;
    private long _nextMarkNs;
    private long _nextOrder;

    internal BitstampConversion(ConversionOptions options)
    {
        _options = options;
        _accounts = new long[options.Accounts];
        _journal = new CommandJournal(options.Directory);
        _driver = new CommandDriver(_journal, keepsHistory: false);
    }

    internal ConversionCounts Counts { get; } = new();

    internal Exchange Exchange => _driver.Exchange;

    public void Dispose()
    {
        _driver.Dispose();
        _journal.Dispose();
    }

    /// <summary>Converts the whole file.</summary>
    internal void Run(Action<long>? progress = null)
    {
        foreach (BitstampOrder row in BitstampOrders.Read(_options.File))
        {
            _driver.TimeNs = Math.Max(_driver.TimeNs, row.TimeMs * NsPerMs);
            if (Counts.Rows == 0)
            {
                SetUp(row.PriceCents);
            }

            Counts.Rows++;
            Convert(in row);
            MoveMark();
            if (Counts.Rows % 1_000 == 0)
            {
                progress?.Invoke(Counts.Rows);
            }
        }

        if (Counts.Rows == 0)
        {
            throw new MarketDataException(_options.File, 2, "no rows", "at least one order event after the header");
        }

        _journal.Checkpoint(Exchange);
    }

    private void SetUp(long firstPriceCents)
    {
        _ = Require(CommandType.Genesis, new Genesis
        {
            MaxAccounts = _options.Accounts + 8,
            MaxOrders = 1_000_000,
            MaxPositions = _options.Accounts + 8,
            MaxAssets = 4,
            MaxMarkets = 4,
            MaxWorkPerCommand = 1_024,
            RecentOrders = 4_096,
        });
        _ = Symbol.TryParse("USD", out Symbol usd);
        _ = Symbol.TryParse("BTC", out Symbol btc);
        _ = Symbol.TryParse("BTC-USD", out Symbol market);
        _ = Require(CommandType.AddAsset, new AddAsset { Symbol = usd, Decimals = UsdDecimals });
        _ = Require(CommandType.ListMarket, new ListMarket
        {
            Symbol = market,
            BaseSymbol = btc,
            QuoteAssetId = 1,
            TickSizeE9 = TickE9,
            LotSizeE9 = LotE9,
            LadderTicks = PriceLadder.MinWindowTicks,
            // whose an order was is not in the file: two that traded there must trade here, even if one account got both
            Parameters = MarketParameters.Default with { MaxOpenOrders = 100_000, SelfTrade = SelfTradePrevention.None },
        });
        for (int i = 0; i < _accounts.Length; i++)
        {
            EventSlot created = Require(CommandType.CreateAccount, new CreateAccount { OwnerId = i + 1 });
            _accounts[i] = EventSlot.As<AccountCreated>(in created).AccountId;
            _ = Require(CommandType.Deposit, new Deposit { AccountId = _accounts[i], AssetId = 1, AmountUnits = checked(_options.DepositUsd * UsdUnits) });
        }

        _ = Require(CommandType.SetMarkPrice, new SetMarkPrice { MarketId = MarketId, PriceTicks = firstPriceCents });
        _nextMarkNs = _driver.TimeNs + (_options.MarkEverySeconds * 1_000_000_000L);
    }

    private void Convert(in BitstampOrder row)
    {
        switch (row.Action)
        {
            case BitstampAction.Created:
                Place(in row);
                break;
            case BitstampAction.Changed:
                Counts.SkippedChanged++;
                break;
            case BitstampAction.Deleted when row.VolumeE8 == 0:
                Counts.SkippedFilled++;
                _ = _orders.Remove(row.Id);
                break;
            default:
                Cancel(in row);
                break;
        }
    }

    private void Place(in BitstampOrder row)
    {
        if (row.VolumeE8 == 0)
        {
            Counts.SkippedEmpty++;
            return;
        }

        long account = _accounts[_nextOrder++ % _accounts.Length];
        EventSlot first = Apply(CommandType.PlaceOrder, new PlaceOrder
        {
            AccountId = account,
            MarketId = MarketId,
            ClientOrderId = row.Id,
            PriceTicks = row.PriceCents,
            QuantityLots = row.VolumeE8,
            Side = row.IsBid ? Side.Buy : Side.Sell,
        });
        if (first.Header.Type == EventType.OrderAccepted)
        {
            Counts.Placed++;
            _orders[row.Id] = (account, EventSlot.As<OrderChanged>(in first).OrderId);
        }
    }

    private void Cancel(in BitstampOrder row)
    {
        if (!_orders.Remove(row.Id, out (long Account, long OrderId) order))
        {
            Counts.SkippedUnknown++;
        }
        else if (Exchange.State!.FindOrder(order.OrderId, (int)order.Account) == 0)
        {
            Counts.SkippedGone++;
        }
        else
        {
            _ = Apply(CommandType.CancelOrder, new CancelOrder { AccountId = order.Account, OrderId = order.OrderId });
            Counts.Cancelled++;
        }
    }

    private void MoveMark()
    {
        long last = Exchange.State!.Markets[MarketId].LastTicks;
        if (_options.MarkEverySeconds > 0 && _driver.TimeNs >= _nextMarkNs && last != 0)
        {
            _ = Apply(CommandType.SetMarkPrice, new SetMarkPrice { MarketId = MarketId, PriceTicks = last });
            _nextMarkNs = _driver.TimeNs + (_options.MarkEverySeconds * 1_000_000_000L);
        }
    }

    private EventSlot Require<T>(CommandType type, T command)
        where T : unmanaged
    {
        EventSlot first = Apply(type, command);
        return first.Header.Type != EventType.Rejected
            ? first
            : throw new InvalidOperationException($"{type} was rejected: {ResultText.Of(EventSlot.As<Rejected>(in first).Code)}");
    }

    /// <summary>Applies a command, and ticks until nothing is left over; returns its first event.</summary>
    private EventSlot Apply<T>(CommandType type, T command)
        where T : unmanaged
    {
        EventSlot[] events = _driver.Apply(type, command);
        Count(events);
        while (Exchange.HasPendingWork)
        {
            Count(_driver.Apply(CommandType.Tick, default(Tick)));
        }

        return events[0];
    }

    private void Count(EventSlot[] events)
    {
        Counts.Commands++;
        foreach (ref readonly EventSlot slot in events.AsSpan())
        {
            Counts.Trades += slot.Header.Type == EventType.Trade ? 1 : 0;
            Counts.Liquidations += slot.Header.Type == EventType.LiquidationStarted ? 1 : 0;
            if (slot.Header.Type == EventType.Rejected)
            {
                Counts.Reject(EventSlot.As<Rejected>(in slot).Code);
            }
        }
    }
}
