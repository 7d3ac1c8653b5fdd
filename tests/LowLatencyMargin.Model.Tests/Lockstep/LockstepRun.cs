using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Exchange and model on the same commands, compared after each of them.</summary>
internal sealed partial class LockstepRun : IDisposable
{
    private const int FullComparisonEvery = 1_000;
    private const int MostTicks = 10_000;

    private static long _compared;

    private readonly ulong _seed;
    private readonly Profile _profile;
    private readonly Exchange _exchange = new();
    private readonly ModelExchange _model;
    private readonly Command _command = new();
    private readonly Command _tick = new();
    private readonly CommandSource _source;
    private readonly Recording _recording = new();

    private readonly CommandTape? _tape;

    /// <summary>Null before genesis.</summary>
    private FigureComparison? _figures;

    public LockstepRun(Profile profile, ulong seed, CommandTape? tape = null)
    {
        _tape = tape;
        _seed = seed;
        _profile = profile;
        _model = new ModelExchange(profile.MaxOrders);
        _source = new CommandSource(new Prng(seed), profile, _model, _command);
        SetUp();
    }

    /// <summary>Random commands of all runs of the process, those that set an exchange up apart, on which both sides agreed.</summary>
    public static long CommandsCompared => Interlocked.Read(ref _compared);

    public Tally Tally { get; } = new();

    public EventAudit Audit { get; } = new();

    public void Run(long commands)
    {
        for (long i = 0; i < commands; i++)
        {
            _source.Next(_exchange.Sequence + 1);
            try
            {
                Step();
                Interlocked.Increment(ref _compared);
            }
            catch (Exception exception) when (exception is DivergenceException or InvariantBrokenException or OverflowException or InvalidOperationException)
            {
                throw new AssertionException(Report(exception));
            }
        }

        CompareEverything();
    }

    public void Dispose() => _exchange.Dispose();

    private void SetUp()
    {
        ref Genesis genesis = ref _command.Begin<Genesis>(CommandType.Genesis);
        int markets = _profile.Markets.Count + _profile.Spots.Count + _profile.Relistings;
        genesis.MaxAccounts = (_profile.Accounts * (1 + _profile.Spots.Count)) + markets;
        genesis.MaxOrders = _profile.MaxOrders;
        genesis.MaxPositions = _profile.PositionShare == 0 ? (_profile.Accounts + 1) * markets : (_profile.Accounts * 64) + 8 + _profile.Relistings;
        genesis.MaxBalances = ((_profile.Accounts * (1 + _profile.Spots.Count)) + markets) * _profile.Assets.Count;
        genesis.MaxAssets = _profile.Assets.Count;
        genesis.MaxMarkets = markets;
        genesis.MaxWorkPerCommand = _profile.Work;
        Apply();
        if (Environment.GetEnvironmentVariable("LLM_WORK") is { } work)
        {
            _exchange.State!.LiquidationWork = int.Parse(work, System.Globalization.CultureInfo.InvariantCulture);
        }

        _figures = new FigureComparison(_exchange.State!);
        foreach (AssetListing asset in _profile.Assets)
        {
            ref AddAsset add = ref _command.Begin<AddAsset>(CommandType.AddAsset);
            _ = Symbol.TryParse(asset.Symbol, out add.Symbol);
            add.Decimals = asset.Decimals;
            Apply();
            _model.AddAsset(in add);
        }

        for (int market = 0; market < _profile.Markets.Count; market++)
        {
            ref ListMarket list = ref _command.Begin<ListMarket>(CommandType.ListMarket);
            _ = Symbol.TryParse("MARKET" + market, out list.Symbol);
            _ = Symbol.TryParse("BASE" + market, out list.BaseSymbol);
            list.QuoteAssetId = 1;
            list.TickSizeE9 = new[] { 1_000_000, 7_000_000, 10_000_000 }[market % 3];
            list.LotSizeE9 = 1_000_000;
            list.LadderTicks = 4096;
            list.Parameters = _profile.Markets[market];
            List(in list);
        }

        foreach (SpotListing spot in _profile.Spots)
        {
            ref ListMarket list = ref _command.Begin<ListMarket>(CommandType.ListMarket);
            _ = Symbol.TryParse(spot.Symbol, out list.Symbol);
            _ = Symbol.TryParse(_profile.Assets[spot.Base - 1].Symbol, out list.BaseSymbol);
            list.BaseAssetId = spot.Base;
            list.QuoteAssetId = spot.Quote;
            list.TickSizeE9 = spot.TickSizeE9;
            list.LotSizeE9 = spot.LotSizeE9;
            list.LadderTicks = 4096;
            list.Kind = spot.Kind;
            list.Parameters = spot.Parameters;
            List(in list);
        }

        for (int asset = 2; asset <= _profile.Assets.Count; asset++)
        {
            if (_profile.Assets[asset - 1].Parameters.LiabilityWeight == 0)
            {
                continue;
            }

            ref SetAssetParameters set = ref _command.Begin<SetAssetParameters>(CommandType.SetAssetParameters);
            set.AssetId = asset;
            set.Parameters = _profile.Assets[asset - 1].Parameters;
            Apply();
            _model.SetAssetParameters(in set);
        }

        for (int account = 0; account < _profile.Accounts; account++)
        {
            ref CreateAccount create = ref _command.Begin<CreateAccount>(CommandType.CreateAccount);
            create.OwnerId = 1 + (account / (_profile.PositionShare == 0 ? _profile.AccountsPerOwner : 2));
            Apply();
            _model.CreateAccount(in create);
            ref Deposit deposit = ref _command.Begin<Deposit>(CommandType.Deposit);
            deposit.AccountId = _model.LiquidationAccounts + account + 1;
            deposit.AssetId = 1;
            deposit.AmountUnits = _profile.MeanDeposit * 7;
            Apply();
            _model.Deposit(in deposit);
        }

        _model.PlaceOf = row => _exchange.State!.FindPosition((int)row.Account.Id, (int)row.Market.Id);
        CompareEverything();
    }

