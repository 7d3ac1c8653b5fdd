using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Rules;
using LowLatencyMargin.Core.Waterfall;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>
/// The liquidation account takes what the book did not, at the bankruptcy price, and is made whole if that leaves it short at the mark; what insurance
/// can't carry is closed against the other side first (R-1104, R-1201, R-1204).
/// </summary>
[method: ColdPath]
public sealed class Takeovers(ExchangeState state, Settlement settlement, MatchingEngine matching)
{
    private readonly Deleveraging _deleveraging = new(state, settlement, matching);

    /// <summary>Whether a position's takeover ran out of work: it goes on with that, not with the book.</summary>
    public bool IsUnderWay(int index) => _deleveraging.IsUnderWay(index);

    /// <summary>The scope begins anew: a takeover that had begun is decided on again.</summary>
    public void Abandon(int index) => _deleveraging.Abandon(index);

    /// <summary>The market is settled: nobody is closed any more against what the liquidation account had.</summary>
    public void FinishInventory(int marketId) => _deleveraging.FinishInventory(marketId);

    /// <summary>Moves all of a position; false when the work did not suffice, then it is to be called again.</summary>
    /// <param name="index">Row.</param>
    /// <param name="atBankruptcy">Its bankruptcy when the liquidation's step began.</param>
    /// <param name="bankruptcyTicks">That price.</param>
    /// <param name="takenOverLots">What the liquidation account took.</param>
    public bool TryTakeOver(int index, in Bankruptcy atBankruptcy, long bankruptcyTicks, out long takenOverLots)
    {
        takenOverLots = 0;
        if (!IsUnderWay(index) && !_deleveraging.IsNeeded(index, in atBankruptcy))
        {
            takenOverLots = TakeOver(index, in atBankruptcy, bankruptcyTicks);
            return true;
        }

        LossKind kind = state.Positions[index].SizeLots > 0 ? LossKind.Longs : LossKind.Shorts;
        if (!_deleveraging.Run(index))
        {
            return false;
        }

        ref readonly Position position = ref state.Positions[index];
        if (position.SizeLots == 0)
        {
            if (position.MarginUnits < 0)
            {
                settlement.CoverMargin(index, kind);
            }
        }
        else
        {
            ref readonly Market market = ref state.Markets[position.Market];
            var ofRest = new Bankruptcy(in position, settlement.MarginBehind(in position, lessOtherRequirements: false), in market);
            takenOverLots = TakeOver(index, in ofRest, ofRest.PriceTicks(in market));
        }

        return true;
    }

    /// <summary>Moves all of a position at its bankruptcy price; its lots.</summary>
    private long TakeOver(int index, in Bankruptcy atBankruptcy, long bankruptcyTicks)
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

        long equity = Takeover.EquityOf(state, marketId);
        if (equity < 0)
        {
            state.Accounts.Edit(account).BalanceUnits -= equity;
            settlement.CoverShortfall(marketId, owner, -equity, size > 0 ? LossKind.Longs : LossKind.Shorts);
        }

        KeepSurplus(marketId);
        return lots;
    }

    /// <summary>Profit of a liquidation account that holds nothing any more goes to the fund (R-1203); after a takeover or a disposal.</summary>
    public void KeepSurplus(int marketId)
    {
        int account = state.Markets[marketId].LiquidationAccount;
        ref readonly Account owner = ref state.Accounts[account];
        long surplus = owner.BalanceUnits;
        bool isFlat = state.Positions[state.FindPosition(account, marketId)].SizeLots == 0 && owner.FirstBalance == 0;
        if (!isFlat || surplus <= 0 || state.Losses[marketId].Rules.KeepsSurplus == 0)
        {
            return;
        }

        ref Market market = ref state.Markets.Edit(marketId);
        state.Accounts.Edit(account).BalanceUnits = 0;
        market.InsuranceUnits += surplus;
        ref InsuranceSurplus kept = ref state.Events.Add<InsuranceSurplus>(EventType.InsuranceSurplus, marketId);
        kept.AccountId = account;
        kept.AmountUnits = surplus;
        kept.BalanceUnits = market.InsuranceUnits;
    }
}
