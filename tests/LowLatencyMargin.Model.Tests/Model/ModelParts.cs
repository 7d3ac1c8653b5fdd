using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>How many lots of a position a liquidation closes next (R-1105, docs/liquidation.md).</summary>
internal sealed class ModelParts(ModelUnderWay way, Big equity, Big others)
{
    private const int FewLots = 3_000;

    private readonly ModelRow _row = way.Row;
    private readonly ModelMarket _market = way.Row.Market;

    private Big Lots => _row.Lots;

    private Big PerLot => _market.Mark * _market.TickValue;

    private LiquidationRules Rules => _market.LiquidationRules;

    /// <summary>The lots, and whether that is a part.</summary>
    public (Big Lots, bool IsPart) Size()
    {
        if (Rules.Partial == 0 || _row.Notional < Rules.PartialMinNotionalUnits || equity.Sign <= 0 || Smallest() is not { } smallest)
        {
            return (Lots, false);
        }

        Big size = Big.Max(smallest, Rounding.Up(Lots * Rules.PartialMinFractionRate, Rounding.Scale));
        bool isAll = size >= Lots || Left(size).Sign < 0;
        if (StepDown() is { } down && down < Lots && Left(down).Sign >= 0 && (isAll || down < size))
        {
            return (down, true);
        }

        return isAll ? (Lots, false) : (size, true);
    }

    /// <summary>What closing so many lots at the mark would leave above the target, in units x S^2.</summary>
    public Big Left(Big lots)
    {
        Big s = Rounding.Scale;
        MarketParameters p = _market.Parameters;
        Big charge = ((way.BookUnits + (PerLot * lots)) * p.TakerFeeRate * s)
            + (Big.Max(p.MinPenaltyUnits * s, PerLot * (way.Closed + way.Kept + lots) * p.PenaltyRate) * s);
        return ((equity - 5) * s * s) - charge - (Rules.PartialTargetRate * ((others * s) + RequirementAfter(lots)));
    }

    private Big RequirementAfter(Big lots)
    {
        Big left = PerLot * (Lots - lots);
        Big maintained = _market.Parameters.MaintenanceMarginBase == MarginBase.Entry ? Rounding.Up(_row.Cost * (Lots - lots), Lots) : left;
        return ModelMarket.ScaledMaintenance(_market.Maintenance, maintained) + (left * _market.ReserveRate);
    }

    private Big? Smallest()
    {
        Big last = Lots - 1;
        if (last > FewLots)
        {
            return SmallestOfMany(last);
        }

        for (Big lots = 1; lots <= last; lots++)
        {
            if (Left(lots).Sign >= 0)
            {
                return lots;
            }
        }

        return null;
    }

    /// <summary>What is left rises to a top and falls from there, but for roundings of an entry cost.</summary>
    private Big? SmallestOfMany(Big last)
    {
        (Big low, Big high) = (1, last);
        while (high - low > 8)
        {
            Big third = (high - low) / 3;
            (low, high) = Left(low + third) < Left(high - third) ? (low + third, high) : (low, high - third);
        }

        Big top = low;
        for (Big lots = low; lots <= high; lots++)
        {
            top = Left(lots) > Left(top) ? lots : top;
        }

        if (Left(top).Sign < 0)
        {
            return null;
        }

        (Big no, Big yes) = (0, top);
        while (yes - no > 1)
        {
            Big middle = (no + yes) / 2;
            (no, yes) = Left(middle).Sign >= 0 ? (no, middle) : (middle, yes);
        }

        for (Big lots = Big.Max(1, yes - 20); lots < yes; lots++)
        {
            yes = Left(lots).Sign >= 0 ? lots : yes;
        }

        return yes;
    }

    /// <summary>The fewest lots that bring the notional below its tier; null in the first one.</summary>
    private Big? StepDown()
    {
        int tier = ModelMarket.TierOf(_market.Maintenance, _row.Notional);
        if (tier == 0)
        {
            return null;
        }

        Big limit = _market.Maintenance[tier - 1].Limit!.Value;
        Big stays = Rounding.Down(limit - 1, PerLot);
        return Lots - stays;
    }
}
