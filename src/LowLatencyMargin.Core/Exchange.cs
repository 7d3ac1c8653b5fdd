using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;
using LowLatencyMargin.Core.Pricing;
using LowLatencyMargin.Core.Rules;
using LowLatencyMargin.Core.Timers;
using LowLatencyMargin.Core.Waterfall;

namespace LowLatencyMargin.Core;

/// <summary>
/// The exchange: state = fold(commands). <see cref="Apply"/> is the only way in, <see cref="Events"/> the only way out. It reads no clock,
/// file or random number, and any bytes get a result code.
/// </summary>
public sealed partial class Exchange : IDisposable
{
    /// <summary>The layout version of all commands.</summary>
    public const ushort CommandVersion = 3;

    /// <summary>The latest command time, in the year 2116: whatever is added to a time stays within its range.</summary>
    public const long MaxTimeNs = 1L << 62;

    private readonly EventBuffer _eventsBeforeGenesis = new(1);
    private ExchangeState? _state;
    private Settlement _settlement = null!;
    private MarginCheck _marginCheck = null!;
    private MatchingEngine _matching = null!;
    private OrderEntry _orders = null!;
    private OrderChanges _changes = null!;
    private PlainOrders _plain = null!;
    private OrderBatches _batches = null!;
    private MassQuotes _quotes = null!;
    private MassCancels _massCancels = null!;
    private Brackets _brackets = null!;
    private TriggerEngine _triggers = null!;
    private AccountSwitches _switches = null!;
    private MarketStates _marketStates = null!;
    private DueTimers _timers = null!;
    private Transfers _transfers = null!;
    private OwnTransfers _ownTransfers = null!;
    private PositionSettings _settings = null!;
    private PositionDivisions _divisions = null!;
    private PositionTransfers _positionTransfers = null!;
    private PositionCloses _closes = null!;
    private Listing _listing = null!;
    private AssetRules _assets = null!;
    private MarkPrices _marks = null!;
    private MarketSettlements _settlements = null!;
    private Funding _funding = null!;
    private LiquidationEngine _liquidation = null!;
    private LiquidationCommands _liquidationCommands = null!;
    private Keepers _keepers = null!;
    private LossSettings _lossSettings = null!;
    private RuleWatch _ruleWatch = null!;
    private RuleSettings _ruleSettings = null!;
    private DrawdownGuard _drawdown = null!;
    private UnaffordableOrders _unaffordable = null!;
    private AccountMargins _accountMargins = null!;
    private LendingPools _pools = null!;
    private Lenders _lenders = null!;
    private Loans _loans = null!;
    private LoanDesk _loanDesk = null!;
    private LoanLiquidation _loanLiquidation = null!;
    private IsolatedScopes _scopes = null!;
    private Hash128 _chain;

    /// <summary>An exchange before its genesis.</summary>
    [ColdPath]
    public Exchange()
    {
    }

    /// <summary>Sequence of the last command applied, 0 before the first.</summary>
    public long Sequence { get; private set; }

    /// <summary>Time of the last command applied.</summary>
    public long TimeNs { get; private set; }

    /// <summary>Hash over the events of every command so far: equal on two machines as long as they did the same .</summary>
    public Hash128 ChainHash => _chain;

    /// <summary>The events of the last command.</summary>
    public EventBuffer Events => _state?.Events ?? _eventsBeforeGenesis;

    /// <summary>Whether something is left over or due: the sequencer should send a tick.</summary>
    public bool HasPendingWork => _state is { } state
        && (state.PendingMarkets > 0 || state.FirstRulesDue != 0 || state.WatchesPending > 0
            || state.TriggersDueCount > 0 || state.ShortCount > 0 || state.CancelJobs.Count > 0 || state.PendingPools > 0 || state.SettlingMarkets > 0
            || state.Timers.NextDueNs <= state.TimeNs);

    /// <summary>When the next timer is due; <see cref="long.MaxValue"/>: none runs. The sequencer should send a tick then.</summary>
    public long NextDueNs => _state?.Timers.NextDueNs ?? long.MaxValue;

