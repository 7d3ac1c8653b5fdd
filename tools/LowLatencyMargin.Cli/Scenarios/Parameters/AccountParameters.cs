using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios.Parameters;

/// <summary>Margin limits of an account: options of 'account' and 'set'.</summary>
internal static class AccountParameters
{
    internal const string PortfolioLeverage = "portfolio-leverage";

    internal static SetAccountMargin Read(ScenarioLine line, SetAccountMargin change)
    {
        // other presets are of traders' rules
        if (line.Options.GetValueOrDefault("preset") is "S2" or "S2r")
        {
            change.PortfolioLeverage = MarketPresets.PortfolioLeverage(RiskParameters.Preset(line, line.Require("preset", "S2")));
        }

        if (line.Option(PortfolioLeverage) is { } text)
        {
            change.PortfolioLeverage = text == "off" ? 0 : (int)Math.Clamp(HumanUnits.Whole(line, text, PortfolioLeverage), -1, int.MaxValue);
        }

        return change;
    }
}
