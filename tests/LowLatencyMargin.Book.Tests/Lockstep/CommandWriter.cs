using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Book.Tests.Book;

namespace LowLatencyMargin.Book.Tests.Lockstep;

/// <summary>A step as the bytes of a command.</summary>
internal sealed class CommandWriter(ReferenceBook book)
{
    /// <summary>An id that no order ever has.</summary>
    private const long NoSuchOrder = (1L << 60) + 5;

    private readonly byte[] _bytes = new byte[CommandHeader.MaxCommandBytes];
    private int _length;

    public ReadOnlySpan<byte> Write(Step step, long sequence, long timeNs)
    {
        _bytes.AsSpan().Clear();
        Write(step, timeNs);
        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(_bytes.AsSpan());
        header.Type = step.Type;
        header.Version = (ushort)(step[Field.Spoil] == 3 ? 9 : Core.Exchange.CommandVersion);
        header.Sequence = sequence;
        header.TimeNs = timeNs;
        if (step[Field.Spoil] == 1)
        {
            _length = Math.Max(CommandHeader.SizeBytes, _length - 8);
        }

        header.LengthBytes = (uint)_length;
        return _bytes.AsSpan(0, _length);
    }

    private ref T Begin<T>()
        where T : unmanaged
    {
        _length = Unsafe.SizeOf<T>();
        return ref MemoryMarshal.AsRef<T>(_bytes.AsSpan());
    }

    private long IdOf(long tag) => tag == 0 ? 0 : book.OrderOf((int)tag)?.Id ?? NoSuchOrder;

    private void Write(Step step, long timeNs)
    {
        ushort spoiled = (ushort)(step[Field.Spoil] == 2 ? 1 : 0);
        switch (step.Type)
        {
            case CommandType.PlaceOrder:
                Fill(step, ref Begin<PlaceOrder>(), spoiled);
                break;
            case CommandType.PlaceOrderWithTerms:
                Fill(step, ref Begin<PlaceOrderWithTerms>(), spoiled, timeNs);
                break;
            case CommandType.CancelOrder:
                ref CancelOrder cancel = ref Begin<CancelOrder>();
                (cancel.AccountId, cancel.OrderId, cancel.ClientOrderId) = (step[Field.Account], IdOf(step[Field.Order]), step[Field.ClientId]);
                break;
            case CommandType.ModifyOrder:
                ref ModifyOrder modify = ref Begin<ModifyOrder>();
                (modify.AccountId, modify.OrderId, modify.ClientOrderId) = (step[Field.Account], IdOf(step[Field.Order]), step[Field.ClientId]);
                (modify.PriceTicks, modify.QuantityLots, modify.TriggerTicks) = (step[Field.Price], step[Field.Quantity], step[Field.Trigger]);
                break;
            case CommandType.CancelOrders:
                ref CancelOrders all = ref Begin<CancelOrders>();
                (all.AccountId, all.MarketId, all.Reserved) = (step[Field.Account], step[Field.Market], spoiled);
                (all.Sides, all.SpareStops) = ((SideFilter)step[Field.Sides], (byte)step[Field.SpareStops]);
                break;
            case CommandType.OrderBatch:
                Fill(step, ref Begin<OrderBatch>(), spoiled);
                break;
            case CommandType.MassQuote:
                Fill(step, ref Begin<MassQuote>(), spoiled);
                break;
            case CommandType.SetBracket:
                ref SetBracket bracket = ref Begin<SetBracket>();
                (bracket.AccountId, bracket.MarketId, bracket.Reserved) = (step[Field.Account], step[Field.Market], (byte)spoiled);
                (bracket.StopLossTicks, bracket.TakeProfitTicks) = (step[Field.StopLoss], step[Field.TakeProfit]);
                (bracket.MaxSlippageRate, bracket.Source) = ((int)step[Field.Slippage], (TriggerSource)step[Field.Source]);
                break;
            default:
                Operate(step, spoiled);
                break;
        }
    }

    private static void Fill(Step step, ref PlaceOrder order, ushort spoiled)
    {
        order.AccountId = step[Field.Account];
        order.MarketId = step[Field.Market];
        order.ClientOrderId = step[Field.ClientId];
        order.PriceTicks = step[Field.Price];
        order.QuantityLots = step[Field.Quantity];
        order.MaxSlippageRate = (int)step[Field.Slippage];
        order.Side = (Side)step[Field.Side];
        order.Type = (OrderType)step[Field.Type];
        order.TimeInForce = (TimeInForce)step[Field.TimeInForce];
        order.SelfTrade = (SelfTradePrevention)step[Field.SelfTrade];
        order.Flags = (OrderFlags)step[Field.Flags];
        order.Reserved = spoiled;
    }

    private void Fill(Step step, ref PlaceOrderWithTerms command, ushort spoiled, long timeNs)
    {
        Fill(step, ref command.Order, 0);
        ref OrderTerms terms = ref command.Terms;
        terms.DisplayLots = step[Field.Display];
        terms.ExpiresNs = step[Field.ExpiresInNs] == 0 ? 0 : timeNs + step[Field.ExpiresInNs];
        terms.Trigger = (TriggerKind)step[Field.Kind];
        terms.Source = (TriggerSource)step[Field.Source];
        terms.TriggerTicks = step[Field.Trigger];
        terms.TrailTicks = step[Field.TrailTicks];
        terms.TrailRate = (int)step[Field.TrailRate];
        terms.ActivationTicks = step[Field.Activation];
        terms.StepTicks = step[Field.StepTicks];
        terms.LinkedOrderId = IdOf(step[Field.Link]);
        terms.MarginUnits = -spoiled;
    }

