using System;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Previews;

/// <summary>Finds out which position a command is about, from its events, and reads the figures of that and of its account.</summary>
internal struct PreviewReader(Settlement settlement, MarginCheck check, int account) : IPreviewReader
{
    private Preview _preview;
    private long _position;
    private bool _hasRun;

    /// <inheritdoc/>
    public void Read(ExchangeState state)
    {
        _hasRun = true;
        _preview.Account = account;
        ReadOnlySpan<EventSlot> events = state.Events.Span;
        for (int i = 0; i < events.Length; i++)
        {
            Read(state, in events[i]);
            if (IsFillOfAccount(in events[i]))
            {
                ref readonly Fill fill = ref EventSlot.As<Fill>(in events[i]);
                _preview.FeeUnits += fill.FeeUnits;
                _preview.RealizedPnlUnits += fill.RealizedPnlUnits;
            }
        }

        _preview.After = Figures(state);
    }

    /// <summary>The command is taken back: the figures as they are.</summary>
    public void Finish(ExchangeState state, out Preview preview)
    {
        if (_hasRun)
        {
            _preview.Before = Figures(state);
        }

        preview = _preview;
    }

    private readonly PreviewFigures Figures(ExchangeState state) =>
        account == 0 ? default : PreviewFigures.Of(state, settlement, check, account, RowIn(state));

    private readonly bool IsFillOfAccount(ref readonly EventSlot slot) =>
        slot.Header.Type == EventType.Fill && EventSlot.As<Fill>(in slot).AccountId == account;

    /// <summary>The first event that names a market decides which it is; the first that names an order or a position, which position.</summary>
    private void Read(ExchangeState state, ref readonly EventSlot slot)
    {
        if (_preview.Market == 0)
        {
            _preview.Market = (int)slot.Header.MarketId;
        }

        if (_position != 0 || slot.Header.MarketId != _preview.Market)
        {
            return;
        }

        if (slot.Header.Type is EventType.OrderAccepted or EventType.OrderAmended)
        {
            int order = state.FindOrder(EventSlot.As<OrderChanged>(in slot).OrderId, account);
            _position = order == 0 ? 0 : state.PositionDetails[state.Orders[order].Position].PositionId;
        }
        else if (slot.Header.Type is EventType.PositionOpened or EventType.PositionUpdated or EventType.PositionClosed
            && EventSlot.As<PositionChanged>(in slot).AccountId == account)
        {
            _position = EventSlot.As<PositionChanged>(in slot).PositionId;
        }
    }

    /// <summary>The row of the position before or after; where it does not exist yet or any more, the account's row of the market.</summary>
    private readonly int RowIn(ExchangeState state)
    {
        if (_preview.Market == 0)
        {
            return 0;
        }

        for (int row = _position == 0 ? 0 : state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            if (state.PositionDetails[row].PositionId == _position)
            {
                return row;
            }
        }

        return state.FindPosition(account, _preview.Market);
    }
}
