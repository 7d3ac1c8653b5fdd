using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Looks at a command.</summary>
internal delegate void MixedFlowHook(ReadOnlySpan<byte> command);

/// <summary>A stream of all commands with all options, hostile values among them; it allocates nothing itself.</summary>
internal sealed partial class MixedFlow
{
    private const int Recent = 128;
    private const int Names = 500;

    private readonly Exchange _exchange;
    private readonly SplitMix _random;
    private readonly int _firstAccount;
    private readonly int _accounts;
    private readonly int _markets;
    private readonly int _assets;
    private readonly (long Account, long Order)[] _recent = new (long, long)[Recent];
    private readonly long[] _types = new long[256];
    private readonly byte[] _bytes = new byte[CommandHeader.MaxCommandBytes];
    private long _timeNs = TestExchange.Second;
    private int _next;
    private int _length;

    private MixedFlow(Exchange exchange, ulong seed, int firstAccount, int accounts, int markets)
    {
        _exchange = exchange;
        _random = new SplitMix(seed);
        _firstAccount = firstAccount;
        _accounts = accounts;
        _markets = markets;
        _assets = exchange.State!.Assets.HighWater;
    }

    /// <summary>How many fields in a thousand get a value from the ends of the ranges or beyond.</summary>
    public int HostilePerMille { get; set; }

    /// <summary>Sees each command before it is applied; it may apply others.</summary>
    public MixedFlowHook? Before { get; set; }

    /// <summary>How many commands in a thousand set trader rules or resume trading.</summary>
    public int RulesPerMille { get; set; }

    /// <summary>How much faster time passes than in a day's trading.</summary>
    public long TimeScale { get; set; } = 1;

    /// <summary>An exchange with funded accounts, some isolated, some in groups, and a flow for it.</summary>
    public static (TestExchange X, MixedFlow Flow) Start(ulong seed, int work = 4096, int maxOrders = 2048)
    {
        const int Accounts = 16;
        var x = new TestExchange(work, maxOrders, maxPositions: 512, recentOrders: 256, recentPositions: 64) { ChecksEvery = int.MaxValue };
        MarketParameters parameters = MarketParameters.Default with
        {
            BreakerRate = 15 * TestExchange.Percent,
            BreakerHaltMs = 50,
            MaxOpenOrders = 60,
        };
        _ = x.Market(parameters with
        {
            VolatilityThresholdRate = 3 * TestExchange.Percent,
            VolatilityMultiplierRate = 120 * TestExchange.Percent,
            VolatilityWindowMs = 1_000,
            AddOnGraceMs = 20,
            AddOnNoticeMs = 60,
            OpenInterestFromUnits = 400_000,
            OpenInterestToUnits = 40_000_000,
        }, losses: LossRules.Default);
        _ = x.Market(parameters with
        {
            ModeSwitch = ModeSwitchPolicy.Checked,
            MaintenanceMarginBase = MarginBase.Entry,
            SelfTrade = SelfTradePrevention.Decrement,
            MaxPositionLots = 400,
        }, losses: LossRules.Default with { Mode = LossMode.Socialise });
        _ = x.Market(parameters with
        {
            PriceBandRate = 10 * TestExchange.Percent,
            MinQuantityLots = 2,
            MinNotionalUnits = 3_000,
            StopBufferRate = TestExchange.Percent,
            SizeAddOnRate = TestExchange.Percent,
            SizeAddOnStepUnits = 20_000,
            TierCount = 3,
            Tiers = TestExchange.Tiers((20_000, 10, 3), (60_000, 8, 5), (MarginTier.NoLimit, 4, 10)),
        }, losses: LossRules.Default);
        return Begin(x, seed, Accounts, 60_000);
    }

    private static (TestExchange X, MixedFlow Flow) Begin(TestExchange x, ulong seed, int accounts, long deposit)
    {
        for (int market = 1; market <= x.State.Markets.HighWater; market++)
        {
            // funding alone is not to ruin everybody before the rest has its turn
            _ = x.Funding(market, FundingRules.Default with { CapRate = 10 * Rate.BasisPoint });
        }

        int first = x.State.Accounts.HighWater + 1;
        for (int i = 0; i < accounts; i++)
        {
            int account = x.Account(deposit, owner: i % 4 == 3 ? 8 : 7);
            x.Mode(account, 1 + (i % 3), i % 2 == 0 ? MarginMode.Isolated : MarginMode.Cross);
            x.Group(account, i % 5 == 0 ? 9 : 0);
            x.PositionMode(account, i % 6 == 5 ? PositionMode.Hedge : PositionMode.OneWay);
        }

        return (x, new MixedFlow(x.Exchange, seed, first, accounts, x.State.Markets.HighWater));
    }