    /// <summary>Hints for commands to come; null before genesis.</summary>
    public LookAhead? LookAhead { get; private set; }

    /// <summary>What the exchange knows, to read; null before genesis.</summary>
    public ExchangeState? State => _state;

    /// <summary>
    /// Applies one command whole, or not at all, and leaves its events in <see cref="Events"/>.
    /// </summary>
    /// <param name="command">Header and body, as in ring and journal.</param>
    /// <returns>The outcome. On <see cref="ResultCode.OutOfSequence"/> there are no events; on all others at least one.</returns>
    public ResultCode Apply(ReadOnlySpan<byte> command)
    {
        if (command.Length < CommandHeader.SizeBytes)
        {
            return ResultCode.OutOfSequence;
        }

        ref readonly CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(command);
        if (header.Sequence != Sequence + 1)
        {
            return ResultCode.OutOfSequence;
        }

        Sequence = header.Sequence;
        TimeNs = Math.Max(TimeNs, Math.Min(header.TimeNs, MaxTimeNs));
        if (_state is null)
        {
            return ApplyFirst(command, in header);
        }

        _state.WorkLeft = _state.Limits.MaxWorkPerCommand;
        _state.Events.Begin(header.Sequence);
        if (_state.Timers.NextDueNs <= TimeNs)
        {
            _timers.Run(TimeNs);
        }

        _state.TimeNs = TimeNs;
        ResultCode code = Run(_state, command, in header);
        End(_state.Events);
        return code;
    }

    /// <summary>A command's whole effect, with all that follows from it: what a preview runs too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ResultCode Run(ExchangeState state, ReadOnlySpan<byte> command, in CommandHeader header)
    {
        ResultCode code = header.Version == CommandVersion ? Dispatch(state, command, header.Type) : ResultCode.UnsupportedVersion;
        if (code != ResultCode.Accepted)
        {
            ref Rejected rejected = ref Reject(state.Events, code, command, header.Type);
            if (code == ResultCode.InsufficientMargin)
            {
                rejected.RequiredUnits = _marginCheck.RequiredUnits;
                rejected.AvailableUnits = _marginCheck.AvailableUnits;
            }

            bool wasRead = header.Version == CommandVersion;
            rejected.Item = (ushort)(
                !wasRead ? 0
                : header.Type == CommandType.OrderBatch && command.Length >= Size<OrderBatch>() ? _batches.RefusedItem
                : header.Type == CommandType.MassQuote && command.Length >= Size<MassQuote>() ? _quotes.RefusedLevel
                : 0);
        }

        int left = state.AftermathCount | state.TouchedCount | state.PricesDueCount | state.TriggersDueCount | state.DueCount | state.ShortCount
            | state.FirstRulesDue | state.Interrupted.Run;
        if (left != 0)
        {
            if (code == ResultCode.Accepted && header.Type != CommandType.Tick)
            {
                state.EndInterruption();
            }

            Follow(state);
        }

        return code;
    }

    /// <summary>
    /// What the command led to: positions and margins first, then waiting orders that prices set off, then liquidations, until nothing is left.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Follow(ExchangeState state)
    {
        // a preview that has become too large is taken back as it stands
        while (!state.Undo.IsTooLarge)
        {
            if (state.AftermathCount > 0)
            {
                _matching.RunAftermath();
            }

            if (state.TouchedCount > 0)
            {
                _settlement.Refresh();
            }

            if (state.PricesDueCount > 0)
            {
                _marks.RunDue();
            }

            if (state.GoesOn)
            {
                int run = state.Interrupted.Run;
                state.TakeDue(run);
                Liquidate(run);
            }
            else if (state.ShortCount > 0 && state.WorkLeft > 0)
            {
                CancelUnaffordable(state);
            }
            else if (_triggers.CanRun)
            {
                _triggers.Run();
            }
            else if (state.FirstRulesDue != 0 && state.WorkLeft > 0 && state.TriggersDueCount == 0 && !state.IsCapped)
            {
                _ruleWatch.Run();
            }
            else if (state.DueCount > 0)
            {
                int due = state.TakeDue();
                if (due > 0 && MustWait(state, due))
                {
                    _ruleWatch.Postpone(due);
                }
                else if (due > 0)
                {
                    _ruleWatch.Look(due);
                }

                if (MustWait(state, due))
                {
                    state.SetPending(due, pending: true);
                }
                else
                {
                    Liquidate(due);
                }
            }
            else if (state.AftermathCount == 0 && state.TouchedCount == 0)
            {
                if (state.HasRankings | state.InCascade)
                {
                    state.EndCascade();
                }

                return;
            }
        }
    }

