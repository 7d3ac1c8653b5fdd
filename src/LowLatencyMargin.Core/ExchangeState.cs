using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Fees;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;
using LowLatencyMargin.Core.Pricing;
using LowLatencyMargin.Core.Rules;
using LowLatencyMargin.Core.Timers;
using LowLatencyMargin.Core.Waterfall;

namespace LowLatencyMargin.Core;

/// <summary>All that the exchange knows, in slabs. Made by the genesis command; the parts of the core share it.</summary>
public sealed partial class ExchangeState : Rewindable, IDisposable
{
    /// <summary>Rows that a walk passes over for one unit of work.</summary>
    public const int RowsPerWork = 64;

    /// <summary>Rows kept for orders that never rest, so that a full book still lets positions close.</summary>
    private const int ImmediateOrders = 16;

    /// <summary>Most registered keepers.</summary>
    private const int MostKeepers = 64;

    /// <summary>Most makers that liquidations under way remember for their shares of penalties.</summary>
    private const int MostPenaltyMakers = 1 << 14;

    /// <summary>Most accounts with trader rules.</summary>
    private const int MostRules = 1 << 20;

    private readonly Genesis _limits;
    private readonly NativeArray<int> _touched;
    private readonly NativeArray<int> _due;
    private readonly NativeArray<int> _left;
    private readonly NativeArray<int> _deferred;
    private readonly NativeArray<ShortPlace> _short;
    private readonly NativeArray<int> _triggersDue;
    private readonly NativeArray<int> _pricesDue;
    private readonly NativeArray<Aftermath> _aftermath;
    private Tracked<Counts> _head;

