using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Matching;

/// <summary>A market: what it is, its prices, and the money that belongs to it rather than to an account.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Market
{
    /// <summary>A mass cancel goes on that spares waiting orders.</summary>
    public const byte JobWaits = 1;

    /// <summary>A mass cancel goes on that spares none.</summary>
    public const byte JobTakesAll = 3;

    /// <summary>Units of the quote asset per tick x lot.</summary>
    public long TickValueUnits;

    /// <summary>Mark price; before the first one is set, the last trade; 0 when there is neither.</summary>
    public long MarkTicks;

    /// <summary>Cumulative funding index in 10^-8 ticks: what a long of one lot has paid since the market was listed, as a price.</summary>
    public long FundingIndexE8;

    /// <summary>Margin rates that are in force.</summary>
    public MarginRates Rates;

    /// <summary>Highest price of any order taken in before there was a mark: what a first trade may make of it.</summary>
    public long CeilingTicks;

    /// <summary>Price of the last trade, 0 when there is none.</summary>
    public long LastTicks;

    /// <summary>Lots of all resting orders.</summary>
    public long RestingLots;

    /// <summary>Lots of all positions, both sides counted.</summary>
    public long PositionLots;

    /// <summary>Notional held by resting orders plus entry cost of positions: bounded, so that no sum overflows.</summary>
    public long CommittedUnits;

    /// <summary>Risk parameters.</summary>
    public MarketParameters Parameters;

    /// <summary>Name.</summary>
    public Symbol Symbol;

    /// <summary>What is traded.</summary>
    public Symbol BaseSymbol;

    /// <summary>One tick in billionths of a quote asset.</summary>
    public long TickSizeE9;

    /// <summary>One lot in billionths of a base asset.</summary>
    public long LotSizeE9;

    /// <summary>Trading fees taken in: the protocol's share of them.</summary>
    public long FeeUnits;

    /// <summary>The lenders' share of trading fees (R-1602).</summary>
    public long LenderFeeUnits;

    /// <summary>The community's share of trading fees (R-1602).</summary>
    public long CommunityFeeUnits;

    /// <summary>The protocol's share of penalties.</summary>
    public long ProtocolUnits;

    /// <summary>The keepers' share of penalties.</summary>
    public long KeeperUnits;

    /// <summary>Insurance fund (R-1203).</summary>
    public long InsuranceUnits;

    /// <summary>Losses that nobody's money covered; a debt of the market, counted against its money (R-1206).</summary>
    public long BadDebtUnits;

    /// <summary>All shortfalls so far, however covered (R-1202).</summary>
    public long ShortfallUnits;

    /// <summary>Liquidations so far.</summary>
    public long Liquidations;

    /// <summary>Spot markets: units of the base asset in a lot.</summary>
    public long LotUnits;

    /// <summary>Account that takes over what liquidations can't sell.</summary>
    public int LiquidationAccount;

    /// <summary>Asset that prices, profits and fees are in.</summary>
    public int QuoteAsset;

    /// <summary>Spot markets: the asset that is traded; 0 in a perpetual.</summary>
    public int BaseAsset;

    /// <summary>Asset whose price as collateral is this market's mark, 0: none.</summary>
    public int PricedAsset;

    /// <summary>Rows of account and market.</summary>
    public int Positions;

    /// <summary>The most of them.</summary>
    public int MaxPositions;

    /// <summary>Row whose liquidation ran out of work, 0 when there is none; the next run goes on with it.</summary>
    public int UnfinishedPosition;

    /// <summary>Place of the breaker's timer in the timer queue plus one, 0: it does not run.</summary>
    public int TimerPlace;

    /// <summary>Index price, 0 when there is none.</summary>
    public long IndexTicks;

    /// <summary>What is traded, and whether with margin .</summary>
    public MarketKind Kind;

    /// <summary>Highest mark at or below which a watched account is to be looked at, 0: none (R-1503).</summary>
    public long WatchBelowTicks;

    /// <summary>Lowest mark at or above which a watched account is to be looked at, 0: none.</summary>
    public long WatchAboveTicks;

    /// <summary>The funding index as a key of the liquidation index, rounded down.</summary>
    public long FundingKeyDown;

    /// <summary>The same, rounded up.</summary>
    public long FundingKeyUp;

    /// <summary>Markets with tiers: the liquidation index holds for funding indexes from here on.</summary>
    public long KeysFromE8;

    /// <summary>Up to here; beyond, its positions are indexed anew.</summary>
    public long KeysToE8;

    /// <summary>What the rates in force come from.</summary>
    public MarginState Margin;

    /// <summary>What it allows (R-1402).</summary>
    public MarketState State;

    /// <summary>1: stopped for all accounts (R-1315).</summary>
    public byte IsKilled;

    /// <summary>1: state, switch or parameters ask for more than the plain checks of an order; kept by <see cref="NoteRules"/>.</summary>
    public byte HasRules;

    /// <summary>1: fees by volume, rebates, or several receivers (R-1601, R-1602); kept by <see cref="NoteRules"/>.</summary>
    public byte HasFeeRules;

    /// <summary>
    /// 0, or a mass cancel of its orders goes on with the next ticks: <see cref="JobWaits"/>, with waiting orders <see cref="JobTakesAll"/>.
    /// </summary>
    public byte HasCancelJob;

    /// <summary>1: a price of it moved while orders wait for one.</summary>
    public byte HasTriggersDue;

    /// <summary>1: it has a mark: set by command, or made of its sources.</summary>
    public byte HasMark;

    /// <summary>1: its funding index has moved, so that more than the mark decides when a position is due.</summary>
    public byte HasFunded;

    /// <summary>1: its mark is made of its own trades too.</summary>
    public byte CountsTrades;

    /// <summary>1: this command changed a source of its mark.</summary>
    public byte IsPriceDue;

    /// <summary>1: liquidations are left over from the last command (ARCHITECTURE: bounded work).</summary>
    public byte LiquidationsPending;

    /// <summary>1: this command made a position here due for examination.</summary>
    public byte IsDue;

    /// <summary>Whether assets change hands here, not positions.</summary>
    public readonly bool IsSpot => Kind != MarketKind.Perpetual;

    /// <summary>Records up to this one are to be looked at because the market's rates changed, 0: none.</summary>
    public int WatchCursor;

    /// <summary>Row from which on positions are to be indexed anew because the market's rates changed, 0: none.</summary>
    public int IndexCursor;

    /// <summary>1: watched accounts are left over from the last command.</summary>
    public byte WatchesPending;

    /// <summary>Share of trading fees redirected to insurance while it is below the threshold; 0: none.</summary>
    public int RedirectRate;

    /// <summary>That threshold.</summary>
    public long ThresholdUnits;

    /// <summary>Notes whether plain orders can skip the rules that most markets do not have; after every change of one.</summary>
    public void NoteRules()
    {
        ref readonly MarketParameters p = ref Parameters;
        bool rules = State != MarketState.Open || IsKilled != 0 || IsSpot
            || (p.PriceBandRate | p.LimitOfCollateralRate | p.LimitOfDepthRate | p.LimitOfOpenInterestRate | p.LimitOfInsuranceRate) != 0
            || (p.MinQuantityLots | p.MinNotionalUnits | p.MaxPositionLots | p.MaxPositionUnits) != 0 || p.TierEndUnits != 0;
        HasRules = (byte)(rules ? 1 : 0);
        bool fees = p.MakerFeeRate < 0 || p.FeeTiers[0].VolumeUnits != 0 || (p.FeeInsuranceRate | p.FeeLendersRate | p.FeeCommunityRate | RedirectRate) != 0;
        HasFeeRules = (byte)(fees ? 1 : 0);
    }

    /// <summary>The rate that liquidation adds to maintenance: taker fee and penalty, or 0 (R-1101).</summary>
    public readonly int ReserveRate => Parameters.ReserveRate;
}
