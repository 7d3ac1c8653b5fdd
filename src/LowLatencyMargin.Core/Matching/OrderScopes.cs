using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Matching;

/// <summary>
/// Which position an order is for, in which mode, and with what margin: found and checked on a copy of the row, made so when the order
/// is accepted.
/// </summary>
public sealed class OrderScopes(ExchangeState state, Transfers transfers, PositionSettings settings)
{
    /// <summary>Open orders of one hedge position: they end with it.</summary>
    public const int MaxOrdersOfHedge = OrderEntry.MaxProtectedOrders;

    private Position _row;
    private long _marginUnits;
    private bool _switchesMode;

    /// <summary>The row as the order would find it; of a new position, what it begins with.</summary>
    public ref readonly Position Row => ref _row;

    /// <summary>What goes to the pool before the order is placed; below 0, from it.</summary>
    public long PoolUnits { get; private set; }

    /// <summary>Whether the order opens a hedge position.</summary>
    public bool OpensPosition { get; private set; }

    /// <summary>The row that an order is for; of a new hedge position its head. Makes the order reduce-only when it is against a hedge position.</summary>
    public ResultCode Find(ref PlaceOrder order, in OrderTerms terms, int account, int market, out int index)
    {
        OpensPosition = false;
        _switchesMode = false;
        _marginUnits = 0;
        PoolUnits = 0;
        ResultCode code = state.IsHedge(account, market)
            ? FindHedge(ref order, in terms, account, market, out index)
            : FindOneWay(in terms, account, market, out index);
        return code == ResultCode.Accepted && terms.MarginUnits != 0 ? AddMargin(in order, terms.MarginUnits, account) : code;
    }

    /// <summary>Whether the account's counts and the table of rows have room for the order, with all its positions in the market .</summary>
    public ResultCode CheckRoom(in OrderPlan plan, bool listed)
    {
        if (!state.IsHedge(plan.Account, plan.Market))
        {
            return ResultCode.Accepted;
        }

        bool isFull = listed
            && (state.OpenOrders(plan.Account, plan.Market, plan.Position) >= state.Markets[plan.Market].Parameters.MaxOpenOrders
                || state.Positions[plan.Position].OpenOrders >= MaxOrdersOfHedge);
        return isFull ? ResultCode.TooManyOrders
            : OpensPosition && !state.HasRoomForHedge(plan.Account, plan.Market) ? ResultCode.CapacityExceeded
            : ResultCode.Accepted;
    }

    /// <summary>Makes the row what the order was checked with.</summary>
    public void Apply(ref OrderPlan plan)
    {
        if (OpensPosition)
        {
            plan.Position = state.AddHedge(plan.Account, plan.Market);
            ref Position opened = ref state.Positions.Edit(plan.Position);
            opened.IsIsolated = _row.IsIsolated;
            opened.Leverage = _row.Leverage;
            opened.LeverageRate = _row.LeverageRate;
        }
        else if (_switchesMode)
        {
            plan.Position = plan.Position != 0 ? plan.Position : state.AddPosition(plan.Account, plan.Market);
            settings.Switch(plan.Position, _row.Mode);
        }

        if (_marginUnits != 0)
        {
            transfers.Move(plan.Position, _marginUnits);
        }
    }

    private ResultCode FindOneWay(in OrderTerms terms, int account, int market, out int index)
    {
        ResultCode code = state.FindNamed(account, market, terms.PositionId, out index);
        _row = state.Positions[index];
        if (code != ResultCode.Accepted || terms.Mode == ModeChoice.Any || ModeOf(terms.Mode) == _row.Mode)
        {
            return code;
        }

        if (_row.SizeLots != 0 || _row.OpenOrders != 0)
        {
            return ResultCode.ModeConflict;
        }

        _switchesMode = true;
        PoolUnits = _row.MarginUnits;
        _row.MarginUnits = 0;
        _row.IsIsolated = (byte)ModeOf(terms.Mode);
        return ResultCode.Accepted;
    }

    private ResultCode FindHedge(ref PlaceOrder order, in OrderTerms terms, int account, int market, out int index)
    {
        index = state.FindPosition(account, market);
        if ((order.Flags & OrderFlags.MakerProtected) != 0)
        {
            return ResultCode.HedgeModeForbids;
        }

        if (terms.PositionId == 0)
        {
            OpensPosition = true;
            _row = PositionSettings.NewHedge(state, index, order.Side == Side.Sell);
            _row.IsIsolated = terms.Mode == ModeChoice.Any ? _row.IsIsolated : (byte)ModeOf(terms.Mode);
            return ResultCode.Accepted;
        }

        ResultCode code = state.FindNamed(account, market, terms.PositionId, out index);
        _row = state.Positions[index];
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        Side own = _row.SizeLots != 0 ? _row.SizeLots > 0 ? Side.Buy : Side.Sell : state.Orders[_row.FirstOrder].Side;
        order.Flags |= order.Side != own ? OrderFlags.ReduceOnly : OrderFlags.None;
        return terms.Mode != ModeChoice.Any && ModeOf(terms.Mode) != _row.Mode ? ResultCode.ModeConflict : ResultCode.Accepted;
    }

    private ResultCode AddMargin(in PlaceOrder order, long units, int account)
    {
        if ((order.Flags & OrderFlags.ReduceOnly) != 0)
        {
            return ResultCode.InvalidCombination;
        }

        if (_row.IsIsolated == 0)
        {
            return ResultCode.ModeConflict;
        }

        if (!transfers.CanLeave(account, units))
        {
            return ResultCode.InsufficientBalance;
        }

        _marginUnits = units;
        _row.MarginUnits += units;
        PoolUnits -= units;
        return ResultCode.Accepted;
    }

    private static MarginMode ModeOf(ModeChoice choice) => choice == ModeChoice.Isolated ? MarginMode.Isolated : MarginMode.Cross;
}