    /// <summary>Takes the address space that genesis asks for.</summary>
    [ColdPath]
    public ExchangeState(in Genesis genesis)
        : base(new UndoLog())
    {
        Undo.BelongTo(this);
        LiquidationWork = 8;
        _head.Now.CappedIn = -1;
        _limits = genesis;
        Assets = new Slab<Asset>(genesis.MaxAssets, Undo);
        Markets = new Slab<Market>(genesis.MaxMarkets, Undo);
        Accounts = new Slab<Account>(genesis.MaxAccounts, Undo);
        Positions = new Slab<Position>(genesis.MaxPositions, Undo);
        PositionDetails = new NativeArray<PositionDetail>(genesis.MaxPositions + 1, Undo);
        PositionOf = new LongMap(genesis.MaxPositions, Undo);
        ClosedPositions = new Slab<ClosedPosition>((int)genesis.RecentPositions, Undo);
        int balances = genesis.MaxBalances == 0 ? genesis.MaxPositions : genesis.MaxBalances;
        Balances = new Slab<Balance>(balances, Undo);
        BalanceOf = new LongMap(balances, Undo);
        UnlockNotices = new NativeArray<UnlockNotice>(balances + 1, Undo);
        Pools = new Slab<LendingPool>(genesis.MaxAssets, Undo);

        // a scope has two loans at most: a loan always finds room
        int scopes = Math.Min(balances, genesis.MaxPositions);
        MarginScopes = new Slab<MarginScope>(scopes, Undo);
        ScopeOf = new NativeArray<int>(genesis.MaxPositions + 1, Undo);
        Loans = new Slab<Loan>(2 * scopes, Undo);
        LoanLimits = new PerMarket<LimitHeap>(genesis.MaxAssets, Undo);
        IsolatedWallets = new LongMap(genesis.MaxAccounts, Undo);
        Orders = new Slab<Order>(genesis.MaxOrders + ImmediateOrders, Undo);
        OrderTerms = new Slab<OrderTermsRow>(Math.Min(Orders.Capacity, Order.MaxTerms - 1), Undo);

        // an order stands at one price in a book, and at two when it trails
        FarLevels = new FarLevelStore((2 * genesis.MaxOrders) + 1, Undo);
        Books = new PerMarket<OrderBook>(genesis.MaxMarkets, Undo);
        Indexes = new PerMarket<LiquidationIndex>(genesis.MaxMarkets, Undo);
        Triggers = new PerMarket<TriggerBook>(genesis.MaxMarkets, Undo);
        ClientOrderIds = new ClientOrderIds(Orders, Positions);
        RecentOrders = new RecentOrders(genesis.RecentOrders, Orders.Capacity, Undo);
        TradingGuards = new NativeArray<TradingGuard>(genesis.MaxPositions + 1, Undo);
        AccountControls = new NativeArray<AccountControl>(genesis.MaxAccounts + 1, Undo);
        BreakerWindows = new NativeArray<BreakerWindow>(genesis.MaxMarkets + 1, Undo);
        VolatilityWindows = new NativeArray<BreakerWindow>(genesis.MaxMarkets + 1, Undo);
        Prices = new NativeArray<MarketPrice>(genesis.MaxMarkets + 1, Undo);
        Funding = new NativeArray<MarketFunding>(genesis.MaxMarkets + 1, Undo);
        FundingPaid = new NativeArray<long>(genesis.MaxPositions + 1, Undo);
        Losses = new NativeArray<MarketLoss>(genesis.MaxMarkets + 1, Undo);
        Rankings = new PerMarket<AdlRankings>(genesis.MaxMarkets, Undo);
        TradeParts = new NativeArray<TradePart>((genesis.MaxMarkets + 1) * TradeWindow.Parts, Undo);
        Settlements = new NativeArray<MarketSettlement>(genesis.MaxMarkets + 1, Undo);
        AccountRules = new Slab<AccountRules>(Math.Min(genesis.MaxAccounts, MostRules), Undo);
        MostHoldings = Math.Min(genesis.MaxPositions, MostRules);
        PositionRecords = new Slab<PositionRecord>(genesis.MaxPositions + MostHoldings, Undo);
        WatchLevels = new FarLevelStore((2 * PositionRecords.Capacity) + 1, Undo);
        Watches = new PerMarket<WatchIndex>(genesis.MaxMarkets, Undo);
        FeeVolumes = new Slab<FeeVolume>(genesis.MaxAccounts, Undo);
        FeeVolumeOf = new LongMap(genesis.MaxAccounts, Undo);
        Liquidations = new NativeArray<MarketLiquidations>(genesis.MaxMarkets + 1, Undo);
        LiquidationProgress = new NativeArray<LiquidationProgress>(genesis.MaxPositions + 1, Undo);
        PenaltyMakers = new Slab<PenaltyMaker>(MostPenaltyMakers, Undo);
        Keepers = new Slab<Keeper>(MostKeepers, Undo);
        Timers = new TimerQueue(
            Orders, OrderTerms, AccountControls, Markets, Prices, Funding, Settlements, AccountRules, Pools, Loans, LiquidationProgress,
            Liquidations);
        CancelJobs = new CancelJobs(genesis.MaxAccounts + genesis.MaxMarkets, Undo);
        Registry = new OrderRegister(this);
        Records = new PositionRecords(this);
        Gate = new RiskGate(this);
        Events = new EventBuffer(EventsPerCommand(genesis.MaxWorkPerCommand));
        _triggersDue = new NativeArray<int>(genesis.MaxMarkets, Undo);
        _pricesDue = new NativeArray<int>(genesis.MaxMarkets, Undo);
        _aftermath = new NativeArray<Aftermath>((4 * genesis.MaxWorkPerCommand) + 64);
        _due = new NativeArray<int>(genesis.MaxMarkets + genesis.MaxAssets);
        _left = new NativeArray<int>(genesis.MaxMarkets + genesis.MaxAssets, Undo);
        _deferred = new NativeArray<int>(genesis.MaxPositions + 1, Undo);
        _short = new NativeArray<ShortPlace>(genesis.MaxAccounts + 1, Undo);
        _touched = new NativeArray<int>((2 * genesis.MaxWorkPerCommand) + (2 * Exact.MaxPositionsPerAccount) + 16);
    }

    /// <summary>What previews take back; every slab and array of the state is made with it.</summary>
    internal new UndoLog Undo => base.Undo!;

    /// <summary>Genesis.</summary>
    public ref readonly Genesis Limits => ref _limits;

    /// <summary>Assets.</summary>
    public Slab<Asset> Assets { get; }