    /// <summary>Orders that prices set off, and rules of traders, come before liquidations also when the work does not suffice for them.</summary>
    private bool MustWait(ExchangeState state, int due) =>
        state.TriggersDueCount > 0 || (state.IsCapped && (state.FirstRulesDue != 0 || (due > 0 && _ruleWatch.IsReached(due))));

    private void Liquidate(int due)
    {
        if (due > 0 && _state!.Markets[due].Kind == MarketKind.SpotMargin)
        {
            _loanLiquidation.Run(due);
        }
        else
        {
            _liquidation.Run(due);
        }
    }

    /// <summary>The isolated orders of the account that was noted last, as far as the command's work goes .</summary>
    private void CancelUnaffordable(ExchangeState state)
    {
        int account = state.FirstShort;
        state.TakeShort();
        if (!_unaffordable.CancelOfPool(account))
        {
            state.NoteShort(account);
        }
    }

    /// <summary>Hash over all state, byte for byte. Takes time in proportion to the state: for snapshots, quiet moments and tests.</summary>
    public Hash128 ComputeStateHash()
    {
        var hash = default(Hash128);
        hash.Add((ulong)Sequence);
        hash.Add(unchecked((ulong)TimeNs));
        hash.Add(_chain.Low);
        hash.Add(_chain.High);
        _state?.AddTo(ref hash);
        return hash;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _quotes?.Dispose();
        _state?.Dispose();
        _eventsBeforeGenesis.Dispose();
    }

    private static bool TryRead<T>(ReadOnlySpan<byte> command, out T body)
        where T : unmanaged => MemoryMarshal.TryRead(command, out body);

    private static ref Rejected Reject(EventBuffer events, ResultCode code, ReadOnlySpan<byte> command, CommandType type)
    {
        ref Rejected rejected = ref events.Add<Rejected>(EventType.Rejected, 0);
        rejected.Code = code;
        rejected.Command = type;
        if (code == ResultCode.InvalidParameter)
        {
            rejected.Rule = BrokenRule.Of(type, command);
        }

        if (type is CommandType.PlaceOrder or CommandType.PlaceOrderWithTerms && TryRead(command, out PlaceOrder order))
        {
            rejected.AccountId = order.AccountId;
            rejected.ClientOrderId = order.ClientOrderId;
            rejected.Header.MarketId = unchecked((uint)order.MarketId);
            rejected.Header.Detail = (byte)order.Side;
        }
        else if (type is CommandType.CancelOrder or CommandType.ModifyOrder && TryRead(command, out CancelOrder cancel))
        {
            rejected.AccountId = cancel.AccountId;
            rejected.OrderId = cancel.OrderId;
            rejected.ClientOrderId = cancel.ClientOrderId;
        }
        else if (type is >= CommandType.CancelOrders and <= CommandType.SetMakerProtection or CommandType.KillSwitch
            && TryRead(command, out CancelOrders several))
        {
            rejected.AccountId = several.AccountId;
            rejected.Header.MarketId = unchecked((uint)several.MarketId);
        }
        else if (type is CommandType.CancelAllAfter or CommandType.SetRateLimit or CommandType.SetTradeGroup or CommandType.SetAccountMargin
            && TryRead(command, out CancelAllAfter timer))
        {
            rejected.AccountId = timer.AccountId;
        }
        else if (type is >= CommandType.SetPositionMode and <= CommandType.TransferPosition && TryRead(command, out SetPositionMode mode))
        {
            rejected.AccountId = mode.AccountId;
            if (type != CommandType.SetPositionMode && TryRead(command, out SplitPosition position))
            {
                rejected.Header.MarketId = unchecked((uint)position.MarketId);
            }

            if (type == CommandType.ClosePosition && TryRead(command, out ClosePosition close))
            {
                rejected.ClientOrderId = close.ClientOrderId;
            }
        }
        else if (type is >= CommandType.Deposit and <= CommandType.SetLeverage or CommandType.SetTraderRules or CommandType.ResumeTrading
            or (>= CommandType.TransferToMargin and <= CommandType.SetMarginEnabled) or (>= CommandType.Lend and <= CommandType.CloseLoans)
            && TryRead(command, out ResumeTrading shortest))
        {
            rejected.AccountId = shortest.AccountId;
        }

        return ref rejected;
    }

