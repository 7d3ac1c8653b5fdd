using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Margin;

/// <summary>What a valuation is for .</summary>
public enum CollateralPurpose
{
    /// <summary>Opening positions, and money that leaves.</summary>
    Opening,

    /// <summary>Filling an order on credit.</summary>
    Filling,

    /// <summary>Whether a scope is to be liquidated.</summary>
    Maintenance,
}

/// <summary>
/// What assets besides the collateral asset are worth, in its units: at their price, with size discount and weight, every step rounded down.
/// And back: what it takes to be worth so much, exactly.
/// </summary>
public static class Collateral
{
    /// <summary>All of an asset that is deposited, at its price, is worth at most this: 2^56, like the notional of a market.</summary>
    public const long MaxValueUnits = Exact.MaxNotionalUnits;

    private const int Discounts = 4;

    /// <summary>Whether an asset has a price: the operator's, or a mark that was set.</summary>
    public static bool HasPrice(ExchangeState state, int asset)
    {
        ref readonly Asset row = ref state.Assets[asset];
        return row.PriceNumerator != 0 && (row.IsPinned != 0 || state.Markets[row.PriceMarket].HasMark != 0);
    }

    /// <summary>Worth of units of an asset, of no more than there are, at its price without discount or weight; 0 without a price.</summary>
    public static long Value(ExchangeState state, int asset, long units) =>
        units <= 0 || !HasPrice(state, asset) ? 0 : (long)((UInt128)(ulong)units * Numerator(state, asset) / (ulong)state.Assets[asset].PriceDenominator);

    /// <summary>
    /// Worth of what may be more than was ever deposited, a debt or a lender's share, at the price of its asset; nothing is worth more than all money there
    /// can be.
    /// </summary>
    public static long ClaimValue(ExchangeState state, int asset, long units, bool roundsUp)
    {
        if (units <= 0 || asset == Asset.CollateralId)
        {
            return Math.Max(0, units);
        }

        UInt128 price = HasPrice(state, asset) ? Numerator(state, asset) : 0;
        UInt128 carry = roundsUp ? (UInt128)(ulong)state.Assets[asset].PriceDenominator - 1 : 0;
        return price == 0 ? 0
            : (ulong)units > (UInt128.MaxValue - carry) / price ? Exact.MaxMoneyUnits
            : (long)UInt128.Min(((price * (ulong)units) + carry) / (ulong)state.Assets[asset].PriceDenominator, Exact.MaxMoneyUnits);
    }

    /// <summary>Whether so many units of an asset can be valued exactly at a price of its price market (of a pinned price, 1 is that price).</summary>
    public static bool CanValue(in Asset asset, long units, long ticks)
    {
        if (asset.PriceNumerator == 0 || units == 0)
        {
            return true;
        }

        UInt128 most = ((UInt128)(MaxValueUnits + 1) * (ulong)asset.PriceDenominator) - 1;
        return (UInt128)(ulong)asset.PriceNumerator * (ulong)ticks <= most / (ulong)units;
    }

    /// <summary>What units of an asset count for a purpose.</summary>
    public static long Weighted(ExchangeState state, int asset, long units, CollateralPurpose purpose)
    {
        long value = Value(state, asset, units);
        return value == 0 ? 0 : Rate.OfRoundedDown(Discounted(in state.Assets[asset].Parameters, value), Weight(state, asset, purpose));
    }

    /// <summary>What a balance row counts: what spot orders hold of it does not.</summary>
    public static long Weighted(ExchangeState state, in Balance balance, CollateralPurpose purpose) =>
        balance.Asset == Asset.CollateralId ? 0 : Weighted(state, balance.Asset, balance.Units - balance.HoldUnits, purpose);

    /// <summary>What all assets of an account count besides its pool.</summary>
    public static long Of(ExchangeState state, int account, CollateralPurpose purpose)
    {
        long sum = 0;
        for (int row = state.Accounts[account].FirstBalance; row != 0; row = state.Balances[row].Next)
        {
            sum += Weighted(state, in state.Balances[row], purpose);
        }

        return sum;
    }

    /// <summary>Holdings of an account that count for maintenance.</summary>
    public static int Count(ExchangeState state, int account)
    {
        int count = 0;
        for (int row = state.Accounts[account].FirstBalance; row != 0; row = state.Balances[row].Next)
        {
            count += Weighted(state, in state.Balances[row], CollateralPurpose.Maintenance) > 0 ? 1 : 0;
        }

        return count;
    }

    /// <summary>What the assets of an account are worth besides its pool, without discount or weight.</summary>
    public static long ValueOf(ExchangeState state, int account)
    {
        long sum = 0;
        for (int row = state.Accounts[account].FirstBalance; row != 0; row = state.Balances[row].Next)
        {
            ref readonly Balance balance = ref state.Balances[row];
            sum += balance.Asset == Asset.CollateralId ? 0 : Value(state, balance.Asset, balance.Units);
        }

        return sum;
    }

