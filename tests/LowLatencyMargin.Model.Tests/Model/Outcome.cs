using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>A trade as the model expects it.</summary>
internal sealed record ModelTrade(long Market, long Price, long Lots, Side TakerSide, bool ByLiquidation);

/// <summary>One side of a trade.</summary>
internal sealed record ModelFill(long Account, long Market, long ClientId, long Leaves, Big Fee, Big Profit, bool IsTaker);

/// <summary>An order gone without a fill.</summary>
internal sealed record ModelCancel(long Account, long Market, long ClientId, long Left, CancelReason Reason);

/// <summary>An order taken in or changed.</summary>
internal sealed record ModelAcceptance(bool IsAmendment, long Account, long ClientId, long Price, long Quantity, long Leaves);

/// <summary>A loss that the owner could not pay.</summary>
internal sealed record ModelShortfall(long Account, long Market, Big Loss, Big Insurance, Big BadDebt, Big FundAfter, Big Global);

/// <summary>One step of interest of a pool.</summary>
internal sealed record ModelInterest(long Asset, Big Rate, Big Index, Big Interest, Big Reserve, Big Borrowed);

/// <summary>What a lender did, and how lender and pool stand after it.</summary>
internal sealed record ModelLendingChange(long Account, long Asset, Big Amount, Big Shares, Big LentShares, Big Liquidity);

/// <summary>A loan that grew by an amount and a charge, or was paid, less than 0, interest first.</summary>
internal sealed record ModelLoanChange(long Account, long Asset, Big Amount, Big Charge, Big Owed);

/// <summary>A scope at the start or the end of a liquidation of its loans.</summary>
internal sealed record ModelLoanScope(bool IsStart, long Account, long Market, Big Assets, Big Debts);

/// <summary>A part of a debt that a liquidation repaid; lots sold count as less than 0.</summary>
internal sealed record ModelLoanStep(long Account, long Market, long Asset, Big Traded, Big Repaid, Big Bonus);

/// <summary>What of a scope the liquidation account took over.</summary>
internal sealed record ModelLoanTaking(long Account, long Market, Big Base, Big Quote, Big BaseOwed, Big QuoteOwed);

/// <summary>A debt that collateral did not cover: what was missing, what insurance paid, what the pool wrote off.</summary>
internal sealed record ModelBadLoan(long Account, long Market, long Asset, Big Shortfall, Big Insured, Big Lost);

/// <summary>What a pool lost, and what its lenders had before and after it.</summary>
internal sealed record ModelPoolLoss(long Asset, Big Loss, Big Reserves, Big AssetsBefore, Big AssetsAfter, Big Supply);

/// <summary>Collateral that a liquidation account took over.</summary>
internal sealed record ModelTaking(long Account, long Market, long Asset, Big Units, Big Paid);

/// <summary>What the model expects of one command.</summary>
internal sealed class Outcome
{
    /// <summary>All reasons to refuse; the exchange may name any of them, and must accept when there is none.</summary>
    public List<ResultCode> Refusals { get; } = [];

    public List<ModelTrade> Trades { get; } = [];

    public List<ModelFill> Fills { get; } = [];

    public List<ModelCancel> Cancels { get; } = [];

    public List<ModelAcceptance> Acceptances { get; } = [];

    public List<ModelShortfall> Shortfalls { get; } = [];

    /// <summary>Those that finished.</summary>
    public List<ModelUnderWay> Liquidations { get; } = [];

    /// <summary>What is told of liquidations, in order.</summary>
    public List<object> Told { get; } = [];

    public List<ModelGlobalPayment> GlobalPayments { get; } = [];

    public List<ModelSurplus> Surpluses { get; } = [];

    public List<ModelDeleveraging> Deleveragings { get; } = [];

    public List<ModelSharing> Sharings { get; } = [];

    public List<ModelHaircut> Haircuts { get; } = [];

    public List<ModelSharingEnd> SharingEnds { get; } = [];

    public List<ModelFundingUpdate> FundingUpdates { get; } = [];

    public List<ModelFundingPayment> Payments { get; } = [];

    public List<ModelTaking> Takings { get; } = [];

    public List<ModelSettled> Settled { get; } = [];

    public List<ModelMarketEnd> MarketEnds { get; } = [];

    public List<ModelDeadline> Deadlines { get; } = [];

    /// <summary>Those that settling a market makes.</summary>
    public List<ModelStateChange> StateChanges { get; } = [];

    public List<ModelLoanChange> LoanChanges { get; } = [];

    public List<ModelLoanScope> LoanScopes { get; } = [];

    public List<ModelLoanStep> LoanSteps { get; } = [];

    public List<ModelLoanTaking> LoanTakings { get; } = [];

    public List<ModelBadLoan> BadLoans { get; } = [];

    public List<ModelPoolLoss> PoolLosses { get; } = [];

    public List<ModelInterest> Interest { get; } = [];

    public List<ModelLendingChange> Lendings { get; } = [];

    /// <summary>Orders that were taken in, to learn their ids.</summary>
    public List<ModelOrder> NewOrders { get; } = [];

    /// <summary>Orders of hedge positions.</summary>
    public List<(ModelOrder Order, long Position)> Assignments { get; } = [];

    /// <summary>Positions that ended, and how.</summary>
    public Dictionary<long, ModelStatus> Ended { get; } = [];

    /// <summary>What the giver of a transfer realised.</summary>
    public Big TransferProfit { get; set; }

    /// <summary>What was due before the command comes with it.</summary>
    public void Take(Outcome due)
    {
        if (due != this)
        {
            Interest.InsertRange(0, due.Interest);
            FundingUpdates.InsertRange(0, due.FundingUpdates);
            LoanChanges.InsertRange(0, due.LoanChanges);
            StateChanges.InsertRange(0, due.StateChanges);
            InventorySales += due.InventorySales;
            Trades.InsertRange(0, due.Trades);
            Fills.InsertRange(0, due.Fills);
            Cancels.InsertRange(0, due.Cancels);
            Acceptances.InsertRange(0, due.Acceptances);
            Shortfalls.InsertRange(0, due.Shortfalls);
            GlobalPayments.InsertRange(0, due.GlobalPayments);
            Surpluses.InsertRange(0, due.Surpluses);
            Daily.InsertRange(0, due.Daily);
            Payments.InsertRange(0, due.Payments);
            foreach ((long id, ModelStatus status) in due.Ended)
            {
                Ended.TryAdd(id, status);
            }
        }
    }

    /// <summary>Sales of what liquidation accounts hold that sold something.</summary>
    public long InventorySales { get; set; }

    /// <summary>Trades of a day that are told: account, trades, whether it is the limit.</summary>
    public List<(long Account, int Trades, bool IsLimit)> Daily { get; } = [];

    /// <summary>What an order of the system itself led to, behind what was before.</summary>
    public void Append(Outcome other)
    {
        Trades.AddRange(other.Trades);
        Fills.AddRange(other.Fills);
        Cancels.AddRange(other.Cancels);
        Acceptances.AddRange(other.Acceptances);
        Shortfalls.AddRange(other.Shortfalls);
        GlobalPayments.AddRange(other.GlobalPayments);
        NewOrders.AddRange(other.NewOrders);
        Assignments.AddRange(other.Assignments);
        Daily.AddRange(other.Daily);
        Payments.AddRange(other.Payments);
        foreach ((long id, ModelStatus status) in other.Ended)
        {
            Ended[id] = status;
        }
    }

    public bool IsAccepted => Refusals.Count == 0;

    public bool Refuse(ResultCode code, bool when)
    {
        if (when)
        {
            Refusals.Add(code);
        }

        return when;
    }
}