    /// <summary>The last command.</summary>
    public ReadOnlySpan<byte> Last => _bytes.AsSpan(0, _length);

    /// <summary>Events of a type so far.</summary>
    public long Seen(EventType type) => _types[(int)type];

    public ResultCode Step()
    {
        int length = Fill();
        _length = length;
        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(_bytes.AsSpan());
        _timeNs += _random.Below(4) == 0 ? _random.Below(20_000_000) * TimeScale : 0;
        header.LengthBytes = (uint)length;
        header.Version = Exchange.CommandVersion;
        header.TimeNs = _timeNs;
        Before?.Invoke(_bytes.AsSpan(0, length));
        header.Sequence = _exchange.Sequence + 1;
        ResultCode code = _exchange.Apply(_bytes.AsSpan(0, length));
        foreach (ref readonly EventSlot slot in _exchange.Events.Span)
        {
            _types[(int)slot.Header.Type]++;
            if (slot.Header.Type == EventType.OrderAccepted)
            {
                ref readonly OrderChanged order = ref EventSlot.As<OrderChanged>(in slot);
                _recent[_next++ % Recent] = (order.AccountId, order.OrderId);
            }
        }

        return code;
    }

    private int Fill()
    {
        long account = _firstAccount + _random.Below(_accounts);
        long market = 1 + _random.Below(_markets);
        if (RulesPerMille != 0 && _random.Below(1_000) < RulesPerMille)
        {
            return FillRules(account);
        }

        (long owner, long order) = _recent[_random.Below(Recent)];
        switch (_random.Below(72))
        {
            case >= 64:
                return FillPosition(account, market);
            case < 10:
                return End(ref FillOrder(ref Begin<PlaceOrder>(CommandType.PlaceOrder), account, market, waits: false));
            case < 24:
                return FillTerms(account, market);
            case < 28:
                ref CancelOrder cancel = ref Begin<CancelOrder>(CommandType.CancelOrder);
                (cancel.AccountId, cancel.OrderId) = (owner, Value(order));
                return End(ref cancel);
            case < 34:
                ref ModifyOrder modify = ref Begin<ModifyOrder>(CommandType.ModifyOrder);
                (modify.AccountId, modify.OrderId, modify.ClientOrderId) = (owner, _random.Below(8) == 0 ? 0 : order, 1 + _random.Below(Names));
                modify.QuantityLots = Value(_random.Below(2) * _random.Below(30));
                modify.PriceTicks = Value(_random.Below(2) * Price(market, 15));
                modify.TriggerTicks = Value(_random.Below(6) == 0 ? Price(market, 30) : 0);
                return End(ref modify);
            case 34:
                ref CancelOrders all = ref Begin<CancelOrders>(CommandType.CancelOrders);
                (all.AccountId, all.MarketId, all.Sides, all.SpareStops) =
                    (account, _random.Below(4), (SideFilter)_random.Below(3), (byte)_random.Below(2));
                return End(ref all);
            case < 39:
                return FillBatch(account, market);
            case < 42:
                return FillQuote(account, market);
            case < 44:
                ref SetBracket bracket = ref Begin<SetBracket>(CommandType.SetBracket);
                (bracket.AccountId, bracket.MarketId, bracket.Source) = (account, market, (TriggerSource)_random.Below(3));
                bracket.PositionId = PositionOf(account, market);
                (bracket.StopLossTicks, bracket.TakeProfitTicks) =
                    (Value(_random.Below(3) * Price(market, 60) / 2), Value(_random.Below(2) * Price(market, 60)));
                return End(ref bracket);
            case < 48:
                return FillProtection(account, market);
            case < 51:
                return FillMoney(account, market);
            case < 53 when _assets > 1:
                return FillAssets(account, market);
            case < 53:
                return FillPrice(market);
            case < 57:
                ref Tick tick = ref Begin<Tick>(CommandType.Tick);
                return End(ref tick);
            default:
                ref SetMarkPrice mark = ref Begin<SetMarkPrice>(CommandType.SetMarkPrice);
                (mark.MarketId, mark.PriceTicks) = market > FirstCheapMarket
                    ? (market, 1 + _random.Below(6))
                    : (market, Math.Clamp(Price(market, _random.Below(30) == 0 ? 170 : 10), 400, 2_500));
                return End(ref mark);
        }
    }

