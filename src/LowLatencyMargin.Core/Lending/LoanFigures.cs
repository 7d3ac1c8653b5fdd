using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Lending;

/// <summary>
/// A scope with loans in one market: what it has and owes of the pair, and at which price what happens (R-701, R-1101). Assets round down, debts
/// up; a level is assets over debts.
/// </summary>
public struct LoanFigures
{
    private const long MaxExact = 1L << 36;

    /// <summary>Quote asset in the scope. Of a cross scope also what else stands behind its loans, less what else it needs.</summary>
    public long QuoteUnits;

    /// <summary>Base asset in the scope.</summary>
    public long BaseUnits;

    /// <summary>Owed in the quote asset.</summary>
    public long QuoteOwedUnits;

    /// <summary>Owed in the base asset.</summary>
    public long BaseOwedUnits;

    /// <summary>Whether something is owed.</summary>
    public readonly bool Owes => (QuoteOwedUnits | BaseOwedUnits) != 0;

    /// <summary>What the assets are worth at the mark.</summary>
    public readonly long AssetUnits(in Market market) => QuoteUnits + ValueDown(BaseUnits, in market);

    /// <summary>What the debts are worth at the mark.</summary>
    public readonly long DebtUnits(in Market market) => QuoteOwedUnits + ValueUp(BaseOwedUnits, in market);

    /// <summary>Whether the level is at or below the one that the market liquidates at.</summary>
    public readonly bool IsLiquidatable(in Market market) =>
        Owes && (Int128)AssetUnits(in market) * Rate.Scale <= (Int128)DebtUnits(in market) * market.Parameters.LiquidationLevelRate;

    /// <summary>What the scope can lose before its level is the one that the market liquidates at; below zero when it is beyond.</summary>
    public readonly long SlackUnits(in Market market) =>
        AssetUnits(in market) - (long)Int128.Min(Exact.MaxMoneyUnits, MultiplyUp(DebtUnits(in market), market.Parameters.LiquidationLevelRate));

    /// <summary>
    /// The price at which the level is reached, to the tick toward the mark: up for a scope that loses when the price falls, down for one that loses
    /// when it rises; 0: none.
    /// </summary>
    public readonly long LiquidationPrice(in Market market) => PriceAt(market.Parameters.LiquidationLevelRate, in market, out _);

    /// <summary>The price at which nothing is left beyond the debts .</summary>
    public readonly long BankruptcyPrice(in Market market) => PriceAt(Rate.Scale, in market, out _);

    /// <summary>The price at which assets are so many times debts, and whether it is reached from above.</summary>
    public readonly long PriceAt(int levelRate, in Market market, out bool isLong)
    {
        isLong = true;
        if (!Owes || market.LotUnits == 0)
        {
            return 0;
        }

        // exact as long as the products fit; with lots or tick values beyond 2^36 units the rates are rounded first
        bool isExact = market.LotUnits <= MaxExact && market.TickValueUnits <= MaxExact;
        int scale = isExact ? Rate.Scale : 1;
        Int128 covered = ((Int128)BaseUnits * scale) - (isExact ? (Int128)BaseOwedUnits * levelRate : MultiplyUp(BaseOwedUnits, levelRate));
        isLong = covered > 0;
        if (covered == 0)
        {
            return 0;
        }

        // the quote asset that is missing (long) or there (short) to meet the level, carried by what the base asset moves it a tick
        Int128 moved = (isLong ? covered : -covered) * market.TickValueUnits;
        Int128 owed = isExact ? (Int128)QuoteOwedUnits * levelRate
            : isLong ? MultiplyDown(QuoteOwedUnits, levelRate)
            : MultiplyUp(QuoteOwedUnits, levelRate);
        Int128 missing = isLong ? owed - ((Int128)QuoteUnits * scale) : ((Int128)QuoteUnits * scale) - owed;
        if (missing <= 0)
        {
            return isLong ? 0 : 1;
        }

        Int128 numerator = missing * market.LotUnits;
        Int128 ticks = isLong ? (numerator + (moved - 1)) / moved : numerator / moved;
        return (long)Int128.Clamp(ticks, 1, Exact.MaxPriceTicks);
    }

    /// <summary>Worth of the base asset at the mark, rounded down.</summary>
    public static long ValueDown(long units, in Market market) => Value(units, 0, in market);

    /// <summary>Worth of the base asset at the mark, rounded up.</summary>
    public static long ValueUp(long units, in Market market) => Value(units, (ulong)(market.LotUnits - 1), in market);