    private void List(in ListMarket list)
    {
        ListMarket terms = list;
        Apply();
        MarketListed listed = EventSlot.As<MarketListed>(in _exchange.Events.Span[0]);
        _model.ListMarket(in terms, listed.Header.MarketId, listed.TickValueUnits, listed.LiquidationAccountId);
        if (terms.Kind == MarketKind.Perpetual && !_profile.Losses.Equals(LossRules.Default))
        {
            ref SetLossRules set = ref _command.Begin<SetLossRules>(CommandType.SetLossRules);
            set.MarketId = listed.Header.MarketId;
            set.Rules = _profile.Losses;
            Apply();
            _model.SetLossRules(in set);
        }

        if (_profile.WithoutMarks)
        {
            return;
        }

        ref SetMarkPrice mark = ref _command.Begin<SetMarkPrice>(CommandType.SetMarkPrice);
        mark.MarketId = listed.Header.MarketId;
        mark.PriceTicks = _profile.BasePrice;
        Apply();
        _model.SetMarkPrice(in mark);
    }

    private void Apply()
    {
        _source.FinishSoon(_exchange.Sequence + 1);
        _tape?.Add(_command.Bytes);
        ResultCode code = _exchange.Apply(_command.Bytes);
        if (code != ResultCode.Accepted)
        {
            throw new InvalidOperationException($"set-up: {_command}: {code}");
        }

        Audit.Check(_exchange.Events.Span);
    }

    private void Step()
    {
        _tape?.Add(_command.Bytes);
        ResultCode code = _exchange.Apply(_command.Bytes);
        _recording.Read(_exchange);
        CheckFrame();
        FinishWork();
        _model.Command++;
        Outcome due = PassTime();
        _model.Advance(_command.Header.TimeNs, due);
        _model.PlaceOfSettled = _recording.Settlements.PlaceOf;
        Outcome outcome = ApplyToModel(due);
        _model.FollowTrades(outcome);
        _model.TakeDue(due, outcome);
        bool agrees = outcome.IsAccepted ? code == ResultCode.Accepted : outcome.Refusals.Contains(code);
        if (!agrees)
        {
            string expected = outcome.IsAccepted ? "Accepted" : string.Join(" or ", outcome.Refusals);
            throw new DivergenceException($"result: exchange {code}, model {expected}");
        }

        LearnOrderIds(outcome, 0);
        int known = outcome.NewOrders.Count;
        FollowLiquidations(outcome);
        LearnOrderIds(outcome, known);
        _model.RecordPayments(outcome);
        EventComparison.Compare(_recording, outcome, _model);
        CompareState(outcome);
        Tally.Count(_command.Type, code, outcome);
        Tally.NearestChecked = _model.NearestChecked;
    }

