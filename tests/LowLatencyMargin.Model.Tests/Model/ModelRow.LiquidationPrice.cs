using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>The price shown, in brackets of notional, found by trying them all.</summary>
internal sealed partial class ModelRow
{
    private const int MostNoise = 200;

    /// <summary>0 for none.</summary>
    public Big LiquidationPrice
    {
        get
        {
            if (Size.IsZero || Account.IsLiquidation)
            {
                return 0;
            }

            return SharesPrice ? SharedLiquidationPrice() : PriceWith(IsIsolated ? Backing : Backing - (Account.CrossRequirement - Requirement));
        }
    }

    private bool SharesPrice => !IsIsolated && Account.CrossPositions.Any(other => other != this && other.Market == Market);

    /// <summary>Whether a price is the right one to show.</summary>
    public bool Shows(Big price)
    {
        if (Size.IsZero || Account.IsLiquidation || !SharesPrice)
        {
            return price == LiquidationPrice;
        }

        return IsSharedPrice(price) || SharedLiquidationPrice() is var own && (price == own || IsAsGood(price, own));
    }

    /// <summary>
    /// The roundings of many positions make a few ticks around the root cover and not cover in turn: whether a price is as good as that one.
    /// </summary>
    private bool IsAsGood(Big price, Big own) => price.Sign > 0 && own.Sign > 0 && Big.Abs(price - own) <= MostNoise + (own / 10_000)
        && Covers(price) && !Covers(price < Market.Mark ? price - 1 : price + 1);

    /// <summary>The last mark that covers on the side where that is nearer, below when both are as near; what covers lies between two marks.</summary>
    private bool IsSharedPrice(Big price)
    {
        Big mark = Market.Mark;
        if (price.IsZero || !Covers(mark))
        {
            return price.IsZero ? Covers(1) && Covers(ModelExchange.MaxField) : price == mark;
        }

        Big mirrored = Big.Clamp((2 * mark) - price - (price > mark ? 1 : 0), 1, ModelExchange.MaxField);
        Big next = price > mark ? price + 1 : price - 1;
        return Covers(price) && next.Sign > 0 && !Covers(next) && Covers(mirrored);
    }

    private Big PriceWith(Big money)
    {
        bool isLong = Size.Sign > 0;
        bool isEntry = Market.Parameters.MaintenanceMarginBase == MarginBase.Entry;
        Big scale = Rounding.Scale;
        Big perTick = Lots * Market.TickValue;
        if (isEntry)
        {
            Big maintenance = Market.MaintenanceMargin(Cost);
            Big due = isLong ? Cost + maintenance - money : Cost - maintenance + money;
            return InRange(isLong, due * scale, perTick * (isLong ? scale - Market.ReserveRate : scale + Market.ReserveRate));
        }

        IReadOnlyList<ModelTier> tiers = Market.Maintenance;
        Big from = 0;
        for (int i = 0; i < tiers.Count; i++)
        {
            Big rate = tiers[i].MaintenanceRate + Market.ReserveRate;
            Big deduction = (tiers[i].MaintenanceRate * from) - ModelMarket.ScaledMaintenance(tiers, from);
            // the unrounded root as a notional: numerator / denominator
            Big numerator = ((isLong ? Cost - money : Cost + money) * scale) + (isLong ? -deduction : deduction);
            Big denominator = isLong ? scale - rate : scale + rate;
            bool isLast = i == tiers.Count - 1;
            bool reaches = numerator >= from * denominator || i == 0;
            if (reaches && (isLast || numerator < tiers[i].Limit!.Value * denominator))
            {
                return InRange(isLong, numerator, perTick * denominator);
            }

            from = tiers[i].Limit ?? 0;
        }

        throw new InvalidOperationException("no tier has the liquidation price");
    }

    private static Big InRange(bool isLong, Big numerator, Big denominator)
    {
        if (numerator.Sign <= 0)
        {
            return isLong ? 0 : 1;
        }

        Big price = isLong ? Rounding.Up(numerator, denominator) : Big.Max(1, Rounding.Down(numerator, denominator));
        return price <= ModelExchange.MaxField ? price : isLong ? ModelExchange.MaxField : 0;
    }

    /// <summary>Of all cross positions in a market: the nearest tick to the mark that still covers, on the side where one fails sooner.</summary>
    private Big SharedLiquidationPrice()
    {
        Big mark = Market.Mark;
        if (!Covers(mark))
        {
            return mark;
        }

        Big? below = LastThatCovers(mark, 1);
        Big? above = LastThatCovers(mark, ModelExchange.MaxField);
        return below is { } low && (above is not { } high || mark - low <= high - mark) ? low : above ?? 0;
    }

    private bool Covers(Big mark)
    {
        Big equity = Account.CrossEquity - Account.CrossProfit - Account.CrossOwed - Account.SpotHolds;
        Big requirement = 0;
        foreach (ModelRow row in Account.CrossPositions)
        {
            Big price = row.Market == Market ? mark : row.Market.Mark;
            Big notional = row.Lots * price * row.Market.TickValue;
            bool isEntry = row.Market.Parameters.MaintenanceMarginBase == MarginBase.Entry;
            equity += row.Size.Sign > 0 ? notional - row.Cost : row.Cost - notional;
            requirement += row.Market.MaintenanceMargin(isEntry ? row.Cost : notional) + Rounding.RateUp(notional, row.Market.ReserveRate);
        }

        return equity >= requirement;
    }

    private Big? LastThatCovers(Big mark, Big end)
    {
        if (Covers(end))
        {
            return null;
        }

        Big good = mark;
        Big bad = end;
        while (Big.Abs(bad - good) > 1)
        {
            Big middle = (good + bad) / 2;
            (good, bad) = Covers(middle) ? (middle, bad) : (good, middle);
        }

        return good;
    }
}