    /// <summary>Markets.</summary>
    public Slab<Market> Markets { get; }

    /// <summary>Accounts.</summary>
    public Slab<Account> Accounts { get; }

    /// <summary>Rows of account and market.</summary>
    public Slab<Position> Positions { get; }

    /// <summary>What those rows need seldom, by the same index.</summary>
    public NativeArray<PositionDetail> PositionDetails { get; }

    /// <summary>From account and market to the row.</summary>
    public LongMap PositionOf { get; }

    /// <summary>The positions that closed last, in a ring .</summary>
    public Slab<ClosedPosition> ClosedPositions { get; }

    /// <summary>Rows of account and asset.</summary>
    public Slab<Balance> Balances { get; }

    /// <summary>From account and asset to the row.</summary>
    public LongMap BalanceOf { get; }

    /// <summary>Orders.</summary>
    public Slab<Order> Orders { get; }

    /// <summary>What few orders have: rows that <see cref="Order.Terms"/> names.</summary>
    public Slab<OrderTermsRow> OrderTerms { get; }

    /// <summary>Client ids of open orders.</summary>
    public ClientOrderIds ClientOrderIds { get; }

    /// <summary>Orders that ended lately.</summary>
    public RecentOrders RecentOrders { get; }

    /// <summary>Which orders are open.</summary>
    public OrderRegister Registry { get; }

    /// <summary>Waiting orders, by market.</summary>
    public PerMarket<TriggerBook> Triggers { get; }

    /// <summary>Timers.</summary>
    public TimerQueue Timers { get; }

    /// <summary>What accounts have seldom in a market, by the index of the position row.</summary>
    public NativeArray<TradingGuard> TradingGuards { get; }

    /// <summary>What accounts have seldom, by account.</summary>
    public NativeArray<AccountControl> AccountControls { get; }

    /// <summary>Marks of the last minutes, by market.</summary>
    public NativeArray<BreakerWindow> BreakerWindows { get; }

    /// <summary>Marks of the last while, by market, for the volatility add-on.</summary>
    public NativeArray<BreakerWindow> VolatilityWindows { get; }

    /// <summary>Where marks come from, by market.</summary>
    public NativeArray<MarketPrice> Prices { get; }

    /// <summary>Funding, by market.</summary>
    public NativeArray<MarketFunding> Funding { get; }

    /// <summary>What each open position has paid of funding since it opened, by the index of its row; 0 in markets that never charged any .</summary>
    public NativeArray<long> FundingPaid { get; }

    /// <summary>The parts of the markets' trade windows.</summary>
    public NativeArray<TradePart> TradeParts { get; }

    /// <summary>Rules of liquidations, by market.</summary>
    public NativeArray<MarketLiquidations> Liquidations { get; }

    /// <summary>How far liquidations are, by the index of the position row.</summary>
    public NativeArray<LiquidationProgress> LiquidationProgress { get; }

    /// <summary>Makers that liquidations under way met.</summary>
    public Slab<PenaltyMaker> PenaltyMakers { get; }

    /// <summary>Registered keepers.</summary>
    public Slab<Keeper> Keepers { get; }

    /// <summary>How far markets are on their way out.</summary>
    public NativeArray<MarketSettlement> Settlements { get; }

    /// <summary>Losses beyond their owners' money, by market.</summary>
    public NativeArray<MarketLoss> Losses { get; }

    /// <summary>Who is deleveraged first, by market.</summary>
    public PerMarket<AdlRankings> Rankings { get; }

    /// <summary>Insurance of all markets, used after their own (R-1203).</summary>
    public long GlobalInsuranceUnits
    {
        get => _head.Now.GlobalInsuranceUnits;
        set => _head.Now.GlobalInsuranceUnits = value;
    }

    /// <summary>Mass cancels that go on with the next ticks.</summary>
    public CancelJobs CancelJobs { get; }

    /// <summary>What accounts traded in 30 days, of those that traded in a market with fee tiers.</summary>
    public Slab<FeeVolume> FeeVolumes { get; }

    /// <summary>From account to the row.</summary>
    public LongMap FeeVolumeOf { get; }

