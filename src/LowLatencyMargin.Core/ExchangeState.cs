using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;
using LowLatencyMargin.Core.Timers;

namespace LowLatencyMargin.Core;

/// <summary>All that the exchange knows, in slabs. Made by the genesis command; the parts of the core share it.</summary>
public sealed class ExchangeState : IDisposable
{
    /// <summary>Rows kept for orders that never rest, so that a full book still lets positions close.</summary>
    private const int ImmediateOrders = 16;

    private readonly Genesis _limits;
    private readonly NativeArray<int> _touched;
    private readonly NativeArray<int> _due;
    private readonly NativeArray<int> _short;
    private readonly NativeArray<int> _triggersDue;
    private readonly NativeArray<Aftermath> _aftermath;
    private int _touchedCount;

    /// <summary>Takes the address space that genesis asks for.</summary>
    [ColdPath]
    public ExchangeState(in Genesis genesis)
    {
        _limits = genesis;
        Assets = new Slab<Asset>(genesis.MaxAssets);
        Markets = new Slab<Market>(genesis.MaxMarkets);
        Accounts = new Slab<Account>(genesis.MaxAccounts);
        Positions = new Slab<Position>(genesis.MaxPositions);
        PositionDetails = new NativeArray<PositionDetail>(genesis.MaxPositions + 1);
        PositionOf = new LongMap(genesis.MaxPositions);
        int balances = genesis.MaxBalances == 0 ? genesis.MaxPositions : genesis.MaxBalances;
        Balances = new Slab<Balance>(balances);
        BalanceOf = new LongMap(balances);
        Orders = new Slab<Order>(genesis.MaxOrders + ImmediateOrders);
        OrderTerms = new Slab<OrderTermsRow>(Math.Min(Orders.Capacity, Order.MaxTerms - 1));

        // an order stands at one price in a book, and at two when it trails
        FarLevels = new FarLevelStore((2 * genesis.MaxOrders) + 1);
        Books = new OrderBook[genesis.MaxMarkets + 1];
        Indexes = new LiquidationIndex[genesis.MaxMarkets + 1];
        Triggers = new TriggerBook[genesis.MaxMarkets + 1];
        ClientOrderIds = new ClientOrderIds(Orders, Positions);
        RecentOrders = new RecentOrders(genesis.RecentOrders, Orders.Capacity);
        TradingGuards = new NativeArray<TradingGuard>(genesis.MaxPositions + 1);
        AccountControls = new NativeArray<AccountControl>(genesis.MaxAccounts + 1);
        BreakerWindows = new NativeArray<BreakerWindow>(genesis.MaxMarkets + 1);
        VolatilityWindows = new NativeArray<BreakerWindow>(genesis.MaxMarkets + 1);
        Timers = new TimerQueue(Orders, OrderTerms, AccountControls, Markets);
        CancelJobs = new CancelJobs(genesis.MaxAccounts + genesis.MaxMarkets);
        Registry = new OrderRegister(this);
        Events = new EventBuffer(EventsPerCommand(genesis.MaxWorkPerCommand));
        _triggersDue = new NativeArray<int>(genesis.MaxMarkets);
        _aftermath = new NativeArray<Aftermath>((4 * genesis.MaxWorkPerCommand) + 64);
        _due = new NativeArray<int>(genesis.MaxMarkets);
        _short = new NativeArray<int>(genesis.MaxWorkPerCommand);
        _touched = new NativeArray<int>((2 * genesis.MaxWorkPerCommand) + (2 * Exact.MaxPositionsPerAccount) + 16);
    }

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
    public TriggerBook[] Triggers { get; }

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

    /// <summary>Mass cancels that go on with the next ticks.</summary>
    public CancelJobs CancelJobs { get; }

    /// <summary>Rate limit of the accounts that have none of their own.</summary>
    public RateLimit RateLimit { get; set; }

    /// <summary>1 when some account may have a rate limit.</summary>
    public bool HasRateLimits { get; set; }

    /// <summary>Far levels of all books.</summary>
    public FarLevelStore FarLevels { get; }

    /// <summary>Books, by market.</summary>
    public OrderBook[] Books { get; }

    /// <summary>Liquidation indexes, by market.</summary>
    public LiquidationIndex[] Indexes { get; }

    /// <summary>Events of the command being applied.</summary>
    public EventBuffer Events { get; }

