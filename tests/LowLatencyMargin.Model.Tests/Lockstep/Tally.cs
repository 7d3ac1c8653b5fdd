using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>What a run went through: a run that never liquidates proves little.</summary>
internal sealed class Tally
{
    public Dictionary<ResultCode, long> Codes { get; } = [];

    public HashSet<long> OrderIds { get; } = [];

    public HashSet<CommandType> Accepted { get; } = [];

    public long Trades { get; private set; }

    public long Liquidations { get; private set; }

    public long Takeovers { get; private set; }

    public long Shortfalls { get; private set; }

    public long Borrowings { get; private set; }

    public long LoanLiquidations { get; private set; }

    public long LoanTakeovers { get; private set; }

    public long BadLoans { get; private set; }

    public void Count(CommandType type, ResultCode code, Outcome outcome)
    {
        Codes[code] = Codes.GetValueOrDefault(code) + 1;
        Trades += outcome.Trades.Count;
        Liquidations += outcome.Liquidations.Count;
        Takeovers += outcome.Liquidations.Count(way => !way.TakenLots.IsZero);
        Shortfalls += outcome.Shortfalls.Count;
        Borrowings += outcome.LoanChanges.Count(change => change.Amount.Sign > 0);
        LoanLiquidations += outcome.LoanScopes.Count(scope => scope.IsStart);
        LoanTakeovers += outcome.LoanTakings.Count;
        BadLoans += outcome.BadLoans.Count;
        if (code == ResultCode.Accepted)
        {
            Accepted.Add(type);
        }
    }

    public override string ToString() =>
        $"{Trades} trades, {Liquidations} liquidations, {Takeovers} takeovers, {Shortfalls} shortfalls; "
        + (Borrowings == 0 ? string.Empty
            : $"{Borrowings} borrowings, {LoanLiquidations} liquidations of loans, {LoanTakeovers} taken over, {BadLoans} bad loans; ")
        + string.Join(", ", Codes.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"));
}