    private void Fill(Step step, ref OrderBatch batch, ushort spoiled)
    {
        (batch.AccountId, batch.MarketId, batch.Reserved) = (step[Field.Account], step[Field.Market], spoiled);
        (batch.Count, batch.Mode) = ((ushort)step.Items.Count, (BatchMode)step[Field.Mode]);
        batch.SelfTrade = (SelfTradePrevention)step[Field.SelfTrade];
        Span<BatchItem> items = MemoryMarshal.Cast<byte, BatchItem>(_bytes.AsSpan(_length));
        for (int i = 0; i < step.Items.Count; i++)
        {
            Step item = step.Items[i];
            items[i] = new BatchItem
            {
                OrderId = IdOf(item[Field.Order]),
                ClientOrderId = item[Field.ClientId],
                PriceTicks = item[Field.Price],
                QuantityLots = item[Field.Quantity],
                Action = (BatchAction)item[Field.Action],
                Side = (Side)item[Field.Side],
                Type = (OrderType)item[Field.Type],
                TimeInForce = (TimeInForce)item[Field.TimeInForce],
                Flags = (OrderFlags)item[Field.Flags],
            };
        }

        _length += step.Items.Count * Unsafe.SizeOf<BatchItem>();
    }

    private void Fill(Step step, ref MassQuote quote, ushort spoiled)
    {
        int bids = (int)Math.Min(step[Field.Bids], step.Items.Count);
        (quote.AccountId, quote.MarketId, quote.QuoteId) = (step[Field.Account], step[Field.Market], step[Field.QuoteId]);
        (quote.Bids, quote.Asks, quote.Reserved) = ((ushort)bids, (ushort)(step.Items.Count - bids), (byte)spoiled);
        (quote.Flags, quote.SelfTrade) = ((OrderFlags)step[Field.Flags], (SelfTradePrevention)step[Field.SelfTrade]);
        Span<QuoteLevel> levels = MemoryMarshal.Cast<byte, QuoteLevel>(_bytes.AsSpan(_length));
        for (int i = 0; i < step.Items.Count; i++)
        {
            levels[i] = new QuoteLevel { PriceTicks = step.Items[i][Field.Price], QuantityLots = step.Items[i][Field.Quantity] };
        }

        _length += step.Items.Count * Unsafe.SizeOf<QuoteLevel>();
    }

    private void Operate(Step step, ushort spoiled)
    {
        switch (step.Type)
        {
            case CommandType.SetMakerProtection:
                ref SetMakerProtection protect = ref Begin<SetMakerProtection>();
                (protect.AccountId, protect.MarketId, protect.Reserved) = (step[Field.Account], step[Field.Market], spoiled);
                (protect.QuantityLots, protect.DeltaLots, protect.Fills) = (step[Field.Quantity], step[Field.DeltaLots], (int)step[Field.Fills]);
                (protect.WindowMs, protect.FrozenMs) = ((int)step[Field.WindowMs], (int)step[Field.FrozenMs]);
                break;
            case CommandType.CancelAllAfter:
                ref CancelAllAfter after = ref Begin<CancelAllAfter>();
                (after.AccountId, after.TimeoutMs, after.Reserved2) = (step[Field.Account], (int)step[Field.TimeoutMs], spoiled);
                after.SpareStops = (byte)step[Field.SpareStops];
                break;
            case CommandType.KillSwitch:
                ref KillSwitch kill = ref Begin<KillSwitch>();
                (kill.AccountId, kill.MarketId, kill.Reserved) = (step[Field.Account], step[Field.Market], spoiled);
                (kill.On, kill.SpareStops) = ((byte)step[Field.On], (byte)step[Field.SpareStops]);
                break;
            case CommandType.SetMarketState:
                ref SetMarketState state = ref Begin<SetMarketState>();
                (state.MarketId, state.State, state.Reserved2) = (step[Field.Market], (MarketState)step[Field.State], spoiled);
                break;
            case CommandType.SetRateLimit:
                ref SetRateLimit limit = ref Begin<SetRateLimit>();
                (limit.AccountId, limit.Reserved) = (step[Field.Account], spoiled);
                (limit.PerSecond, limit.Burst, limit.Reserve) = ((int)step[Field.PerSecond], (int)step[Field.Burst], (int)step[Field.Reserve]);
                break;
            case CommandType.SetTradeGroup:
                ref SetTradeGroup group = ref Begin<SetTradeGroup>();
                (group.AccountId, group.GroupId) = (step[Field.Account], step[Field.Group]);
                break;
            case CommandType.SetMarkPrice:
                ref SetMarkPrice mark = ref Begin<SetMarkPrice>();
                (mark.MarketId, mark.PriceTicks) = (step[Field.Market], step[Field.Price]);
                break;
            case CommandType.SetIndexPrice:
                ref SetIndexPrice index = ref Begin<SetIndexPrice>();
                (index.MarketId, index.PriceTicks) = (step[Field.Market], step[Field.Price]);
                break;
            case CommandType.SetMarketParameters:
                ref SetMarketParameters set = ref Begin<SetMarketParameters>();
                (set.MarketId, set.Parameters) = (step[Field.Market], Profile.ParametersOf(step[Field.Parameters]));
                break;
            default:
                Begin<Tick>();
                break;
        }
    }
}
