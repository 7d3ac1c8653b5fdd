using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>What the global layer paid, and what it has after it.</summary>
internal sealed record ModelGlobalPayment(long Account, long Market, Big Paid, Big Left);

/// <summary>What a liquidation account gave to its market's fund, and what that has after it.</summary>
internal sealed record ModelSurplus(long Account, long Market, Big Units, Big FundAfter);

/// <summary>Insurance of a market and its losses (docs/waterfall.md).</summary>
internal sealed partial class ModelMarket
{
    private const long PartNs = 30L * 60 * 1_000_000_000;
    private const int Parts = 16;

    /// <summary>The fund's highest balance before a payment, by half hours.</summary>
    private readonly Dictionary<long, Big> _highs = [];

    public ModelLossRules Losses { get; set; } = ModelLossRules.Of(LossRules.Default);

    /// <summary>Losses that wait to be shared, by whose position made them.</summary>
    public Dictionary<LossKind, Big> Pending { get; } = new() { [LossKind.Any] = 0, [LossKind.Longs] = 0, [LossKind.Shorts] = 0 };

    public Big PendingLoss => Pending.Values.Aggregate(Big.Zero, (sum, loss) => sum + loss);

    public long ShortfallCount { get; set; }

    public Big InsurancePaid { get; set; }

    public Big GlobalPaid { get; set; }

    public Big Socialised { get; set; }

    public long Deleveraged { get; set; }

    public Big DeleveragedLots { get; set; }

    public Big DeleveragedUnits { get; set; }

    public Big TopMaintenanceRate => Maintenance[^1].MaintenanceRate;

    public bool HasPositions => Kind == MarketKind.Perpetual;

    /// <summary>What a loss gets from the market's fund.</summary>
    public Big OwnCover(Big loss) => Parameters.InsuranceEnabled == 0 ? 0 : Big.Min(loss, Insurance);

    /// <summary>What the rest of it may get from the global layer.</summary>
    public bool UsesGlobalLayer => Parameters.InsuranceEnabled != 0 && Losses.HasGlobalLayer && QuoteAsset == ModelAsset.Collateral;

    public void PayFromFund(Big units, long now)
    {
        if (units.Sign > 0)
        {
            long part = now / PartNs;
            _highs[part] = Big.Max(_highs.GetValueOrDefault(part), Insurance);
            Insurance -= units;
            InsurancePaid += units;
        }
    }

    /// <summary>Whether the fund has lost more of its highest of eight hours than the rules allow.</summary>
    public bool IsDrawnDown(long now)
    {
        Big high = Insurance;
        foreach ((long part, Big balance) in _highs)
        {
            high = part > (now / PartNs) - Parts ? Big.Max(high, balance) : high;
        }

        return Losses.DrawdownRate.Sign > 0 && high - Insurance > Rounding.RateDown(high, Losses.DrawdownRate);
    }

    /// <summary>Of a fee to be divided, what goes to insurance beyond its share while the fund is low: from the community's first.</summary>
    private (Big FromCommunity, Big FromProtocol) Redirected(Big net, Big insurance, Big lenders, Big community)
    {
        if (Insurance >= Losses.Threshold || QuoteAsset != ModelAsset.Collateral)
        {
            return (0, 0);
        }

        Big extra = Big.Min(Rounding.RateDown(net, Losses.RedirectRate), net - insurance - lenders);
        Big fromCommunity = Big.Min(extra, community);
        return (fromCommunity, extra - fromCommunity);
    }
}

/// <summary>Insurance: who pays what an account cannot (docs/waterfall.md).</summary>
internal sealed partial class ModelExchange
{
    /// <summary>The layer behind the funds of the markets.</summary>
    public Big GlobalInsurance { get; private set; }