    private Outcome ApplyToModel(Outcome due)
    {
        if (_command.Header.Version != Exchange.CommandVersion)
        {
            return Refused(ResultCode.UnsupportedVersion);
        }

        return _command.Type switch
        {
            CommandType.Tick => FinishSettlements(),
            CommandType.SettleMarket => Whole<SettleMarket>() ?? _model.SettleMarket(in _command.As<SettleMarket>()),
            CommandType.SetMarketState => Whole<SetMarketState>() ?? _model.Open(in _command.As<SetMarketState>()),
            CommandType.ListMarket => Whole<ListMarket>() ?? Relist(),
            CommandType.SetMarketParameters => Whole<SetMarketParameters>() ?? _model.SetMarketParameters(in _command.As<SetMarketParameters>()),
            CommandType.SetMarkPrice => Whole<SetMarkPrice>() ?? _model.SetMarkPrice(in _command.As<SetMarkPrice>()),
            CommandType.SetLiquidationRules => Whole<SetLiquidationRules>() ?? _model.SetLiquidationRules(in _command.As<SetLiquidationRules>()),
            CommandType.RegisterKeeper => Whole<RegisterKeeper>() ?? _model.RegisterKeeper(in _command.As<RegisterKeeper>()),
            CommandType.Liquidate => Whole<Liquidate>() ?? _model.Liquidate(in _command.As<Liquidate>()),
            CommandType.SetFundingRules => Whole<SetFundingRules>() ?? _model.SetFundingRules(in _command.As<SetFundingRules>()),
            CommandType.ForceFunding => Whole<ForceFunding>() ?? _model.ForceFunding(in _command.As<ForceFunding>()),
            CommandType.FeedPrice => Whole<FeedPrice>() ?? _model.FeedPrice(in _command.As<FeedPrice>()),
            CommandType.SetPriceRules => Whole<SetPriceRules>() ?? _model.SetPriceRules(in _command.As<SetPriceRules>()),
            CommandType.SetIndexPrice => Whole<SetIndexPrice>() ?? _model.SetIndexPrice(in _command.As<SetIndexPrice>()),
            CommandType.FundInsurance => Whole<FundInsurance>() ?? _model.FundInsurance(in _command.As<FundInsurance>()),
            CommandType.SetLossRules => Whole<SetLossRules>() ?? _model.SetLossRules(in _command.As<SetLossRules>()),
            CommandType.Deposit => Whole<Deposit>() ?? _model.Deposit(in _command.As<Deposit>()),
            CommandType.Withdraw => Whole<Withdraw>() ?? _model.Withdraw(in _command.As<Withdraw>()),
            CommandType.AllocateMargin => Whole<AllocateMargin>() ?? _model.Allocate(in _command.As<AllocateMargin>(),
                _command.As<AllocateMargin>().PositionId),
            CommandType.RemoveMargin => Whole<RemoveMargin>() ?? _model.Remove(in _command.As<RemoveMargin>(), _command.As<RemoveMargin>().PositionId),
            CommandType.SetMarginMode => Whole<SetMarginMode>() ?? PositionsOf(in _command.As<SetMarginMode>()),
            CommandType.SetLeverage => Whole<SetLeverage>() ?? PositionsOf(in _command.As<SetLeverage>()),
            CommandType.PlaceOrderWithTerms => Whole<PlaceOrderWithTerms>() ?? _model.Place(in _command.As<PlaceOrderWithTerms>()),
            CommandType.SetTraderRules => Whole<SetTraderRules>() ?? _model.SetTraderRules(in _command.As<SetTraderRules>()),
            CommandType.ResumeTrading => Whole<ResumeTrading>() ?? _model.ResumeTrading(in _command.As<ResumeTrading>()),
            CommandType.SetPositionMode => Whole<SetPositionMode>()
                ?? _model.SetPositionMode(_command.As<SetPositionMode>().AccountId, (long)_command.As<SetPositionMode>().Mode),
            CommandType.ClosePosition => Whole<ClosePosition>() ?? _model.Close(in _command.As<ClosePosition>()),
            CommandType.SplitPosition => Whole<SplitPosition>() ?? PositionsOf(in _command.As<SplitPosition>()),
            CommandType.MergePositions => Whole<MergePositions>() ?? PositionsOf(in _command.As<MergePositions>()),
            CommandType.TransferPosition => Whole<TransferPosition>() ?? PositionsOf(in _command.As<TransferPosition>()),
            CommandType.SetAccountMargin => Whole<SetAccountMargin>() ?? _model.SetAccountMargin(in _command.As<SetAccountMargin>()),
            CommandType.SetAssetParameters => Whole<SetAssetParameters>() ?? _model.SetAssetParameters(in _command.As<SetAssetParameters>()),
            CommandType.TransferToMargin => Whole<TransferToMargin>() ?? _model.TransferToMargin(in _command.As<TransferToMargin>()),
            CommandType.TransferFromMargin => Whole<TransferFromMargin>() ?? _model.TransferFromMargin(in _command.As<TransferFromMargin>()),
            CommandType.TransferBetweenAccounts
                => Whole<TransferBetweenAccounts>() ?? _model.TransferBetweenAccounts(in _command.As<TransferBetweenAccounts>()),
            CommandType.SetMarginEnabled => Whole<SetMarginEnabled>() ?? _model.SetMarginEnabled(in _command.As<SetMarginEnabled>()),
            CommandType.PlaceOrder => Whole<PlaceOrder>() ?? _model.Place(in _command.As<PlaceOrder>()),
            CommandType.CancelOrder => Whole<CancelOrder>() ?? _model.Cancel(in _command.As<CancelOrder>()),
            CommandType.ModifyOrder => Whole<ModifyOrder>() ?? _model.Modify(in _command.As<ModifyOrder>()),
            CommandType.Genesis => Refused(ResultCode.GenesisRepeated),
            _ => ApplyLending(due) ?? Refused(ResultCode.UnknownCommand),
        };
    }