    /// <summary>Time of the last command.</summary>
    public long TimeNs { get; set; }

    /// <summary>Trades so far.</summary>
    public long LastTradeId { get; set; }

    /// <summary>Positions opened so far.</summary>
    public long LastPositionId { get; set; }

    /// <summary>Liquidations started so far.</summary>
    public long LastLiquidationId { get; set; }

    /// <summary>Counts for fill-or-kill orders so far.</summary>
    public long CountingWalks { get; set; }

    /// <summary>Orders that rest.</summary>
    public int RestingOrders { get; set; }

    /// <summary>Markets with liquidations left over.</summary>
    public int PendingMarkets { get; set; }

    /// <summary>What the command being applied may still do (<see cref="Genesis.MaxWorkPerCommand"/>).</summary>
    public int WorkLeft { get; set; }

    /// <summary>Uses up work; the work that follows from a trade may take it to 0, never below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Spend(int work) => WorkLeft = Math.Max(0, WorkLeft - work);

    /// <summary>Entries of the aftermath of the trades so far.</summary>
    public int AftermathCount { get; private set; }

    /// <summary>Notes what a trade leads to, for when the incoming order has rested or ended.</summary>
    public void QueueAftermath(AftermathKind kind, long id) => _aftermath[AftermathCount++] = new Aftermath { Kind = kind, Id = id };

    /// <summary>One entry.</summary>
    public void AftermathAt(int i, out AftermathKind kind, out long id)
    {
        kind = _aftermath[i].Kind;
        id = _aftermath[i].Id;
    }

    /// <summary>Forgets them.</summary>
    public void ClearAftermath() => AftermathCount = 0;

    /// <summary>Markets where prices may have set orders off.</summary>
    public int TriggersDueCount { get; private set; }

    /// <summary>The market that is looked at next: the one noted first.</summary>
    public int FirstTriggersDue => _triggersDue[0];

    /// <summary>Notes a price that waiting orders may watch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NotePrice(int market, TriggerSource source, long ticks)
    {
        if (Triggers[market].Count != 0)
        {
            NoteWatched(market, source, ticks);
        }
    }

    /// <summary>A market's prices have set off all they could.</summary>
    public void EndTriggersDue()
    {
        Markets.Edit(_triggersDue[0]).HasTriggersDue = 0;
        TriggersDueCount--;
        for (int i = 0; i < TriggersDueCount; i++)
        {
            _triggersDue[i] = _triggersDue[i + 1];
        }

        _triggersDue[TriggersDueCount] = 0;
    }

    /// <summary>Number of <see cref="Touched"/> rows.</summary>
    public int TouchedCount => _touchedCount;

    /// <summary>Rows that the command being applied has changed the position, margin or pool of.</summary>
    public ReadOnlySpan<int> Touched => _touched.Slice(0, _touchedCount);

    /// <summary>Address space of all slabs, in bytes: an upper bound of what the state can take.</summary>
    public long Bytes
    {
        get
        {
            long bytes = Assets.Bytes + Markets.Bytes + Accounts.Bytes + Positions.Bytes + PositionDetails.Bytes + PositionOf.Bytes
                + Balances.Bytes + BalanceOf.Bytes
                + Orders.Bytes + OrderTerms.Bytes + ClientOrderIds.Bytes + RecentOrders.Bytes + FarLevels.Bytes + TradingGuards.Bytes
                + AccountControls.Bytes + BreakerWindows.Bytes + VolatilityWindows.Bytes + Timers.Bytes + CancelJobs.Bytes
                + ((long)Events.Capacity * EventSlot.SizeBytes);
            for (int market = 1; market <= Markets.HighWater; market++)
            {
                bytes += Books[market].Bytes + Indexes[market].Bytes + Triggers[market].Bytes;
            }

            return bytes;
        }
    }

    /// <summary>The most events that one command can make, given its work: the event ring holds at least four times as many.</summary>
    public static int EventsPerCommand(int workPerCommand) =>
        (12 * workPerCommand) + (4 * Exact.MaxPositionsPerAccount) + (8 * MassQuote.MaxLevels) + (2 * OrderEntry.MaxGuardedOrders) + 64;

    /// <summary>The row of an account in a market, 0 when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindPosition(int account, int market)
    {
        int first = Accounts[account].FirstPosition;
        if (first == 0 || Positions[first].Market == market)
        {
            return first;
        }

        return PositionOf.Find(PositionKey(account, market));
    }

