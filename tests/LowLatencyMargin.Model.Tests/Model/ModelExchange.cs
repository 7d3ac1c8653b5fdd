using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>
/// The exchange once more, slow and plain, after docs/numerics.md and the requirements: lists, dictionaries, whole numbers without limit.
/// A command gives an <see cref="Outcome"/>; liquidations follow as they are told.
/// </summary>
internal sealed partial class ModelExchange
{
    public const long MaxField = (1L << 40) - 1;

    public static readonly Big MaxMoney = Big.Pow(2, 60);
    public static readonly Big MaxNotional = Big.Pow(2, 56);

    private readonly int _maxOrders;
    private long _arrivals;

    public ModelExchange(int maxOrders) => _maxOrders = maxOrders;

    /// <summary>Which of a market's rows comes first is the exchange's business: what pools can still promise goes to that one.</summary>
    public Func<ModelRow, int> PlaceOf { get; set; } = _ => 0;

    /// <summary>Number of the command.</summary>
    public long Command { get; set; }

    /// <summary>Time of the command.</summary>
    public long Now { get; set; }

    public List<ModelMarket> Markets { get; } = [];

    public SortedDictionary<long, ModelAccount> Accounts { get; } = [];

    public Dictionary<long, ModelOrder> Orders { get; } = [];

    /// <summary>Every id that an order ever had.</summary>
    public HashSet<long> EverIds { get; } = [];

    public int LiquidationAccounts { get; private set; }

    public int RestingOrders => Markets.Sum(market => market.Bids.Count + market.Asks.Count);

    /// <summary>R-103, by the model's own figures.</summary>
    public Big Imbalance(ModelAsset asset)
    {
        Big sum = -asset.External;
        foreach (ModelAccount account in Accounts.Values)
        {
            sum += account.Units(asset.Id);
            sum += account.Rows.Values.Where(row => row.HasOwnPurse).Aggregate(Big.Zero, (units, row) => units + row.Purse.Units(asset.Id));
        }

        sum += Pools.GetValueOrDefault(asset.Id)?.Liquidity ?? 0;
        sum += asset.IsCollateral ? GlobalInsurance : 0;
        foreach (ModelMarket market in Markets)
        {
            sum += market.QuoteAsset == asset.Id ? market.Fees + market.LenderFees + market.CommunityFees : 0;
            if (!asset.IsCollateral)
            {
                continue;
            }

            sum += market.Protocol + market.Keeper + market.Insurance - market.BadDebt - market.PendingLoss + market.Funding.Clearing;
            foreach (ModelRow row in market.Rows)
            {
                sum += row.Margin - (row.Size.Sign < 0 ? -row.Cost : row.Cost);
            }
        }

        return sum;
    }

    public Outcome ListMarket(in ListMarket command, long id, long tickValue, long liquidationAccount)
    {
        var account = new ModelAccount { Exchange = this, Id = liquidationAccount, IsLiquidation = true };
        var market = new ModelMarket
        {
            Id = id,
            TickValue = tickValue,
            LiquidationAccount = account,
            Parameters = command.Parameters,
            Kind = command.Kind,
            QuoteAsset = command.QuoteAssetId,
            BaseAsset = command.BaseAssetId,
            BaseSymbol = command.BaseSymbol.ToString(),
            TickSizeE9 = command.TickSizeE9,
            BaseUnitsPerLot = command.BaseAssetId == 0 ? 0 : command.LotSizeE9 * Big.Pow(10, Asset(command.BaseAssetId).Decimals) / 1_000_000_000,
        };
        market.Take(in command.Parameters, Now, isListed: true);
        Markets.Add(market);
        if (liquidationAccount != 0)
        {
            // of markets listed later they stand behind the traders
            LiquidationAccounts += Accounts.Values.All(other => other.IsLiquidation) ? 1 : 0;
            Accounts.Add(liquidationAccount, account);
            RowOf(account, market);
        }

        return new Outcome();
    }

    public Outcome CreateAccount(in CreateAccount command)
    {
        var outcome = new Outcome();
        if (!outcome.Refuse(ResultCode.InvalidParameter, command.OwnerId <= 0))
        {
            long id = Accounts.Keys.LastOrDefault() + 1;
            Accounts.Add(id, new ModelAccount { Exchange = this, Id = id, IsLiquidation = false, Owner = command.OwnerId });
        }

        return outcome;
    }