    /// <summary>A tick goes on with what a deadline began.</summary>
    private Outcome FinishSettlements()
    {
        var outcome = new Outcome();
        _model.FinishSettlements(outcome);
        return outcome;
    }

    private Outcome Relist()
    {
        ListMarket terms = _command.As<ListMarket>();
        EventSlot slot = _recording.Slots.Find(slot => slot.Header.Type == EventType.MarketListed);
        MarketListed listed = EventSlot.As<MarketListed>(in slot);
        return _model.ListMarket(in terms, listed.Header.MarketId, listed.TickValueUnits, listed.LiquidationAccountId);
    }

    private Outcome PositionsOf(in SetMarginMode set) => _model.SetMode(set.AccountId, set.MarketId, set.Mode, set.PositionId, (long)set.Sides);

    private Outcome PositionsOf(in SetLeverage set) =>
        _model.SetLeverage(set.AccountId, set.MarketId, set.Leverage, set.PositionId, (long)set.Sides, set.Release);

    private Outcome PositionsOf(in SplitPosition split) => _model.Split(split.AccountId, split.MarketId, split.PositionId, split.QuantityLots);

    private Outcome PositionsOf(in MergePositions merge) => _model.Merge(merge.AccountId, merge.MarketId, merge.PositionId, merge.OtherPositionId);

    private Outcome PositionsOf(in TransferPosition moved) =>
        _model.Transfer(moved.AccountId, moved.MarketId, moved.PositionId, moved.ToAccountId, moved.ToPositionId, moved.QuantityLots);

