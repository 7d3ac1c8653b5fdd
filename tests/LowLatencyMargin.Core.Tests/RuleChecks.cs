using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Rules;

namespace LowLatencyMargin.Core.Tests;

/// <summary>
/// What must hold of trader rules between commands: rows, records and traits agree, and while nothing is left over every band and drawdown level
/// is what the definitions say at the marks, however the watch index came to it.
/// </summary>
internal static class RuleChecks
{
    public static void Run(ExchangeState state)
    {
        int rules = 0;
        int records = 0;
        int holdings = 0;
        for (int account = 1; account <= state.Accounts.HighWater; account++)
        {
            ref readonly Account owner = ref state.Accounts[account];
            bool has = (owner.Traits & AccountTraits.HasRules) != 0;
            Holds(has == (owner.Rules != 0), "R-1501: trait and row of rules");
            rules += has ? 1 : 0;
            for (int row = owner.FirstPosition; row != 0; row = state.Positions[row].Next)
            {
                int record = state.TradingGuards[row].Record;
                Holds((record != 0) == (has && state.Records.HasRecord(row)),
                    "a record for each open position, and scope with loans, of an account with rules");
                Holds(record == 0 || (state.PositionRecords[record].Position == row && state.PositionRecords[record].Market == state.Positions[row].Market),
                    "record and position");
                records += record != 0 ? 1 : 0;
            }

            for (int holding = has ? state.AccountRules[owner.Rules].FirstHolding : 0; holding != 0; holding = state.PositionRecords[holding].NextHolding)
            {
                Holds(state.PositionRecords[holding].Account == account && state.PositionRecords[holding].Position == 0, "a holding and its account");
                holdings++;
            }

            if (has && state.AccountRules[owner.Rules].IsDue == 0 && !IsLeftOver(state, account))
            {
                CheckFigures(state, account);
            }
        }

        Holds(state.AccountRules.Count == rules, "a row of rules was lost");
        Holds(state.Holdings == holdings && state.PositionRecords.Count == records + holdings, "a record was lost");
    }

    private static bool IsLeftOver(ExchangeState state, int account)
    {
        for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            if (state.Markets[state.Positions[row].Market].WatchesPending != 0)
            {
                return true;
            }
        }

        int holding = state.AccountRules[state.Accounts[account].Rules].FirstHolding;
        while (holding != 0 && state.Markets[state.PositionRecords[holding].Market].WatchesPending == 0)
        {
            holding = state.PositionRecords[holding].NextHolding;
        }

        return holding != 0;
    }

    private static void CheckFigures(ExchangeState state, int account)
    {
        ref readonly AccountRules rules = ref state.AccountRules[state.Accounts[account].Rules];
        if (rules.Rules.WatchesLevel)
        {
            AccountFigures cross = AccountFigures.Of(state, account);
            Holds(rules.CrossBand == MarginLevels.Of(in rules.Rules, rules.CrossBand, cross.EquityUnits, cross.RequirementUnits), "R-1503: cross band");
            for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
            {
                ref readonly Position position = ref state.Positions[row];
                if (position.SizeLots != 0 && position.IsIsolated != 0)
                {
                    long equity = position.MarginUnits + Requirements.UnrealizedPnl(in position, in state.Markets[position.Market]);
                    long requirement = Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in state.Markets[position.Market]);
                    LevelBand band = state.PositionRecords[state.TradingGuards[row].Record].Band;
                    Holds(band == MarginLevels.Of(in rules.Rules, band, equity, requirement), "R-1503: band of an isolated position");
                }
                else if (position.IsIsolated != 0 && HoldingWatches.Owes(state, row))
                {
                    ref readonly Matching.Market market = ref state.Markets[position.Market];
                    var pair = Lending.LoanFigures.Pair(state, row);
                    LevelBand band = state.PositionRecords[state.TradingGuards[row].Record].Band;
                    LevelBand expected = MarginLevels.Of(in rules.Rules, band, pair.AssetUnits(in market), pair.DebtUnits(in market));
                    Holds(band == expected, "R-1503: band of an isolated scope with loans");
                }
            }
        }

        if (rules.Rules.WatchesDrawdown && rules.BaseUnits > 0)
        {
            long loss = Drawdown.Loss(in rules, Drawdown.Equity(state, account));
            for (int level = rules.DrawdownLevel + 1; level <= Drawdown.Levels; level++)
            {
                int rate = Drawdown.RateOf(in rules.Rules, level);
                Holds(rate == 0 || loss < Drawdown.LossAt(rules.BaseUnits, rate), "R-1504: a level is reached and not told");
            }
        }
    }

    private static void Holds(bool condition, string what)
    {
        if (!condition)
        {
            Assert.Fail(what);
        }
    }
}