    [ColdPath]
    private ResultCode ApplyFirst(ReadOnlySpan<byte> command, in CommandHeader header)
    {
        _eventsBeforeGenesis.Begin(header.Sequence);
        ResultCode code = header.Type != CommandType.Genesis ? ResultCode.GenesisMissing
            : header.Version != CommandVersion ? ResultCode.UnsupportedVersion
            : !TryRead(command, out Genesis genesis) ? ResultCode.MalformedCommand
            : Listing.Validate(in genesis);
        if (code != ResultCode.Accepted)
        {
            Reject(_eventsBeforeGenesis, code, command, header.Type);
            End(_eventsBeforeGenesis);
            return code;
        }

        _state = new ExchangeState(in MemoryMarshal.AsRef<Genesis>(command)) { TimeNs = TimeNs };
        LookAhead = new LookAhead(_state);
        _settlement = new Settlement(_state);
        _marginCheck = new MarginCheck(_state);
        _matching = new MatchingEngine(_state, _settlement);
        _massCancels = new MassCancels(_state, new RateBudget(_state), _matching);
        Wire(_state, new OrderRules(_state), new PositionLimits(_state), new RateBudget(_state));
        _state.Events.Begin(header.Sequence);
        Accept(_state, CommandType.Genesis);
        End(_state.Events);
        return ResultCode.Accepted;
    }

