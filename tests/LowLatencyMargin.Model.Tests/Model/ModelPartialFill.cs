using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>What an isolated order opens, filled in part (docs/margin.md, parts of an isolated order).</summary>
internal sealed class ModelPartialFill
{
    private const int Parts = 40;
    private const int MostNoise = 10;
    private const int AddOnStretches = 8;

    private readonly ModelRow _row;
    private readonly bool _isShort;
    private readonly Big _lots;
    private readonly Big _units;

    /// <summary>Cost, margin and lots of the position after what the order closes.</summary>
    private readonly Big _cost;
    private readonly Big _margin;
    private readonly Big _held;

    public ModelPartialFill(ModelRow row, Side side, Big lots, Big limit)
    {
        Big price = limit * row.Market.TickValue;
        Big closing = Big.Min(lots, row.Against(side));
        Big released = closing.IsZero ? 0 : row.Released(closing);
        _row = row;
        _isShort = side == Side.Sell;
        _lots = lots - closing;
        _units = _lots * price;
        _cost = row.Cost - released;
        _held = row.Lots - closing;
        Big profit = row.Size.Sign * ((closing * price) - released);
        _margin = !closing.IsZero && _held.IsZero ? 0 : row.Net + profit;
    }

    /// <summary>Whether the parts that the page names leave the position healthy.</summary>
    public bool IsBorne()
    {
        if (_lots.IsZero || (!_row.Market.Margin.IsGraded && !HasSpare))
        {
            return true;
        }

        List<Big> cuts = [.. Cuts().Where(cut => cut > _cost && cut < _cost + _units).Append(_cost).Append(_cost + _units).Distinct().Order()];
        for (int i = 1; i < cuts.Count; i++)
        {
            Big first = i == 1 ? 0 : PartsUp(cuts[i - 1]);
            Big last = i == cuts.Count - 1 ? _lots : PartsUp(cuts[i]) - 1;
            if (last >= first && !IsStretchBorne(cuts[i - 1], cuts[i], first, last))
            {
                return false;
            }
        }

        // where keepers look for scopes a position may be there that is to be liquidated
        if (_row.Size.IsZero || !_row.IsLiquidatable(_row.IsolatedEquity, _row.Requirement))
        {
            RequireSafety();
        }

        return true;
    }

    private bool HasSpare => _margin > InitialAtCost;

    private Big InitialAtCost => _cost.IsZero ? 0 : _row.Initial(_isShort, _cost);

    private IEnumerable<Big> Cuts()
    {
        MarginRules rules = _row.Market.Margin;
        foreach (ModelTier tier in rules.Tiers.SkipLast(1))
        {
            yield return tier.Limit!.Value;
        }

        Big from = Big.Max(_cost, rules.SizeFrom);
        Big end = _cost + _units;
        for (int i = 0; i < AddOnStretches && !rules.SizeRate.IsZero && from < end; i++)
        {
            yield return from + (i * Rounding.Up(end - from, AddOnStretches));
        }
    }

    private Big PartsUp(Big notional) => Rounding.Up((notional - _cost) * _lots, _units);

    private bool IsStretchBorne(Big from, Big to, Big first, Big last)
    {
        Big rate = _row.InitialRate(_isShort, from);
        List<Big> parts = [first, last];
        Big draws = Rounding.Down(Big.Max(0, _margin) * Rounding.Scale, rate);
        if (HasSpare && draws > from && draws < to)
        {
            Big free = Big.Clamp(Rounding.Down((draws - _cost) * _lots, _units), first, last);
            parts.AddRange([free, Big.Min(free + 1, last)]);
        }

        return parts.TrueForAll(part => part.IsZero || !IsLiquidatable(part, rate));
    }

    private bool IsLiquidatable(Big part, Big rate)
    {
        Big cost = _cost + Rounding.Up(_units * part, _lots);
        Big margin = _margin + Big.Max(0, Rounding.RateUp(cost, rate) - Big.Max(InitialAtCost, _margin));
        return _row.IsLiquidatable(margin + _row.ProfitOf(SizeWith(part), cost), _row.RequirementOf(_held + part, cost));
    }

    private Big SizeWith(Big part) => _isShort ? -(_held + part) : _held + part;

    /// <summary>The parts named stand for all: others, as settlement would book them, are no worse than roundings make them.</summary>
    private void RequireSafety()
    {
        Big step = Big.Max(1, _lots / Parts);
        for (Big part = 1; part <= _lots; part += step)
        {
            Big added = Rounding.Up(_units * part, _lots);
            Big margin = _margin + _row.Draw(_isShort, _cost, added, _margin);
            Big equity = margin + _row.ProfitOf(SizeWith(part), _cost + added);
            if (equity + MostNoise < _row.RequirementOf(_held + part, _cost + added))
            {
                throw new InvalidOperationException($"the page takes an order that {part} of {_lots} lots make liquidatable");
            }
        }
    }
}