    /// <summary>The most units of the base asset that are worth no more than so much at the mark.</summary>
    public static long UnitsWithin(long units, in Market market)
    {
        UInt128 price = (UInt128)(ulong)market.MarkTicks * (ulong)market.TickValueUnits;
        return units <= 0 || price == 0 ? 0 : (long)UInt128.Min((UInt128)(ulong)units * (ulong)market.LotUnits / price, Exact.MaxMoneyUnits);
    }

    /// <summary>
    /// The figures by which a scope with loans in a market is judged: of an isolated one its pair, of a cross one the pair and, in the quote asset, all
    /// else that the account has, owes and needs, debts elsewhere scaled to the level of this market.
    /// </summary>
    public static LoanFigures Of(ExchangeState state, int row)
    {
        LoanFigures pair = Pair(state, row);
        ref readonly Position position = ref state.Positions[row];
        if (position.IsIsolated != 0 || state.Accounts[position.Account].IsLiquidationAccount != 0 || !pair.Owes)
        {
            return pair;
        }

        ref readonly Market market = ref state.Markets[position.Market];
        AccountFigures account = AccountFigures.Of(state, position.Account);
        var loans = LoanSums.Of(state, position.Account);
        int level = market.Parameters.LiquidationLevelRate;
        bool alone = LoanSums.CountsAlone(state, in market);
        long asCollateral = alone ? 0 : Collateral.Weighted(state, in state.Balances[state.FindBalance(position.Account, market.BaseAsset)],
            CollateralPurpose.Maintenance);
        long counted = alone ? LoanSums.BaseUnits(state, position.Account, in market)
            : MovesWith(in state.Assets[market.BaseAsset], position.Market) ? UnitsWithin(asCollateral, in market)
            : 0;
        long inEquity = LoanSums.OfRow(state, position.Account, row, in market).BackedUnits + (alone ? 0 : ValueDown(counted, in market));
        long others = (long)((Int128)(loans.DebtUnits + loans.RequirementUnits) * Rate.Scale / level) - pair.DebtUnits(in market);
        long needed = account.RequirementUnits - loans.RequirementUnits;
        return new LoanFigures
        {
            BaseUnits = counted + position.BaseHoldUnits,
            BaseOwedUnits = pair.BaseOwedUnits,
            QuoteUnits = account.BackingUnits + loans.DebtUnits - needed - inEquity + position.OrderMarginUnits,
            QuoteOwedUnits = pair.QuoteOwedUnits + Math.Max(0, others),
        };
    }

    /// <summary>Whether what an asset counts as collateral moves with the mark of a market; else it stands in the price as it counts now.</summary>
    private static bool MovesWith(in Asset asset, int market) =>
        asset.PriceMarket == market && asset.IsPinned == 0 && asset.Parameters.CapUnits == 0 && asset.Parameters.Discount1Units == 0;

    /// <summary>What a scope has and owes of the pair.</summary>
    public static LoanFigures Pair(ExchangeState state, int row)
    {
        ref readonly Position position = ref state.Positions[row];
        ref readonly Market market = ref state.Markets[position.Market];
        ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[row]];
        int wallet = state.WalletOf(in position);
        return new LoanFigures
        {
            QuoteUnits = Wallets.Units(state, wallet, market.QuoteAsset),
            BaseUnits = Wallets.Units(state, wallet, market.BaseAsset),
            QuoteOwedUnits = OwedBy(state, scope.QuoteLoan),
            BaseOwedUnits = OwedBy(state, scope.BaseLoan),
        };
    }

    /// <summary>What a loan owes, 0 for none.</summary>
    public static long OwedBy(ExchangeState state, int loan) => loan == 0 ? 0 : state.Pools[state.Loans[loan].Pool].DebtOf(state.Loans[loan].Shares);

    /// <summary>Nothing is worth more than all money there can be: a product beyond 128 bits is that.</summary>
    private static long Value(long units, ulong carry, in Market market)
    {
        UInt128 price = (UInt128)(ulong)market.MarkTicks * (ulong)market.TickValueUnits;
        if (units <= 0 || price == 0)
        {
            return 0;
        }

        return (ulong)units > (UInt128.MaxValue - carry) / price
            ? Exact.MaxMoneyUnits
            : (long)UInt128.Min((((UInt128)(ulong)units * price) + carry) / (ulong)market.LotUnits, Exact.MaxMoneyUnits);
    }

    private static Int128 MultiplyDown(long units, int rate) => (Int128)units * rate / Rate.Scale;

    private static Int128 MultiplyUp(long units, int rate) => (((Int128)units * rate) + (Rate.Scale - 1)) / Rate.Scale;
}
