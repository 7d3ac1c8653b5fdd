using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Rules;

/// <summary>What an account's rules refuse before it trades: new risk while paused or after the day's trades (R-1504, R-1505), size (R-1502).</summary>
public sealed class RiskGate
{
    private readonly ExchangeState _state;
    private readonly PositionSizing _sizing;

    /// <summary>The rules of a state's accounts.</summary>
    [ColdPath]
    public RiskGate(ExchangeState state)
    {
        _state = state;
        _sizing = new PositionSizing(state);
    }

    /// <summary>
    /// Whether an order that is not reduce-only may add risk; <paramref name="replaced"/> is the resting order it takes the place of, 0: none.
    /// </summary>
    public ResultCode Check(int account, int row, Side side, long lots, int replaced)
    {
        ResultCode code = CheckNewRisk(account);
        return code == ResultCode.Accepted || IsClosing(row, side, lots, replaced) ? ResultCode.Accepted : code;
    }

    /// <summary>Quotes add risk on both sides, and have no stop.</summary>
    public ResultCode CheckQuotes(int account)
    {
        ResultCode code = CheckNewRisk(account);
        return code != ResultCode.Accepted ? code : RulesOf(account).EnforceSizing != 0 ? ResultCode.StopRequired : ResultCode.Accepted;
    }

    /// <summary>
    /// Whether an order is on the right side of its protective stop, and no larger than its account's sizing rule allows where that is
    /// enforced. Without a stop of its own the bracket's counts. <paramref name="held"/> is the row as the order finds it, <paramref name="poolUnits"/>
    /// what goes to the pool with that.
    /// </summary>
    public ResultCode CheckSize(
        int account, int row, in Position held, long poolUnits, int market, Side side, long lots, long entryTicks, long stopTicks, int replaced)
    {
        if (stopTicks != 0 && !PositionSizing.IsLosing(side, entryTicks, stopTicks))
        {
            return ResultCode.StopOnWinningSide;
        }

        if (RulesOf(account).EnforceSizing == 0 || IsClosing(row, side, lots, replaced))
        {
            return ResultCode.Accepted;
        }

        stopTicks = stopTicks != 0 ? stopTicks : BracketStop(row);
        if (stopTicks == 0)
        {
            return ResultCode.StopRequired;
        }

        ResultCode code = _sizing.Of(account, in held, poolUnits, market, side, entryTicks, stopTicks, out SizingFigures figures);
        return code != ResultCode.Accepted ? code : lots > figures.QuantityLots ? ResultCode.AboveSizing : ResultCode.Accepted;
    }

    private ref readonly TraderRules RulesOf(int account) => ref _state.AccountRules[_state.Accounts[account].Rules].Rules;

    private ResultCode CheckNewRisk(int account)
    {
        ref readonly Account owner = ref _state.Accounts[account];
        if ((owner.Traits & AccountTraits.HasRules) == 0)
        {
            return ResultCode.Accepted;
        }

        ref readonly AccountRules rules = ref _state.AccountRules[owner.Rules];
        bool full = rules.Rules.DailyTrades != 0 && rules.TradesToday >= rules.Rules.DailyTrades && rules.Day == UtcCalendar.DayOf(_state.TimeNs);
        return rules.IsPaused != 0 ? ResultCode.TradingPaused : full ? ResultCode.DailyTradeLimit : ResultCode.Accepted;
    }

    /// <summary>Whether an order only sells, or buys, what repays the loans of its scope.</summary>
    public bool Repays(int row, Side side, long lots) => (_state.Positions[row].Guards & Guards.Loans) != 0 && IsClosing(row, side, lots, replaced: 0);

    /// <summary>No more, with the other orders of its side, than the position on the other side, or than what repays loans.</summary>
    private bool IsClosing(int row, Side side, long lots, int replaced)
    {
        ref readonly Position position = ref _state.Positions[row];
        long against = (position.Guards & Guards.Loans) != 0 ? LotsAgainstLoans(row, side)
            : side == Side.Buy ? -position.SizeLots
            : position.SizeLots;
        long ordered = side == Side.Buy ? position.Orders.BuyLots : position.Orders.SellLots;
        return lots <= against - ordered + (replaced == 0 ? 0 : _state.Orders[replaced].LeavesLots);
    }

    /// <summary>What a scope can sell while it owes the quote asset, or buy to repay the base asset.</summary>
    private long LotsAgainstLoans(int row, Side side)
    {
        ref readonly Market market = ref _state.Markets[_state.Positions[row].Market];
        LoanFigures pair = LoanFigures.Pair(_state, row);
        return side == Side.Buy ? (pair.BaseOwedUnits + market.LotUnits - 1) / market.LotUnits
            : pair.QuoteOwedUnits != 0 ? pair.BaseUnits / market.LotUnits
            : 0;
    }

    private long BracketStop(int row)
    {
        int stop = row == 0 ? 0 : _state.TradingGuards[row].StopLossOrder;
        return stop == 0 ? 0 : _state.OrderTerms[_state.Orders[stop].Terms].TriggerTicks;
    }
}
