using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Rules;

/// <summary>How much a trade with this entry and stop may be (R-1501, docs/trader-rules.md): reads state, changes nothing.</summary>
public sealed class PositionSizing
{
    /// <summary>Risk per trade of an account without rules: 1 %.</summary>
    public const int DefaultRiskRate = Rate.Scale / 100;

    /// <summary>Margin cap of an account without rules: 50 %.</summary>
    public const int DefaultCapRate = Rate.Scale / 2;

    private readonly ExchangeState _state;
    private readonly MarginCheck _check;

    /// <summary>Sizing over a state.</summary>
    [ColdPath]
    public PositionSizing(ExchangeState state)
    {
        _state = state;
        _check = new MarginCheck(state);
    }

    /// <summary>The quantity, and every step on the way to it.</summary>
    public ResultCode Of(long accountId, long marketId, Side side, long entryTicks, long stopTicks, out SizingFigures figures)
    {
        figures = default;
        if (accountId < 1 || accountId > _state.Accounts.HighWater || _state.Accounts[(int)accountId].IsLiquidationAccount != 0)
        {
            return ResultCode.UnknownAccount;
        }

        if (marketId < 1 || marketId > _state.Markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        int row = _state.FindPosition((int)accountId, (int)marketId);
        Position held = _state.IsHedge((int)accountId, (int)marketId) ? PositionSettings.NewHedge(_state, row, side == Side.Sell) : _state.Positions[row];
        return Of((int)accountId, in held, 0, (int)marketId, side, entryTicks, stopTicks, out figures);
    }

    /// <summary>
    /// The same for an order's scope: the row as it finds it, with what goes to the pool with that (below 0: from the pool).
    /// </summary>
    public ResultCode Of(
        int account, in Position held, long poolUnits, int market, Side side, long entryTicks, long stopTicks, out SizingFigures figures)
    {
        figures = default;
        if (entryTicks is < 1 or > Exact.MaxPriceTicks || stopTicks is < 1 or > Exact.MaxPriceTicks)
        {
            return ResultCode.InvalidPrice;
        }

        if (!IsLosing(side, entryTicks, stopTicks))
        {
            return ResultCode.StopOnWinningSide;
        }

        TraderRules rules = RulesOf(account);
        return Compute(account, in held, poolUnits, market, side, entryTicks, stopTicks, in rules, ref figures);
    }

    /// <summary>Whether a stop is on the losing side of an entry: below it for a buy, above it for a sell.</summary>
    public static bool IsLosing(Side side, long entryTicks, long stopTicks) => side == Side.Buy ? stopTicks < entryTicks : stopTicks > entryTicks;

    private TraderRules RulesOf(int account)
    {
        TraderRules rules = _state.AccountRules[_state.Accounts[account].Rules].Rules;
        if (rules.RiskPerTradeRate == 0)
        {
            rules.RiskPerTradeRate = DefaultRiskRate;
            rules.SizingCapRate = DefaultCapRate;
            rules.StopWarningRate = TraderRules.S4.StopWarningRate;
        }

        return rules;
    }

    private ResultCode Compute(
        int account, in Position held, long poolUnits, int marketId, Side side, long entryTicks, long stopTicks, in TraderRules rules,
        ref SizingFigures figures)
    {
        ref readonly Market market = ref _state.Markets[marketId];
        long value = market.TickValueUnits;
        if (!Exact.TryNotional(1, entryTicks, value, out long entryUnits) || !Exact.TryNotional(1, stopTicks, value, out long stopUnits))
        {
            return ResultCode.Overflow;
        }

        bool isolated = held.IsIsolated != 0;
        long available = Math.Max(0, _check.Available(account) + poolUnits);
        AccountFigures cross = AccountFigures.Of(_state, account);
        cross.EquityUnits += poolUnits;
        long own = isolated ? held.MarginUnits + (held.SizeLots == 0 ? 0 : Requirements.UnrealizedPnl(in held, in market)) : 0;
        figures.CapitalUnits = Math.Max(0, isolated ? own + available : cross.EquityUnits);
        figures.AvailableUnits = available;
        figures.RiskUnits = Rate.OfRoundedDown(figures.CapitalUnits, rules.RiskPerTradeRate);
        figures.LossPerLotUnits = Math.Abs(entryUnits - stopUnits) + (rules.WorstCaseSizing == 0
            ? 0
            : Rate.OfRoundedUp(stopUnits, rules.SizingBufferRate) + Rate.OfRoundedUp(entryUnits, rules.SizingGapRate)
                + Rate.OfRoundedUp(entryUnits, rules.SizingFeesRate));
        figures.ByRiskLots = Math.Min(Exact.MaxQuantityLots, figures.RiskUnits / figures.LossPerLotUnits);
        figures.ByCapitalLots = Math.Min(Exact.MaxQuantityLots, Math.Min(figures.CapitalUnits, Exact.MaxNotionalUnits) / entryUnits);
        figures.MarginLimitUnits = Rate.OfRoundedDown(available, rules.SizingCapRate);
        long lots = Math.Min(figures.ByRiskLots, figures.ByCapitalLots);
        long margin = Requirements.InitialMargin(lots * entryUnits, side == Side.Sell, held.LeverageRate, in market);
        figures.ByMarginLots = margin <= figures.MarginLimitUnits ? lots : Exact.MultiplyDivideDown(lots, figures.MarginLimitUnits, margin);
        figures.QuantityLots = figures.ByMarginLots;
        figures.InitialRate = Requirements.InitialRate(figures.QuantityLots * entryUnits, side == Side.Sell, held.LeverageRate, in market);
        figures.MarginUnits = Requirements.InitialMargin(figures.QuantityLots * entryUnits, side == Side.Sell, held.LeverageRate, in market);
        figures.LossUnits = figures.QuantityLots * figures.LossPerLotUnits;
        figures.LiquidationPriceTicks = figures.QuantityLots == 0
            ? 0
            : LiquidationPrice(in held, in market, in cross, side, figures.QuantityLots, figures.QuantityLots * entryUnits, figures.MarginUnits);
        figures.Warning = WarningOf(side, entryTicks, stopTicks, figures.LiquidationPriceTicks, rules.StopWarningRate);
        return ResultCode.Accepted;
    }

    /// <summary>Of a position of that quantity alone in its market, the account's other positions as they are.</summary>
    private static long LiquidationPrice(
        in Position held, in Market market, in AccountFigures cross, Side side, long lots, long costUnits, long marginUnits)
    {
        Position position = held;
        position.SizeLots = side == Side.Buy ? lots : -lots;
        position.EntryCostUnits = costUnits;
        if (held.IsIsolated == 0)
        {
            bool open = held.SizeLots != 0;
            marginUnits = cross.EquityUnits - cross.RequirementUnits;
            marginUnits -= open ? Requirements.PricePnl(in held, in market) : 0;
            marginUnits += open ? Requirements.Requirement(held.AbsoluteLots, held.EntryCostUnits, in market) : 0;
        }

        position.MarginUnits = marginUnits;
        return LiquidationPrices.Of(in position, marginUnits, in market);
    }

    private static StopWarning WarningOf(Side side, long entryTicks, long stopTicks, long liquidationTicks, int warningRate)
    {
        if (liquidationTicks == 0)
        {
            return StopWarning.None;
        }

        bool beyond = side == Side.Buy ? stopTicks <= liquidationTicks : stopTicks >= liquidationTicks;
        long near = Rate.OfRoundedDown(Math.Abs(entryTicks - liquidationTicks), warningRate);
        return beyond ? StopWarning.BeyondLiquidation
            : Math.Abs(stopTicks - liquidationTicks) <= near ? StopWarning.NearLiquidation
            : StopWarning.None;
    }
}

/// <summary>The steps of <see cref="PositionSizing"/>.</summary>
public struct SizingFigures
{
    /// <summary>What the trade's scope is worth.</summary>
    public long CapitalUnits;

