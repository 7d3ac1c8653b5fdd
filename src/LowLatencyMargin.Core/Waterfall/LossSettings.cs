using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core.Waterfall;

/// <summary>Loss rules of a market.</summary>
public sealed class LossSettings(ExchangeState state)
{
    /// <summary>Sets them, all at once.</summary>
    public ResultCode Set(ref readonly SetLossRules command)
    {
        if (command.MarketId < 1 || command.MarketId > state.Markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        if (!command.Rules.AreValid)
        {
            return ResultCode.InvalidParameter;
        }

        int marketId = (int)command.MarketId;
        Apply(marketId, in command.Rules);
        state.Rankings[marketId].Drop();
        ref LossRulesSet set = ref state.Events.Add<LossRulesSet>(EventType.LossRulesSet, marketId);
        set.Rules = command.Rules;
        return ResultCode.Accepted;
    }

    /// <summary>Puts rules in place.</summary>
    public void Apply(int marketId, in LossRules rules)
    {
        state.Losses.Edit(marketId).Rules = rules;
        ref Market market = ref state.Markets.Edit(marketId);
        market.RedirectRate = rules.ThresholdUnits == 0 ? 0 : rules.RedirectRate;
        market.ThresholdUnits = rules.ThresholdUnits;
        market.NoteRules();
    }
}
