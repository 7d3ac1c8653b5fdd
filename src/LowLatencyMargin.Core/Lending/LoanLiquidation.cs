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
    /// <summary>Trades that are made whatever work is left, before everything is settled.</summary>
    private const int ChunkTrades = 8;

    private readonly CollateralSale _collateral = new(state, settlement, matching);

    /// <summary>Liquidates what the market's mark calls for; what is left over goes on with the next tick.</summary>
    public void Run(int marketId)
    {
        if (!state.TakesUpRun(marketId, out ExchangeState.Interruption last))
        {
            return;
        }

        bool pending = !RunAll(marketId, last.CanGoOn, last.Row);
        if (pending)
        {
            settlement.Refresh();
        }

        else
        {
            // what fell due meanwhile was looked at: what was taken over in this run is sold at the next mark, or when the market is due again
            state.TakeDue(marketId);
        }

        state.SetPending(marketId, pending);
    }

    /// <summary>All that is due; false when the work did not suffice.</summary>
    /// <param name="marketId">Market.</param>
    /// <param name="goesOn">Whether it goes on where it stood.</param>
    /// <param name="row">The row that it goes on with, 0: it was between two.</param>
    private bool RunAll(int marketId, bool goesOn, int row)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        if (market.Kind != MarketKind.SpotMargin || market.MarkTicks == 0 || !MarketRules.Liquidates(market.State))
        {
            return true;
        }

        int inventory = state.FindPosition(market.LiquidationAccount, marketId);
        if ((!goesOn || row == inventory) && !Dispose(inventory, ref market))
        {
            state.Interrupt(marketId, inventory);
            return false;
        }

        bool isInside = goesOn && row != 0 && row != inventory;
        while (true)
        {
            row = isInside ? row : Candidate(marketId, in market);
            if (row == 0)
            {
                return true;
            }

            state.BeginLiquidations();
            if (state.WorkLeft == 0)
            {
                state.Interrupt(marketId);
                return false;
            }

            if (!(isInside ? Liquidate(row, ref market) : Examine(row, ref market)))
            {
                market.UnfinishedPosition = row;
                state.Interrupt(marketId, row);
                return false;
            }

            isInside = false;
            market.UnfinishedPosition = 0;
            settlement.Refresh();
            Leave(row, in market);
        }
    }

    private int Candidate(int marketId, in Market market)
    {
        int row = market.UnfinishedPosition != 0
            ? market.UnfinishedPosition
            : state.Indexes[marketId].Candidate(0, isLong: true, market.MarkTicks);
        return row != 0 ? row : state.Indexes[marketId].Candidate(0, isLong: false, -market.MarkTicks);
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
        state.Spend(1);
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

        ref ForcedSale sale = ref state.Sale;
        while (sale.Row != 0 || LoanFigures.Of(state, row).IsLiquidatable(in market))
        {
            if (sale.Raises == 0)
            {
                LoanStepOutcome outcome = Step(row, ref market, detail.LiquidationId, isWhole: false);
                if (outcome == LoanStepOutcome.OutOfWork)
                {
                    return false;
                }

                if (outcome == LoanStepOutcome.Done)
                {
                    continue;
                }

                // positions that stand behind it too are closed first; then it is looked at again
                if (state.Positions[row].IsIsolated == 0 && state.Accounts[state.Positions[row].Account].CrossOpen != 0)
                {
                    break;
                }
            }

            if (!TryRaise(row, in market, out bool isRaised))
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
            return CancelOrdersOf(row, onlyHolding: false);
        }

        bool isDone = true;
        for (int other = state.Accounts[state.Positions[row].Account].FirstPosition; other != 0 && isDone; other = state.Positions[other].Next)
        {
            ref readonly Position position = ref state.Positions[other];
            if ((position.IsIsolated == 0 || position.PoolHoldUnits != 0) && position.OpenOrders != 0)
            {
                state.Touch(other);
                isDone = CancelOrdersOf(other, onlyHolding: position.IsIsolated != 0);
            }
        }

        return isDone;
    }

    /// <summary>Newest first; of isolated rows of a cross scope only as long as they hold money of the pool.</summary>
    private bool CancelOrdersOf(int row, bool onlyHolding)
    {
        while (state.Positions[row].OpenOrders > 0 && (!onlyHolding || state.Positions[row].PoolHoldUnits != 0))
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

    /// <summary>Sells other collateral of a cross scope for what its loans take; false when the work did not suffice.</summary>
    private bool TryRaise(int row, in Market market, out bool isRaised)
    {
        isRaised = false;
        if (state.Positions[row].IsIsolated != 0)
        {
            return true;
        }

        int account = state.Positions[row].Account;
        ref ForcedSale sale = ref state.Sale;
        if (sale.Raises == 0)
        {
            Int128 debt = LoanFigures.Pair(state, row).DebtUnits(in market);
            Int128 wanted = ((debt * market.Parameters.LiquidationLevelRate) + (Rate.Scale - 1)) / Rate.Scale;
            sale = new ForcedSale
            {
                Row = row,
                Raises = 1,
                WantedUnits = (long)Int128.Min(wanted, Exact.MaxMoneyUnits),
                BeforeUnits = state.Accounts[account].BalanceUnits,
            };
        }

        int lossMarket = state.Positions[row].Market;
        if (!_collateral.Raise(account, sale.WantedUnits, market.BaseAsset, ref lossMarket))
        {
            return false;
        }

        isRaised = state.Accounts[account].BalanceUnits > sale.BeforeUnits;
        sale = default;
        return true;
    }

    /// <summary>
    /// One part of the larger debt or, when nothing can be done about that, of the other one: repays it (R-1011: the close factor's share, all of it when it
    /// is no more than dust) from what is there, and from collateral sold at once no further from the mark than the market's slippage.
    /// </summary>
    private LoanStepOutcome Step(int row, ref Market market, long liquidationId, bool isWhole)
    {
        ref ForcedSale sale = ref state.Sale;
        if (sale.Asset == 0)
        {
            if (state.WorkLeft == 0)
            {
                return LoanStepOutcome.OutOfWork;
            }

            state.Spend(1);
            LoanFigures figures = LoanFigures.Pair(state, row);
            bool inQuote = figures.QuoteOwedUnits != 0 && figures.QuoteOwedUnits >= LoanFigures.ValueDown(figures.BaseOwedUnits, in market);
            Begin(row, in market, isWhole, inQuote);
            sale.HasOther = (byte)(figures.QuoteOwedUnits != 0 && figures.BaseOwedUnits != 0 ? 1 : 0);
        }

        while (TryTrade(row, in market, liquidationId))
        {
            bool isQuote = sale.Asset == market.QuoteAsset;
            bool hasOther = sale.HasOther != 0;
            if (TryEnd(row, ref market, liquidationId))
            {
                return LoanStepOutcome.Done;
            }

            if (!hasOther)
            {
                return LoanStepOutcome.Nothing;
            }

            Begin(row, in market, isWhole, !isQuote);
        }

        return LoanStepOutcome.OutOfWork;
    }

    /// <summary>What a step is to repay and to trade for it.</summary>
    private void Begin(int row, in Market market, bool isWhole, bool inQuote)
    {
        LoanFigures figures = Available(row, in market);
        int asset = inQuote ? market.QuoteAsset : market.BaseAsset;
        long owed = inQuote ? figures.QuoteOwedUnits : figures.BaseOwedUnits;
        long part = isWhole || owed <= Dust(asset) ? owed : Rate.OfRoundedUp(owed, market.Parameters.CloseFactorRate);
        LoanFigures scope = LoanFigures.Of(state, row);
        long surplus = Math.Max(0, scope.AssetUnits(in market) - scope.DebtUnits(in market));
        state.Sale = new ForcedSale
        {
            Row = row,
            Asset = asset,
            PartUnits = part,
            BonusUnits = Math.Min(surplus, Bonus(part, inQuote, in market)),
        };
        if (inQuote)
        {
            Sell(in figures, part + state.Sale.BonusUnits, in market);
        }
        else
        {
            Buy(in figures, part, in market);
        }
    }

    /// <summary>Trades what the book takes of a step, chunk by chunk; false when the work did not suffice.</summary>
    private bool TryTrade(int row, in Market market, long liquidationId)
    {
        ref ForcedSale sale = ref state.Sale;
        while (sale.Lots > 0)
        {
            if (state.WorkLeft == 0)
            {
                return false;
            }

            int trades = ChunkTrades;
            Side side = sale.Asset == market.QuoteAsset ? Side.Sell : Side.Buy;
            long lots = matching.TradeAtOnce(row, side, sale.Lots, sale.LimitTicks, liquidationId, ref trades, ref sale.TradedUnits);
            sale.TradedLots += lots;
            sale.Lots = trades > 0 ? 0 : sale.Lots - lots;
            if (lots > 0)
            {
                matching.RunAftermath();
                settlement.Refresh();
                state.Touch(row);
            }
        }

        return true;
    }

    /// <summary>Repays with what there is; false when nothing could be repaid or traded.</summary>
    private bool TryEnd(int row, ref Market market, long liquidationId)
    {
        ForcedSale sale = state.Sale;
        state.Sale = default;
        bool inQuote = sale.Asset == market.QuoteAsset;
        int wallet = state.WalletOf(in state.Positions[row]);
        long repaid = loans.Repay(row, sale.Asset, Math.Min(sale.PartUnits, Math.Max(0, Wallets.Free(state, wallet, sale.Asset))));
        long bonus = Math.Min(sale.BonusUnits, Bonus(repaid, inQuote, in market));
        bonus = Math.Min(bonus, Math.Max(0, Wallets.Free(state, wallet, market.QuoteAsset)));
        Wallets.Debit(state, wallet, market.QuoteAsset, bonus);
        market.InsuranceUnits += bonus;
        if (repaid == 0 && sale.TradedLots == 0)
        {
            return false;
        }

        ref LoanLiquidationStep step = ref state.Events.Add<LoanLiquidationStep>(EventType.LoanLiquidationStep, state.Positions[row].Market);
        step.AccountId = state.Positions[row].Account;
        step.LiquidationId = liquidationId;
        step.AssetId = sale.Asset;
        step.TradedLots = inQuote ? -sale.TradedLots : sale.TradedLots;
        step.RepaidUnits = repaid;
        step.BonusUnits = bonus;
        return true;
    }

    private static long Bonus(long repaidUnits, bool inQuote, in Market market) =>
        Rate.OfRoundedUp(inQuote ? repaidUnits : LoanFigures.ValueUp(repaidUnits, in market), market.Parameters.LiquidationBonusRate);

    /// <summary>Base to sell for what the quote asset lacks, at the mark and with the fee.</summary>
    private void Sell(in LoanFigures figures, long neededUnits, in Market market)
    {
        long missing = neededUnits - figures.QuoteUnits;
        long most = figures.BaseUnits / market.LotUnits;
        if (missing > 0 && most > 0)
        {
            long kept = Math.Max(1, Rate.OfRoundedDown(LotValue(in market), Rate.Scale - market.Parameters.TakerFeeRate));
            state.Sale.Lots = Math.Min(most, ((missing - 1) / kept) + 1);
            state.Sale.LimitTicks = Math.Max(1, market.MarkTicks - Rate.OfRoundedDown(market.MarkTicks, market.Parameters.MaxSlippageRate));
        }
    }

    /// <summary>Base to buy that is owed, as much as the quote asset pays for at worst.</summary>
    private void Buy(in LoanFigures figures, long neededUnits, in Market market)
    {
        long missing = neededUnits - figures.BaseUnits;
        long limit = Math.Min(
            Exact.MaxPriceTicks, market.MarkTicks + Rate.OfRoundedDown(market.MarkTicks, market.Parameters.MaxSlippageRate));
        UInt128 cost = (UInt128)(ulong)limit * (ulong)market.TickValueUnits;
        UInt128 withFee = ((cost * (ulong)(Rate.Scale + market.Parameters.TakerFeeRate)) + (Rate.Scale - 1)) / Rate.Scale;
        long most = (long)((UInt128)(ulong)Math.Max(0, figures.QuoteUnits) / withFee);
        if (missing > 0 && most > 0)
        {
            state.Sale.Lots = Math.Min(most, ((missing - 1) / market.LotUnits) + 1);
            state.Sale.LimitTicks = limit;
        }
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
    private bool Dispose(int row, ref Market market)
    {
        LoanFigures figures = state.ScopeOf[row] == 0 ? default : LoanFigures.Of(state, row);
        if (!figures.Owes && state.Sale.Row == 0)
        {
            return true;
        }

        state.BeginLiquidations();
        state.Touch(row);
        if (Step(row, ref market, liquidationId: 0, isWhole: true) == LoanStepOutcome.OutOfWork)
        {
            return false;
        }

        figures = LoanFigures.Of(state, row);
        if (figures.Owes && figures.AssetUnits(in market) < figures.DebtUnits(in market))
        {
            CoverShortfall(row, ref market, liquidationId: 0);
        }

        state.Touch(row);
        settlement.Refresh();
        return true;
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

/// <summary>How a step of a loan's liquidation came out.</summary>
public enum LoanStepOutcome
{
    /// <summary>Nothing was traded or repaid.</summary>
    Nothing,

    /// <summary>Something was.</summary>
    Done,

    /// <summary>The command's work did not suffice: it goes on with the next tick.</summary>
    OutOfWork,
}