    /// <summary>Margin that is free .</summary>
    public long AvailableUnits;

    /// <summary>What the trade may lose.</summary>
    public long RiskUnits;

    /// <summary>What a lot loses at the stop.</summary>
    public long LossPerLotUnits;

    /// <summary>Lots by risk.</summary>
    public long ByRiskLots;

    /// <summary>Lots that the capital would buy outright.</summary>
    public long ByCapitalLots;

    /// <summary>Initial margin rate of the quantity.</summary>
    public long InitialRate;

    /// <summary>Margin that the trade may take.</summary>
    public long MarginLimitUnits;

    /// <summary>The smaller of the two, reduced to that margin.</summary>
    public long ByMarginLots;

    /// <summary>The quantity.</summary>
    public long QuantityLots;

    /// <summary>Its initial margin.</summary>
    public long MarginUnits;

    /// <summary>What it loses at the stop.</summary>
    public long LossUnits;

    /// <summary>Its liquidation price, 0: none.</summary>
    public long LiquidationPriceTicks;

    /// <summary>How the stop stands to it.</summary>
    public StopWarning Warning;
}

/// <summary>How a stop stands to the liquidation price.</summary>
public enum StopWarning : byte
{
    /// <summary>Well before it.</summary>
    None = 0,

    /// <summary>Shortly before it.</summary>
    NearLiquidation = 1,

    /// <summary>At or beyond it: the position would be liquidated first.</summary>
    BeyondLiquidation = 2,
}
