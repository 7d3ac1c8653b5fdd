using System;
using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Commands;

/// <summary>Risk parameters of a market. Rates are in hundred-millionths (<see cref="Numerics.Rate"/>): 1 % is 1,000,000.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MarketParameters
{
    /// <summary>Initial margin of longs, as a share of notional .</summary>
    public int InitialMarginLongRate;

    /// <summary>Initial margin of shorts .</summary>
    public int InitialMarginShortRate;

    /// <summary>Maintenance margin, as a share of notional .</summary>
    public int MaintenanceMarginRate;

    /// <summary>Fee of the resting side (R-1601); negative: a rebate.</summary>
    public int MakerFeeRate;

    /// <summary>Fee of the incoming side, and the fee that is held with an order (R-603, R-1601).</summary>
    public int TakerFeeRate;

    /// <summary>Liquidation penalty, as a share of the notional closed at mark (R-1108).</summary>
    public int PenaltyRate;

    /// <summary>Share of the penalty for the keeper; to insurance when the engine itself liquidates.</summary>
    public int PenaltyKeeperRate;

    /// <summary>Share of the penalty for the protocol.</summary>
    public int PenaltyProtocolRate;

    /// <summary>Share of the penalty for the insurance fund; it also takes what the split leaves by rounding.</summary>
    public int PenaltyInsuranceRate;

    /// <summary>Share of the penalty for the makers that the liquidation traded with; to insurance when it traded with none.</summary>
    public int PenaltyMakersRate;

    /// <summary>How far from the mark a market order may trade (R-1302); an order may ask for less or more.</summary>
    public int MaxSlippageRate;

    /// <summary>Highest leverage an account can set .</summary>
    public int MaxLeverage;

    /// <summary>Open orders per account .</summary>
    public int MaxOpenOrders;

    /// <summary>What the maintenance margin is a share of .</summary>
    public MarginBase MaintenanceMarginBase;

    /// <summary>Whether equity must be below the requirement, or may no more than reach it (R-1101).</summary>
    public LiquidationTrigger Trigger;

    /// <summary>1: the requirement includes the closing fee and the penalty (R-1101).</summary>
    public byte TriggerIncludesFee;

    /// <summary>How buy and sell orders of an isolated position add up .</summary>
    public OrderMarginRule IsolatedOrderMargin;

    /// <summary>What must remain after a withdrawal or removal .</summary>
    public WithdrawRequirement WithdrawRequirement;

    /// <summary>1: shortfalls are covered by the market's insurance fund first (R-1201).</summary>
    public byte InsuranceEnabled;

    /// <summary>1: orders that only reduce need no margin (R-601 offsetPosition).</summary>
    public byte OffsetPosition;

    /// <summary>What happens when an order meets one of its own account or group, unless the order says otherwise (R-1307).</summary>
    public SelfTradePrevention SelfTrade;

    /// <summary>How far from the mark a limit price may be, as a rate of it (R-1401); 0: anywhere.</summary>
    public int PriceBandRate;

    /// <summary>Smallest penalty in units (R-1108), limited like the penalty to what remains.</summary>
    public long MinPenaltyUnits;

    /// <summary>The breaker halts the market when the mark moves by this rate within the window (R-1401); 0: off.</summary>
    public int BreakerRate;

    /// <summary>Window of the breaker in milliseconds, 1,000 to 86,400,000.</summary>
    public int BreakerWindowMs;

    /// <summary>How long the breaker halts the market, in milliseconds; 0: until the operator opens it.</summary>
    public int BreakerHaltMs;

    /// <summary>How far behind a bracket's stop-loss price its trigger is put, as a rate, up to 1 % (R-1312).</summary>
    public int StopBufferRate;

    /// <summary>Smallest order; 0: one lot (R-1311).</summary>
    public long MinQuantityLots;

    /// <summary>Smallest notional of an order at its limit price, reduce-only orders apart (R-1311); 0: none.</summary>
    public long MinNotionalUnits;

    /// <summary>Largest position with the orders of its side (R-1405); 0: none.</summary>
    public long MaxPositionLots;

    /// <summary>Largest notional of a position with the orders of its side, at the mark, without one at the order's price (R-1405); 0: none.</summary>
    public long MaxPositionUnits;

    /// <summary>R-1405, a: position notional at most this rate x the account's equity x highest leverage; 0: off.</summary>
    public int LimitOfCollateralRate;

    /// <summary>R-1405, b: position lots at most this rate x lots resting in the book; 0: off.</summary>
    public int LimitOfDepthRate;

    /// <summary>R-1405, c: position lots at most this rate x open interest; 0: off.</summary>
    public int LimitOfOpenInterestRate;

    /// <summary>R-1405, d: position notional at most this rate x the market's insurance fund; 0: off.</summary>
    public int LimitOfInsuranceRate;

    /// <summary>Widest spread, as a rate of the mid, at which the book is fit to take a price from (R-1403).</summary>
    public int MaxSpreadRate;

    /// <summary>Most open positions of one account over all markets, 1 to 64; checked where a new one opens (R-1405).</summary>
    public int MaxOpenPositions;

    /// <summary>1: unrealised profit can leave too .</summary>
    public byte WithdrawUnrealizedProfit;

    /// <summary>Zero.</summary>
    public byte Reserved;

    /// <summary>Zero.</summary>
    public ushort Reserved2;

    /// <summary>Zero.</summary>
    public int Reserved3;

    /// <summary>The protocol's share of trading fees; it also takes what the division leaves by rounding (R-1602).</summary>
    public int FeeProtocolRate;

    /// <summary>The insurance fund's share of trading fees.</summary>
    public int FeeInsuranceRate;

    /// <summary>The lenders' share of trading fees.</summary>
    public int FeeLendersRate;

    /// <summary>The community's share of trading fees.</summary>
    public int FeeCommunityRate;

    /// <summary>Fee rates by volume, above the market's own (R-1601).</summary>
    public FeeTiers FeeTiers;

    /// <summary>Tiers in use; 0: <see cref="MaintenanceMarginRate"/> for any notional.</summary>
    public int TierCount;

    /// <summary>Multiplier of initial and maintenance rates while the market is volatile, 100 % to 1000 % (R-506 a).</summary>
    public int VolatilityMultiplierRate;

    /// <summary>It is volatile while highest and lowest mark of the window are further apart than this rate of the lowest; 0: off.</summary>
    public int VolatilityThresholdRate;

    /// <summary>That window in milliseconds, 1,000 to 86,400,000.</summary>
    public int VolatilityWindowMs;

    /// <summary>How long after it turned volatile initial margins follow, in milliseconds, up to 20 days .</summary>
    public int AddOnGraceMs;

    /// <summary>How long after it turned volatile maintenance follows, in milliseconds, up to 20 days .</summary>
    public int AddOnNoticeMs;

    /// <summary>How long after an operator raised them maintenance rates follow, in milliseconds, up to 20 days; 0: at once.</summary>
    public int MaintenanceNoticeMs;

    /// <summary>Initial margin grows by this rate for each step of notional (R-506 c); 0: off.</summary>
    public int SizeAddOnRate;

    /// <summary>That step in units, above 0 when the rate is.</summary>
    public long SizeAddOnStepUnits;

    /// <summary>The notional in units from which it grows.</summary>
    public long SizeAddOnFromUnits;

    /// <summary>Open interest in units from which initial margin grows (R-506 b).</summary>
    public long OpenInterestFromUnits;

    /// <summary>Open interest in units from which initial margin is 100 %; 0: off.</summary>
    public long OpenInterestToUnits;

    /// <summary>The tiers .</summary>
    public MarginTiers Tiers;

    /// <summary>Whether the margin mode can change with an open position .</summary>
    public ModeSwitchPolicy ModeSwitch;

    /// <summary>Spot margin: assets over debts that a scope must have after borrowing, unless its leverage says otherwise (R-1003).</summary>
    public int InitialLevelRate;

    /// <summary>Spot margin: assets over debts at or below which a scope is liquidated (R-1101).</summary>
    public int LiquidationLevelRate;

    /// <summary>Spot margin: share of a debt that one step of a liquidation repays (R-1011).</summary>
    public int CloseFactorRate;

    /// <summary>Spot margin: what a step of a liquidation costs beyond what it repays (R-1011).</summary>
    public int LiquidationBonusRate;

    /// <summary>Spot margin: what a close sells beyond what is owed (R-1005).</summary>
    public int CloseBufferRate;

    /// <summary>Spot margin: 1: an open loan and its collateral may be added to (R-1012).</summary>
    public int LoanTopUp;

    /// <summary>
    /// The defaults of REQUIREMENTS section 23, except that price band (5 %) and breaker (15 % in 300 s) are off until the operator sets them: a
    /// market begins without a mark that could be trusted to halt it.
    /// </summary>
    public static MarketParameters Default => new()
    {
        InitialMarginLongRate = 10 * Percent,
        InitialMarginShortRate = 20 * Percent,
        MaintenanceMarginRate = 5 * Percent,
        MakerFeeRate = 5 * Numerics.Rate.BasisPoint,
        TakerFeeRate = 10 * Numerics.Rate.BasisPoint,
        PenaltyRate = 250 * Numerics.Rate.BasisPoint,
        PenaltyKeeperRate = 60 * Percent,
        PenaltyProtocolRate = 40 * Percent,
        MaxSlippageRate = 1 * Percent,
        MaxLeverage = 10,
        MaxOpenOrders = 200,
        Trigger = LiquidationTrigger.Below,
        TriggerIncludesFee = 1,
        InsuranceEnabled = 1,
        OffsetPosition = 1,
        SelfTrade = SelfTradePrevention.Taker,
        MaxSpreadRate = 10 * Numerics.Rate.BasisPoint,
        MaxOpenPositions = 50,
        BreakerWindowMs = 300_000,
        FeeProtocolRate = 100 * Percent,
        VolatilityMultiplierRate = 100 * Percent,
        VolatilityWindowMs = 300_000,
        AddOnNoticeMs = 3_600_000,
        InitialLevelRate = 150 * Percent,
        LiquidationLevelRate = 105 * Percent,
        CloseFactorRate = 50 * Percent,
        LiquidationBonusRate = 5 * Percent,
        CloseBufferRate = 10 * Numerics.Rate.BasisPoint,
        LoanTopUp = 1,
    };

    /// <summary>The steps of the second source: 4/9 bp from 1 M of the asset, 3/8 from 10 M, 2/7 from 100 M (R-1601).</summary>
    /// <param name="unitsPerWhole">Smallest units of one of the collateral asset.</param>
    [ColdPath]
    public static FeeTiers DefaultFeeTiers(long unitsPerWhole)
    {
        FeeTiers tiers = default;
        ReadOnlySpan<long> volumes = [1_000_000, 10_000_000, 100_000_000];
        for (int i = 0; i < 3 && unitsPerWhole <= Numerics.Exact.MaxMoneyUnits / volumes[i]; i++)
        {
            tiers[i] = new FeeTier
            {
                VolumeUnits = volumes[i] * unitsPerWhole,
                MakerFeeRate = (4 - i) * Numerics.Rate.BasisPoint,
                TakerFeeRate = (9 - i) * Numerics.Rate.BasisPoint,
            };
        }

        return tiers;
    }

    /// <summary>Where the last tier ends, in units; 0: nowhere.</summary>
    public readonly long TierEndUnits => TierCount is >= 1 and <= MarginTiers.Most && Tiers[TierCount - 1].LimitUnits != MarginTier.NoLimit
        ? Tiers[TierCount - 1].LimitUnits
        : 0;

    /// <summary>The rate that liquidation adds to maintenance: taker fee and penalty, or 0 (R-1101).</summary>
    public readonly int ReserveRate => TriggerIncludesFee == 0 ? 0 : TakerFeeRate + PenaltyRate;

    private const int Percent = 100 * Numerics.Rate.BasisPoint;
}