    public Outcome SetLossRules(in SetLossRules command)
    {
        var outcome = new Outcome();
        ModelMarket? market = Market(command.MarketId, outcome);
        outcome.Refuse(ResultCode.InvalidParameter, !ModelLossRules.CanWork(in command.Rules));
        if (market is not null && outcome.IsAccepted)
        {
            market.Losses = ModelLossRules.Of(in command.Rules);
            market.Rankings.Clear();
        }

        return outcome;
    }

    public Outcome FundInsurance(in FundInsurance command)
    {
        var outcome = new Outcome();
        ModelMarket? market = command.MarketId == 0 ? null : Market(command.MarketId, outcome);
        outcome.Refuse(ResultCode.InvalidAmount, command.AmountUnits <= 0);
        outcome.Refuse(ResultCode.AssetNotCollateral, market is not null && market.QuoteAsset != ModelAsset.Collateral);
        outcome.Refuse(ResultCode.Overflow, Assets[0].External + command.AmountUnits > MaxMoney);
        if (!outcome.IsAccepted)
        {
            return outcome;
        }

        Assets[0].External += command.AmountUnits;
        if (market is null)
        {
            GlobalInsurance += command.AmountUnits;
        }
        else
        {
            market.Insurance += command.AmountUnits;
        }

        return outcome;
    }

    /// <summary>Money that is there for a loss of a market, as far as insurance may be used.</summary>
    private Big FundsFor(ModelMarket market)
    {
        if (market.IsDrawnDown(Now))
        {
            return 0;
        }

        return (market.Parameters.InsuranceEnabled == 0 ? 0 : market.Insurance) + (market.UsesGlobalLayer ? GlobalInsurance : 0);
    }

    /// <summary>The market's fund, then the global layer; what they paid.</summary>
    private (Big Own, Big Global) TakeFromFunds(ModelMarket market, Big loss)
    {
        Big own = market.OwnCover(loss);
        Big global = market.UsesGlobalLayer ? Big.Min(GlobalInsurance, loss - own) : 0;
        market.PayFromFund(own, Now);
        GlobalInsurance -= global;
        market.GlobalPaid += global;
        return (own, global);
    }

    /// <summary>A loss beyond the owner's money: insurance, then shared by winners later or bad debt.</summary>
    private void CoverShortfall(ModelAccount account, ModelMarket market, Big loss, LossKind kind, Outcome outcome)
    {
        (Big own, Big global) = TakeFromFunds(market, loss);
        Big rest = loss - own - global;
        Big bad = rest;
        if (market.Losses.Mode == ModelLossMode.Socialise && market.HasPositions)
        {
            market.Pending[market.Losses.SharesAmongAll ? LossKind.Any : kind] += rest;
            bad = 0;
        }

        market.BadDebt += bad;
        market.Shortfalls += loss;
        market.ShortfallCount++;
        outcome.Shortfalls.Add(new ModelShortfall(account.Id, market.Id, loss, own, bad, market.Insurance, global));
        if (!global.IsZero)
        {
            outcome.GlobalPayments.Add(new ModelGlobalPayment(account.Id, market.Id, global, GlobalInsurance));
        }
    }

    /// <summary>What a liquidation account that is flat has made belongs to the fund (R-1203).</summary>
    private static void KeepSurplus(ModelMarket market, Outcome outcome)
    {
        ModelAccount account = market.LiquidationAccount;
        bool isFlat = account.Rows.Values.All(row => row.Size.IsZero) && account.Wallet.Values.All(units => units.IsZero);
        if (!market.Losses.KeepsSurplus || !isFlat || account.Pool.Sign <= 0)
        {
            return;
        }

        Big units = account.Pool;
        account.Pool = 0;
        market.Insurance += units;
        outcome.Surpluses.Add(new ModelSurplus(account.Id, market.Id, units, market.Insurance));
    }

    private static LossKind KindOf(Big size) => size.Sign > 0 ? LossKind.Longs : size.Sign < 0 ? LossKind.Shorts : LossKind.Any;
}