    private int FillPrice(long market)
    {
        switch (_random.Below(15))
        {
            case 9:
                return FillLiquidations(market);
            case 10 or 11:
                ref Liquidate liquidate = ref Begin<Liquidate>(CommandType.Liquidate);
                (liquidate.KeeperId, liquidate.AccountId) = (_firstAccount + _random.Below(_accounts), _firstAccount + _random.Below(_accounts));
                (liquidate.MarketId, liquidate.PositionId) = (market, PositionOf(liquidate.AccountId, market));
                return End(ref liquidate);
            case 8:
                ref SetFundingRules funding = ref Begin<SetFundingRules>(CommandType.SetFundingRules);
                (funding.MarketId, funding.Rules) = (market, FundingRules.Default with { IntervalMs = 60_000 * (1 + _random.Below(3)) });
                funding.Rules.InterestRate = Rate.BasisPoint * (_random.Below(21) - 10);
                funding.Rules.CapRate = Rate.BasisPoint * (1 + _random.Below(30));
                funding.Rules.DampeningRate = _random.Below(2) == 0 ? Rate.Scale : _random.Below(Rate.Scale);
                return End(ref funding);
            case 12 or 13:
                ref SetLossRules losses = ref Begin<SetLossRules>(CommandType.SetLossRules);
                (losses.MarketId, losses.Rules) = (market, LossRules.Default with { Mode = (LossMode)_random.Below(3), Pool = (LossPool)_random.Below(2) });
                losses.Rules.Price = (AdlPrice)(_random.Below(4) / 3);
                losses.Rules.Score = (AdlScoring)_random.Below(3);
                losses.Rules.GlobalLayer = (byte)_random.Below(2);
                losses.Rules.MaxHolders = (ushort)(1 + _random.Below(4));
                return End(ref losses);
            case 14:
                ref ForceFunding force = ref Begin<ForceFunding>(CommandType.ForceFunding);
                force.MarketId = market;
                return End(ref force);
            case 0:
                ref SetPriceRules rules = ref Begin<SetPriceRules>(CommandType.SetPriceRules);
                (rules.MarketId, rules.Rules) = (market, PriceRules.Default with { Rule = (MarkRule)_random.Below(7) });
                rules.Rules.HalfLifeMs = _random.Below(2) * 5_000;
                rules.Rules.VwapWindowMs = 60_000 * (1 + _random.Below(2));
                return End(ref rules);
            case < 4:
                ref SetIndexPrice index = ref Begin<SetIndexPrice>(CommandType.SetIndexPrice);
                (index.MarketId, index.PriceTicks) = (market, Price(market, 30));
                return End(ref index);
            default:
                ref FeedPrice feed = ref Begin<FeedPrice>(CommandType.FeedPrice);
                (feed.MarketId, feed.PriceTicks, feed.Source) = (market, Price(market, 30), Value(1 + _random.Below(2)));
                return End(ref feed);
        }
    }

    private int FillLiquidations(long market)
    {
        if (_random.Below(3) == 0)
        {
            ref RegisterKeeper keeper = ref Begin<RegisterKeeper>(CommandType.RegisterKeeper);
            (keeper.AccountId, keeper.On) = (_firstAccount + _random.Below(_accounts), _random.Below(2));
            return End(ref keeper);
        }

        ref SetLiquidationRules set = ref Begin<SetLiquidationRules>(CommandType.SetLiquidationRules);
        (set.MarketId, set.Rules) = (market, LiquidationRules.Default with { Partial = (byte)_random.Below(2) });
        set.Rules.Style = (LiquidationStyle)_random.Below(3);
        set.Rules.Recourse = (IsolatedRecourse)_random.Below(2);
        set.Rules.DisposalIntervalMs = set.Rules.Style == LiquidationStyle.Staged || _random.Below(2) == 0 ? 100 : 0;
        set.Rules.PartialMinFractionRate = _random.Below(4) * TestExchange.Percent * 10;
        set.Rules.PartialTargetRate = (100 + _random.Below(60)) * TestExchange.Percent;
        set.Rules.AccountLimitUnits = _random.Below(3) == 0 ? 5_000 : 0;
        set.Rules.MarketLimitUnits = _random.Below(3) == 0 ? 20_000 : 0;
        set.Rules.KeeperCostRefundUnits = _random.Below(2);
        set.Rules.KeeperLoop = (KeeperLoop)(_random.Below(4) / 3);
        return End(ref set);
    }

