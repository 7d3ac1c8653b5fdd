using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Pricing;
using LowLatencyMargin.Core.Rules;
using LowLatencyMargin.Core.Timers;
using LowLatencyMargin.Core.Waterfall;

namespace LowLatencyMargin.Core.Policy;

/// <summary>
/// Closes markets for good (R-2101): reduce-only until a deadline, then all orders are cancelled and all positions closed at one price against the
/// market's liquidation account, whose own position is nothing after the last one. What does not fit into one command's work goes on with the next ticks.
/// </summary>
public sealed class MarketSettlements(
    ExchangeState state, MarketStates states, MarkPrices prices, MassCancels cancels, Settlement settlement, Takeovers takeovers)
{
    /// <summary>Accounts without a position in the market that are passed over for one unit of work.</summary>
    private const int AccountsPerWork = 16;

    /// <summary>The operator closes a market, or sets the day.</summary>
    public ResultCode Set(ref readonly SettleMarket command)
    {
        ResultCode code = Check(in command);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        int market = (int)command.MarketId;
        SetDeadline(market, command.DueNs);
        if (command.DueNs != 0)
        {
            states.Restrict(market);
            return ResultCode.Accepted;
        }

        Begin(market, command.PriceTicks);
        RunPending();
        return ResultCode.Accepted;
    }

    /// <summary>The deadline of a market has come: its positions are closed at the mark.</summary>
    public void End(int market)
    {
        state.Settlements.Edit(market).DueNs = 0;
        Begin(market, priceTicks: 0);
    }

    /// <summary>Goes on with what did not fit into earlier commands, the first market first.</summary>
    public void RunPending()
    {
        for (int market = 1; market <= state.Markets.HighWater && state.SettlingMarkets > 0; market++)
        {
            if (state.Settlements[market].Cursor != 0 && state.Markets[market].HasCancelJob == 0)
            {
                Run(market);
            }
        }
    }

    private ResultCode Check(ref readonly SettleMarket command)
    {
        if (command.MarketId < 1 || command.MarketId > state.Markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        int market = (int)command.MarketId;
        if (state.Markets[market].IsSpot)
        {
            return ResultCode.NothingToSettle;
        }

        if (command.PriceTicks is < 0 or > Exact.MaxPriceTicks)
        {
            return ResultCode.InvalidPrice;
        }

        if (command.DueNs != 0 && (command.DueNs <= state.TimeNs || command.DueNs > Exchange.MaxTimeNs))
        {
            return ResultCode.InvalidExpiry;
        }

        return command.DueNs != 0 && command.PriceTicks != 0 ? ResultCode.InvalidCombination
            : state.Settlements[market].Cursor != 0 ? ResultCode.MarketStateForbids
            : command.PriceTicks == 0 && state.Markets[market].MarkTicks == 0 ? ResultCode.NoReferencePrice
            : command.PriceTicks != 0 && !prices.CanBe(market, command.PriceTicks) ? ResultCode.Overflow
            : ResultCode.Accepted;
    }

    private void SetDeadline(int market, long dueNs)
    {
        ref MarketSettlement row = ref state.Settlements.Edit(market);
        if (row.DueNs == dueNs)
        {
            return;
        }

        state.Timers.Stop(TimerKind.Settlement, market);
        row.DueNs = dueNs;
        if (dueNs != 0)
        {
            state.Timers.Start(TimerKind.Settlement, market, dueNs);
        }

        state.Events.Add<SettlementSet>(EventType.SettlementSet, market).DueNs = dueNs;
    }

    private void Begin(int market, long priceTicks)
    {
        states.Settle(market);
        prices.Fix(market, priceTicks != 0 ? priceTicks : state.Markets[market].MarkTicks);

        ref MarketSettlement row = ref state.Settlements.Edit(market);
        row.PriceTicks = state.Markets[market].MarkTicks;
        row.Cursor = 1;
        state.SettlingMarkets++;
        var job = new CancelJob { Market = market, Reason = CancelReason.MarketClosed };
        cancels.Start(in job);
    }

    private void Run(int market)
    {
        // a liquidation that waits for a tick may find its position gone
        state.EndInterruption();
        ref MarketSettlement row = ref state.Settlements.Edit(market);
        for (; row.Cursor <= state.Accounts.HighWater; row.Cursor++)
        {
            if (state.WorkLeft == 0 || !SettleAll(row.Cursor, market, ref row))
            {
                return;
            }

            state.Spend(row.Cursor % AccountsPerWork == 0 ? 1 : 0);
        }

        SquareInventory(market);
        ref MarketSettled settled = ref state.Events.Add<MarketSettled>(EventType.MarketSettled, market);
        settled.PriceTicks = row.PriceTicks;
        settled.Positions = row.Positions;
        settled.Lots = row.Lots;
        row = default;
        state.SettlingMarkets--;
        Invariant.Assert(state.Markets[market].PositionLots == 0, "what longs and shorts had is closed in equal parts");
        states.Close(market);
    }

    /// <summary>All positions of an account in the market; false when the work did not suffice.</summary>
    private bool SettleAll(int account, int market, ref MarketSettlement progress)
    {
        bool isTrader = state.Accounts[account].IsLiquidationAccount == 0;
        for (int index = isTrader ? state.Accounts[account].FirstPosition : 0; index != 0; index = state.Positions[index].Next)
        {
            ref readonly Position position = ref state.Positions[index];
            if (position.Market != market || position.SizeLots == 0)
            {
                continue;
            }

            if (state.WorkLeft == 0)
            {
                return false;
            }

            state.Spend(1);
            progress.Positions++;
            progress.Lots += position.AbsoluteLots;
            Settle(index, progress.PriceTicks);
        }

        return true;
    }

    /// <summary>The liquidation account holds nothing any more: what it lacks is a shortfall, what it has made belongs to the fund.</summary>
    private void SquareInventory(int market)
    {
        int account = state.Markets[market].LiquidationAccount;
        long equity = Takeover.EquityOf(state, market);
        if (equity < 0)
        {
            state.Accounts.Edit(account).BalanceUnits -= equity;
            settlement.CoverShortfall(market, account, -equity);
        }

        takeovers.FinishInventory(market);
        takeovers.KeepSurplus(market);
    }

    private void Settle(int index, long priceTicks)
    {
        ref readonly Position position = ref state.Positions[index];
        int market = position.Market;
        long size = position.SizeLots;
        long lots = position.AbsoluteLots;
        long units = Requirements.Notional(lots, priceTicks, in state.Markets[market]);
        ref PositionSettled settled = ref state.Events.Add<PositionSettled>(EventType.PositionSettled, market);
        settled.AccountId = position.Account;
        settled.PositionId = state.PositionDetails[index].PositionId;
        settled.SizeLots = size;
        settled.PriceTicks = priceTicks;
        settled.EntryCostUnits = position.EntryCostUnits;
        Side closing = size > 0 ? Side.Sell : Side.Buy;
        long noFee = 0;
        long pnl = settlement.Book(index, 0, closing, lots, units, ref noFee, keepMargin: false);
        settled.RealizedPnlUnits = pnl;
        state.Records.AfterBooking(index, ExitKind.Other, pnl, feeUnits: 0);
        int taker = state.FindPosition(state.Markets[market].LiquidationAccount, market);
        _ = settlement.Book(taker, 0, size > 0 ? Side.Buy : Side.Sell, lots, units, ref noFee, keepMargin: true);
    }
}
