using LowLatencyMargin.Cli.Scenarios.Views;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Rules;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>Trader rules of accounts: set and read, position sizing, the override of a pause.</summary>
internal sealed class RuleVerbs(ScenarioSession session)
{
    internal const string Size = "size";

    /// <summary>What the last 'size' computed.</summary>
    internal View? LastSize { get; private set; }

    /// <summary>A pause by drawdown is ended by hand where there is one and the account is not stopped otherwise.</summary>
    internal bool TryResume(ScenarioLine line)
    {
        AccountName account = session.Names.Account(line, line.Word(0, "an account"));
        Core.ExchangeState state = session.State(line);
        bool paused = line.Words.Count == 1 && state.Accounts[account.Id].IsKilled == 0 && state.AccountRules[state.Accounts[account.Id].Rules].IsPaused != 0;
        if (!paused)
        {
            return false;
        }

        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.ResumeTrading, new ResumeTrading { AccountId = account.Id });
        return true;
    }

    /// <summary>How much a trade may be (R-1501): a query, nothing changes.</summary>
    internal void Sizing(ScenarioLine line)
    {
        (AccountName account, MarketName market) = session.Scope(line);
        Side side = OrderWords.SideOf(line, line.Word(2, "buy or sell"));
        bool at = line.Word(3, "@ PRICE") == "@";
        long entry = at ? HumanUnits.Price(line, line.Word(4, "the entry price"), market) : throw line.Error($"unexpected '{line.Words[3]}'", Grammar.Of(Size));
        line.EndWords(5);
        long stop = HumanUnits.Price(line, line.Require("stop", "49000"), market);
        line.EndOptions();
        ResultCode code = new PositionSizing(session.State(line)).Of(account.Id, market.Id, side, entry, stop, out SizingFigures figures);
        LastSize = SizeView.Of(account, market, code, in figures);
        session.Report.Show(line, LastSize);
    }

    /// <summary>What 'expect size' looks at.</summary>
    internal View Expected(ScenarioLine line) => LastSize ?? throw line.Error("nothing was sized before", Grammar.Of(Size));
}
