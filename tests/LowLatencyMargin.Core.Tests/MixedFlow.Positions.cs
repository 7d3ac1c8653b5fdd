using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Positions: modes, leverage, closes, splits, merges, transfers.</summary>
internal sealed partial class MixedFlow
{
    private int FillPosition(long account, long market)
    {
        long position = PositionOf(account, market);
        switch (_random.Below(32))
        {
            case < 2:
                ref SetPositionMode mode = ref Begin<SetPositionMode>(CommandType.SetPositionMode);
                (mode.AccountId, mode.Mode) = (account, _random.Below(16) == 0 ? PositionMode.Hedge : PositionMode.OneWay);
                return End(ref mode);
            case < 8:
                ref SetMarginMode margin = ref Begin<SetMarginMode>(CommandType.SetMarginMode);
                (margin.AccountId, margin.MarketId, margin.Mode, margin.PositionId) = (account, market, (MarginMode)_random.Below(2), position);
                margin.Sides = (PositionSides)(_random.Below(4) == 0 ? _random.Below(3) : 0);
                return End(ref margin);
            case < 12:
                ref SetLeverage leverage = ref Begin<SetLeverage>(CommandType.SetLeverage);
                (leverage.AccountId, leverage.MarketId, leverage.Leverage, leverage.PositionId) = (account, market, _random.Below(12), position);
                (leverage.Sides, leverage.Release) = ((PositionSides)(_random.Below(4) == 0 ? _random.Below(3) : 0), _random.Below(2));
                return End(ref leverage);
            case < 18:
                ref ClosePosition close = ref Begin<ClosePosition>(CommandType.ClosePosition);
                (close.AccountId, close.MarketId, close.PositionId) = (account, market, position);
                close.QuantityLots = Value(_random.Below(2) * _random.Below(20));
                close.PriceTicks = Value(_random.Below(2) * Price(market, 15));
                close.TimeInForce = (TimeInForce)(_random.Below(4) == 0 ? _random.Below(5) : 0);
                return End(ref close);
            case < 22:
                ref SplitPosition split = ref Begin<SplitPosition>(CommandType.SplitPosition);
                (split.AccountId, split.MarketId, split.PositionId, split.QuantityLots) = (account, market, position, Value(_random.Below(10)));
                return End(ref split);
            case < 26:
                ref MergePositions merge = ref Begin<MergePositions>(CommandType.MergePositions);
                (merge.AccountId, merge.MarketId, merge.PositionId, merge.OtherPositionId) = (account, market, position, PositionOf(account, market));
                return End(ref merge);
            default:
                ref TransferPosition transfer = ref Begin<TransferPosition>(CommandType.TransferPosition);
                transfer.ToAccountId = _firstAccount + _random.Below(_accounts);
                (transfer.AccountId, transfer.MarketId, transfer.PositionId) = (account, market, position);
                transfer.ToPositionId = _random.Below(2) == 0 ? 0 : PositionOf(transfer.ToAccountId, market);
                transfer.QuantityLots = Value(_random.Below(2) * _random.Below(20));
                return End(ref transfer);
        }
    }

    private void FillScope(ref OrderTerms terms, long account, long market)
    {
        terms.PositionId = Value(PositionOf(account, market));
        if (_random.Below(10) == 0)
        {
            terms.Mode = (ModeChoice)_random.Below(3);
            terms.MarginUnits = Value(_random.Below(2) * _random.Below(600));
        }
    }

    /// <summary>One of the positions of an account in a market, mostly; 0 or another one now and then.</summary>
    private long PositionOf(long account, long market)
    {
        ExchangeState state = _exchange.State!;
        if (account < 1 || account > state.Accounts.HighWater || market < 1 || market > state.Markets.HighWater || _random.Below(4) == 0)
        {
            return _random.Below(12) == 0 ? _random.Below(2_000) : 0;
        }

        int row = state.IsHedge((int)account) ? state.FirstHedge((int)account, (int)market) : 0;
        for (int skipped = _random.Below(6); row != 0 && skipped > 0 && state.NextHedge(row) != 0; skipped--)
        {
            row = state.NextHedge(row);
        }

        return row == 0 ? 0 : state.PositionDetails[row].PositionId;
    }
}
