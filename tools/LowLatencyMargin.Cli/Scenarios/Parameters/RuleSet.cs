using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios.Parameters;

/// <summary>Rules of a market that a command of their own sets, all at once: mark, funding, liquidations, losses.</summary>
internal abstract class RuleSet
{
    /// <summary>All of them, in the order in which they are printed and sent.</summary>
    internal static IReadOnlyList<RuleSet> All { get; } = [PriceParameters.Set, LiquidationParameters.Set, FundingParameters.Set, LossParameters.Set];

    /// <summary>What a line changes of a market's rules (of the usual ones before it is listed), as what sends it; null: nothing.</summary>
    internal abstract Action<MarketName>? Read(ScenarioLine line, ScenarioSession session, MarketName market);

    /// <summary>Adds all parameters with their values.</summary>
    internal abstract void AddTo(Fields fields, ExchangeState state, MarketName market);
}

/// <summary>Rules of one type.</summary>
/// <param name="type">The command that sets them.</param>
/// <param name="usual">What a preset begins with.</param>
/// <param name="command">The command's struct of a market's id and rules.</param>
/// <param name="current">A market's rules as they are.</param>
/// <param name="parameters">In the order in which they are printed.</param>
internal sealed class RuleSet<TRules, TCommand>(
    CommandType type,
    Func<MarketPreset, TRules> usual,
    Func<long, TRules, TCommand> command,
    Func<ExchangeState, int, TRules> current,
    IReadOnlyList<RuleParameter<TRules>> parameters) : RuleSet
    where TRules : struct
    where TCommand : unmanaged
{
    /// <inheritdoc/>
    internal override Action<MarketName>? Read(ScenarioLine line, ScenarioSession session, MarketName market)
    {
        TRules before = market.Id == 0 ? usual(MarketPreset.Default) : current(session.State(line), market.Id);
        TRules rules = line.Option(RiskParameters.PresetName) is { } preset ? usual(RiskParameters.Preset(line, preset)) : before;
        bool says = !rules.Equals(before);
        foreach (RuleParameter<TRules> parameter in parameters)
        {
            if (line.Option(parameter.Name) is { } text)
            {
                parameter.Set(ref rules, line, text, market);
                says = true;
            }
        }

        return says ? listed => session.Send(line, type, command(listed.Id, rules)) : null;
    }

    /// <inheritdoc/>
    internal override void AddTo(Fields fields, ExchangeState state, MarketName market) => AddTo(fields, current(state, market.Id), market);

    /// <summary>Adds the parameters of a set with their values, but one that the caller has from elsewhere.</summary>
    internal void AddTo(Fields fields, TRules rules, MarketName market, string? except = null)
    {
        foreach (RuleParameter<TRules> parameter in parameters.Where(parameter => parameter.Name != except))
        {
            fields.Add(parameter.Name, parameter.Get(rules, market));
        }
    }
}
