using LowLatencyMargin.Cli.Scenarios.Views;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Previews;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>What a line would do (R-509): it is read and sent like any other, but the engine takes everything back.</summary>
internal sealed class PreviewVerbs(ScenarioSession session, IReadOnlyDictionary<string, Action<ScenarioLine>> verbs)
{
    /// <summary>Lines that say something to the run, not to the exchange, or that the operator sends.</summary>
    private static readonly string[] Excluded =
    [
        "genesis", "asset", "market", "pool", "set", "account", "insurance", "group", "rate", "state", "time", "show", "params", "expect", "save", "restore",
        Grammar.Block, "preview",
    ];

    internal void Preview(ScenarioLine line)
    {
        string verb = line.Word(0, "a verb of the exchange");
        if (Excluded.Contains(verb) || !verbs.TryGetValue(verb, out Action<ScenarioLine>? run))
        {
            throw line.Error($"'{verb}' has no preview", $"one of {string.Join(", ", verbs.Keys.Except(Excluded))}");
        }

        _ = session.State(line);
        Exchange exchange = session.Driver.Exchange;
        Hash128 before = exchange.ComputeStateHash();
        PreviewRun? preview = Run(line, run);
        if (exchange.ComputeStateHash() != before)
        {
            throw new InvalidOperationException("a preview changed the state");
        }

        session.Preview = preview;
        if (preview is not null)
        {
            session.Report.Show(line, preview.View);
        }
    }

    private PreviewRun? Run(ScenarioLine line, Action<ScenarioLine> run)
    {
        PreviewRun? preview = null;
        (Names names, LiquidationLog liquidations, ShortfallLog shortfalls) = (session.Names, session.Liquidations, session.Shortfalls);
        (session.Names, session.Liquidations, session.Shortfalls) = (names.Copy(), liquidations.Copy(), shortfalls.Copy());
        session.Driver.Diversion = command =>
        {
            preview = preview is null ? Look(line, command) : throw line.Error($"'{line.Words[0]}' sends more than one command", "a line that sends one");
            return session.Driver.Exchange.Events.Previewed.ToArray();
        };
        try
        {
            run(line.Inner());
        }
        finally
        {
            session.Driver.Diversion = null;
            (session.Names, session.Liquidations, session.Shortfalls) = (names, liquidations, shortfalls);
        }

        return preview;
    }

    private PreviewRun Look(ScenarioLine line, byte[] command)
    {
        Exchange exchange = session.Driver.Exchange;
        ResultCode code = exchange.Preview(command, out Preview preview);
        if (code is ResultCode.PreviewTooLarge or ResultCode.NotPreviewable)
        {
            session.AddRejection(line, code);
        }

        AccountName? account = preview.Account == 0 ? null : session.Names.Account(line, session.Names.AccountOf(preview.Account));
        MarketName? market = preview.Market == 0 ? Named(line) : session.Names.Market(preview.Market);
        Fields? before = null;
        Fields? after = null;
        if (account is not null)
        {
            before = Row(exchange.State!, "before", account, market, preview.Market == 0 ? 0 : preview.Before.Row);
            PreviewRun.Look(exchange, command, state => after = Row(state, "after", account, market, preview.Market == 0 ? 0 : preview.After.Row));
        }

        string subject = string.Join('.', new[] { account?.Name, market?.Name }.Where(name => name is not null));
        View view = PreviewView.Of(subject, code, in preview, market?.Quote ?? session.Names.Collateral!, before, after);
        return new PreviewRun(exchange, command, view);
    }

    /// <summary>The market that the line names where the events name none: the command was refused.</summary>
    private MarketName? Named(ScenarioLine line) => line.Words.Count > 2 ? session.Names.FindMarket(line.Words[2]) : null;

    private Fields Row(ExchangeState state, string at, AccountName account, MarketName? market, int row)
    {
        var figures = new Figures(state);
        if (market is not null && row == 0)
        {
            _ = state.FindNamed(account.Id, market.Id, 0, out row);
        }

        View? position = market is null ? null
            : figures.State.Markets[market.Id].Kind == MarketKind.SpotMargin ? MarginView.Of(account, market, session.Names, figures)
            : PositionView.Of(account, market, row, figures);
        return PreviewView.Row(at, position, AccountView.Of(account, session.Names, figures));
    }
}
