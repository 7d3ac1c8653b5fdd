using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
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

    /// <summary>Steps by their kind.</summary>
    public SortedDictionary<LiquidationStepKind, long> Steps { get; } = [];

    public long InventorySales { get; private set; }

    /// <summary>Liquidations that were checked to come before all others of their market.</summary>
    public long NearestChecked { get; set; }

    public long Deleveragings { get; private set; }

    public long Haircuts { get; private set; }

    /// <summary>Those of nothing too.</summary>
    public long AllHaircuts { get; private set; }

    public long Commands => Codes.Values.Sum();

    public long GlobalPayments { get; private set; }

    public long Surpluses { get; private set; }

    public Big BadDebt { get; private set; }

    public long Borrowings { get; private set; }

    public long LoanLiquidations { get; private set; }

    public long LoanTakeovers { get; private set; }

    public long BadLoans { get; private set; }

    /// <summary>Markets closed for good.</summary>
    public long Settlements { get; private set; }

    public long PositionsSettled { get; private set; }

    public void Count(CommandType type, ResultCode code, Outcome outcome)
    {
        Codes[code] = Codes.GetValueOrDefault(code) + 1;
        Trades += outcome.Trades.Count;
        Liquidations += outcome.Liquidations.Count;
        Takeovers += outcome.Liquidations.Count(way => !way.TakenLots.IsZero);
        Shortfalls += outcome.Shortfalls.Count;
        InventorySales += outcome.InventorySales;
        foreach (ModelStep step in outcome.Told.OfType<ModelStep>())
        {
            Steps[step.Kind] = Steps.GetValueOrDefault(step.Kind) + 1;
        }

        Deleveragings += outcome.Deleveragings.Count;
        Haircuts += outcome.Haircuts.Count(cut => !cut.Charged.IsZero);
        AllHaircuts += outcome.Haircuts.Count;
        GlobalPayments += outcome.GlobalPayments.Count;
        Surpluses += outcome.Surpluses.Count;
        BadDebt += outcome.Shortfalls.Aggregate(Big.Zero, (sum, shortfall) => sum + shortfall.BadDebt)
            + outcome.SharingEnds.Aggregate(Big.Zero, (sum, end) => sum + end.BadDebt);
        Borrowings += outcome.LoanChanges.Count(change => change.Amount.Sign > 0);
        LoanLiquidations += outcome.LoanScopes.Count(scope => scope.IsStart);
        LoanTakeovers += outcome.LoanTakings.Count;
        BadLoans += outcome.BadLoans.Count;
        Settlements += outcome.MarketEnds.Count;
        PositionsSettled += outcome.Settled.Count;
        if (code == ResultCode.Accepted)
        {
            Accepted.Add(type);
        }
    }

    /// <summary>Another run's, of the same kind.</summary>
    public void Add(Tally other)
    {
        foreach ((ResultCode code, long count) in other.Codes)
        {
            Codes[code] = Codes.GetValueOrDefault(code) + count;
        }

        Accepted.UnionWith(other.Accepted);
        Trades += other.Trades;
        Liquidations += other.Liquidations;
        Takeovers += other.Takeovers;
        Shortfalls += other.Shortfalls;
        Deleveragings += other.Deleveragings;
        Haircuts += other.Haircuts;
        AllHaircuts += other.AllHaircuts;
        GlobalPayments += other.GlobalPayments;
        Surpluses += other.Surpluses;
        BadDebt += other.BadDebt;
        Borrowings += other.Borrowings;
        LoanLiquidations += other.LoanLiquidations;
        LoanTakeovers += other.LoanTakeovers;
        BadLoans += other.BadLoans;
        Settlements += other.Settlements;
        PositionsSettled += other.PositionsSettled;
    }

    public override string ToString() =>
        $"{Trades} trades, {Liquidations} liquidations, {Takeovers} takeovers, {Shortfalls} shortfalls, {Deleveragings} deleveraged, {Haircuts} haircuts,"
        + $" {GlobalPayments} paid globally, {Surpluses} surpluses, bad debt {BadDebt}; "
        + $"steps {string.Join(", ", Steps.Select(pair => $"{pair.Key} {pair.Value}"))}, {InventorySales} sales of inventory, {NearestChecked} in order; "
        + (Borrowings == 0 ? string.Empty
            : $"{Borrowings} borrowings, {LoanLiquidations} liquidations of loans, {LoanTakeovers} taken over, {BadLoans} bad loans; ")
        + (Settlements == 0 ? string.Empty : $"{Settlements} markets settled with {PositionsSettled} positions; ")
        + string.Join(", ", Codes.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"));
}