    private string? Begin(in LiquidationStarted started, Outcome outcome)
    {
        long id = started.LiquidationId;
        if (_model.Accounts[started.AccountId].IsLiquidation)
        {
            return _model.DeleverageInventory(in started, outcome);
        }

        int at = _recording.Slots.FindIndex(slot => slot.Header.Type == EventType.LiquidationStarted
            && EventSlot.As<LiquidationStarted>(in slot).LiquidationId == id);
        EventSlot next = at + 1 < _recording.Slots.Count ? _recording.Slots[at + 1] : default;
        return next.Header.Type == EventType.LiquidationScope
            ? _model.Liquidate(in started, EventSlot.As<LiquidationScope>(in next), outcome)
            : $"no scope is told behind the start of liquidation {id}";
    }

    /// <summary>An order that follows its position: when a market's liquidations are done, what their trades lead to comes before the next
    /// market's.</summary>
    private static bool IsFollowUp(in EventSlot slot) => slot.Header.Type == EventType.OrderAmended
        || (slot.Header.Type == EventType.OrderCancelled && (CancelReason)slot.Header.Detail is CancelReason.NothingToReduce or CancelReason.PositionClosed);

    private Outcome? Whole<T>()
        where T : unmanaged => _command.Holds<T>() ? null : Refused(ResultCode.MalformedCommand);

    private static Outcome Refused(ResultCode code)
    {
        var outcome = new Outcome();
        outcome.Refuse(code, when: true);
        return outcome;
    }

    /// <summary>What a command's work did not suffice for, by ticks at the same moment: all of it together is one command to the model.</summary>
    private void FinishWork()
    {
        for (int ticks = 0; _exchange.HasPendingWork && ticks < MostTicks; ticks++)
        {
            ref Tick tick = ref _tick.Begin<Tick>(CommandType.Tick);
            tick.Header.Sequence = _exchange.Sequence + 1;
            tick.Header.TimeNs = _exchange.State!.TimeNs;
            _tape?.Add(_tick.Bytes);
            ResultCode code = _exchange.Apply(_tick.Bytes);
            if (code != ResultCode.Accepted)
            {
                throw new DivergenceException($"tick: {code}");
            }

            _recording.Append(_exchange);
            CheckFrame();
        }

        if (_exchange.HasPendingWork)
        {
            ExchangeState left = _exchange.State!;
            throw new DivergenceException(
                $"work is left over after {MostTicks} ticks: markets {left.PendingMarkets}, pools {left.PendingPools}, watches "
                    + $"{left.WatchesPending}, rules {left.FirstRulesDue}, "
                + $"triggers {left.TriggersDueCount}, cancels {left.CancelJobs.Count}, timers {left.Timers.NextDueNs} at {left.TimeNs}, work {left.WorkLeft}");
        }
    }

    private void CheckFrame()
    {
        Audit.Check(_exchange.Events.Span);
        EventSlot[] slots = _exchange.Events.Span.ToArray();
        if (slots.Length == 0 || slots.Count(slot => slot.Header.Flags.HasFlag(EventFlags.Last)) != 1 || !slots[^1].Header.Flags.HasFlag(EventFlags.Last))
        {
            throw new DivergenceException("a command's events must be at least one, and the last one flagged");
        }

        if (slots.Any(slot => slot.Header.CommandSequence != _exchange.Sequence))
        {
            throw new DivergenceException("an event of another command's sequence");
        }
    }

    private void LearnOrderIds(Outcome outcome, int known)
    {
        if (outcome.NewOrders.Count > _recording.OrderIds.Count)
        {
            throw new DivergenceException($"{_recording.OrderIds.Count} orders taken in, {outcome.NewOrders.Count} by the model");
        }

        for (int i = known; i < outcome.NewOrders.Count; i++)
        {
            ModelOrder order = outcome.NewOrders[i];
            order.Id = _recording.OrderIds[i];
            if (order.Id <= 0 || !Tally.OrderIds.Add(order.Id))
            {
                throw new DivergenceException($"order id {order.Id} was used before");
            }

            _model.EverIds.Add(order.Id);
            if (order.Leaves > 0 && order.Row.Orders.Contains(order))
            {
                _model.Orders.Add(order.Id, order);
            }
        }
    }