    /// <summary>Whether <see cref="AddPosition"/> would find room.</summary>
    public bool HasRoomForPosition(int account, int market) =>
        Positions.HasRoom && Accounts[account].Positions < Exact.MaxPositionsPerAccount && Markets[market].Positions < Markets[market].MaxPositions;

    /// <summary>A new row of an account in a market.</summary>
    public int AddPosition(int account, int market)
    {
        int index = Positions.Allocate();
        Invariant.Assert(index != 0, "room for a position was checked before");
        ref Account owner = ref Accounts.Edit(account);
        ref Position position = ref Positions.Edit(index);
        position.Account = account;
        position.Market = market;
        position.Next = owner.FirstPosition;
        if (owner.FirstPosition != 0)
        {
            Positions.Edit(owner.FirstPosition).Previous = index;
        }

        owner.FirstPosition = index;
        owner.Positions++;
        Markets.Edit(market).Positions++;
        PositionOf.Add(PositionKey(account, market), index);
        return index;
    }

    /// <summary>Gives a row back if there is nothing in it: no position, order, margin or setting.</summary>
    public void RemovePositionIfEmpty(int index)
    {
        ref Position position = ref Positions.Edit(index);
        if (position.SizeLots != 0 || position.OpenOrders != 0 || position.MarginUnits != 0 || position.IsIsolated != 0 || position.Leverage != 0
            || (position.Guards & (Guards.MakerProtection | Guards.Killed)) != 0)
        {
            return;
        }

        ref Account owner = ref Accounts.Edit(position.Account);
        if (owner.IsLiquidationAccount != 0)
        {
            return;
        }

        if (position.Previous != 0)
        {
            Positions.Edit(position.Previous).Next = position.Next;
        }
        else
        {
            owner.FirstPosition = position.Next;
        }

        if (position.Next != 0)
        {
            Positions.Edit(position.Next).Previous = position.Previous;
        }

        owner.Positions--;
        Markets.Edit(position.Market).Positions--;
        PositionOf.Remove(PositionKey(position.Account, position.Market));
        PositionDetails[index] = default;
        TradingGuards[index] = default;
        Positions.Free(index);
    }

    /// <summary>The row of an account in an asset, 0 when there is none.</summary>
    public int FindBalance(int account, int asset) =>
        Accounts[account].FirstBalance == 0 ? 0 : BalanceOf.Find(PositionKey(account, asset));

    /// <summary>A new row of an account in an asset; room was checked before.</summary>
    public int AddBalance(int account, int asset)
    {
        int index = Balances.Allocate();
        Invariant.Assert(index != 0, "room for a balance was checked before");
        ref Account owner = ref Accounts.Edit(account);
        ref Balance balance = ref Balances.Edit(index);
        balance.Account = account;
        balance.Asset = asset;
        balance.Next = owner.FirstBalance;
        if (owner.FirstBalance != 0)
        {
            Balances.Edit(owner.FirstBalance).Previous = index;
        }

        owner.FirstBalance = index;
        BalanceOf.Add(PositionKey(account, asset), index);
        return index;
    }

    /// <summary>Gives a row back if there is nothing in it.</summary>
    public void RemoveBalanceIfEmpty(int index)
    {
        ref Balance balance = ref Balances.Edit(index);
        if ((balance.Units | balance.HoldUnits | balance.DebtShares | balance.LentShares) != 0)
        {
            return;
        }

        if (balance.Previous != 0)
        {
            Balances.Edit(balance.Previous).Next = balance.Next;
        }
        else
        {
            Accounts.Edit(balance.Account).FirstBalance = balance.Next;
        }

        if (balance.Next != 0)
        {
            Balances.Edit(balance.Next).Previous = balance.Previous;
        }

        BalanceOf.Remove(PositionKey(balance.Account, balance.Asset));
        Balances.Free(index);
    }

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

    /// <summary>Notes that a row's position, margin or pool changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Touch(int index)
    {
        ref Position position = ref Positions.Edit(index);
        if (position.IsTouched == 0)
        {
            position.IsTouched = 1;
            _touched[_touchedCount++] = index;
        }
    }

    /// <summary>Markets where this command made a position due for examination: <see cref="AddDue"/>.</summary>
    public int DueCount { get; private set; }

