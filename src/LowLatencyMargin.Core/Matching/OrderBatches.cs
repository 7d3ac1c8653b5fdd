using System;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Matching;

/// <summary>
/// Several orders, changes and cancels of one account in one market (R-1310): each for itself, or all or none.
/// </summary>
public sealed class OrderBatches(
    ExchangeState state, OrderEntry entry, OrderChanges changes, RateBudget budget, TogetherCheck together, MatchingEngine matching,
    Settlement settlement)
{
    /// <summary>The item that was refused, from 1; 0 when it was not an item.</summary>
    public int RefusedItem { get; private set; }

    /// <summary>A batch.</summary>
    public ResultCode Apply(ReadOnlySpan<byte> command)
    {
        ref readonly OrderBatch batch = ref MemoryMarshal.AsRef<OrderBatch>(command);
        RefusedItem = 0;
        if (batch.AccountId < 1 || batch.AccountId > state.Accounts.HighWater || state.Accounts[(int)batch.AccountId].IsLiquidationAccount != 0)
        {
            return ResultCode.UnknownAccount;
        }

        if (batch.MarketId < 1 || batch.MarketId > state.Markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        ReadOnlySpan<BatchItem> items = MemoryMarshal.Cast<byte, BatchItem>(command[System.Runtime.CompilerServices.Unsafe.SizeOf<OrderBatch>()..]);
        if (batch.Count is < 1 or > OrderBatch.MaxItems || items.Length != batch.Count || batch.Mode > BatchMode.Atomic
            || batch.SelfTrade > SelfTradePrevention.Decrement || batch.Reserved != 0)
        {
            return ResultCode.MalformedCommand;
        }

        int account = (int)batch.AccountId;
        if (batch.Mode == BatchMode.Atomic && state.IsHedge(account, (int)batch.MarketId))
        {
            return ResultCode.HedgeModeForbids;
        }

        if (!budget.Allows(account, items.Length, AreCancels(items)))
        {
            return ResultCode.RateLimited;
        }

        if (batch.Mode == BatchMode.Atomic)
        {
            ResultCode code = CheckAll(in batch, items);
            if (code != ResultCode.Accepted)
            {
                return code;
            }
        }

        budget.Charge(account, items.Length);
        int refused = 0;
        for (int i = 0; i < items.Length; i++)
        {
            ResultCode code = batch.Mode == BatchMode.Atomic ? ApplyChecked(in batch, in items[i]) : ApplyAlone(in batch, in items[i]);
            if (code != ResultCode.Accepted)
            {
                Refuse(in batch, in items[i], i + 1, code);
                refused++;
            }

            if (state.TouchedCount > 0)
            {
                settlement.Refresh();
            }
        }

        ref BatchFinished finished = ref state.Events.Add<BatchFinished>(EventType.BatchFinished, (int)batch.MarketId);
        finished.AccountId = batch.AccountId;
        finished.Applied = items.Length - refused;
        finished.Refused = refused;
        return ResultCode.Accepted;
    }

    private static bool AreCancels(ReadOnlySpan<BatchItem> items)
    {
        foreach (ref readonly BatchItem item in items)
        {
            if (item.Action != BatchAction.Cancel)
            {
                return false;
            }
        }

        return true;
    }

    private static PlaceOrder OrderOf(in OrderBatch batch, in BatchItem item) => new()
    {
        AccountId = batch.AccountId,
        MarketId = batch.MarketId,
        ClientOrderId = item.ClientOrderId,
        PriceTicks = item.PriceTicks,
        QuantityLots = item.QuantityLots,
        Side = item.Side,
        Type = item.Type,
        TimeInForce = item.TimeInForce,
        SelfTrade = batch.SelfTrade,
        Flags = item.Flags,
        Reserved = item.Reserved,
    };

    private static ModifyOrder ChangeOf(in OrderBatch batch, in BatchItem item) => new()
    {
        AccountId = batch.AccountId,
        OrderId = item.OrderId,
        ClientOrderId = item.ClientOrderId,
        PriceTicks = item.PriceTicks,
        QuantityLots = item.QuantityLots,
    };

    private void Refuse(in OrderBatch batch, in BatchItem item, int number, ResultCode code)
    {
        ref Rejected rejected = ref state.Events.Add<Rejected>(EventType.Rejected, (int)batch.MarketId, EventFlags.None, (byte)item.Side);
        rejected.AccountId = batch.AccountId;
        rejected.OrderId = item.OrderId;
        rejected.ClientOrderId = item.ClientOrderId;
        rejected.Code = code;
        rejected.Command = CommandType.OrderBatch;
        rejected.Item = (ushort)number;
    }

    private ResultCode ApplyAlone(in OrderBatch batch, in BatchItem item)
    {
        switch (item.Action)
        {
            case BatchAction.Place:
                if (item.OrderId != 0)
                {
                    return ResultCode.MalformedCommand;
                }

                PlaceOrder order = OrderOf(in batch, in item);
                return entry.Place(in order, in OrderTerms.None, isCounted: false);
            case BatchAction.Cancel:
            case BatchAction.Modify:
                ResultCode found = Find(in batch, in item, out _);
                ModifyOrder change = ChangeOf(in batch, in item);
                return found != ResultCode.Accepted ? found
                    : item.Action == BatchAction.Modify ? changes.Modify(in change, isCounted: false)
                    : changes.Cancel(batch.AccountId, item.OrderId, item.ClientOrderId, isCounted: false);
            default:
                return ResultCode.MalformedCommand;
        }
    }

    /// <summary>The open order that an item names; one of another market is none.</summary>
    private ResultCode Find(in OrderBatch batch, in BatchItem item, out int slot)
    {
        ResultCode code = changes.Find(batch.AccountId, item.OrderId, item.ClientOrderId, out _, out slot);
        return code == ResultCode.Accepted && state.Positions[state.Orders[slot].Position].Market != batch.MarketId ? ResultCode.UnknownOrder : code;
    }

    /// <summary>Every item by itself against the book as it is, then all together at their worst. Nothing changes.</summary>
    private ResultCode CheckAll(in OrderBatch batch, ReadOnlySpan<BatchItem> items)
    {
        together.Begin((int)batch.AccountId, (int)batch.MarketId);
        for (int i = 0; i < items.Length; i++)
        {
            ResultCode code = items[i].Action switch
            {
                BatchAction.Place => CheckNew(in batch, items, i),
                BatchAction.Cancel or BatchAction.Modify => CheckChange(in batch, items, i),
                _ => ResultCode.MalformedCommand,
            };
            if (code != ResultCode.Accepted)
            {
                RefusedItem = i + 1;
                return code;
            }
        }

        return together.Verdict();
    }

    private ResultCode CheckNew(in OrderBatch batch, ReadOnlySpan<BatchItem> items, int i)
    {
        PlaceOrder order = OrderOf(in batch, in items[i]);
        ResultCode code = items[i].OrderId != 0 ? ResultCode.MalformedCommand : entry.Identify(in order, in OrderTerms.None);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (order.ClientOrderId != 0 && (entry.IsDuplicate((int)batch.AccountId, order.ClientOrderId, report: false) || IsNamedBefore(items, i)))
        {
            return ResultCode.DuplicateClientOrderId;
        }

        code = entry.Check(in order, in OrderTerms.None);
        if (code == ResultCode.Accepted)
        {
            code = together.Add(in entry.Plan);
        }

        return code;
    }

    private ResultCode CheckChange(in OrderBatch batch, ReadOnlySpan<BatchItem> items, int i)
    {
        ref readonly BatchItem item = ref items[i];
        ResultCode code = Find(in batch, in item, out int slot);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        for (int j = 0; j < i; j++)
        {
            if (items[j].Action != BatchAction.Place && Find(in batch, in items[j], out int other) == ResultCode.Accepted && other == slot)
            {
                return ResultCode.InvalidCombination;
            }
        }

        if (item.Action == BatchAction.Cancel)
        {
            return ResultCode.Accepted;
        }

        ModifyOrder command = ChangeOf(in batch, in item);
        code = changes.Prepare(in command, slot, out OrderChanges.Change change);
        if (code == ResultCode.Accepted && change.Kind == OrderChanges.ChangeKind.Replace)
        {
            code = changes.CheckReplaced(slot, ref change);
        }

        return code == ResultCode.Accepted && change.NeedsMargin ? together.Add(slot, in change) : code;
    }

    private static bool IsNamedBefore(ReadOnlySpan<BatchItem> items, int i)
    {
        for (int j = 0; j < i; j++)
        {
            if (items[j].Action == BatchAction.Place && items[j].ClientOrderId == items[i].ClientOrderId)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// An item of an atomic batch: nothing refuses it any more. What earlier items changed can end it: then it is accepted and cancelled, or there is
    /// no order left to change.
    /// </summary>
    private ResultCode ApplyChecked(in OrderBatch batch, in BatchItem item)
    {
        if (item.Action == BatchAction.Place)
        {
            PlaceOrder order = OrderOf(in batch, in item);
            _ = entry.Identify(in order, in OrderTerms.None);
            ResultCode code = entry.Check(in order, in OrderTerms.None);
            CancelReason? ended = code switch
            {
                ResultCode.PostOnlyWouldTrade => CancelReason.WouldTrade,
                ResultCode.NothingToReduce => CancelReason.NothingToReduce,
                ResultCode.MakerProtectionActive => CancelReason.MakerProtection,
                ResultCode.PriceOutsideBand => CancelReason.PriceOutsideBand,
                ResultCode.TradingPaused or ResultCode.DailyTradeLimit or ResultCode.AboveSizing or ResultCode.StopRequired => CancelReason.TraderRule,
                ResultCode.Accepted => null,
                _ => CancelReason.NotFilledAtOnce,
            };
            matching.PlaceChecked(ref entry.Plan, order.PriceTicks, ended);
            return ResultCode.Accepted;
        }

        ResultCode found = Find(in batch, in item, out int slot);
        if (found != ResultCode.Accepted)
        {
            return found;
        }

        if (item.Action == BatchAction.Cancel)
        {
            matching.Cancel(slot, CancelReason.Requested);
            return ResultCode.Accepted;
        }

        ModifyOrder command = ChangeOf(in batch, in item);
        found = changes.Prepare(in command, slot, out OrderChanges.Change change);
        if (found == ResultCode.Accepted && change.Kind == OrderChanges.ChangeKind.Replace)
        {
            found = changes.CheckReplaced(slot, ref change);
        }

        if (found == ResultCode.Accepted)
        {
            changes.Apply(slot, in change, MatchingEngine.ComputeMargin);
        }

        return found;
    }
}
