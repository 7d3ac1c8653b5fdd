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

namespace LowLatencyMargin.Core;

/// <summary>All that the exchange knows, in slabs. Made by the genesis command; the parts of the core share it.</summary>
public sealed class ExchangeState : IDisposable
{
    /// <summary>Rows kept for orders that never rest, so that a full book still lets positions close.</summary>
    private const int ImmediateOrders = 16;

    private readonly NativeArray<int> _touched;
    private readonly NativeArray<int> _due;
    private int _touchedCount;

    /// <summary>Takes the address space that genesis asks for.</summary>
    [ColdPath]
    public ExchangeState(in Genesis genesis)
    {
        Limits = genesis;
        Assets = new Slab<Asset>(genesis.MaxAssets);
        Markets = new Slab<Market>(genesis.MaxMarkets);
        Accounts = new Slab<Account>(genesis.MaxAccounts);
        Positions = new Slab<Position>(genesis.MaxPositions);
        PositionDetails = new NativeArray<PositionDetail>(genesis.MaxPositions + 1);
        PositionOf = new LongMap(genesis.MaxPositions);
        Orders = new Slab<Order>(genesis.MaxOrders + ImmediateOrders);
        FarLevels = new FarLevelStore(genesis.MaxOrders + 1);
        Books = new OrderBook[genesis.MaxMarkets + 1];
        Indexes = new LiquidationIndex[genesis.MaxMarkets + 1];
        Events = new EventBuffer(EventsPerCommand(genesis.MaxWorkPerCommand));
        _due = new NativeArray<int>(genesis.MaxMarkets);
        _touched = new NativeArray<int>((2 * genesis.MaxWorkPerCommand) + (2 * Exact.MaxPositionsPerAccount) + 16);
    }

    /// <summary>Genesis.</summary>
    public Genesis Limits { get; }

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

    /// <summary>Orders.</summary>
    public Slab<Order> Orders { get; }

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

    /// <summary>Orders that rest.</summary>
    public int RestingOrders { get; set; }

    /// <summary>Markets with liquidations left over.</summary>
    public int PendingMarkets { get; set; }

    /// <summary>What the command being applied may still do (<see cref="Genesis.MaxWorkPerCommand"/>).</summary>
    public int WorkLeft { get; set; }

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
                + Orders.Bytes + FarLevels.Bytes + ((long)Events.Capacity * EventSlot.SizeBytes);
            for (int market = 1; market <= Markets.HighWater; market++)
            {
                bytes += Books[market].Bytes + Indexes[market].Bytes;
            }

            return bytes;
        }
    }

    /// <summary>The most events that one command can make, given its work: the event ring holds at least four times as many.</summary>
    public static int EventsPerCommand(int workPerCommand) => (10 * workPerCommand) + (4 * Exact.MaxPositionsPerAccount) + 64;

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
        if (position.SizeLots != 0 || position.OpenOrders != 0 || position.MarginUnits != 0 || position.IsIsolated != 0 || position.Leverage != 0)
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
        Positions.Free(index);
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

    /// <summary>Forgets the touched rows.</summary>
    public void ClearTouched() => _touchedCount = 0;

    /// <summary>Adds everything.</summary>
    public void AddTo(ref Hash128 hash)
    {
        hash.Add((ulong)TimeNs);
        hash.Add((ulong)LastTradeId);
        hash.Add((ulong)LastPositionId);
        hash.Add((ulong)LastLiquidationId);
        hash.Add((ulong)RestingOrders);
        hash.Add((ulong)PendingMarkets);
        Assets.AddTo(ref hash);
        Markets.AddTo(ref hash);
        Accounts.AddTo(ref hash);
        Positions.AddTo(ref hash);
        hash.Add(PositionDetails.AsBytes(0, Positions.HighWater + 1));
        PositionOf.AddTo(ref hash);
        Orders.AddTo(ref hash);
        FarLevels.AddTo(ref hash);
        for (int market = 1; market <= Markets.HighWater; market++)
        {
            Books[market].AddTo(ref hash);
            Indexes[market].AddTo(ref hash);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int market = 1; market <= Markets.HighWater; market++)
        {
            Books[market].Dispose();
            Indexes[market].Dispose();
        }

        Assets.Dispose();
        Markets.Dispose();
        Accounts.Dispose();
        Positions.Dispose();
        PositionDetails.Dispose();
        PositionOf.Dispose();
        Orders.Dispose();
        FarLevels.Dispose();
        Events.Dispose();
        _due.Dispose();
        _touched.Dispose();
    }

    private static long PositionKey(int account, int market) => ((long)account << 32) | (uint)market;
}
