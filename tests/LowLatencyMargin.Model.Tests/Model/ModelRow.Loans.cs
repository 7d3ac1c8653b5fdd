using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>What a row of a spot-margin market has, owes and was promised (docs/lending.md); worths are in the quote asset.</summary>
internal sealed partial class ModelRow
{
    private static readonly Big MostUnits = Big.Pow(2, 62);

    /// <summary>What pools promised its orders with auto-borrow.</summary>
    public Big PromisedQuote { get; private set; }

    public Big PromisedBase { get; private set; }

    /// <summary>What these orders hold of the scope's own funds.</summary>
    public Big OwnQuote { get; private set; }

    public Big OwnBase { get; private set; }

    /// <summary>Whether neither own funds nor promises cover what the orders with auto-borrow of a side need.</summary>
    public bool IsUncovered(Side side) => IsSpotMargin && NeedOf(side, _ => true) - NeedOf(side, order => !order.Borrows)
        > (side == Side.Buy ? OwnQuote + PromisedQuote : OwnBase + PromisedBase);

    public bool IsSpotMargin => Market.Kind == MarketKind.SpotMargin;

    /// <summary>Whether something is owed or promised, or orders could borrow.</summary>
    public bool HasLending => Owes || !OwnQuote.IsZero || !OwnBase.IsZero || !PromisedQuote.IsZero || !PromisedBase.IsZero
        || Orders.Exists(order => order.Borrows);

    public bool Owes => IsSpotMargin && Account.Exchange.Loans.Exists(loan => loan.Row == this);

    public Big QuoteOwed => OwedOf(Market.QuoteAsset);

    public Big BaseOwed => OwedOf(Market.BaseAsset);

    public Big Debt => QuoteOwed + WorthUp(BaseOwed);

    public Big Promised => PromisedQuote + WorthUp(PromisedBase);

    /// <summary>Assets over debts that borrowing must leave: by the leverage, else the market's, always above the level of liquidation.</summary>
    public Big InitialLevel
    {
        get
        {
            Big level = Leverage <= 1 ? Market.Parameters.InitialLevelRate : Rounding.Scale + Rounding.Up(Rounding.Scale, Leverage - 1);
            return Big.Max(level, LiquidationLevel + 1);
        }
    }

    public Big LiquidationLevel => Market.Parameters.LiquidationLevelRate;

    public Big OwedOf(long asset) => Account.Exchange.LoanOf(this, asset)?.Owed ?? 0;

    public Big WorthDown(Big units) => Big.Min(ModelExchange.MaxMoney, Rounding.Down(units * Market.Mark * Market.TickValue, Market.BaseUnitsPerLot));

    public Big WorthUp(Big units) => Big.Min(ModelExchange.MaxMoney, Rounding.Up(units * Market.Mark * Market.TickValue, Market.BaseUnitsPerLot));

    /// <summary>Whether something of the pair is worth more than anything can be: it is found by price alone, not by worth.</summary>
    public bool IsBeyondWorth => WorthUp(BaseOwed) == ModelExchange.MaxMoney || WorthUp(Purse.Units(Market.BaseAsset)) == ModelExchange.MaxMoney;

    /// <summary>The fewest units of the base asset that are worth so much.</summary>
    public Big UnitsWorth(Big worth) => Rounding.Up(worth * Market.BaseUnitsPerLot, Market.Mark * Market.TickValue);

    /// <summary>The most units of the base asset that are worth no more than so much.</summary>
    public Big UnitsWithin(Big worth) => worth.Sign <= 0 || Market.Mark == 0 ? 0
        : Rounding.Down(worth * Market.BaseUnitsPerLot, Market.Mark * Market.TickValue);

    /// <summary>What the resting orders of a side hold without regard to promises: all of them, or those that do not borrow.</summary>
    public Big NeedOf(Side side, Func<ModelOrder, bool> which)
    {
        Big sum = 0;
        foreach (ModelOrder order in Orders)
        {
            if (order.Side == side && which(order))
            {
                sum += side == Side.Buy ? order.HoldNotional : order.Leaves;
            }
        }

        return side == Side.Buy ? QuoteHoldOf(sum) : sum * Market.BaseUnitsPerLot;
    }

    /// <summary>What counts against this market's loans only: base assets that are no collateral, and what the row's orders hold.</summary>
    public Big LoanBacking
    {
        get
        {
            if (HasOwnPurse)
            {
                return 0;
            }

            return QuoteHold + WorthDown(BaseHold + (BaseCountsAlone ? Purse.Units(Market.BaseAsset) - Purse.Held(Market.BaseAsset) : 0));
        }
    }

    /// <summary>As far as debts call for it at the level of liquidation.</summary>
    public Big Backed => HasOwnPurse ? 0 : Big.Min(LoanBacking, Rounding.RateUp(Debt, LiquidationLevel));

    public Big BackedAtStart => HasOwnPurse ? 0 : Big.Min(LoanBacking, AskedAtStart);

    /// <summary>Units of the base asset that its loans and promises can do without, when it is no collateral otherwise.</summary>
    public Big SpareBase
    {
        get
        {
            if (!BaseCountsAlone)
            {
                return MostUnits;
            }

            bool reaches = Account.CrossPositions.Any(row => row.ReachesIsEnough);
            Big slack = Account.CrossEquity - Account.SpotHolds - Account.CrossRequirement - (reaches ? 1 : 0);
            return Account.Free.Sign < 0 || slack.Sign < 0 ? 0
                : UnitsWithin(LoanBacking - Big.Max(0, Big.Max(BackedAtStart - Account.Free, Backed - slack)));
        }
    }

