using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Waterfall;

/// <summary>Insurance in two layers, and what is left when it does not suffice (R-1201 to R-1203).</summary>
public static class Shortfalls
{
    /// <summary>
    /// A loss beyond the owner's money: the market's fund pays what it can, then the global layer; the rest is shared or bad debt. The caller credits
    /// the amount where it is missing.
    /// </summary>
    /// <param name="state">State.</param>
    /// <param name="marketId">Market.</param>
    /// <param name="account">Account that made it.</param>
    /// <param name="kind">Whose position made it.</param>
    /// <param name="shortfallUnits">The loss.</param>
    public static void Cover(ExchangeState state, int marketId, int account, LossKind kind, long shortfallUnits)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        ref MarketLoss loss = ref state.Losses.Edit(marketId);
        Pay(state, marketId, shortfallUnits, out long own, out long global);
        long rest = shortfallUnits - own - global;
        long badDebt = loss.Rules.Mode == LossMode.Socialise && market.Kind == MarketKind.Perpetual ? 0 : rest;
        market.BadDebtUnits += badDebt;
        market.ShortfallUnits += shortfallUnits;
        loss.Shortfalls++;
        if (rest != badDebt)
        {
            loss.Pending(loss.Rules.Pool == LossPool.All ? LossKind.Any : kind) += rest;
            state.AddDue(marketId);
        }

        ref ShortfallCovered shortfall = ref state.Events.Add<ShortfallCovered>(EventType.ShortfallCovered, marketId);
        shortfall.AccountId = account;
        shortfall.ShortfallUnits = shortfallUnits;
        shortfall.InsuranceUnits = own;
        shortfall.BadDebtUnits = badDebt;
        shortfall.InsuranceBalanceUnits = market.InsuranceUnits;
        shortfall.GlobalUnits = global;
        TellGlobal(state, marketId, account, global);
    }

    /// <summary>Takes what insurance has for a market, its own fund first.</summary>
    public static void Pay(ExchangeState state, int marketId, long units, out long own, out long global)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        own = market.Parameters.InsuranceEnabled != 0 ? Math.Min(market.InsuranceUnits, units) : 0;
        global = Math.Min(GlobalLayer(state, marketId), units - own);
        if ((own | global) == 0)
        {
            return;
        }

        ref MarketLoss loss = ref state.Losses.Edit(marketId);
        if (own != 0)
        {
            loss.Window.Note(state.TimeNs, market.InsuranceUnits);
        }

        market.InsuranceUnits -= own;
        state.GlobalInsuranceUnits -= global;
        loss.InsurancePaidUnits += own;
        loss.GlobalPaidUnits += global;
    }

    /// <summary>Tells what the global layer paid, if anything.</summary>
    public static void TellGlobal(ExchangeState state, int marketId, int account, long units)
    {
        if (units == 0)
        {
            return;
        }

        ref GlobalInsuranceUsed used = ref state.Events.Add<GlobalInsuranceUsed>(EventType.GlobalInsuranceUsed, marketId);
        used.AccountId = account;
        used.AmountUnits = units;
        used.BalanceUnits = state.GlobalInsuranceUnits;
    }

    /// <summary>What a takeover can count on: nothing when the fund has fallen too far (R-1204).</summary>
    public static long Available(ExchangeState state, int marketId)
    {
        ref readonly Market market = ref state.Markets[marketId];
        if (market.Parameters.InsuranceEnabled == 0)
        {
            return 0;
        }

        return IsDrawnDown(state, marketId) ? 0 : market.InsuranceUnits + GlobalLayer(state, marketId);
    }

    /// <summary>Whether the fund has lost more than it may of its highest of eight hours.</summary>
    public static bool IsDrawnDown(ExchangeState state, int marketId)
    {
        ref readonly MarketLoss loss = ref state.Losses[marketId];
        if (loss.Rules.DrawdownRate == 0)
        {
            return false;
        }

        long balance = state.Markets[marketId].InsuranceUnits;
        long high = loss.Window.High(state.TimeNs, balance);
        return high - balance > Rate.OfRoundedDown(high, loss.Rules.DrawdownRate);
    }

    private static long GlobalLayer(ExchangeState state, int marketId)
    {
        ref readonly Market market = ref state.Markets[marketId];
        bool pays = market.Parameters.InsuranceEnabled != 0 && state.Losses[marketId].Rules.GlobalLayer != 0 && market.QuoteAsset == Asset.CollateralId;
        return pays ? state.GlobalInsuranceUnits : 0;
    }
}