    [ColdPath]
    private void Wire(ExchangeState state, OrderRules rules, PositionLimits limits, RateBudget budget)
    {
        var together = new TogetherCheck(state, _marginCheck, limits);
        _transfers = new Transfers(state, _settlement);
        _settings = new PositionSettings(state, _settlement, _transfers, _marginCheck);
        _divisions = new PositionDivisions(state, _settlement, _transfers, _marginCheck, limits);
        _positionTransfers = new PositionTransfers(state, rules, _settlement, _transfers, _marginCheck, limits);
        var scopes = new OrderScopes(state, _transfers, _settings);
        _orders = new OrderEntry(state, rules, scopes, _marginCheck, limits, budget, _matching);
        _closes = new PositionCloses(state, _transfers, _orders);
        _changes = new OrderChanges(state, rules, _marginCheck, limits, budget, _matching);
        _plain = new PlainOrders(state, _marginCheck, _orders);
        _batches = new OrderBatches(state, _orders, _changes, budget, together, _matching, _settlement);
        _quotes = new MassQuotes(state, rules, budget, together, _matching, _settlement);
        _brackets = new Brackets(state, rules, budget, _matching);
        _triggers = new TriggerEngine(state, rules, _marginCheck, limits, _settlement, _matching);
        _switches = new AccountSwitches(state, _massCancels);
        _marketStates = new MarketStates(state, _massCancels, _triggers);
        _pools = new LendingPools(state);
        _loans = new Loans(state, _pools);
        _loanDesk = new LoanDesk(state, _loans, _marginCheck.Spot.Loans, _transfers, rules, _orders);
        var loanExits = new LoanExits(state, rules, _orders, _loanDesk, _settlement);
        var exits = new ProtectiveExits(state, rules, _marginCheck, _settlement, _matching, loanExits);
        _drawdown = new DrawdownGuard(state, exits, _massCancels);
        var holdings = new HoldingWatches(state);
        _ruleWatch = new RuleWatch(state, exits, _drawdown, holdings);
        _ruleSettings = new RuleSettings(state, _drawdown, holdings);
        var schedule = new MarginSchedule(state, _settlement);
        _marks = new MarkPrices(state, _marketStates, schedule);
        var takeovers = new Takeovers(state, _settlement, _matching);
        _settlements = new MarketSettlements(state, _marketStates, _marks, _massCancels, _settlement, takeovers);
        _funding = new Funding(state);
        _assets = new AssetRules(state, _settlement);
        _lossSettings = new LossSettings(state);
        _listing = new Listing(state, schedule, _assets, _lossSettings);
        _ownTransfers = new OwnTransfers(state, _settlement, _transfers);
        _unaffordable = new UnaffordableOrders(state, _settlement, _matching);
        _keepers = new Keepers(state);
        var inventories = new InventoryDisposal(state, _settlement, _matching, takeovers);
        var positions = new PositionLiquidation(
            state, _settlement, _matching, takeovers, inventories, new LiquidationCharges(state, _settlement, _keepers),
            new KeeperTakeovers(state, _positionTransfers, _keepers));
        var cross = new CrossLiquidation(state, _settlement, positions, new CollateralSale(state, _settlement, _matching));
        _liquidation = new LiquidationEngine(state, _settlement, _matching, _unaffordable, positions, cross);
        _liquidationCommands = new LiquidationCommands(state, _transfers, _keepers, _liquidation, inventories);
        _timers = new DueTimers(
            state, _matching, _switches, _marketStates, _drawdown, schedule, _pools, _loans, _marks, _funding, _settlements, _liquidation,
            inventories);
        _accountMargins = new AccountMargins(state);
        _lenders = new Lenders(state, _transfers, _settlement);
        _scopes = new IsolatedScopes(state, _transfers, _settlement, _marginCheck.Spot.Loans);
        _loanLiquidation = new LoanLiquidation(state, _settlement, _matching, _loans);
    }

    private ResultCode Dispatch(ExchangeState state, ReadOnlySpan<byte> command, CommandType type)
    {
        switch (type)
        {
            case CommandType.PlaceOrder:
                return command.Length < Size<PlaceOrder>() ? ResultCode.MalformedCommand
                    : _plain.TryPlace(in Body<PlaceOrder>(command)) ? ResultCode.Accepted
                    : _orders.Place(in Body<PlaceOrder>(command));
            case CommandType.CancelOrder:
                return command.Length < Size<CancelOrder>() ? ResultCode.MalformedCommand
                    : _plain.TryCancel(in Body<CancelOrder>(command)) ? ResultCode.Accepted
                    : _changes.Cancel(in Body<CancelOrder>(command));
            case CommandType.ModifyOrder:
                return command.Length < Size<ModifyOrder>() ? ResultCode.MalformedCommand
                    : _plain.TryMove(in Body<ModifyOrder>(command)) ? ResultCode.Accepted
                    : _changes.Modify(in Body<ModifyOrder>(command), isCounted: true);
            default:
                return DispatchOther(state, command, type);
        }
    }