    public Outcome SetMarkPrice(in SetMarkPrice command)
    {
        var outcome = new Outcome();
        ModelMarket? market = Market(command.MarketId, outcome);
        outcome.Refuse(ResultCode.InvalidPrice, command.PriceTicks is < 1 or > MaxField);
        outcome.Refuse(ResultCode.MarketStateForbids, market is { IsBeingSettled: true });
        if (market is not null && outcome.IsAccepted
            && !outcome.Refuse(ResultCode.Overflow, Exposed(market) * command.PriceTicks * market.TickValue > MaxNotional))
        {
            (long, bool) before = (market.Mark, market.HasMark);
            market.Mark = command.PriceTicks;
            market.HasMark = true;
            if (outcome.Refuse(ResultCode.Overflow, Assets.Any(asset => !IsWithinWorth(asset, asset.External))))
            {
                (market.Mark, market.HasMark) = before;
                return outcome;
            }

            market.Told.Add(market.Mark);
            market.Prices.SetMark(market.Mark, Now);
            BeginFunding(market, Now);
            market.FollowMark(Now);
        }

        return outcome;
    }

    public Outcome SetMarketParameters(in SetMarketParameters command)
    {
        var outcome = new Outcome();
        ModelMarket? market = Market(command.MarketId, outcome);
        outcome.Refuse(ResultCode.InvalidParameter, !CanWork(in command.Parameters));
        if (market is null)
        {
            return outcome;
        }

        bool isOpen = market.Rows.Any(row => !row.Size.IsZero);
        outcome.Refuse(ResultCode.ActivePosition, isOpen && command.Parameters.MaintenanceMarginBase != market.Parameters.MaintenanceMarginBase);
        if (outcome.IsAccepted)
        {
            market.Take(in command.Parameters, Now, isListed: false);
            foreach (ModelRow row in market.Rows.OrderBy(PlaceOf).ToList())
            {
                row.Refresh();
            }
        }

        return outcome;
    }

    public Outcome Allocate(in AllocateMargin command, long position)
    {
        var outcome = new Outcome();
        ModelAccount? account = Account(command.AccountId, outcome);
        ModelMarket? market = Market(command.MarketId, outcome);
        outcome.Refuse(ResultCode.InvalidAmount, command.AmountUnits < 0);
        CheckMargin(account, market, outcome);
        if (account is null || market is null)
        {
            return outcome;
        }

        ModelRow? row = PositionOf(account, market, position, ResultCode.ModeConflict, outcome);
        outcome.Refuse(ResultCode.ModeConflict, row is not { IsIsolated: true });
        outcome.Refuse(ResultCode.InsufficientBalance, command.AmountUnits > 0 && !CanLeave(account, Assets[0], command.AmountUnits, market.IsSpot));
        outcome.Refuse(ResultCode.LoanTopUpNotAllowed, command.AmountUnits > 0 && row is { Owes: true } && market.Parameters.LoanTopUp == 0);
        if (outcome.IsAccepted && command.AmountUnits != 0)
        {
            if (!row!.HasOwnPurse)
            {
                SettleFunding(row, outcome);
                SettleCrossFunding(account, outcome);
            }

            account.Pool -= command.AmountUnits;
            if (row!.HasOwnPurse)
            {
                row.Purse.Pool += command.AmountUnits;
                row.Refresh();
                return outcome;
            }

            row.Margin += command.AmountUnits;
            row.Refresh();
        }

        return outcome;
    }

    public Outcome Remove(in RemoveMargin command, long position)
    {
        var outcome = new Outcome();
        ModelAccount? account = Account(command.AccountId, outcome);
        ModelMarket? market = Market(command.MarketId, outcome);
        outcome.Refuse(ResultCode.InvalidAmount, command.AmountUnits < 0);
        CheckMargin(account, market, outcome);
        if (account is null || market is null)
        {
            return outcome;
        }

        ModelRow? row = PositionOf(account, market, position, ResultCode.ModeConflict, outcome);
        outcome.Refuse(ResultCode.ModeConflict, row is not { IsIsolated: true });
        if (!outcome.IsAccepted || command.AmountUnits == 0)
        {
            return outcome;
        }

        if (row!.HasOwnPurse)
        {
            TakeFromScope(row, ModelAsset.Collateral, command.AmountUnits, outcome);
            return outcome;
        }

        TakeOut(row, command.AmountUnits, outcome);
        return outcome;
    }

    public long? NextMoment
    {
        get
        {
            long? waits = UnderWay.Values.Min(way => way.WaitsUntilNs);
            long? notice = Markets.Min(market => market.NextMoment);
            return Earlier(Earlier(waits, notice), Timers.Min(timer => (long?)timer.TimeNs));
        }
    }