    /// <summary>Trader rules of the accounts that have some.</summary>
    public Slab<AccountRules> AccountRules { get; }

    /// <summary>What these rules keep of open positions.</summary>
    public Slab<PositionRecord> PositionRecords { get; }

    /// <summary>Prices of all watch indexes.</summary>
    public FarLevelStore WatchLevels { get; }

    /// <summary>Watched positions, by market.</summary>
    public PerMarket<WatchIndex> Watches { get; }

    /// <summary>What trades add to the records of accounts with rules.</summary>
    public PositionRecords Records { get; }

    /// <summary>What trader rules refuse.</summary>
    public RiskGate Gate { get; }

    /// <summary>Markets with watched accounts left over.</summary>
    public int WatchesPending
    {
        get => _head.Now.WatchesPending;
        set => _head.Now.WatchesPending = value;
    }

    /// <summary>Records of holdings in the watch indexes.</summary>
    public int Holdings
    {
        get => _head.Now.Holdings;
        set => _head.Now.Holdings = value;
    }

    /// <summary>The most that there can be, so that every position has a record.</summary>
    public int MostHoldings { get; }

    /// <summary>Rate limit of the accounts that have none of their own.</summary>
    public RateLimit RateLimit
    {
        get => _head.Now.RateLimit;
        set => _head.Now.RateLimit = value;
    }

    /// <summary>1 when some account may have a rate limit.</summary>
    public bool HasRateLimits
    {
        get => _head.Now.HasRateLimits;
        set => _head.Now.HasRateLimits = value;
    }

    /// <summary>Far levels of all books.</summary>
    public FarLevelStore FarLevels { get; }

    /// <summary>Books, by market.</summary>
    public PerMarket<OrderBook> Books { get; }

    /// <summary>Liquidation indexes, by market.</summary>
    public PerMarket<LiquidationIndex> Indexes { get; }

    /// <summary>Events of the command being applied.</summary>
    public EventBuffer Events { get; }

    /// <summary>Time of the last command.</summary>
    public long TimeNs
    {
        get => _head.Now.TimeNs;
        set => _head.Now.TimeNs = value;
    }

    /// <summary>Trades so far.</summary>
    public long LastTradeId
    {
        get => _head.Now.LastTradeId;
        set => _head.Now.LastTradeId = value;
    }

    /// <summary>Positions opened so far.</summary>
    public long LastPositionId
    {
        get => _head.Now.LastPositionId;
        set => _head.Now.LastPositionId = value;
    }

    /// <summary>Positions remembered in <see cref="ClosedPositions"/> so far.</summary>
    public long ClosedCount
    {
        get => _head.Now.ClosedCount;
        private set => _head.Now.ClosedCount = value;
    }

    /// <summary>Liquidations started so far.</summary>
    public long LastLiquidationId
    {
        get => _head.Now.LastLiquidationId;
        set => _head.Now.LastLiquidationId = value;
    }

    /// <summary>Counts for fill-or-kill orders so far.</summary>
    public long CountingWalks
    {
        get => _head.Now.CountingWalks;
        set => _head.Now.CountingWalks = value;
    }

    /// <summary>Orders that rest.</summary>
    public int RestingOrders
    {
        get => _head.Now.RestingOrders;
        set => _head.Now.RestingOrders = value;
    }

    /// <summary>Markets whose positions are being closed for good.</summary>
    public int SettlingMarkets
    {
        get => _head.Now.SettlingMarkets;
        set => _head.Now.SettlingMarkets = value;
    }

    /// <summary>Cascades so far in which holders were ranked: one ends with a command that leaves no liquidation over.</summary>
    public long Cascade => _head.Now.Cascade;

    /// <summary>Whether holders were ranked in this cascade.</summary>
    public bool HasRankings
    {
        get => _head.Now.HasRankings;
        set => _head.Now.HasRankings = value;
    }

    /// <summary>The side of the position that is being liquidated: a loss that its account's pool makes then is of that side.</summary>
    public LossKind LossOrigin
    {
        get => _head.Now.LossOrigin;
        set => _head.Now.LossOrigin = value;
    }