    /// <summary>What comes less often than orders, changes and cancels.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ResultCode DispatchOther(ExchangeState state, ReadOnlySpan<byte> command, CommandType type)
    {
        switch (type)
        {
            case CommandType.SetMarkPrice:
                return command.Length < Size<SetMarkPrice>() ? ResultCode.MalformedCommand : _marks.Set(in Body<SetMarkPrice>(command));
            case CommandType.Tick:
                Accept(state, CommandType.Tick);
                state.Interrupted.CanGoOn = state.Interrupted.IsExact;
                if (!state.InCascade)
                {
                    _massCancels.RunPending();
                    _settlements.RunPending();
                    _pools.FollowPending();
                }

                _liquidation.NotePending();
                _ruleWatch.NotePending();
                return ResultCode.Accepted;
            case CommandType.Deposit:
                return command.Length < Size<Deposit>() ? ResultCode.MalformedCommand : _transfers.Deposit(in Body<Deposit>(command));
            case CommandType.Withdraw:
                return command.Length < Size<Withdraw>() ? ResultCode.MalformedCommand : _transfers.Withdraw(in Body<Withdraw>(command));
            case CommandType.AllocateMargin:
                return command.Length < Size<AllocateMargin>() ? ResultCode.MalformedCommand
                    : _scopes.Has(Body<AllocateMargin>(command).MarketId) ? _scopes.Allocate(in Body<AllocateMargin>(command))
                    : _transfers.Allocate(in Body<AllocateMargin>(command));
            case CommandType.RemoveMargin:
                return command.Length < Size<RemoveMargin>() ? ResultCode.MalformedCommand
                    : _scopes.Has(Body<RemoveMargin>(command).MarketId) ? _scopes.Remove(in Body<RemoveMargin>(command))
                    : _transfers.Remove(in Body<RemoveMargin>(command));
            case CommandType.SetMarginMode:
                return command.Length < Size<SetMarginMode>() ? ResultCode.MalformedCommand
                    : _scopes.Has(Body<SetMarginMode>(command).MarketId) ? _scopes.SetMode(in Body<SetMarginMode>(command))
                    : _settings.Set(in Body<SetMarginMode>(command));
            case CommandType.SetLeverage:
                return command.Length < Size<SetLeverage>() ? ResultCode.MalformedCommand
                    : _scopes.Has(Body<SetLeverage>(command).MarketId) ? _scopes.SetLeverage(in Body<SetLeverage>(command))
                    : _settings.Set(in Body<SetLeverage>(command));
            case CommandType.CreateAccount:
                return command.Length < Size<CreateAccount>() ? ResultCode.MalformedCommand : _listing.Create(in Body<CreateAccount>(command));
            case CommandType.FundInsurance:
                return command.Length < Size<FundInsurance>() ? ResultCode.MalformedCommand : _listing.Fund(in Body<FundInsurance>(command));
            case CommandType.AddAsset:
                return command.Length < Size<AddAsset>() ? ResultCode.MalformedCommand : _listing.Add(in Body<AddAsset>(command));
            case CommandType.ListMarket:
                return command.Length < Size<ListMarket>() ? ResultCode.MalformedCommand : _listing.List(in Body<ListMarket>(command));
            case CommandType.SetMarketParameters:
                return command.Length < Size<SetMarketParameters>()
                    ? ResultCode.MalformedCommand
                    : _listing.Set(in Body<SetMarketParameters>(command));
            case CommandType.PlaceOrderWithTerms:
                return command.Length < Size<PlaceOrderWithTerms>()
                    ? ResultCode.MalformedCommand
                    : _orders.Place(in Body<PlaceOrderWithTerms>(command));
            case CommandType.CancelOrders:
                return command.Length < Size<CancelOrders>() ? ResultCode.MalformedCommand : _massCancels.Cancel(in Body<CancelOrders>(command));
            case CommandType.OrderBatch:
                return command.Length < Size<OrderBatch>() ? ResultCode.MalformedCommand : _batches.Apply(command);
            case CommandType.MassQuote:
                return command.Length < Size<MassQuote>() ? ResultCode.MalformedCommand : _quotes.Apply(command);
            case CommandType.SetBracket:
                return command.Length < Size<SetBracket>() ? ResultCode.MalformedCommand : _brackets.Set(in Body<SetBracket>(command));
            case >= CommandType.SetMakerProtection and <= CommandType.SetTradeGroup:
                return DispatchProtection(command, type);
            case CommandType.SetAccountMargin:
                return command.Length < Size<SetAccountMargin>() ? ResultCode.MalformedCommand : _accountMargins.Set(in Body<SetAccountMargin>(command));
            case >= CommandType.SetPositionMode and <= CommandType.TransferPosition:
                return DispatchPosition(command, type);
            case CommandType.SetIndexPrice:
                return command.Length < Size<SetIndexPrice>() ? ResultCode.MalformedCommand : _marks.Set(in Body<SetIndexPrice>(command));
            case CommandType.FeedPrice:
                return command.Length < Size<FeedPrice>() ? ResultCode.MalformedCommand : _marks.Feed(in Body<FeedPrice>(command));
            case CommandType.SettleMarket:
                return command.Length < Size<SettleMarket>() ? ResultCode.MalformedCommand : _settlements.Set(in Body<SettleMarket>(command));
            case CommandType.SetPriceRules:
                return command.Length < Size<SetPriceRules>() ? ResultCode.MalformedCommand : _marks.Set(in Body<SetPriceRules>(command));
            case CommandType.SetFundingRules:
                return command.Length < Size<SetFundingRules>() ? ResultCode.MalformedCommand : _funding.Set(in Body<SetFundingRules>(command));
            case CommandType.ForceFunding:
                return command.Length < Size<ForceFunding>() ? ResultCode.MalformedCommand : _funding.Force(in Body<ForceFunding>(command));
            case CommandType.SetLossRules:
                return command.Length < Size<SetLossRules>() ? ResultCode.MalformedCommand : _lossSettings.Set(in Body<SetLossRules>(command));
            case >= CommandType.SetAssetParameters and <= CommandType.SetMarginEnabled:
                return DispatchWallet(command, type);
            case CommandType.SetTraderRules:
                return command.Length < Size<SetTraderRules>() ? ResultCode.MalformedCommand : _ruleSettings.Set(in Body<SetTraderRules>(command));
            case CommandType.ResumeTrading:
                return command.Length < Size<ResumeTrading>() ? ResultCode.MalformedCommand : _drawdown.Resume(in Body<ResumeTrading>(command));
            case >= CommandType.SetPool and <= CommandType.CloseLoans:
                return DispatchLending(command, type);
            case CommandType.SetLiquidationRules:
                return command.Length < Size<SetLiquidationRules>()
                    ? ResultCode.MalformedCommand
                    : _liquidationCommands.Set(in Body<SetLiquidationRules>(command));
            case CommandType.RegisterKeeper:
                return command.Length < Size<RegisterKeeper>() ? ResultCode.MalformedCommand : _keepers.Register(in Body<RegisterKeeper>(command));
            case CommandType.Liquidate:
                return command.Length < Size<Liquidate>() ? ResultCode.MalformedCommand : _liquidationCommands.Liquidate(in Body<Liquidate>(command));
            case CommandType.Genesis:
                return ResultCode.GenesisRepeated;
            default:
                return ResultCode.UnknownCommand;
        }
    }

