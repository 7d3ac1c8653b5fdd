using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Waterfall;

namespace LowLatencyMargin.Core.Lending;

/// <summary>
/// Liquidates scopes whose level is at or below their market's (R-1011, R-1013, R-1101, R-1104): cancels their orders, sells collateral on the book part by
/// part, hands what the book does not take to the market's liquidation account together with the debt, and spreads what is missing over
/// insurance, reserves and lenders. Bounded by the command's work.
/// </summary>
[method: ColdPath]
public sealed class LoanLiquidation(ExchangeState state, Settlement settlement, MatchingEngine matching, Loans loans)
{
    private readonly CollateralSale _collateral = new(state, settlement, matching);

    /// <summary>Liquidates what the market's mark calls for; what is left over goes on with the next tick.</summary>
    public void Run(int marketId)
    {
        bool pending = RunAll(marketId);
        state.SetPending(marketId, pending);
    }

    private bool RunAll(int marketId)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        if (market.Kind != MarketKind.SpotMargin || market.MarkTicks == 0 || !MarketRules.Liquidates(market.State))
        {
            return false;
        }

        Dispose(marketId);
        while (true)
        {
            int row = market.UnfinishedPosition != 0
                ? market.UnfinishedPosition
                : state.Indexes[marketId].Candidate(0, isLong: true, market.MarkTicks);
            row = row != 0 ? row : state.Indexes[marketId].Candidate(0, isLong: false, -market.MarkTicks);
            if (row == 0)
            {
                return false;
            }

            if (state.WorkLeft == 0)
            {
                return true;
            }

            state.Spend(1);
            market.UnfinishedPosition = 0;
            if (!Examine(row, ref market))
            {
                market.UnfinishedPosition = row;
                settlement.Refresh();
                return true;
            }

            settlement.Refresh();
            Leave(row, in market);
        }
    }

    /// <summary>A cross scope that is short of its level but has nothing more of the pair waits for the next mark, or for what else it has.</summary>
    private void Leave(int row, in Market market)
    {
        if (state.ScopeOf[row] != 0 && LoanFigures.Of(state, row).IsLiquidatable(in market))
        {
            settlement.LoanIndex.SetHealthy(row);
        }
    }

    /// <summary>The exact test of one scope; false when the work ended in the middle.</summary>
    private bool Examine(int row, ref Market market)
    {
        ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[row]];
        LoanFigures figures = LoanFigures.Of(state, row);
        bool isLiquidatable = figures.IsLiquidatable(in market);
        if (scope.IsLiquidating != 0 || isLiquidatable)
        {
            return Liquidate(row, ref market);
        }

        ref readonly Position position = ref state.Positions[row];
        if (position.IsIsolated == 0)
        {
            settlement.ShareOut(position.Account, examine: false);
        }

        settlement.LoanIndex.SetHealthy(row);
        return true;
    }

    private bool Liquidate(int row, ref Market market)
    {
        ref MarginScope scope = ref state.MarginScopes.Edit(state.ScopeOf[row]);
        ref PositionDetail detail = ref state.PositionDetails.Edit(row);
        state.Touch(row);
        if (scope.IsLiquidating == 0)
        {
            scope.IsLiquidating = 1;
            detail.LiquidationId = ++state.LastLiquidationId;
            market.Liquidations++;
            AddEvent(EventType.LoanLiquidationStarted, row, in market);
        }

        if (!CancelOrders(row))
        {
            return false;
        }

        while (LoanFigures.Of(state, row).IsLiquidatable(in market))
        {
            if (state.WorkLeft == 0)
            {
                return false;
            }

            state.Spend(1);
            if (Step(row, ref market, detail.LiquidationId, isWhole: false))
            {
                continue;
            }

            // positions that stand behind it too are closed first; then it is looked at again
            int account = state.Positions[row].Account;
            bool isCross = state.Positions[row].IsIsolated == 0;
            if (isCross && state.Accounts[account].CrossOpen != 0)
            {
                break;
            }

            bool isRaised = isCross && Raise(row, account, in market);
            if (state.WorkLeft == 0)
            {
                return false;
            }

            if (!isRaised)
            {
                TakeOver(row, ref market, detail.LiquidationId);
                break;
            }
        }

        AddEvent(EventType.LoanLiquidationFinished, row, in market);
        state.MarginScopes.Edit(state.ScopeOf[row]).IsLiquidating = 0;
        detail.LiquidationId = 0;
        return true;
    }

    /// <summary>The orders of the scope: of a cross one all that hold what stands behind it (R-1104). False when the work does not suffice.</summary>
    private bool CancelOrders(int row)
    {
        if (state.Positions[row].IsIsolated != 0)
        {
            return CancelOrdersOf(row);
        }

        bool isDone = true;
        for (int other = state.Accounts[state.Positions[row].Account].FirstPosition; other != 0 && isDone; other = state.Positions[other].Next)
        {
            ref readonly Position position = ref state.Positions[other];
            if ((position.IsIsolated == 0 || position.PoolHoldUnits != 0) && position.OpenOrders != 0)
            {
                state.Touch(other);
                isDone = CancelOrdersOf(other);
            }
        }

        return isDone;
    }

    private bool CancelOrdersOf(int row)
    {
        while (state.Positions[row].OpenOrders > 0)
        {
            if (state.WorkLeft == 0)
            {
                return false;
            }

            state.Spend(1);
            matching.Cancel(state.Positions[row].FirstOrder, CancelReason.Liquidation);
        }

        return true;
    }

    /// <summary>Sells other collateral of a cross scope for what its loans take; whether that brought something.</summary>
    private bool Raise(int row, int account, in Market market)
    {
        long before = state.Accounts[account].BalanceUnits;
        Int128 wanted = (((Int128)LoanFigures.Pair(state, row).DebtUnits(in market) * market.Parameters.LiquidationLevelRate) + (Rate.Scale - 1)) / Rate.Scale;
        int lossMarket = state.Positions[row].Market;
        _ = _collateral.Raise(account, (long)Int128.Min(wanted, Exact.MaxMoneyUnits), market.BaseAsset, ref lossMarket);
        return state.Accounts[account].BalanceUnits > before;
    }

    /// <summary>One part of the larger debt or, when nothing can be done about that, of the other one; false when nothing could be repaid.</summary>
    private bool Step(int row, ref Market market, long liquidationId, bool isWhole)
    {
        LoanFigures figures = LoanFigures.Pair(state, row);
        bool inQuote = figures.QuoteOwedUnits != 0 && figures.QuoteOwedUnits >= LoanFigures.ValueDown(figures.BaseOwedUnits, in market);
        bool owesBoth = figures.QuoteOwedUnits != 0 && figures.BaseOwedUnits != 0;
        return Step(row, ref market, liquidationId, isWhole, inQuote)
            || (owesBoth && state.WorkLeft > 0 && Step(row, ref market, liquidationId, isWhole, !inQuote));
    }

    /// <summary>
    /// Repays one part of a debt (R-1011: the close factor's share, all of it when it is no more than dust) from what is there, and from collateral sold at
    /// once no further from the mark than the market's slippage; false when nothing could be repaid.
    /// </summary>
    private bool Step(int row, ref Market market, long liquidationId, bool isWhole, bool inQuote)
    {
        LoanFigures figures = Available(row, in market);
        int asset = inQuote ? market.QuoteAsset : market.BaseAsset;
        long owed = inQuote ? figures.QuoteOwedUnits : figures.BaseOwedUnits;
        long part = isWhole || owed <= Dust(asset) ? owed : Rate.OfRoundedUp(owed, market.Parameters.CloseFactorRate);
        LoanFigures scope = LoanFigures.Of(state, row);
        long surplus = Math.Max(0, scope.AssetUnits(in market) - scope.DebtUnits(in market));
        long bonus = Math.Min(surplus, Bonus(part, inQuote, in market));
        long traded = inQuote ? Sell(row, in figures, part + bonus, in market, liquidationId) : Buy(row, in figures, part, in market, liquidationId);

        int wallet = state.WalletOf(in state.Positions[row]);
        long repaid = loans.Repay(row, asset, Math.Min(part, Math.Max(0, Wallets.Free(state, wallet, asset))));
        bonus = Math.Min(bonus, Bonus(repaid, inQuote, in market));
        bonus = Math.Min(bonus, Math.Max(0, Wallets.Free(state, wallet, market.QuoteAsset)));
        Wallets.Debit(state, wallet, market.QuoteAsset, bonus);
        market.InsuranceUnits += bonus;
        if (repaid == 0 && traded == 0)
        {
            return false;
        }

        ref LoanLiquidationStep step = ref state.Events.Add<LoanLiquidationStep>(EventType.LoanLiquidationStep, state.Positions[row].Market);
        step.AccountId = state.Positions[row].Account;
        step.LiquidationId = liquidationId;
        step.AssetId = asset;
        step.TradedLots = inQuote ? -traded : traded;
        step.RepaidUnits = repaid;
        step.BonusUnits = bonus;
        return true;
    }

    private static long Bonus(long repaidUnits, bool inQuote, in Market market) =>
        Rate.OfRoundedUp(inQuote ? repaidUnits : LoanFigures.ValueUp(repaidUnits, in market), market.Parameters.LiquidationBonusRate);

    /// <summary>Sells base for what the quote asset lacks, at the mark and with the fee.</summary>
    private long Sell(int row, in LoanFigures figures, long neededUnits, in Market market, long liquidationId)
    {
        long missing = neededUnits - figures.QuoteUnits;
        long most = figures.BaseUnits / market.LotUnits;
        if (missing <= 0 || most <= 0)
        {
            return 0;
        }

        long kept = Math.Max(1, Rate.OfRoundedDown(LotValue(in market), Rate.Scale - market.Parameters.TakerFeeRate));
        long lots = Math.Min(most, ((missing - 1) / kept) + 1);
        long limit = Math.Max(1, market.MarkTicks - Rate.OfRoundedDown(market.MarkTicks, market.Parameters.MaxSlippageRate));
        return matching.TradeAtOnce(row, Side.Sell, lots, limit, liquidationId);
    }

    /// <summary>Buys base that is owed, as much as the quote asset pays for at worst.</summary>
    private long Buy(int row, in LoanFigures figures, long neededUnits, in Market market, long liquidationId)
    {
        long missing = neededUnits - figures.BaseUnits;
        long limit = Math.Min(
            Exact.MaxPriceTicks, market.MarkTicks + Rate.OfRoundedDown(market.MarkTicks, market.Parameters.MaxSlippageRate));
        UInt128 cost = (UInt128)(ulong)limit * (ulong)market.TickValueUnits;
        UInt128 withFee = ((cost * (ulong)(Rate.Scale + market.Parameters.TakerFeeRate)) + (Rate.Scale - 1)) / Rate.Scale;
        long most = (long)((UInt128)(ulong)Math.Max(0, figures.QuoteUnits) / withFee);
        if (missing <= 0 || most <= 0)
        {
            return 0;
        }

        long lots = Math.Min(most, ((missing - 1) / market.LotUnits) + 1);
        return matching.TradeAtOnce(row, Side.Buy, lots, limit, liquidationId);
    }

    private static long LotValue(in Market market) =>
        (long)UInt128.Min((UInt128)(ulong)market.MarkTicks * (ulong)market.TickValueUnits, Exact.MaxMoneyUnits);

    /// <summary>Debts of a scope that are no more than this are closed whole.</summary>
    private long Dust(int asset)
    {
        UInt128 unit = 1;
        for (int i = 0; i < state.Assets[asset].Decimals; i++)
        {
            unit *= 10;
        }

        return (long)UInt128.Min(unit * (ulong)state.Pools[state.Assets[asset].Pool].Parameters.DustE9 / 1_000_000_000, LendingPool.MaxUnits);
    }

    /// <summary>
    /// What the book did not take: the shortfall at the mark goes to insurance and lenders, the rest of the debt to the liquidation account, together with
    /// all that an isolated scope has, and with as much of the pair as the debt is worth of a cross scope.
    /// </summary>
    private void TakeOver(int row, ref Market market, long liquidationId)
    {
        CoverShortfall(row, ref market, liquidationId);
        CoverShortfall(row, ref market, liquidationId);
        ref readonly Position position = ref state.Positions[row];
        int from = state.WalletOf(in position);
        int to = state.Markets[position.Market].LiquidationAccount;
        int toRow = state.FindPosition(to, position.Market);
        LoanFigures taken = Available(row, in market);
        if (position.IsIsolated == 0)
        {
            Limit(ref taken, in market);
        }

        Move(from, to, market.BaseAsset, taken.BaseUnits);
        Move(from, to, market.QuoteAsset, taken.QuoteUnits);
        MoveLoan(row, toRow, market.BaseAsset, taken.BaseOwedUnits);
        MoveLoan(row, toRow, market.QuoteAsset, taken.QuoteOwedUnits);
        ref LoanTakenOver told = ref state.Events.Add<LoanTakenOver>(EventType.LoanTakenOver, position.Market);
        told.AccountId = position.Account;
        told.LiquidationId = liquidationId;
        told.BaseUnits = taken.BaseUnits;
        told.QuoteUnits = taken.QuoteUnits;
        told.BaseOwedUnits = taken.BaseOwedUnits;
        told.QuoteOwedUnits = taken.QuoteOwedUnits;
    }

    /// <summary>Of a cross scope no more is taken than the debt is worth, and no more debt than what is taken is worth.</summary>
    private static void Limit(ref LoanFigures taken, in Market market)
    {
        bool inQuote = taken.QuoteOwedUnits != 0;
        if (inQuote)
        {
            taken.BaseUnits = Math.Min(taken.BaseUnits, UnitsWorth(taken.QuoteOwedUnits, in market));
            taken.QuoteOwedUnits = Math.Min(taken.QuoteOwedUnits, LoanFigures.ValueDown(taken.BaseUnits, in market));
            taken.QuoteUnits = 0;
            taken.BaseOwedUnits = 0;
        }
        else
        {
            taken.QuoteUnits = Math.Min(taken.QuoteUnits, LoanFigures.ValueUp(taken.BaseOwedUnits, in market));
            taken.BaseOwedUnits = Math.Min(taken.BaseOwedUnits, LoanFigures.UnitsWithin(taken.QuoteUnits, in market));
            taken.BaseUnits = 0;
        }
    }

    /// <summary>What a scope has free and owes of the pair.</summary>
    private LoanFigures Available(int row, in Market market)
    {
        LoanFigures pair = LoanFigures.Pair(state, row);
        int wallet = state.WalletOf(in state.Positions[row]);
        pair.QuoteUnits = Math.Max(0, Wallets.Free(state, wallet, market.QuoteAsset));
        pair.BaseUnits = Math.Max(0, Wallets.Free(state, wallet, market.BaseAsset));
        return pair;
    }

    private void Move(int from, int to, int asset, long units)
    {
        if (units > 0)
        {
            Wallets.Debit(state, from, asset, units);
            Wallets.Credit(state, to, asset, units);
        }
    }

    private void MoveLoan(int row, int toRow, int asset, long owed)
    {
        if (owed != 0)
        {
            loans.Move(row, asset, toRow, owed);
        }
    }

    /// <summary>
    /// Debts beyond the worth of the pair at the mark: insurance pays what it can, the pool writes the rest off (R-1013). Of both debts that in the quote asset
    /// comes first.
    /// </summary>
    private void CoverShortfall(int row, ref Market market, long liquidationId)
    {
        LoanFigures pair = Available(row, in market);
        long shortfall = pair.DebtUnits(in market) - pair.AssetUnits(in market);
        if (shortfall <= 0 || !pair.Owes)
        {
            return;
        }

        bool inQuote = pair.QuoteOwedUnits != 0;
        int marketId = state.Positions[row].Market;
        Shortfalls.Pay(state, marketId, inQuote ? Math.Min(shortfall, pair.QuoteOwedUnits) : shortfall, out long own, out long global);
        long insured = own + global;
        market.ShortfallUnits += shortfall;
        state.Losses.Edit(marketId).Shortfalls++;
        if (inQuote)
        {
            if (insured > 0)
            {
                loans.RepayFromOutside(row, market.QuoteAsset, insured);
            }
        }
        else
        {
            Wallets.Credit(state, state.WalletOf(in state.Positions[row]), market.QuoteAsset, insured);
        }

        int asset = inQuote ? market.QuoteAsset : market.BaseAsset;
        long owed = loans.Owed(row, asset);
        long lost = Math.Min(owed, inQuote ? shortfall - insured : UnitsWorth(shortfall - insured, in market));
        ref BadLoan bad = ref state.Events.Add<BadLoan>(EventType.BadLoan, marketId);
        bad.AccountId = state.Positions[row].Account;
        bad.LiquidationId = liquidationId;
        bad.AssetId = asset;
        bad.ShortfallUnits = shortfall;
        bad.InsuranceUnits = insured;
        bad.PoolUnits = lost;
        Shortfalls.TellGlobal(state, marketId, state.Positions[row].Account, global);
        if (lost > 0)
        {
            loans.WriteOff(row, asset, lost);
        }
    }

    /// <summary>The fewest units of the base asset that are worth so much.</summary>
    private static long UnitsWorth(long units, in Market market)
    {
        UInt128 price = (UInt128)(ulong)market.MarkTicks * (ulong)market.TickValueUnits;
        return (long)UInt128.Min((((UInt128)(ulong)units * (ulong)market.LotUnits) + (price - 1)) / price, Exact.MaxMoneyUnits);
    }

    /// <summary>
    /// What the liquidation account took over is sold as soon as the book takes it, step by step like a liquidation; what is then missing is covered.
    /// </summary>
    private void Dispose(int marketId)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        int row = state.FindPosition(market.LiquidationAccount, marketId);
        LoanFigures figures = state.ScopeOf[row] == 0 ? default : LoanFigures.Of(state, row);
        if (!figures.Owes || state.WorkLeft == 0)
        {
            return;
        }

        state.Spend(1);
        _ = Step(row, ref market, liquidationId: 0, isWhole: true);
        figures = LoanFigures.Of(state, row);
        if (figures.Owes && figures.AssetUnits(in market) < figures.DebtUnits(in market))
        {
            CoverShortfall(row, ref market, liquidationId: 0);
        }

        state.Touch(row);
        settlement.Refresh();
    }

    private void AddEvent(EventType type, int row, in Market market)
    {
        ref readonly Position position = ref state.Positions[row];
        LoanFigures figures = LoanFigures.Of(state, row);
        ref LoanScopeTold told = ref state.Events.Add<LoanScopeTold>(
            type, position.Market, position.IsIsolated != 0 ? EventFlags.Isolated : EventFlags.None);
        told.AccountId = position.Account;
        told.LiquidationId = state.PositionDetails[row].LiquidationId;
        told.MarkTicks = market.MarkTicks;
        told.AssetUnits = figures.AssetUnits(in market);
        told.DebtUnits = figures.DebtUnits(in market);
        told.LevelRate = market.Parameters.LiquidationLevelRate;
    }
}