    /// <summary>What the command being applied may still do (<see cref="Genesis.MaxWorkPerCommand"/>).</summary>
    public int WorkLeft { get; set; }

    /// <summary>Uses up work; the work that follows from a trade may take it to 0, never below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Spend(int work) => WorkLeft = Math.Max(0, WorkLeft - work);

    /// <summary>Counts what a walk has passed: a unit of work for every <see cref="RowsPerWork"/> rows; a row that has more to it counts as several.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SpendRows(ref int rows, int weight)
    {
        rows += weight;
        if (rows >= RowsPerWork)
        {
            rows -= RowsPerWork;
            Spend(1);
        }
    }

    /// <summary>Address space of all slabs, in bytes: an upper bound of what the state can take.</summary>
    public long Bytes
    {
        get
        {
            long bytes = Assets.Bytes + Markets.Bytes + Accounts.Bytes + Positions.Bytes + PositionDetails.Bytes + PositionOf.Bytes
                + ClosedPositions.Bytes + Balances.Bytes + BalanceOf.Bytes + LendingBytes + Undo.Bytes
                + Orders.Bytes + OrderTerms.Bytes + ClientOrderIds.Bytes + RecentOrders.Bytes + FarLevels.Bytes + TradingGuards.Bytes
                + FeeVolumes.Bytes + FeeVolumeOf.Bytes + AccountRules.Bytes + PositionRecords.Bytes + WatchLevels.Bytes + AccountControls.Bytes
                + Liquidations.Bytes + LiquidationProgress.Bytes + PenaltyMakers.Bytes + Keepers.Bytes
                + BreakerWindows.Bytes + VolatilityWindows.Bytes + Prices.Bytes + Funding.Bytes + FundingPaid.Bytes + TradeParts.Bytes
                + Settlements.Bytes + Losses.Bytes + Timers.Bytes + CancelJobs.Bytes
                + (2L * Events.Capacity * EventSlot.SizeBytes);
            for (int market = 1; market <= Markets.HighWater; market++)
            {
                bytes += Books[market].Bytes + Indexes[market].Bytes + Triggers[market].Bytes + Rankings[market].Bytes;
            }

            return bytes;
        }
    }

    /// <summary>The most events that one command can make, given its work: the event ring holds at least four times as many.</summary>
    public static int EventsPerCommand(int workPerCommand) =>
        (16 * workPerCommand) + (4 * Exact.MaxPositionsPerAccount) + (8 * MassQuote.MaxLevels) + (2 * OrderEntry.MaxGuardedOrders) + 64;

    /// <summary>A row for an order, with a new generation; 0 when there is none.</summary>
    public int AllocateOrder()
    {
        int slot = Orders.Allocate();
        if (slot != 0)
        {
            ref Order order = ref Orders.Edit(slot);
            order.SetGeneration(order.Generation + 1);
        }

        return slot;
    }

    /// <summary>Gives an order's row back; only the generation stays.</summary>
    public void FreeOrder(int slot)
    {
        long generation = Orders[slot].Generation;
        Orders.Free(slot);
        Orders.Edit(slot).SetGeneration(generation);
    }

    /// <summary>The row of a resting order of this account, 0 when the id names none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindOrder(long orderId, int account)
    {
        int slot = Order.SlotOf(orderId);
        if (orderId <= 0 || slot == 0 || slot > Orders.HighWater)
        {
            return 0;
        }

        ref readonly Order order = ref Orders[slot];
        return order.Position != 0 && order.Generation == orderId >> Order.SlotBits && Positions[order.Position].Account == account ? slot : 0;
    }

    /// <summary>Whether an id is that of an order that has ended, whoever's it was.</summary>
    public bool HasEnded(long orderId)
    {
        int slot = Order.SlotOf(orderId);
        if (orderId <= 0 || slot == 0 || slot > Orders.HighWater)
        {
            return false;
        }

        long generation = orderId >> Order.SlotBits;
        return generation >= 1 && (generation < Orders[slot].Generation || (generation == Orders[slot].Generation && Orders[slot].Position == 0));
    }