    /// <summary>Notes that a market's liquidation index is to be looked at before the command ends.</summary>
    public void AddDue(int market)
    {
        ref Market row = ref Markets.Edit(market);
        if (row.IsDue == 0)
        {
            row.IsDue = 1;
            _due[DueCount++] = market;
        }
    }

    /// <summary>Takes the market that was noted last.</summary>
    public int TakeDue()
    {
        int market = _due[--DueCount];
        Markets.Edit(market).IsDue = 0;
        return market;
    }

    /// <summary>Accounts whose pool has less than their isolated orders hold.</summary>
    public int ShortCount { get; private set; }

    /// <summary>Notes such an account; when there is no room, its next change notes it again.</summary>
    public void NoteShort(int account)
    {
        if (ShortCount < _short.Length && (ShortCount == 0 || _short[ShortCount - 1] != account))
        {
            _short[ShortCount++] = account;
        }
    }

    /// <summary>Takes the account that was noted last.</summary>
    public int TakeShort() => _short[--ShortCount];

    /// <summary>Forgets the touched rows.</summary>
    public void ClearTouched() => _touchedCount = 0;

    /// <summary>Adds everything.</summary>
    public void AddTo(ref Hash128 hash)
    {
        hash.Add((ulong)TimeNs);
        hash.Add((ulong)LastTradeId);
        hash.Add((ulong)LastPositionId);
        hash.Add((ulong)LastLiquidationId);
        hash.Add((ulong)CountingWalks);
        hash.Add((ulong)RestingOrders);
        hash.Add((ulong)PendingMarkets);
        hash.Add((ulong)RateLimit.IntervalNs);
        hash.Add(((ulong)RateLimit.Burst << 32) | (uint)RateLimit.Reserve);
        hash.Add(_triggersDue.AsBytes(0, TriggersDueCount));
        Assets.AddTo(ref hash);
        Markets.AddTo(ref hash);
        Accounts.AddTo(ref hash);
        Positions.AddTo(ref hash);
        hash.Add(PositionDetails.AsBytes(0, Positions.HighWater + 1));
        PositionOf.AddTo(ref hash);
        Balances.AddTo(ref hash);
        BalanceOf.AddTo(ref hash);
        Orders.AddTo(ref hash);
        OrderTerms.AddTo(ref hash);
        ClientOrderIds.AddTo(ref hash);
        RecentOrders.AddTo(ref hash);
        FarLevels.AddTo(ref hash);
        hash.Add(TradingGuards.AsBytes(0, Positions.HighWater + 1));
        hash.Add(AccountControls.AsBytes(0, Accounts.HighWater + 1));
        hash.Add(BreakerWindows.AsBytes(0, Markets.HighWater + 1));
        hash.Add(VolatilityWindows.AsBytes(0, Markets.HighWater + 1));
        Timers.AddTo(ref hash);
        CancelJobs.AddTo(ref hash);
        for (int market = 1; market <= Markets.HighWater; market++)
        {
            Books[market].AddTo(ref hash);
            Triggers[market].AddTo(ref hash);
            Indexes[market].AddTo(ref hash);
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
        }

        Assets.Dispose();
        Markets.Dispose();
        Accounts.Dispose();
        Positions.Dispose();
        PositionDetails.Dispose();
        PositionOf.Dispose();
        Balances.Dispose();
        BalanceOf.Dispose();
        Orders.Dispose();
        OrderTerms.Dispose();
        ClientOrderIds.Dispose();
        RecentOrders.Dispose();
        TradingGuards.Dispose();
        AccountControls.Dispose();
        BreakerWindows.Dispose();
        VolatilityWindows.Dispose();
        Timers.Dispose();
        CancelJobs.Dispose();
        FarLevels.Dispose();
        Events.Dispose();
        _due.Dispose();
        _short.Dispose();
        _touched.Dispose();
        _triggersDue.Dispose();
        _aftermath.Dispose();
    }

    private void NoteWatched(int market, TriggerSource source, long ticks)
    {
        ref Market row = ref Markets.Edit(market);
        if (MarketRules.SetsOff(row.State, source) && Triggers[market].Note(source, ticks) && row.HasTriggersDue == 0)
        {
            row.HasTriggersDue = 1;
            _triggersDue[TriggersDueCount++] = market;
        }
    }

    private static long PositionKey(int account, int market) => ((long)account << 32) | (uint)market;

    private struct Aftermath
    {
        public long Id;
        public AftermathKind Kind;
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
