using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>What the log says of one account in one market.</summary>
internal sealed record LedgerEntry(long Lots, int Fills, int Takeovers, int UnknownOrders)
{
    internal static LedgerEntry Empty { get; } = new(0, 0, 0, 0);
}

/// <summary>
/// The positions that the event stream alone adds up to (R-1508): every fill of an order that was accepted for its account, every takeover of a
/// liquidation. The engine's state is not asked.
/// </summary>
internal sealed class FillLedger
{
    private readonly Dictionary<(long Account, long Market), LedgerEntry> _entries = [];
    private readonly Dictionary<long, long> _accountOfOrder = [];
    private readonly Dictionary<long, long> _liquidationAccountOf = [];
    private long _lastTradeLots;

    internal LedgerEntry Of(long account, long market) => _entries.GetValueOrDefault((account, market)) ?? LedgerEntry.Empty;

    internal IEnumerable<(long Account, long Market)> Scopes => _entries.Keys;

    internal FillLedger Copy()
    {
        var copy = new FillLedger();
        foreach (((long Account, long Market) scope, LedgerEntry entry) in _entries)
        {
            copy._entries[scope] = entry;
        }

        foreach ((long order, long account) in _accountOfOrder)
        {
            copy._accountOfOrder[order] = account;
        }

        foreach ((long market, long account) in _liquidationAccountOf)
        {
            copy._liquidationAccountOf[market] = account;
        }

        return copy;
    }

    internal void Add(ref readonly EventSlot slot)
    {
        long market = slot.Header.MarketId;
        switch (slot.Header.Type)
        {
            case EventType.MarketListed:
                _liquidationAccountOf[market] = EventSlot.As<MarketListed>(in slot).LiquidationAccountId;
                break;
            case EventType.OrderAccepted:
                ref readonly OrderChanged order = ref EventSlot.As<OrderChanged>(in slot);
                _accountOfOrder[order.OrderId] = order.AccountId;
                break;
            case EventType.Trade:
                _lastTradeLots = EventSlot.As<Trade>(in slot).QuantityLots;
                break;
            case EventType.Fill:
                AddFill(in EventSlot.As<Fill>(in slot), market);
                break;
            case EventType.PositionTransferred:
                ref readonly PositionTransferred moved = ref EventSlot.As<PositionTransferred>(in slot);
                AddTakeover(moved.AccountId, market, -moved.SizeLots);
                AddTakeover(moved.ToAccountId, market, moved.SizeLots);
                break;
            case EventType.LiquidationTakeover:
                ref readonly LiquidationTakeover takeover = ref EventSlot.As<LiquidationTakeover>(in slot);
                AddTakeover(takeover.AccountId, market, -takeover.SizeLots);
                AddTakeover(_liquidationAccountOf[market], market, takeover.SizeLots);
                break;
        }
    }

    private void AddFill(ref readonly Fill fill, long market)
    {
        bool known = (fill.Header.Flags & EventFlags.Liquidation) != 0 || _accountOfOrder.GetValueOrDefault(fill.OrderId) == fill.AccountId;
        LedgerEntry entry = Of(fill.AccountId, market);
        _entries[(fill.AccountId, market)] = entry with
        {
            Lots = entry.Lots + (fill.Header.Side == Core.Commands.Side.Buy ? _lastTradeLots : -_lastTradeLots),
            Fills = entry.Fills + 1,
            UnknownOrders = entry.UnknownOrders + (known ? 0 : 1),
        };
    }

    private void AddTakeover(long account, long market, long lots)
    {
        LedgerEntry entry = Of(account, market);
        _entries[(account, market)] = entry with { Lots = entry.Lots + lots, Takeovers = entry.Takeovers + 1 };
    }
}