    /// <summary>Adds everything.</summary>
    public void AddTo(ref Hash128 hash)
    {
        hash.Add((ulong)TimeNs);
        hash.Add((ulong)LastTradeId);
        hash.Add((ulong)LastPositionId);
        hash.Add((ulong)ClosedCount);
        hash.Add((ulong)LastLiquidationId);
        hash.Add((ulong)CountingWalks);
        hash.Add((ulong)RestingOrders);
        hash.Add((ulong)PendingMarkets);
        hash.Add(_left.AsBytes(0, PendingMarkets));
        hash.Add((ulong)_head.Now.DeferredCount);
        hash.Add(_deferred.AsBytes(0, _head.Now.DeferredCount));
        AddLiquidations(ref hash);
        hash.Add((ulong)Cascade);
        hash.Add(HasRankings ? 1UL : 0);
        hash.Add((ulong)GlobalInsuranceUnits);
        hash.Add((ulong)RateLimit.IntervalNs);
        hash.Add(((ulong)RateLimit.Burst << 32) | (uint)RateLimit.Reserve);
        hash.Add(_triggersDue.AsBytes(0, TriggersDueCount));
        Assets.AddTo(ref hash);
        Markets.AddTo(ref hash);
        Accounts.AddTo(ref hash);
        Positions.AddTo(ref hash);
        hash.Add(PositionDetails.AsBytes(0, Positions.HighWater + 1));
        PositionOf.AddTo(ref hash);
        ClosedPositions.AddTo(ref hash);
        Balances.AddTo(ref hash);
        BalanceOf.AddTo(ref hash);
        hash.Add((ulong)LastLoanId);
        hash.Add((ulong)PendingPools);
        hash.Add((ulong)SettlingMarkets);
        hash.Add(UnlockNotices.AsBytes(0, Balances.HighWater + 1));
        Pools.AddTo(ref hash);
        MarginScopes.AddTo(ref hash);
        hash.Add(ScopeOf.AsBytes(0, Positions.HighWater + 1));
        Loans.AddTo(ref hash);
        IsolatedWallets.AddTo(ref hash);
        for (int pool = 1; pool <= Pools.HighWater; pool++)
        {
            LoanLimits[pool].AddTo(ref hash);
        }

        Orders.AddTo(ref hash);
        OrderTerms.AddTo(ref hash);
        ClientOrderIds.AddTo(ref hash);
        RecentOrders.AddTo(ref hash);
        FarLevels.AddTo(ref hash);
        hash.Add(TradingGuards.AsBytes(0, Positions.HighWater + 1));
        hash.Add(AccountControls.AsBytes(0, Accounts.HighWater + 1));
        hash.Add(BreakerWindows.AsBytes(0, Markets.HighWater + 1));
        hash.Add(VolatilityWindows.AsBytes(0, Markets.HighWater + 1));
        hash.Add(Prices.AsBytes(0, Markets.HighWater + 1));
        hash.Add(Settlements.AsBytes(0, Markets.HighWater + 1));
        hash.Add(Funding.AsBytes(0, Markets.HighWater + 1));
        hash.Add(FundingPaid.AsBytes(0, Positions.HighWater + 1));
        hash.Add(Losses.AsBytes(0, Markets.HighWater + 1));
        hash.Add(TradeParts.AsBytes(0, (Markets.HighWater + 1) * TradeWindow.Parts));
        hash.Add(Liquidations.AsBytes(0, Markets.HighWater + 1));
        hash.Add(LiquidationProgress.AsBytes(0, Positions.HighWater + 1));
        PenaltyMakers.AddTo(ref hash);
        Keepers.AddTo(ref hash);
        Timers.AddTo(ref hash);
        CancelJobs.AddTo(ref hash);
        hash.Add(((ulong)WatchesPending << 32) | (uint)FirstRulesDue);
        hash.Add((ulong)Holdings);
        FeeVolumes.AddTo(ref hash);
        FeeVolumeOf.AddTo(ref hash);
        AccountRules.AddTo(ref hash);
        PositionRecords.AddTo(ref hash);
        WatchLevels.AddTo(ref hash);
        for (int market = 1; market <= Markets.HighWater; market++)
        {
            Books[market].AddTo(ref hash);
            Triggers[market].AddTo(ref hash);
            Indexes[market].AddTo(ref hash);
            Watches[market].AddTo(ref hash);
            Rankings[market].AddTo(ref hash);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int market = 1; market <= Markets.HighWater; market++)
        {
            Books[market].Dispose();
            Triggers[market].Dispose();
            Indexes[market].Dispose();
            Rankings[market].Dispose();
        }

        Assets.Dispose();
        Markets.Dispose();
        Accounts.Dispose();
        Positions.Dispose();
        PositionDetails.Dispose();
        PositionOf.Dispose();
        ClosedPositions.Dispose();
        Balances.Dispose();
        BalanceOf.Dispose();
        for (int pool = 1; pool <= Pools.HighWater; pool++)
        {
            LoanLimits[pool].Dispose();
        }

        UnlockNotices.Dispose();
        Pools.Dispose();
        MarginScopes.Dispose();
        ScopeOf.Dispose();
        Loans.Dispose();
        IsolatedWallets.Dispose();
        Orders.Dispose();
        OrderTerms.Dispose();
        ClientOrderIds.Dispose();
        RecentOrders.Dispose();
        TradingGuards.Dispose();
        AccountControls.Dispose();
        BreakerWindows.Dispose();
        VolatilityWindows.Dispose();
        Prices.Dispose();
        Funding.Dispose();
        FundingPaid.Dispose();
        TradeParts.Dispose();
        Liquidations.Dispose();
        LiquidationProgress.Dispose();
        PenaltyMakers.Dispose();
        Keepers.Dispose();
        Settlements.Dispose();
        Losses.Dispose();
        Timers.Dispose();
        CancelJobs.Dispose();
        FeeVolumes.Dispose();
        FeeVolumeOf.Dispose();
        AccountRules.Dispose();
        PositionRecords.Dispose();
        WatchLevels.Dispose();
        FarLevels.Dispose();
        Events.Dispose();
        _due.Dispose();
        _left.Dispose();
        _deferred.Dispose();
        _short.Dispose();
        _touched.Dispose();
        _triggersDue.Dispose();
        _pricesDue.Dispose();
        _aftermath.Dispose();
        Undo.Dispose();
    }