    /// <summary>The fewest units that count so much, or more than there can be.</summary>
    public static long LeastUnits(ExchangeState state, int asset, long weightedUnits, CollateralPurpose purpose)
    {
        UInt128 value = LeastValue(in state.Assets[asset].Parameters, Weight(state, asset, purpose), weightedUnits);
        UInt128 numerator = Numerator(state, asset);
        if (value == 0)
        {
            return 0;
        }

        return value > MaxValueUnits || numerator == 0
            ? long.MaxValue
            : (long)UInt128.Min(DivideUp(value * (ulong)state.Assets[asset].PriceDenominator, numerator), long.MaxValue);
    }

    /// <summary>
    /// The lowest price, in ticks of the price market (of a pinned price, 1 is that price), at which units count so much for maintenance; <see
    /// cref="long.MaxValue"/>: at none.
    /// </summary>
    public static long LeastTicks(ExchangeState state, int asset, long units, long weightedUnits)
    {
        ref readonly Asset row = ref state.Assets[asset];
        UInt128 value = LeastValue(in row.Parameters, row.Parameters.MaintenanceWeight, weightedUnits);
        return value > MaxValueUnits || units <= 0 || row.PriceNumerator == 0
            ? long.MaxValue
            : (long)UInt128.Min(
                DivideUp(value * (ulong)row.PriceDenominator, (UInt128)(ulong)units * (ulong)row.PriceNumerator), long.MaxValue);
    }

    /// <summary>The price that <see cref="LeastTicks"/> is compared with.</summary>
    public static long PriceTicks(ExchangeState state, int asset) =>
        state.Assets[asset].IsPinned != 0 ? 1 : state.Markets[state.Assets[asset].PriceMarket].MarkTicks;

    private static long Weight(ExchangeState state, int asset, CollateralPurpose purpose)
    {
        ref readonly Asset row = ref state.Assets[asset];
        if (purpose == CollateralPurpose.Maintenance)
        {
            return row.Parameters.MaintenanceWeight;
        }

        long weight = purpose == CollateralPurpose.Opening ? row.Parameters.OpeningWeight : row.Parameters.FillingWeight;
        long cap = row.Parameters.CapUnits;
        long total = cap == 0 ? 0 : Value(state, asset, row.ExternalUnits);
        return total > cap ? Exact.MultiplyDivideDown(weight, cap, total) : weight;
    }

    private static UInt128 Numerator(ExchangeState state, int asset) =>
        (UInt128)(ulong)state.Assets[asset].PriceNumerator * (ulong)PriceTicks(state, asset);

    private static UInt128 DivideUp(UInt128 value, UInt128 divisor) => (value + (divisor - 1)) / divisor;

    /// <summary>Part by part: what is above a threshold counts at its rate.</summary>
    private static long Discounted(in AssetParameters parameters, long value)
    {
        long first = parameters.Discount1Units;
        if (first == 0 || value <= first)
        {
            return value;
        }

        long sum = first;
        for (int i = 1; i <= Discounts && From(in parameters, i) is > 0 and var from && value > from; i++)
        {
            long to = i < Discounts && From(in parameters, i + 1) is > 0 and var next ? Math.Min(next, value) : value;
            sum += Rate.OfRoundedDown(to - from, RateOf(in parameters, i));
        }

        return sum;
    }

    /// <summary>The lowest value that counts so much with discount and weight; more than <see cref="MaxValueUnits"/> when none does.</summary>
    private static UInt128 LeastValue(in AssetParameters parameters, long weight, long weightedUnits)
    {
        const ulong None = ulong.MaxValue;
        if (weightedUnits <= 0)
        {
            return 0;
        }

        if (weight == 0)
        {
            return None;
        }

        UInt128 discounted = DivideUp((UInt128)(ulong)weightedUnits * Rate.Scale, (ulong)weight);
        long reached = parameters.Discount1Units;
        if (reached == 0 || discounted <= (ulong)reached)
        {
            return discounted;
        }

        long sum = reached;
        for (int i = 1; i <= Discounts && From(in parameters, i) is > 0 and var from; i++)
        {
            int rate = RateOf(in parameters, i);
            bool isLast = i == Discounts || From(in parameters, i + 1) == 0;
            long part = isLast ? 0 : Rate.OfRoundedDown(From(in parameters, i + 1) - from, rate);
            UInt128 missing = discounted - (ulong)sum;
            if (isLast || missing <= (ulong)part)
            {
                return rate == 0 ? None : (ulong)from + DivideUp(missing * Rate.Scale, (ulong)rate);
            }

            sum += part;
        }

        return None;
    }

    private static long From(in AssetParameters parameters, int i) => i switch
    {
        1 => parameters.Discount1Units,
        2 => parameters.Discount2Units,
        3 => parameters.Discount3Units,
        _ => parameters.Discount4Units,
    };

    private static int RateOf(in AssetParameters parameters, int i) => i switch
    {
        1 => parameters.Discount1Rate,
        2 => parameters.Discount2Rate,
        3 => parameters.Discount3Rate,
        _ => parameters.Discount4Rate,
    };
}