    /// <summary>Debts, and what they and promises ask for at the start.</summary>
    public Big AskedAtStart => Rounding.RateUp(Debt, InitialLevel) + Rounding.RateUp(Promised, InitialLevel - Rounding.Scale);

    public bool BaseCountsAlone =>
        Market.BaseAsset != ModelAsset.Collateral && Account.Exchange.Asset(Market.BaseAsset).Parameters.MaintenanceWeight == 0;

    /// <summary>What the scope is judged by; of a cross one all that the account has less what else it needs, all its debts at this market's level.</summary>
    public Big LoanAssets => HasOwnPurse || Account.IsLiquidation || !Owes
        ? Purse.Units(Market.QuoteAsset) + WorthDown(Purse.Units(Market.BaseAsset))
        : Account.CrossEquity - Backed + LoanBacking + Account.LoanDebts - Account.SpotHolds - Account.CrossRequirement + Account.LoanRequirement;

    public Big LoanDebts => HasOwnPurse || Account.IsLiquidation || !Owes ? Debt
        : Debt + Big.Max(0, Rounding.Down((Account.LoanDebts + Account.LoanRequirement) * Rounding.Scale, LiquidationLevel) - Debt);

    /// <summary>What can be lost before the level of liquidation is reached.</summary>
    public Big LoanSlack => LoanAssets - Rounding.RateUp(LoanDebts, LiquidationLevel);

    /// <summary>R-701: where assets are so many times debts, other marks fixed; 0: nowhere. Not for a cross scope whose base is collateral.</summary>
    public Big LoanPrice(Big level)
    {
        Big units = HasOwnPurse ? Purse.Units(Market.BaseAsset) : BaseHold + Purse.Units(Market.BaseAsset) - Purse.Held(Market.BaseAsset);
        Big covered = (units * Rounding.Scale) - (BaseOwed * level);
        Big missing = ((LoanDebts - WorthUp(BaseOwed)) * level) - ((LoanAssets - WorthDown(units)) * Rounding.Scale);
        if (covered.IsZero)
        {
            return 0;
        }

        Big moved = covered * Market.TickValue;
        return covered.Sign > 0
            ? missing.Sign <= 0 ? 0 : Big.Clamp(Rounding.Up(missing * Market.BaseUnitsPerLot, moved), 1, ModelExchange.MaxField)
            : missing.Sign >= 0 ? 1
            : Big.Clamp(Rounding.Down(-missing * Market.BaseUnitsPerLot, -moved), 1, ModelExchange.MaxField);
    }

    /// <summary>What more may be asked for, and what may leave.</summary>
    public Big LoanRoom => HasOwnPurse ? LoanAssets - AskedAtStart : Account.Available + LoanBacking - (HasLending ? BackedAtStart : 0);

    /// <summary>R-1101. With a doubt: whether that may be so, or with one below 0 whether it must be, when a cross scope is off by some units.</summary>
    public bool IsToBeLiquidated(Big doubt) => !Account.IsLiquidation && Owes
        && (LoanAssets - (HasOwnPurse ? Big.Min(0, doubt) * 2 : doubt * Account.Rows.Count)) * Rounding.Scale <= LoanDebts * LiquidationLevel;

    /// <summary>Splits what orders need into what the row holds and what pools promise; a pool promises no more than it has.</summary>
    private void Split()
    {
        (Big hold, OwnQuote, PromisedQuote) = Split(Side.Buy, Market.QuoteAsset, QuoteHold, PromisedQuote);
        OrderMargin = hold;
        (BaseHold, OwnBase, PromisedBase) = Split(Side.Sell, Market.BaseAsset, BaseHold, PromisedBase);
        PoolHold = SpotPoolHoldOf(OrderMargin);
    }

    private (Big Hold, Big Own, Big Promised) Split(Side side, long asset, Big held, Big promised)
    {
        Big plain = NeedOf(side, order => !order.Borrows);
        Big need = NeedOf(side, _ => true) - plain;
        Big free = Purse.FreeOf(asset) + held;
        Big own = need.IsZero ? 0 : Big.Clamp(free - plain, 0, need);
        ModelPool? pool = Account.Exchange.Pools.GetValueOrDefault(asset);
        if (pool is null)
        {
            return (plain + own, own, 0);
        }

        Big after = Big.Min(need - own, promised + Big.Max(0, pool.Free));
        pool.Promised += after - promised;
        return (plain + own, own, after);
    }

    /// <summary>
    /// While one of its orders trades: what orders with auto-borrow hold is free for the one that trades if it borrows; what is promised stays.
    /// </summary>
    public void HoldForFill(bool borrows)
    {
        Big plain = NeedOf(Side.Buy, order => !order.Borrows);
        OrderMargin = plain + (borrows ? 0 : Big.Min(OwnQuote, NeedOf(Side.Buy, _ => true) - plain));
        plain = NeedOf(Side.Sell, order => !order.Borrows);
        BaseHold = plain + (borrows ? 0 : Big.Min(OwnBase, NeedOf(Side.Sell, _ => true) - plain));
        PoolHold = SpotPoolHoldOf(OrderMargin);
    }
}
