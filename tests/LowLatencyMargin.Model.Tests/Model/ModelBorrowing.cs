#if LENDING
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Loans of isolated scopes (R-1003, R-1008, R-1009), after docs/lending.md.</summary>
internal sealed partial class ModelExchange
{
    public List<ModelLoan> Loans { get; } = [];

    public ModelLoan? LoanOf(ModelRow row, long asset) => Loans.Find(loan => loan.Row == row && loan.Pool.Asset.Id == asset);

    public Outcome Borrow(in Borrow command, Outcome outcome)
    {
        ModelRow? row = CheckScope(command.AccountId, command.MarketId, command.AssetId, outcome);
        if (!outcome.IsAccepted
            || outcome.Refuse(ResultCode.InvalidAmount, command.AmountUnits <= 0)
            || outcome.Refuse(ResultCode.NoReferencePrice, row!.Market.Mark == 0))
        {
            return outcome;
        }

        ModelPool? pool = Pools.GetValueOrDefault(command.AssetId);
        Big amount = command.AmountUnits;
        ModelLoan? loan = LoanOf(row!, command.AssetId);
        if (outcome.Refuse(ResultCode.UnknownPool, pool is null)
            || outcome.Refuse(ResultCode.BelowMinimumBorrow, amount < pool!.Parameters.MinBorrowUnits)
            || outcome.Refuse(ResultCode.Overflow, amount > ModelPool.MaxUnits)
            || outcome.Refuse(ResultCode.LoanTopUpNotAllowed, loan is not null && row!.Market.Parameters.LoanTopUp == 0))
        {
            return outcome;
        }

        bool isCapped = pool!.Parameters.BorrowCapUnits != 0 && pool.Principal + pool.Promised + amount > pool.Parameters.BorrowCapUnits;
        if (outcome.Refuse(ResultCode.BorrowUnavailable, amount > pool.Free || isCapped))
        {
            return outcome;
        }

        (_, Big charge) = ChargeOf(pool, amount);
        Big initial = InitialLevel(row!);
        Big worth = WorthUp(row!, command.AssetId, amount);
        Big worthOfCharge = WorthUp(row!, command.AssetId, charge);
        Big needed = Rounding.RateUp(worth, initial - Rounding.Scale) + Rounding.RateUp(worthOfCharge, initial);
        if (outcome.Refuse(ResultCode.InsufficientMargin, row!.Leverage == 1 || needed > Room(row)))
        {
            return outcome;
        }

        Grow(row!, pool, amount, outcome);
        return outcome;
    }

    public Outcome Repay(in Repay command, Outcome outcome)
    {
        ModelRow? row = CheckScope(command.AccountId, command.MarketId, command.AssetId, outcome);
        if (!outcome.IsAccepted || outcome.Refuse(ResultCode.InvalidAmount, command.AmountUnits < 0))
        {
            return outcome;
        }

        ModelLoan? loan = LoanOf(row!, command.AssetId);
        if (outcome.Refuse(ResultCode.NothingOwed, loan is null))
        {
            return outcome;
        }

        Big paid = command.AmountUnits == 0 ? loan!.Owed : Big.Min(command.AmountUnits, loan!.Owed);
        if (!outcome.Refuse(ResultCode.InsufficientBalance, paid > row!.Purse.FreeOf(command.AssetId)))
        {
            Pay(loan, paid, outcome);
        }

        return outcome;
    }

    /// <summary>Assets of an isolated scope, in quote units.</summary>
    public static Big AssetsOf(ModelRow row)
    {
        ModelMarket market = row.Market;
        return row.Purse.Units(market.QuoteAsset)
            + Rounding.Down(row.Purse.Units(market.BaseAsset) * market.Mark * market.TickValue, market.BaseUnitsPerLot);
    }

    public Big DebtsOf(ModelRow row) =>
        (LoanOf(row, row.Market.QuoteAsset)?.Owed ?? 0) + WorthUp(row, row.Market.BaseAsset, LoanOf(row, row.Market.BaseAsset)?.Owed ?? 0);

    /// <summary>R-1101: the scopes whose level has come to the market's.</summary>
    public ModelRow? FindBadLoan() =>
        Loans.Find(loan => DebtsOf(loan.Row) is var debts && !debts.IsZero
            && AssetsOf(loan.Row) * Rounding.Scale <= debts * loan.Row.Market.Parameters.LiquidationLevelRate)?.Row;

    private static Big InitialLevel(ModelRow row) => row.Leverage <= 1
        ? row.Market.Parameters.InitialLevelRate
        : Rounding.Scale + Rounding.Up(Rounding.Scale, row.Leverage - 1);

    private static Big WorthUp(ModelRow row, long asset, Big units) => asset == row.Market.QuoteAsset
        ? units
        : Rounding.Up(units * row.Market.Mark * row.Market.TickValue, row.Market.BaseUnitsPerLot);

