using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Rules;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>
/// The liquidation account takes what the book did not, at the bankruptcy price, and is made whole if that leaves it short at the mark (R-1104, R-1201).
/// </summary>
[method: ColdPath]
public sealed class Takeovers(ExchangeState state, Settlement settlement)
{
    /// <summary>Moves all of a position at its bankruptcy price.</summary>
    public void TakeOver(int index, in Bankruptcy atBankruptcy, long bankruptcyTicks)
    {
        ref Position position = ref state.Positions.Edit(index);
        int marketId = position.Market;
        int owner = position.Account;
        long size = position.SizeLots;
        long lots = position.AbsoluteLots;
        long cost = atBankruptcy.CostOf(lots);
        long noFee = 0;
        Side side = size > 0 ? Side.Sell : Side.Buy;
        long pnl = settlement.Book(index, 0, side, lots, cost, ref noFee, keepMargin: true);
        state.Records.AfterBooking(index, ExitKind.Liquidation, pnl, feeUnits: 0);

        int account = state.Markets[marketId].LiquidationAccount;
        int row = state.FindPosition(account, marketId);
        Invariant.Assert(row != 0, "the liquidation account has its row since listing");
        _ = settlement.Book(row, 0, side == Side.Sell ? Side.Buy : Side.Sell, lots, cost, ref noFee, keepMargin: true);

        ref LiquidationTakeover takeover = ref state.Events.Add<LiquidationTakeover>(EventType.LiquidationTakeover, marketId);
        takeover.AccountId = owner;
        takeover.LiquidationId = state.PositionDetails[index].LiquidationId;
        takeover.SizeLots = size;
        takeover.CostUnits = cost;
        takeover.BankruptcyPriceTicks = bankruptcyTicks;
        takeover.RealizedPnlUnits = pnl;

        ref Market market = ref state.Markets.Edit(marketId);
        ref Account pool = ref state.Accounts.Edit(account);
        long equity = pool.BalanceUnits
            + Collateral.Of(state, account, CollateralPurpose.Maintenance)
            + Requirements.UnrealizedPnl(in state.Positions[row], in market);
        if (equity < 0)
        {
            pool.BalanceUnits -= equity;
            settlement.CoverShortfall(ref market, marketId, owner, -equity);
        }
    }
}