    private void FollowLiquidations(Outcome outcome)
    {
        HashSet<long> rescues = LiquidationSteps.WithoutPosition(_recording, _model);
        bool isWithin = false;
        _disposedBad = 0;
        _model.ToldRecourses.Clear();
        foreach (EventSlot slot in _recording.Slots.Where(slot => slot.Header.Type == EventType.RecourseTaken))
        {
            RecourseTaken told = EventSlot.As<RecourseTaken>(in slot);
            _model.ToldRecourses.Add((told.AccountId, told.TakenUnits));
        }

        _model.FinishRenewals();
        DisposeQuietly(outcome);
        foreach (EventSlot slot in _recording.Slots)
        {
            string? wrong = null;
            isWithin = slot.Header.Type == EventType.LiquidationStarted || (isWithin && slot.Header.Type != EventType.LiquidationFinished);
            if (!isWithin && IsFollowUp(in slot))
            {
                _model.FinishLiquidations(outcome);
            }

            if (slot.Header.Type == EventType.MarkPriceUpdated)
            {
                _model.FollowTrades(outcome);
            }

            if (FollowLoans(in slot, outcome) is { } bad)
            {
                wrong = bad;
            }
            else if (rescues.Remove(LiquidationSteps.AccountOf(in slot)))
            {
                wrong = _model.Rescue(LiquidationSteps.AccountOf(in slot), outcome);
            }
            else if (slot.Header.Type == EventType.LiquidationStarted)
            {
                wrong = Begin(EventSlot.As<LiquidationStarted>(in slot), outcome);
            }
            else if (LiquidationSteps.IdOf(in slot) is { } id && _model.UnderWay.TryGetValue(id, out ModelUnderWay? way) && way.WentOnIn != _model.Command)
            {
                way.WentOnIn = _model.Command;
                wrong = _model.Resume(id, outcome);
            }
            else if (slot.Header.Type == EventType.OrderCancelled && (CancelReason)slot.Header.Detail == CancelReason.Unaffordable)
            {
                ModelOrder? order = _model.Orders.GetValueOrDefault(EventSlot.As<OrderChanged>(in slot).OrderId);
                wrong = order is null ? "no such order: " + EventText.Of(in slot) : _model.CancelUnaffordable(order, outcome);
            }
            else if (slot.Header.Type == EventType.LossSharingStarted)
            {
                wrong = _model.ShareLoss(slot.Header.MarketId, (Model.LossKind)slot.Header.Detail, outcome);
            }
            else
            {
                wrong = _model.FollowRules(in slot, outcome);
            }

            if (wrong is not null)
            {
                throw new DivergenceException("follow-up: " + wrong);
            }
        }

        _model.FinishLiquidations(outcome);
        if (_command.Type == CommandType.SetMarkPrice && outcome.IsAccepted && _model.Markets[(int)_command.As<SetMarkPrice>().MarketId - 1] is { } marked
            && _model.IsToBeDeleveraged(marked))
        {
            throw new DivergenceException($"inventory of market {marked.Id} is not carried, and left");
        }

        if (_model.FindUnshared() is { } unshared)
        {
            throw new DivergenceException($"losses of market {unshared.Id} left unshared: {unshared.PendingLoss}");
        }

        _model.FollowTrades(outcome);
        bool concernsAll = _profile.LiquidationShare + _profile.FeedShare + _profile.FundingShare != 0 || outcome.FundingUpdates.Count > 0
            || _command.Type is CommandType.SetMarkPrice or CommandType.SetMarketParameters or CommandType.SetAssetParameters
            or CommandType.Tick || _model.Markets.Any(market => !market.HasMark);
        IEnumerable<ModelAccount> accounts = concernsAll ? _model.Accounts.Values : Concerned(outcome);
        if (_model.FindLiquidatable(accounts) is { } left)
        {
            throw new DivergenceException("left unliquidated: " + left.What) { AccountId = left.Account };
        }

        if (_model.FindForgotten() is { } forgotten)
        {
            throw new DivergenceException($"liquidation {forgotten.Id} did not go on");
        }

        if (_model.FindBadLoan() is { } row)
        {
            throw new DivergenceException($"loans of account {row.Account.Id} in market {row.Market.Id} left: assets {row.LoanAssets}, debts"
                + $" {row.LoanDebts}") { AccountId = row.Account.Id };
        }

        if (_model.FindUntold(accounts) is { } untold)
        {
            throw new DivergenceException("not told: " + untold.What) { AccountId = untold.Account };
        }

        if (_model.FindUnaffordable(accounts) is { } open)
        {
            throw new DivergenceException("left unaffordable: " + open.What) { AccountId = open.Account };
        }
    }