    internal override void Keep() => _head.Keep();

    internal override void Rewind() => _head.Rewind();

    internal override void EndWork() => WorkLeft = 0;

    private static long PositionKey(int account, int market) => ((long)account << 32) | (uint)market;

    private struct Counts
    {
        public long ClosedCount;
        public long TimeNs;
        public long LastTradeId;
        public long LastPositionId;
        public long LastLiquidationId;
        public long CountingWalks;
        public RateLimit RateLimit;
        public int RestingOrders;
        public int PendingMarkets;
        public long Cascade;
        public long DeleveragedBy;
        public long DeleveragedIn;
        public long CappedIn;
        public int Deleveraged;
        public LossKind LossOrigin;
        public bool HasRankings;
        public bool InCascade;
        public long GlobalInsuranceUnits;
        public int PendingPools;
        public int SettlingMarkets;
        public long LastLoanId;
        public int AftermathCount;
        public int TriggersDueCount;
        public int PricesDueCount;
        public int DueCount;
        public int TouchedCount;
        public int ShortCount;
        public int FirstShort;
        public int FirstRulesDue;
        public int LastRulesDue;
        public int WatchesPending;
        public int Holdings;
        public Interruption Interrupted;
        public ForcedSale Sale;
        public int DeferredCount;
        public int LiquidationWork;
        public bool HasRateLimits;
    }
}

/// <summary>What a trade leads to once the incoming order has rested or ended.</summary>
public enum AftermathKind
{
    /// <summary>An order whose partner has traded ends; the id is the order's.</summary>
    LinkedOrder,

    /// <summary>Reduce-only orders follow their position; the id is the row.</summary>
    ReduceOnly,

    /// <summary>Maker protection pulls its orders; the id is the row.</summary>
    MakerProtection,
}