    /// <summary>What more may be asked for, and what may leave.</summary>
    private Big Room(ModelRow row) => AssetsOf(row) - Rounding.RateUp(DebtsOf(row), InitialLevel(row));

    /// <summary>Rate of the moment, fee and interest that is charged at once.</summary>
    private static (Big Rate, Big Charge) ChargeOf(ModelPool pool, Big amount)
    {
        PoolParameters p = pool.Parameters;
        Big fee = Big.Max(p.MinBorrowFeeUnits, Rounding.RateUp(amount, p.BorrowFeeRate));
        if (pool.IsKinked)
        {
            return (0, fee);
        }

        Big used = ModelPool.UtilisationOf(pool.Liquidity - amount, pool.Borrowed + amount);
        Big rate = p.FixedBaseRate + Rounding.RateDown(p.FixedSlopeRate, used);
        return (rate, fee + Rounding.Up(amount * rate * p.FixedTermSeconds, Rounding.Scale * 365 * 86_400));
    }

    private void Grow(ModelRow row, ModelPool pool, Big amount, Outcome outcome)
    {
        (_, Big charge) = ChargeOf(pool, amount);
        ModelLoan? loan = LoanOf(row, pool.Asset.Id);
        if (loan is null)
        {
            long term = pool.IsKinked ? 0 : NowNs + (pool.Parameters.FixedTermSeconds * 1_000_000_000L);
            loan = new ModelLoan { Row = row, Pool = pool, OpenedNs = NowNs, EndsNs = term };
            Loans.Add(loan);
        }

        pool.Enter(NowNs);
        loan.Owe(loan.Owed + amount + charge);
        loan.Principal += amount;
        pool.Principal += amount;
        pool.Liquidity -= amount;
        row.Purse.Add(pool.Asset.Id, amount);
        outcome.LoanChanges.Add(new ModelLoanChange(row.Account.Id, pool.Asset.Id, amount, charge, loan.Owed));
    }

    /// <summary>Interest first, then principal.</summary>
    private void Pay(ModelLoan loan, Big paid, Outcome outcome)
    {
        ModelPool pool = loan.Pool;
        Big interest = Big.Min(paid, loan.Interest);
        pool.Enter(NowNs);
        loan.Row.Purse.Add(pool.Asset.Id, -paid);
        pool.Liquidity += paid;
        pool.Principal -= paid - interest;
        loan.Principal -= paid - interest;
        loan.Owe(loan.Owed - paid);
        if (!pool.IsKinked)
        {
            pool.Reserves += Rounding.RateDown(interest, pool.Parameters.ReserveFactorRate);
        }

        if (loan.Owed.IsZero)
        {
            pool.DebtShares -= loan.Shares;
            Loans.Remove(loan);
        }

        outcome.LoanChanges.Add(new ModelLoanChange(loan.Row.Account.Id, pool.Asset.Id, -paid, interest, loan.Owed));
    }

    /// <summary>A fixed term that ended begins again: interest on the principal that is left.</summary>
    private static void Renew(ModelLoan loan, Outcome outcome)
    {
        PoolParameters p = loan.Pool.Parameters;
        Big rate = p.FixedBaseRate + Rounding.RateDown(p.FixedSlopeRate, loan.Pool.Utilisation);
        Big charge = Rounding.Up(loan.Principal * rate * p.FixedTermSeconds, Rounding.Scale * 365 * 86_400);
        loan.Owe(loan.Owed + charge);
        loan.EndsNs += p.FixedTermSeconds * 1_000_000_000L;
        outcome.LoanChanges.Add(new ModelLoanChange(loan.Row.Account.Id, loan.Pool.Asset.Id, 0, charge, loan.Owed));
    }

    /// <summary>Account, market and asset of a command about loans; the row is there when nothing refuses.</summary>
    private ModelRow? CheckScope(long accountId, long marketId, long assetId, Outcome outcome)
    {
        ModelAccount? account = KnownAccount(accountId);
        ModelMarket? market = KnownMarket(marketId);
        if (outcome.Refuse(ResultCode.UnknownAccount, account is null)
            || outcome.Refuse(ResultCode.UnknownMarket, market is null)
            || outcome.Refuse(ResultCode.InvalidPair, market!.Kind != MarketKind.SpotMargin)
            || outcome.Refuse(ResultCode.UnknownAsset, KnownAsset(assetId) is null)
            || outcome.Refuse(ResultCode.InvalidPair, assetId != market.BaseAsset && assetId != market.QuoteAsset)
            || outcome.Refuse(ResultCode.MarginDisabled, !account!.HasMargin))
        {
            return null;
        }

        return FindRow(account, market) ?? throw new InvalidOperationException("the model knows loans of isolated scopes only");
    }
}
#endif
