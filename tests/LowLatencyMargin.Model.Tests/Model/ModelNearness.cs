using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Whether the exchange may look at a position sooner than its margin says.</summary>
internal sealed partial class ModelRow
{
    private (Big Size, Big Cost, Big Margin)? _withOrders;

    /// <summary>An order that goes or shrinks does not change the key that counted it, until position or margin change.</summary>
    public bool IsEarly => _withOrders == (Size, Cost, Margin);

    public void NoteEarly() => _withOrders = (Size, Cost, Margin);
}

/// <summary>Which scope of a market comes first: the one nearest to bankruptcy (docs/liquidation.md, "Order of liquidations").</summary>
internal sealed partial class ModelExchange
{
    /// <summary>
    /// A position of the market that should have come before, null: none. Known are isolated positions and those that are alone in a pool without
    /// other assets: theirs is all of it. In markets with tiers or entry-based maintenance the tops of heaps are compared, which need not be nearest.
    /// </summary>
    private ModelRow? FindNearer(ModelRow first)
    {
        ModelMarket market = first.Market;
        bool isPlain = market.Maintenance.Count == 1 && market.Parameters.MaintenanceMarginBase != MarginBase.Entry;
        if (!isPlain || first.Orders.Count > 0 || first.IsEarly || MarginOf(first) is not { } own)
        {
            return null;
        }

        foreach (ModelRow other in market.Rows.Where(other => other != first && !other.Size.IsZero && !other.Account.IsLiquidation))
        {
            if (MarginOf(other) is not { } margin || IsUnderWay(other) || !IsToBeLiquidated(other))
            {
                continue;
            }

            // keys have two or three units to spare, and a healthy one that was found early was put off by less than a tick
            Big near = (own + first.PriceProfit - first.Owed - 4) * other.Lots;
            Big least = (margin + other.PriceProfit - other.Owed + (other.Lots * market.TickValue)) * first.Lots;
            if (near > least)
            {
                return other;
            }
        }

        NearestChecked++;
        return null;
    }

    /// <summary>How often the order was checked.</summary>
    public long NearestChecked { get; private set; }

    private static Big? MarginOf(ModelRow row)
    {
        if (row.IsIsolated)
        {
            return row.Margin;
        }

        ModelAccount account = row.Account;
        bool isAlone = account.CrossPositions.Count() == 1 && account.Wallet.Values.All(units => units.IsZero) && !account.LoanRows.Any(loan => loan.Owes);
        return isAlone ? account.Pool - account.Rows.Values.Aggregate(Big.Zero, (sum, other) => sum + (other.IsIsolated ? other.PoolHold : 0)) : null;
    }
}
