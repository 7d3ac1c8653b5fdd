using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>A keeper in the queue, or one that only commands (R-1110).</summary>
internal sealed class ModelKeeper
{
    private const long DayNs = 86_400_000_000_000;
    private const long MostScore = 1_000_000;

    private long _score;
    private long _sinceNs;

    public required ModelAccount Account { get; init; }

    public Big Credit { get; set; }

    public long ScoreAt(long now)
    {
        Age(now);
        return _score;
    }

    public long WeightAt(long now) => 1 + ScoreAt(now);

    public void Count(long now)
    {
        Age(now);
        _sinceNs = _score == 0 ? now : _sinceNs;
        _score = Math.Min(MostScore, _score + 1);
    }

    /// <summary>Halves for every day that ended.</summary>
    private void Age(long now)
    {
        while (_score != 0 && now - _sinceNs >= DayNs)
        {
            _score /= 2;
            _sinceNs += DayNs;
        }
    }
}

/// <summary>Keepers: their queue, their commands, their pay.</summary>
internal sealed partial class ModelExchange
{
    private const int MostKeepers = 64;

    /// <summary>The scope that this command's keeper wants liquidated.</summary>
    private (ModelAccount Keeper, ModelRow Row)? _commanded;

    public SortedDictionary<long, ModelKeeper> Keepers { get; } = [];

    public Outcome SetLiquidationRules(in SetLiquidationRules command)
    {
        var outcome = new Outcome();
        ModelMarket? market = Market(command.MarketId, outcome);
        outcome.Refuse(ResultCode.InvalidParameter, !CanWork(in command.Rules));
        if (market is not null && outcome.IsAccepted)
        {
            market.LiquidationRules = command.Rules;
            FollowInventory(market);
            outcome.Told.Add(new ModelRulesSet(market.Id, command.Rules));
        }

        return outcome;
    }

    public Outcome RegisterKeeper(in RegisterKeeper command)
    {
        var outcome = new Outcome();
        ModelAccount? account = KnownAccount(command.AccountId);
        outcome.Refuse(ResultCode.MalformedCommand, command.On is not (0 or 1));
        outcome.Refuse(ResultCode.UnknownAccount, account is null);
        if (account is null)
        {
            return outcome;
        }

        bool isOn = Keepers.ContainsKey(account.Id);
        outcome.Refuse(ResultCode.MarginDisabled, !account.HasMargin);
        outcome.Refuse(ResultCode.StateUnchanged, isOn == (command.On == 1));
        outcome.Refuse(ResultCode.CapacityExceeded, !isOn && Keepers.Count >= MostKeepers);
        if (outcome.IsAccepted && isOn)
        {
            Keepers.Remove(account.Id);
        }
        else if (outcome.IsAccepted)
        {
            Keepers.Add(account.Id, new ModelKeeper { Account = account });
        }

        if (outcome.IsAccepted)
        {
            outcome.Told.Add(new ModelRegistration(account.Id, !isOn));
        }

        return outcome;
    }

    public Outcome Liquidate(in Liquidate command)
    {
        var outcome = new Outcome();
        ModelAccount? keeper = KnownAccount(command.KeeperId);
        outcome.Refuse(ResultCode.UnknownAccount, keeper is null);
        ModelAccount? account = Account(command.AccountId, outcome);
        ModelMarket? market = Market(command.MarketId, outcome);
        CheckMargin(account, market, outcome);
        outcome.Refuse(ResultCode.InvalidPair, market is { IsSpot: true });
        if (account is null || market is null || keeper is null || market.IsSpot)
        {
            return outcome;
        }

        ModelRow? row = PositionOf(account, market, command.PositionId, ResultCode.NoPosition, outcome);
        outcome.Refuse(ResultCode.NoPosition, row is null || row.Size.IsZero);
        outcome.Refuse(ResultCode.SelfLiquidation, keeper.Owner == account.Owner);
        outcome.Refuse(ResultCode.MarketStateForbids, !market.Liquidates || market.Mark == 0);
        if (row is not null && !row.Size.IsZero)
        {
            outcome.Refuse(ResultCode.LiquidationActive, IsUnderWay(row));
            outcome.Refuse(ResultCode.PositionHealthy, !IsToBeLiquidated(row));
        }

        if (outcome.IsAccepted)
        {
            _commanded = (keeper, row!);
            Keepers.GetValueOrDefault(keeper.Id)?.Count(Now);
        }

        return outcome;
    }

    /// <summary>Whether a keeper's command was for the scope of a row.</summary>
    private bool IsCommanded(ModelRow row) =>
        _commanded is { } commanded && (commanded.Row == row || (!row.IsIsolated && !commanded.Row.IsIsolated && commanded.Row.Account == row.Account));

    /// <summary>The queue turns: for who took a position over, or for the one who is paid next.</summary>
    private ModelAccount? Turn(ModelAccount account, ModelAccount? taker)
    {
        List<ModelKeeper> eligible = [.. Keepers.Values.Where(keeper => keeper.Account.Owner != account.Owner)];
        foreach (ModelKeeper keeper in eligible)
        {
            keeper.Credit += keeper.WeightAt(Now);
        }

        ModelKeeper? first = taker is null
            ? eligible.OrderByDescending(keeper => keeper.Credit).FirstOrDefault()
            : eligible.Find(keeper => keeper.Account == taker);
        if (first is not null)
        {
            first.Credit -= eligible.Sum(keeper => keeper.WeightAt(Now));
        }

        return first?.Account;
    }

    private static bool CanWork(in LiquidationRules rules)
    {
        int one = (int)Rounding.Scale;
        long[] units = [rules.PartialMinNotionalUnits, rules.AccountLimitUnits, rules.MarketLimitUnits, rules.KeeperCostRefundUnits];
        return rules.Partial <= 1 && rules.Style <= LiquidationStyle.Staged && rules.Recourse <= IsolatedRecourse.Wallet
            && rules.KeeperLoop <= KeeperLoop.Keepers
            && rules.PartialMinFractionRate >= 0 && rules.PartialMinFractionRate <= one
            && rules.PartialTargetRate >= one && rules.PartialTargetRate <= 10 * one
            && rules.DisposalFractionRate > 0 && rules.DisposalFractionRate <= one
            && rules.DisposalShareRate > 0 && rules.DisposalShareRate <= one
            && rules.DisposalIntervalMs is 0 or (>= 100 and <= 86_400_000)
            && (rules.Style != LiquidationStyle.Staged || rules.DisposalIntervalMs != 0)
            && units.All(amount => amount >= 0 && amount <= MaxMoney);
    }
}