    private ResultCode DispatchWallet(ReadOnlySpan<byte> command, CommandType type)
    {
        switch (type)
        {
            case CommandType.SetAssetParameters:
                return command.Length < Size<SetAssetParameters>() ? ResultCode.MalformedCommand : _assets.Set(in Body<SetAssetParameters>(command));
            case CommandType.TransferToMargin:
                return command.Length < Size<TransferToMargin>() ? ResultCode.MalformedCommand
                    : _scopes.Has(Body<TransferToMargin>(command).MarketId) ? _scopes.To(in Body<TransferToMargin>(command))
                    : _ownTransfers.ToMargin(in Body<TransferToMargin>(command));
            case CommandType.TransferFromMargin:
                return command.Length < Size<TransferFromMargin>() ? ResultCode.MalformedCommand
                    : _scopes.Has(Body<TransferFromMargin>(command).MarketId) ? _scopes.From(in Body<TransferFromMargin>(command))
                    : _ownTransfers.FromMargin(in Body<TransferFromMargin>(command));
            case CommandType.TransferBetweenAccounts:
                return command.Length < Size<TransferBetweenAccounts>()
                    ? ResultCode.MalformedCommand
                    : _ownTransfers.Between(in Body<TransferBetweenAccounts>(command));
            default:
                return command.Length < Size<SetMarginEnabled>() ? ResultCode.MalformedCommand : _ownTransfers.Enable(in Body<SetMarginEnabled>(command));
        }
    }