    /// <summary>What is due by a moment, before the command of that moment.</summary>
    public void Advance(long now, Outcome outcome)
    {
        _commanded = null;
        _found.Clear();
        RunTimers(now, outcome);
        Now = now;
        foreach (ModelMarket market in Markets)
        {
            market.Advance(now);
        }
    }

    private static long? Earlier(long? one, long? other) => one is { } first && other is { } second ? Math.Min(first, second) : one ?? other;

    public Outcome SetAccountMargin(in SetAccountMargin command)
    {
        var outcome = new Outcome();
        ModelAccount? account = Account(command.AccountId, outcome);
        outcome.Refuse(ResultCode.MalformedCommand, command.Reserved != 0);
        outcome.Refuse(ResultCode.InvalidParameter, command.PortfolioLeverage is < 0 or > 1_000);
        if (account is not null && outcome.IsAccepted)
        {
            account.PortfolioLeverage = command.PortfolioLeverage;
        }

        return outcome;
    }

    public ModelRow? FindRow(ModelAccount account, ModelMarket market) => account.Rows.GetValueOrDefault(market.Id);

    private static ModelRow RowOf(ModelAccount account, ModelMarket market)
    {
        if (!account.Rows.TryGetValue(market.Id, out ModelRow? row))
        {
            row = new ModelRow { Account = account, Market = market };
            account.Rows.Add(market.Id, row);
            market.Rows.Add(row);
        }

        return row;
    }

    private static void Forget(ModelRow row)
    {
        if (row.IsEmpty && !row.IsHedge && !row.Account.IsLiquidation)
        {
            row.Account.Rows.Remove(row.Market.Id);
            row.Market.Rows.Remove(row);
        }
    }

    /// <summary>Lots that rest and lots of positions, both sides.</summary>
    private static Big Exposed(ModelMarket market)
    {
        Big lots = 0;
        foreach (ModelOrder order in market.Bids.Concat(market.Asks))
        {
            lots += order.Leaves;
        }

        return market.Rows.Aggregate(lots, (sum, row) => sum + row.Lots);
    }

    private static Big Committed(ModelMarket market)
    {
        Big units = 0;
        foreach (ModelOrder order in market.Bids.Concat(market.Asks))
        {
            units += order.HoldNotional;
        }

        return market.Rows.Aggregate(units, (sum, row) => sum + row.Cost);
    }

    private static bool CanWork(in MarketParameters p)
    {
        int[] rates =
        [
            p.InitialMarginLongRate, p.InitialMarginShortRate, p.MaintenanceMarginRate, p.TakerFeeRate, p.PenaltyRate,
            p.PenaltyKeeperRate, p.PenaltyProtocolRate, p.PenaltyInsuranceRate, p.PenaltyMakersRate, p.MaxSlippageRate,
        ];
        if (rates.Any(rate => rate < 0) || p.MaxLeverage < 1 || p.MaxOpenOrders < 1 || p.MinPenaltyUnits < 0)
        {
            return false;
        }

        bool areKnown = p.MaintenanceMarginBase <= MarginBase.Entry && p.Trigger <= LiquidationTrigger.Reaches && p.TriggerIncludesFee <= 1
            && p.IsolatedOrderMargin <= OrderMarginRule.Max && p.WithdrawRequirement <= WithdrawRequirement.Maintenance
            && p.InsuranceEnabled <= 1 && p.OffsetPosition <= 1 && p.SelfTrade is >= SelfTradePrevention.None and <= SelfTradePrevention.Decrement;
        Big split = (Big)p.PenaltyKeeperRate + p.PenaltyProtocolRate + p.PenaltyInsuranceRate + p.PenaltyMakersRate;
        return areKnown && split == Rounding.Scale && ModelMarket.CanWork(in p);
    }

    private ModelAccount? Account(long id, Outcome outcome)
    {
        ModelAccount? account = Accounts.GetValueOrDefault(id);
        return outcome.Refuse(ResultCode.UnknownAccount, account is null or { IsLiquidation: true }) ? null : account;
    }

    private ModelMarket? Market(long id, Outcome outcome)
    {
        ModelMarket? market = id >= 1 && id <= Markets.Count ? Markets[(int)id - 1] : null;
        outcome.Refuse(ResultCode.UnknownMarket, market is null);
        return market;
    }

    /// <summary>Markets that take no margin, accounts that have none.</summary>
    private static void CheckMargin(ModelAccount? account, ModelMarket? market, Outcome outcome)
    {
        outcome.Refuse(ResultCode.MarginDisabled, account is { HasMargin: false });
        outcome.Refuse(ResultCode.InvalidPair, market is { Kind: MarketKind.Spot });
    }
}