    private ref PlaceOrder FillOrder(ref PlaceOrder order, long account, long market, bool waits)
    {
        (order.AccountId, order.MarketId) = (account, market);
        order.ClientOrderId = _random.Below(3) == 0 ? 1 + _random.Below(Names) : 0;
        order.Side = (Side)_random.Below(2);
        order.QuantityLots = Value(1 + _random.Below(25));
        order.Type = (OrderType)(_random.Below(waits ? 2 : 8) / (waits ? 1 : 7));
        order.PriceTicks = order.Type == OrderType.Market ? 0 : Value(Price(market, 20));
        order.TimeInForce = _random.Below(3) == 0 ? (TimeInForce)_random.Below(5) : TimeInForce.GoodTillCancel;
        order.SelfTrade = (SelfTradePrevention)_random.Below(6);
        order.Flags = _random.Below(3) switch
        {
            0 => OrderFlags.None,
            1 => (OrderFlags)(1 << _random.Below(6)),
            _ => waits || _random.Below(2) == 0 ? OrderFlags.ReduceOnly : OrderFlags.PostOnly | OrderFlags.Reprice,
        };
        order.MaxSlippageRate = order.Type == OrderType.Market ? _random.Below(5 * TestExchange.Percent) : 0;
        return ref order;
    }

    private int FillTerms(long account, long market)
    {
        ref PlaceOrderWithTerms command = ref Begin<PlaceOrderWithTerms>(CommandType.PlaceOrderWithTerms);
        bool waits = _random.Below(3) != 0;
        ref PlaceOrder order = ref FillOrder(ref command.Order, account, market, waits);
        ref OrderTerms terms = ref command.Terms;
        if (waits)
        {
            order.Flags &= OrderFlags.ReduceOnly;
            order.TimeInForce = _random.Below(4) == 0 ? order.TimeInForce : TimeInForce.GoodTillCancel;
            terms.Trigger = (TriggerKind)(1 + _random.Below(4));
            terms.Source = (TriggerSource)_random.Below(3);
            if (terms.Trigger >= TriggerKind.TrailingStop)
            {
                terms.TrailTicks = _random.Below(2) == 0 ? 0 : Value(1 + _random.Below(20));
                terms.TrailRate = terms.TrailTicks == 0 ? 1 + _random.Below(2 * TestExchange.Percent) : 0;
                terms.StepTicks = Value(_random.Below(5));
                terms.ActivationTicks = Value(terms.Trigger == TriggerKind.TrailingStop ? 0 : Price(market, 30));
            }
            else
            {
                terms.TriggerTicks = Value(Price(market, 30));
            }
        }
        else
        {
            terms.DisplayLots = Value(_random.Below(2) * (1 + _random.Below(8)));
        }

        FillScope(ref terms, order.AccountId, order.MarketId);
        terms.ExpiresNs = order.TimeInForce == TimeInForce.GoodTillTime ? Value(_timeNs + _random.Below(500_000_000)) : 0;
        terms.LinkedOrderId = _random.Below(3) == 0 ? Value(_recent[_random.Below(Recent)].Order) : 0;
        if (terms.LinkedOrderId != 0)
        {
            (order.AccountId, terms.LinkedOrderId) = _recent[_random.Below(Recent)];
        }

        return End(ref command);
    }