    private ResultCode DispatchProtection(ReadOnlySpan<byte> command, CommandType type)
    {
        switch (type)
        {
            case CommandType.SetMakerProtection:
                return command.Length < Size<SetMakerProtection>()
                    ? ResultCode.MalformedCommand
                    : _switches.Set(in Body<SetMakerProtection>(command));
            case CommandType.CancelAllAfter:
                return command.Length < Size<CancelAllAfter>() ? ResultCode.MalformedCommand : _switches.Set(in Body<CancelAllAfter>(command));
            case CommandType.KillSwitch:
                return command.Length < Size<KillSwitch>() ? ResultCode.MalformedCommand : _switches.Set(in Body<KillSwitch>(command));
            case CommandType.SetMarketState:
                return command.Length < Size<SetMarketState>() ? ResultCode.MalformedCommand : _marketStates.Set(in Body<SetMarketState>(command));
            case CommandType.SetRateLimit:
                return command.Length < Size<SetRateLimit>() ? ResultCode.MalformedCommand : _switches.Set(in Body<SetRateLimit>(command));
            default:
                return command.Length < Size<SetTradeGroup>() ? ResultCode.MalformedCommand : _switches.Set(in Body<SetTradeGroup>(command));
        }
    }

    private ResultCode DispatchPosition(ReadOnlySpan<byte> command, CommandType type)
    {
        switch (type)
        {
            case CommandType.SetPositionMode:
                return command.Length < Size<SetPositionMode>() ? ResultCode.MalformedCommand : _settings.Set(in Body<SetPositionMode>(command));
            case CommandType.ClosePosition:
                return command.Length < Size<ClosePosition>() ? ResultCode.MalformedCommand : _closes.Close(in Body<ClosePosition>(command));
            case CommandType.SplitPosition:
                return command.Length < Size<SplitPosition>() ? ResultCode.MalformedCommand : _divisions.Split(in Body<SplitPosition>(command));
            case CommandType.MergePositions:
                return command.Length < Size<MergePositions>() ? ResultCode.MalformedCommand : _divisions.Merge(in Body<MergePositions>(command));
            default:
                return command.Length < Size<TransferPosition>()
                    ? ResultCode.MalformedCommand
                    : _positionTransfers.Move(in Body<TransferPosition>(command));
        }
    }

    private ResultCode DispatchLending(ReadOnlySpan<byte> command, CommandType type)
    {
        switch (type)
        {
            case CommandType.SetPool:
                return command.Length < Size<SetPool>() ? ResultCode.MalformedCommand : _pools.Set(in Body<SetPool>(command));
            case CommandType.Lend:
                return command.Length < Size<Lend>() ? ResultCode.MalformedCommand : _lenders.Lend(in Body<Lend>(command));
            case CommandType.Unlend:
                return command.Length < Size<Unlend>() ? ResultCode.MalformedCommand : _lenders.Unlend(in Body<Unlend>(command));
            case CommandType.Borrow:
                return command.Length < Size<Borrow>() ? ResultCode.MalformedCommand : _loanDesk.Borrow(in Body<Borrow>(command));
            case CommandType.Repay:
                return command.Length < Size<Repay>() ? ResultCode.MalformedCommand : _loanDesk.Repay(in Body<Repay>(command));
            default:
                return command.Length < Size<CloseLoans>() ? ResultCode.MalformedCommand : _loanDesk.Close(in Body<CloseLoans>(command));
        }
    }

    private static int Size<T>()
        where T : unmanaged => Unsafe.SizeOf<T>();

    private static ref readonly T Body<T>(ReadOnlySpan<byte> command)
        where T : unmanaged => ref MemoryMarshal.AsRef<T>(command);

    private static void Accept(ExchangeState state, CommandType type) =>
        state.Events.Add<Accepted>(EventType.Accepted, 0).Command = type;

    private void End(EventBuffer events)
    {
        events.End();
        ReadOnlySpan<ulong> words = events.Words;
        for (int i = 0; i < words.Length; i += 8)
        {
            _chain.Add64(words.Slice(i, 8));
        }
    }
}
