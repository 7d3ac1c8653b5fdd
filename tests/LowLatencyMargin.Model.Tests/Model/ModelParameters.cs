using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Parameters as the commands bring them, in the model's words.</summary>
internal sealed partial class ModelMarket
{
    public void Take(in MarketParameters parameters, long now, bool isListed)
    {
        Parameters = parameters;
        TakeParameters(RulesOf(in parameters), now, isListed);
    }

    public static MarginRules RulesOf(in MarketParameters p) => MarginRules.None;
}