/// <summary>What the maintenance margin is a share of.</summary>
public enum MarginBase : byte
{
    /// <summary>Notional at the mark price.</summary>
    Mark = 0,

    /// <summary>Notional at the average entry price.</summary>
    Entry = 1,
}

/// <summary>When the margin mode of a position can change .</summary>
public enum ModeSwitchPolicy : long
{
    /// <summary>Only without a position.</summary>
    FlatOnly = 0,

    /// <summary>Also with one, if both scopes have their initial margin after it.</summary>
    Checked = 1,
}

/// <summary>When a scope is liquidatable.</summary>
public enum LiquidationTrigger : byte
{
    /// <summary>Equity is below the requirement.</summary>
    Below = 0,

    /// <summary>Equity is at or below the requirement.</summary>
    Reaches = 1,
}

/// <summary>How the margins of buy and sell orders add up.</summary>
public enum OrderMarginRule : byte
{
    /// <summary>Both sides.</summary>
    Sum = 0,

    /// <summary>The larger side.</summary>
    Max = 1,
}

/// <summary>What must remain after money leaves a scope.</summary>
public enum WithdrawRequirement : byte
{
    /// <summary>Initial margin and order margin.</summary>
    Initial = 0,

    /// <summary>Maintenance margin, the closing-fee reserve with it, and order margin.</summary>
    Maintenance = 1,
}