    private int FillBatch(long account, long market)
    {
        ref OrderBatch batch = ref Begin<OrderBatch>(CommandType.OrderBatch);
        (batch.AccountId, batch.MarketId, batch.Mode) = (account, market, (BatchMode)_random.Below(2));
        batch.SelfTrade = (SelfTradePrevention)_random.Below(6);
        batch.Count = (ushort)(1 + _random.Below(_random.Below(10) == 0 ? OrderBatch.MaxItems : 6));
        Span<BatchItem> items = MemoryMarshal.Cast<byte, BatchItem>(_bytes.AsSpan(Unsafe.SizeOf<OrderBatch>()))[..batch.Count];
        foreach (ref BatchItem item in items)
        {
            PlaceOrder order = default;
            FillOrder(ref order, account, market, waits: false);
            item.Action = (BatchAction)Math.Max(0, _random.Below(5) - 2);
            (item.Side, item.Type, item.Flags) = (order.Side, order.Type, _random.Below(3) == 0 ? order.Flags : OrderFlags.None);
            (item.QuantityLots, item.PriceTicks, item.TimeInForce) = (order.QuantityLots, order.PriceTicks, (TimeInForce)(_random.Below(6) % 3));
            item.ClientOrderId = _random.Below(5) == 0 ? order.ClientOrderId : 0;
            if (item.Action != BatchAction.Place)
            {
                (batch.AccountId, item.OrderId) = _recent[_random.Below(Recent)];
            }
        }

        return Unsafe.SizeOf<OrderBatch>() + (batch.Count * Unsafe.SizeOf<BatchItem>());
    }

    private int FillQuote(long account, long market)
    {
        ref MassQuote quote = ref Begin<MassQuote>(CommandType.MassQuote);
        int levels = _random.Below(8) == 0 ? 20 : 4;
        (quote.AccountId, quote.MarketId, quote.Bids, quote.Asks) = (account, market, (ushort)_random.Below(levels), (ushort)_random.Below(levels));
        quote.Flags = _random.Below(2) == 0 ? OrderFlags.PostOnly : OrderFlags.None;
        quote.SelfTrade = (SelfTradePrevention)_random.Below(6);
        Span<QuoteLevel> all = MemoryMarshal.Cast<byte, QuoteLevel>(_bytes.AsSpan(Unsafe.SizeOf<MassQuote>()))[..(quote.Bids + quote.Asks)];
        long middle = Price(market, 6);
        for (int i = 0; i < all.Length; i++)
        {
            long price = i < quote.Bids ? middle - 1 - (i * 2) : middle + 1 + ((i - quote.Bids) * 2);
            all[i] = new QuoteLevel { PriceTicks = Value(price), QuantityLots = Value(1 + _random.Below(12)) };
        }

        return Unsafe.SizeOf<MassQuote>() + (all.Length * Unsafe.SizeOf<QuoteLevel>());
    }

    private int FillProtection(long account, long market)
    {
        switch (_random.Below(24))
        {
            case < 8:
                ref SetMakerProtection protection = ref Begin<SetMakerProtection>(CommandType.SetMakerProtection);
                (protection.AccountId, protection.MarketId) = (account, market);
                (protection.QuantityLots, protection.DeltaLots, protection.Fills) =
                    (Value(_random.Below(30)), Value(_random.Below(20)), _random.Below(6));
                (protection.WindowMs, protection.FrozenMs) = (1 + _random.Below(300), _random.Below(60));
                return End(ref protection);
            case < 16:
                ref CancelAllAfter deadMan = ref Begin<CancelAllAfter>(CommandType.CancelAllAfter);
                (deadMan.AccountId, deadMan.TimeoutMs, deadMan.SpareStops) = (account, _random.Below(400), (byte)_random.Below(2));
                return End(ref deadMan);
            case < 19:
                ref KillSwitch kill = ref Begin<KillSwitch>(CommandType.KillSwitch);
                (kill.AccountId, kill.MarketId) = (_random.Below(5) == 0 ? 0 : account, _random.Below(4));
                (kill.On, kill.SpareStops) = ((byte)(_random.Below(4) == 0 ? 1 : 0), (byte)_random.Below(2));
                return End(ref kill);
            case < 21 when _random.Below(12) == 0:
                ref SettleMarket settle = ref Begin<SettleMarket>(CommandType.SettleMarket);
                settle.MarketId = market;
                settle.DueNs = _random.Below(2) * (_exchange.TimeNs + _random.Below(1_000_000_000));
                settle.PriceTicks = settle.DueNs == 0 ? _random.Below(3) * Value(1_000) : 0;
                return End(ref settle);
            case < 21:
                ref SetMarketState to = ref Begin<SetMarketState>(CommandType.SetMarketState);
                (to.MarketId, to.State) = (market, _random.Below(3 * _assets) == 0 ? (MarketState)_random.Below(7) : MarketState.Open);
                return End(ref to);
            case < 23:
                ref SetRateLimit limit = ref Begin<SetRateLimit>(CommandType.SetRateLimit);
                (limit.AccountId, limit.PerSecond) = (_random.Below(3) == 0 ? 0 : account, _random.Below(2) * _random.Below(1_000_000));
                (limit.Burst, limit.Reserve) = (1 + _random.Below(300), _random.Below(20));
                return End(ref limit);
            default:
                ref SetTradeGroup group = ref Begin<SetTradeGroup>(CommandType.SetTradeGroup);
                (group.AccountId, group.GroupId) = (account, _random.Below(3));
                return End(ref group);
        }
    }

