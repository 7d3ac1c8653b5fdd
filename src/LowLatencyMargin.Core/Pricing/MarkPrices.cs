using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Pricing;

/// <summary>The mark price of each market. For now set by command; feeds, smoothing and funding come here.</summary>
public sealed class MarkPrices(ExchangeState state)
{
    /// <summary>Sets a mark. Refused when what is open could not be valued at it exactly .</summary>
    public ResultCode Set(ref readonly SetMarkPrice command)
    {
        if (command.MarketId < 1 || command.MarketId > state.Markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        if (command.PriceTicks is < 1 or > Exact.MaxPriceTicks)
        {
            return ResultCode.InvalidPrice;
        }

        ref Market market = ref state.Markets.Edit((int)command.MarketId);
        if (!Exact.TryNotional(market.RestingLots + market.PositionLots, command.PriceTicks, market.TickValueUnits, out _))
        {
            return ResultCode.Overflow;
        }

        ref MarkPriceUpdated updated = ref state.Events.Add<MarkPriceUpdated>(EventType.MarkPriceUpdated, (int)command.MarketId);
        updated.PriceTicks = command.PriceTicks;
        updated.PreviousTicks = market.MarkTicks;
        market.MarkTicks = command.PriceTicks;
        market.HasMark = 1;
        state.AddDue((int)command.MarketId);
        return ResultCode.Accepted;
    }
}