    private HashSet<ModelAccount> Concerned(Outcome outcome)
    {
        HashSet<ModelAccount> accounts = [];
        if (_command.Type is (>= CommandType.Deposit and <= CommandType.ModifyOrder) or (>= CommandType.SetPositionMode and <= CommandType.TransferPosition)
            or (>= CommandType.TransferToMargin and <= CommandType.SetMarginEnabled) or CommandType.PlaceOrderWithTerms or CommandType.SetTraderRules
            && _model.Accounts.TryGetValue(_command.As<Deposit>().AccountId, out ModelAccount? account))
        {
            accounts.Add(account);
        }

        foreach (ModelFill fill in outcome.Fills)
        {
            accounts.Add(_model.Accounts[fill.Account]);
        }

        foreach (long holder in outcome.Deleveragings.Select(closed => closed.Account).Concat(outcome.Haircuts.Select(cut => cut.Account)))
        {
            accounts.Add(_model.Accounts[holder]);
        }

        foreach (ModelUnderWay way in outcome.Liquidations.Concat(_model.UnderWay.Values))
        {
            accounts.Add(way.Row.Account);
            accounts.Add(way.Row.Market.LiquidationAccount);
        }

        foreach (long holder in outcome.Settled.Select(settled => settled.Account))
        {
            accounts.Add(_model.Accounts[holder]);
        }

        foreach (ModelReward reward in outcome.Told.OfType<ModelReward>())
        {
            accounts.Add(_model.Accounts[reward.Keeper]);
        }

        return accounts;
    }

    private void CompareState(Outcome outcome)
    {
        ExchangeState state = _exchange.State!;
        StateComparison.CompareMarkets(state, _model);
        StateComparison.CompareTops(state, _model);
        StateComparison.CompareKeepers(state, _model);
        foreach (ModelAccount account in _profile.ComparesAll ? _model.Accounts.Values.AsEnumerable() : Concerned(outcome))
        {
            StateComparison.CompareAccount(state, account, _model.Markets.Count);
        }

        foreach (ModelAccount account in Concerned(outcome))
        {
            _figures!.Compare(account);
        }

        LendingComparison.Compare(state, _model);
        if (_exchange.Sequence % FullComparisonEvery == 0)
        {
            CompareEverything();
        }

        if (!_profile.ComparesAll)
        {
            return;
        }

        CheckConservation(state);

        foreach (ModelMarket market in _model.Markets)
        {
            if (Conservation.OpenInterestImbalance(state, (int)market.Id) != 0)
            {
                throw new DivergenceException($"longs and shorts of market {market.Id} differ");
            }
        }
    }

    private void CompareEverything()
    {
        ExchangeState state = _exchange.State!;
        foreach (ModelAccount account in _model.Accounts.Values)
        {
            StateComparison.CompareAccount(state, account, _model.Markets.Count);
            _figures!.Compare(account);
        }

        StateComparison.CompareMarkets(state, _model);
        StateComparison.CompareBooks(state, _model);
        CheckConservation(state);
        if (_model.FindLiquidatable(_model.Accounts.Values) is { } left)
        {
            throw new DivergenceException("left unliquidated: " + left.What) { AccountId = left.Account };
        }
    }

    private void CheckConservation(ExchangeState state)
    {
        foreach (ModelAsset asset in _model.Assets)
        {
            Int128 imbalance = Conservation.Imbalance(state, (int)asset.Id);
            if (imbalance != 0 || !_model.Imbalance(asset).IsZero)
            {
                throw new DivergenceException($"imbalance of asset {asset.Id}: exchange {imbalance}, model {_model.Imbalance(asset)}");
            }
        }
    }
}