    private int FillMoney(long account, long market)
    {
        if (_random.Below(2) == 0)
        {
            ref Deposit deposit = ref Begin<Deposit>(_random.Below(3) == 0 ? CommandType.Withdraw : CommandType.Deposit);
            (deposit.AccountId, deposit.AssetId, deposit.AmountUnits) = (account, 1 + _random.Below(_assets), 1 + _random.Below(6_000));
            deposit.AmountUnits = deposit.AssetId == 2 ? 1 + (deposit.AmountUnits / 500) : deposit.AmountUnits;
            return End(ref deposit);
        }

        ref AllocateMargin allocate = ref Begin<AllocateMargin>(_random.Below(2) == 0 ? CommandType.AllocateMargin : CommandType.RemoveMargin);
        (allocate.AccountId, allocate.MarketId, allocate.AmountUnits) = (account, market, _random.Below(800));
        allocate.PositionId = PositionOf(account, market);
        return End(ref allocate);
    }

    private int FillRules(long account)
    {
        if (_random.Below(4) == 0)
        {
            ref ResumeTrading resume = ref Begin<ResumeTrading>(CommandType.ResumeTrading);
            resume.AccountId = account;
            return End(ref resume);
        }

        ref SetTraderRules set = ref Begin<SetTraderRules>(CommandType.SetTraderRules);
        set.AccountId = account;
        if (_random.Below(8) == 0)
        {
            return End(ref set);
        }

        ref TraderRules rules = ref set.Rules;
        rules = _random.Below(2) == 0 ? TraderRules.S4 : TraderRules.S4r;
        rules.EnforceSizing = (byte)(_random.Below(6) == 0 ? 1 : 0);
        rules.AutoReduceTarget = _random.Below(2) * 2 * Rate.Scale;
        (rules.DailyTradesWarning, rules.DailyTrades) = _random.Below(2) == 0 ? (2, 5) : (0, 0);
        rules.TradeCount = (TradeCount)_random.Below(2);
        rules.LevelHysteresis = _random.Below(10 * TestExchange.Percent);
        if (_random.Below(5) == 0)
        {
            (rules.DrawdownFirstRate, rules.DrawdownSecondRate, rules.DrawdownPauseRate) = (0, 0, 0);
        }

        if (_random.Below(5) == 0)
        {
            (rules.SafeLevel, rules.CautionLevel, rules.WarningLevel, rules.LiquidationLevel, rules.AutoReduceTarget) = (0, 0, 0, 0, 0);
        }

        rules.SafeLevel = (int)Math.Clamp(Value(rules.SafeLevel), int.MinValue, int.MaxValue);
        return End(ref set);
    }

    private long Price(long market, int width)
    {
        long mark = _exchange.State!.Markets[(int)market].MarkTicks;
        return Math.Max(1, mark - width + _random.Below((2 * width) + 1));
    }

    /// <summary>The value, or now and then one that is as large as can be, or larger.</summary>
    private long Value(long usual) => _random.Below(1_000) >= HostilePerMille ? usual : _random.Below(6) switch
    {
        0 => Exact.MaxQuantityLots,
        1 => Exact.MaxQuantityLots + 1,
        2 => long.MaxValue,
        3 => long.MinValue,
        4 => -1,
        _ => 1,
    };

    private ref T Begin<T>(CommandType type)
        where T : unmanaged
    {
        _bytes.AsSpan().Clear();
        MemoryMarshal.AsRef<CommandHeader>(_bytes.AsSpan()).Type = type;
        return ref MemoryMarshal.AsRef<T>(_bytes.AsSpan());
    }

    private static int End<T>(ref T command)
        where T : unmanaged
    {
        _ = command;
        return Unsafe.SizeOf<T>();
    }
}
