using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Rules;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Trader rules: what they refuse, count and tell (docs/trader-rules.md).</summary>
internal sealed partial class ModelExchange
{
    private static readonly DateTime Epoch = DateTime.UnixEpoch;


    public Outcome SetTraderRules(in SetTraderRules command)
    {
        var outcome = new Outcome();
        ModelAccount? account = Account(command.AccountId, outcome);
        TraderRules rules = command.Rules;
        outcome.Refuse(
            ResultCode.MalformedCommand,
            rules.Reserved != 0 || rules.Reserved2 != 0 || rules.Reserved3 != 0 || rules.EnforceSizing > 1 || rules.WorstCaseSizing > 1 || rules.Alerts > 1
                || rules.PausePolicy > PausePolicy.Close || rules.TradeCount > TradeCount.Fills);
        outcome.Refuse(ResultCode.InvalidParameter, !ModelTrader.CanWork(in rules));
        if (account is null || !outcome.IsAccepted)
        {
            return outcome;
        }

        bool wasWatched = account.Trader?.WatchesDrawdown == true;
        if (rules.Equals(default(TraderRules)))
        {
            account.Trader = null;
            ForgetBands(account);
            return outcome;
        }

        bool isOpen = account.Rows.Values.Any(row => !row.Size.IsZero);
        ModelTrader trader = account.Trader ??= new ModelTrader { Day = Now / ModelMarket.DayNs, IsResultBlurred = isOpen };
        trader.Rules = rules;
        if (!trader.WatchesDrawdown)
        {
            (trader.Base, trader.Flow, trader.Told, trader.IsPaused, trader.IsBaseOpen) = (0, 0, 0, false, false);
            trader.MonthEndsNs = null;
        }
        else if (!wasWatched)
        {
            BeginMonth(account);
        }
        else if (rules.DrawdownPauseRate == 0)
        {
            trader.IsPaused = false;
            trader.Told = Math.Min(trader.Told, 2);
        }

        if (!trader.WatchesLevel)
        {
            trader.CrossBand = LevelBand.Safe;
            ForgetBands(account);
        }

        return outcome;
    }

    public Outcome ResumeTrading(in ResumeTrading command)
    {
        var outcome = new Outcome();
        ModelAccount? account = Account(command.AccountId, outcome);
        ModelTrader? trader = account?.Trader;
        outcome.Refuse(ResultCode.StateUnchanged, account is not null && trader is not { IsPaused: true });
        outcome.Refuse(ResultCode.NoPauseOverride, trader is { IsPaused: true, Rules.PausePolicy: PausePolicy.Close });
        if (outcome.IsAccepted)
        {
            trader!.IsPaused = false;
        }

        return outcome;
    }

    private static void ForgetBands(ModelAccount account)
    {
        foreach (ModelRow row in account.Rows.Values)
        {
            row.Band = null;
        }
    }

    /// <summary>Money that came in or, below zero, went out.</summary>
    public static void NoteFlow(ModelAccount account, Big amount)
    {
        if (account.Trader is not { WatchesDrawdown: true } trader)
        {
            return;
        }

        if (trader.IsBaseOpen)
        {
            trader.Base += amount;
        }
        else
        {
            trader.Flow += amount;
        }
    }

    /// <summary>What an event of the rules says against what holds at that moment; applies it. Null: right.</summary>
    public string? FollowRules(in EventSlot slot, Outcome outcome)
    {
        switch (slot.Header.Type)
        {
            case EventType.MarginLevelChanged:
                return FollowBand(EventSlot.As<MarginLevelChanged>(in slot));
            case EventType.DrawdownAlert:
            case EventType.TradingPaused:
                return FollowDrawdown(EventSlot.As<DrawdownTold>(in slot), outcome);
            case EventType.PositionAutoReduced:
                return FollowExit(EventSlot.As<PositionReduced>(in slot), outcome);
            default:
                return null;
        }
    }

    /// <summary>What the rules should have told, or null.</summary>
    public (long Account, string What)? FindUntold(IEnumerable<ModelAccount> accounts)
    {
        foreach (ModelAccount account in accounts)
        {
            if (account.Trader is not { } trader)
            {
                continue;
            }

            if (trader.WatchesDrawdown && LevelReached(account) > trader.Told)
            {
                return (account.Id, $"drawdown of account {account.Id}: base {trader.Base} loss {LossOf(account)} told {trader.Told}");
            }

            if (trader.WatchesLevel && FindBand(account, trader) is { } band)
            {
                return (account.Id, band);
            }
        }

        return null;
    }

    private static string? FindBand(ModelAccount account, ModelTrader trader)
    {
        LevelBand cross = trader.BandAfter(trader.CrossBand, account.CrossEquity, account.CrossRequirement);
        if (cross != trader.CrossBand)
        {
            return $"band of account {account.Id}: {cross}, was {trader.CrossBand}, equity {account.CrossEquity} requirement {account.CrossRequirement}";
        }

        foreach (ModelRow row in account.Rows.Values.Where(row => row.IsIsolated && !row.Size.IsZero))
        {
            LevelBand band = trader.BandAfter(row.Band, row.IsolatedEquity, row.Requirement);
            if (band != (row.Band ?? LevelBand.Safe))
            {
                return $"band of account {account.Id} position {row.PositionId}: {band}, was {row.Band},"
                    + $" equity {row.IsolatedEquity} requirement {row.Requirement}";
            }

            row.Band = band;
        }

        return null;
    }

    private string? FollowBand(MarginLevelChanged told)
    {
        ModelAccount account = Accounts[told.AccountId];
        ModelRow? row = told.Header.MarketId == 0
            ? null
            : account.Rows.Values.FirstOrDefault(
            row => row.PositionId == told.PositionId && row.Market.Id == told.Header.MarketId);
        if (account.Trader is not { WatchesLevel: true } trader || (told.Header.MarketId != 0 && row is null))
        {
            return $"band of account {told.AccountId} position {told.PositionId} that is not watched";
        }

        LevelBand? before = row is null ? trader.CrossBand : row.Band;
        Big equity = row is null ? account.CrossEquity : row.IsolatedEquity;
        Big requirement = row is null ? account.CrossRequirement : row.Requirement;
        LevelBand band = trader.BandAfter(before, equity, requirement);
        LevelBand previous = before ?? LevelBand.Safe;
        bool alert = trader.Rules.Alerts == 1 && band > previous && band >= LevelBand.Warning;
        bool isSame = told.EquityUnits == equity && told.RequirementUnits == requirement && (LevelBand)told.Header.Detail == band && told.Previous == previous
            && told.IsAlert == (alert ? 1 : 0) && band != previous;
        if (row is null)
        {
            trader.CrossBand = band;
        }
        else
        {
            row.Band = band;
        }

        return isSame ? null : $"band of account {told.AccountId} position {told.PositionId}: exchange {(LevelBand)told.Header.Detail} from {told.Previous}"
            + $" equity {told.EquityUnits} requirement {told.RequirementUnits} alert {told.IsAlert},"
            + $" model {band} from {before} equity {equity} requirement {requirement} alert {alert}";
    }

    private string? FollowDrawdown(DrawdownTold told, Outcome outcome)
    {
        ModelAccount account = Accounts[told.AccountId];
        bool isPause = told.Header.Type == EventType.TradingPaused;
        int level = isPause ? 3 : told.Header.Detail;
        if (account.Trader is not { } trader)
        {
            return $"drawdown of account {told.AccountId} that is not watched";
        }

        int rate = RateOf(trader, level);
        bool isSame = level > trader.Told && LevelReached(account) >= level && rate != 0
            && told.BaseUnits == trader.Base && told.LossUnits == LossOf(account) && told.LevelRate == rate;
        string figures = $"drawdown of account {told.AccountId}: exchange level {level} base {told.BaseUnits} loss {told.LossUnits},"
            + $" model told {trader.Told} reached {LevelReached(account)} base {trader.Base} loss {LossOf(account)}";
        trader.Told = level;
        if (isPause)
        {
            trader.IsPaused = true;
            IEnumerable<ModelOrder> orders = account.Rows.Values.SelectMany(row => row.Orders).Where(order => !order.IsReduceOnly);
            foreach (ModelOrder order in orders.OrderByDescending(order => order.Placed).ToList())
            {
                CancelResting(order, CancelReason.DrawdownPause, outcome);
                EndWithoutOrders(order.Row, outcome);
                Forget(order.Row);
            }
        }

        return isSame ? null : figures;
    }

    private string? FollowExit(PositionReduced told, Outcome outcome)
    {
        ModelAccount account = Accounts[told.AccountId];
        ModelRow? row = account.Rows.Values.FirstOrDefault(
            row => row.PositionId == told.PositionId && row.Market.Id == told.Header.MarketId && !row.Size.IsZero);
        if (account.Trader is not { } trader || row is null)
        {
            return $"account {told.AccountId} has no position {told.PositionId} to reduce";
        }

        Big lots = told.TargetLevel == 0 ? row.Lots : LotsToReduce(row, trader);
        bool isWarranted;
        if (told.TargetLevel == 0)
        {
            isWarranted = trader is { IsPaused: true, Rules.PausePolicy: PausePolicy.Close };
        }
        else
        {
            LevelBand? band = row.IsIsolated ? row.Band : trader.CrossBand;
            bool isLargest = row.IsIsolated || account.CrossPositions.All(other => other.Requirement <= row.Requirement);
            isWarranted = band is LevelBand.Warning or LevelBand.Critical && isLargest && told.TargetLevel == trader.Rules.AutoReduceTarget
                && !(row.IsIsolated ? row.IsLiquidatable(row.IsolatedEquity, row.Requirement) : account.IsCrossLiquidatable(strictly: false));
        }

        if (!isWarranted || told.QuantityLots != lots)
        {
            return $"exit of account {told.AccountId} position {told.PositionId}: exchange {told.QuantityLots}, model {lots}, warranted {isWarranted}";
        }

        Side side = row.Size.Sign > 0 ? Side.Sell : Side.Buy;
        var exit = new Outcome();
        Place(
            new OrderRequest(account.Id, row.Market.Id, 0, side, OrderType.Market, TimeInForce.ImmediateOrCancel, 0, (long)lots)
            {
                IsReduceOnly = true, IsExit = true, Position = row.PositionId,
            },
            exit);
        outcome.Append(exit);
        return exit.IsAccepted ? null : $"exit of account {told.AccountId} position {told.PositionId}: refused by the model: "
                + $"{string.Join(", ", exit.Refusals)}";
    }

    /// <summary>The fewest lots that, closed at the mark with the fee paid, bring back the level.</summary>
    private Big LotsToReduce(ModelRow row, ModelTrader trader)
    {
        Big equity = row.IsIsolated ? row.IsolatedEquity : row.Account.CrossEquity;
        Big others = row.IsIsolated ? 0 : row.Account.CrossRequirement - row.Requirement;
        for (Big lots = 1; lots < row.Lots; lots++)
        {
            Big fee = Rounding.RateUp(lots * row.Market.Mark * row.Market.TickValue, row.Market.RatesOf(row.Account, Now).TakerRate);
            Big rest = row.RequirementOf(row.Lots - lots, row.Cost - row.Released(lots));
            if ((equity - fee) * Rounding.Scale >= trader.Rules.AutoReduceTarget * (others + rest))
            {
                return lots;
            }
        }

        return row.Lots;
    }

    private static Big TotalEquity(ModelAccount account) =>
        account.Pool + account.Rows.Values.Aggregate(Big.Zero, (sum, row) => sum + row.Margin + row.Profit);

    private static Big LossOf(ModelAccount account) => account.Trader!.Base + account.Trader.Flow - TotalEquity(account);

    private static int RateOf(ModelTrader trader, int level) =>
        level switch { 1 => trader.Rules.DrawdownFirstRate, 2 => trader.Rules.DrawdownSecondRate, _ => trader.Rules.DrawdownPauseRate };

    private static int LevelReached(ModelAccount account)
    {
        ModelTrader trader = account.Trader!;
        int reached = 0;
        for (int level = 1; level <= 3; level++)
        {
            int rate = RateOf(trader, level);
            reached = rate != 0 && trader.Base.Sign > 0 && LossOf(account) * Rounding.Scale >= rate * trader.Base ? level : reached;
        }

        return reached;
    }

    private static long MonthStart(int month) =>
        (Epoch.AddMonths(month) - Epoch).Ticks * 100;

    private static int MonthOf(long time)
    {
        DateTime at = Epoch.AddTicks(time / 100);
        return ((at.Year - 1970) * 12) + at.Month - 1;
    }

    private void BeginMonth(ModelAccount account)
    {
        ModelTrader trader = account.Trader!;
        trader.MonthEndsNs = MonthStart(MonthOf(Now) + 1);
        trader.MonthSet = ++_timersSet;
        trader.Base = TotalEquity(account);
        (trader.Flow, trader.Told, trader.IsPaused) = (0, 0, false);
        trader.IsBaseOpen = trader.Base.Sign <= 0;
    }

    private void CheckRules(ModelRow row, OrderRequest request, long limit, long quantity, bool isClosing, Outcome outcome)
    {
        long entry = request.Type == OrderType.Market ? row.Market.Mark : limit;
        bool isWinning = request.Side == Side.Buy ? request.ProtectiveStop >= entry : request.ProtectiveStop <= entry;
        outcome.Refuse(ResultCode.StopOnWinningSide, request.ProtectiveStop != 0 && isWinning);

        if (isClosing || row.Account.Trader is not { } trader)
        {
            return;
        }

        CheckPauses(trader, outcome);
        if (trader.Rules.EnforceSizing != 0)
        {
            outcome.Refuse(ResultCode.StopRequired, request.ProtectiveStop == 0);
            outcome.Refuse(ResultCode.AboveSizing, request.ProtectiveStop != 0 && !isWinning
                && quantity > SizeOf(row, request.Side, entry, request.ProtectiveStop));
        }
    }

    private void CheckPauses(ModelTrader trader, Outcome outcome)
    {
        outcome.Refuse(ResultCode.TradingPaused, trader.IsPaused);
        int today = trader.Day == Now / ModelMarket.DayNs ? trader.TradesToday : 0;
        outcome.Refuse(ResultCode.DailyTradeLimit, trader.Rules.DailyTrades != 0 && today >= trader.Rules.DailyTrades);
    }

    /// <summary>A change that makes an order larger or moves it: no stop comes with it.</summary>
    private void CheckChange(ModelOrder order, long price, long leaves, Outcome outcome)
    {
        if (order.IsReduceOnly || order.Row.Account.Trader is not { } trader || IsClosing(order.Row, order.Side, leaves, order))
        {
            return;
        }

        CheckPauses(trader, outcome);
        outcome.Refuse(ResultCode.StopRequired, trader.Rules.EnforceSizing != 0);
    }

    /// <summary>R-1501, in lots.</summary>
    private static Big SizeOf(ModelRow row, Side side, Big entry, Big stop)
    {
        ModelAccount account = row.Account;
        TraderRules rules = account.Trader!.Rules;
        Big value = row.Market.TickValue;
        Big available = Positive(account.Available);
        Big capital = Positive(row.IsIsolated ? row.IsolatedEquity + available : account.CrossEquity);
        Big risk = Rounding.RateDown(capital, rules.RiskPerTradeRate);
        Big perLot = Big.Abs(entry - stop) * value;
        if (rules.WorstCaseSizing != 0)
        {
            perLot += Rounding.RateUp(stop * value, rules.SizingBufferRate) + Rounding.RateUp(entry * value, rules.SizingGapRate)
                + Rounding.RateUp(entry * value, rules.SizingFeesRate);
        }

        Big most = Big.Min(risk / perLot, capital / (entry * value));
        Big limit = Rounding.RateDown(available, rules.SizingCapRate);
        Big margin = row.Initial(side == Side.Sell, most * entry * value);
        most = margin > limit ? most * limit / margin : most;
        return Big.Min(most, MaxField);
    }

    private void CountFill(ModelRow row, ModelOrder? order, Big profit, Big fee, bool ended, Big result, bool inLiquidation, Outcome outcome)
    {
        bool isFirst = order is { HasTraded: false };
        if (order is not null)
        {
            order.HasTraded = true;
        }

        if (row.Account.Trader is not { } trader)
        {
            return;
        }

        trader.IsBaseOpen = false;
        Record(trader, profit, fee, ended && !inLiquidation, result, inLiquidation ? trader.ByLiquidation : trader.ByOther);
        if (!inLiquidation && trader.Rules.DailyTrades != 0 && (isFirst || trader.Rules.TradeCount == TradeCount.Fills))
        {
            CountTrade(row.Account, trader, outcome);
        }
    }

    private void CountTrade(ModelAccount account, ModelTrader trader, Outcome outcome)
    {
        long today = Now / ModelMarket.DayNs;
        trader.TradesToday = trader.Day == today ? trader.TradesToday + 1 : 1;
        trader.Day = today;
        if (trader.TradesToday == trader.Rules.DailyTradesWarning && trader.TradesToday != trader.Rules.DailyTrades)
        {
            outcome.Daily.Add((account.Id, trader.TradesToday, false));
        }

        if (trader.TradesToday == trader.Rules.DailyTrades)
        {
            outcome.Daily.Add((account.Id, trader.TradesToday, true));
        }
    }

    private void Record(ModelTrader trader, Big profit, Big fee, bool ended, Big result, ModelExits exits)
    {
        foreach (ModelFigures figures in new[] { trader.OfDay.In((int)(Now / ModelMarket.DayNs)), trader.OfMonth.In(MonthOf(Now)), trader.OfAll })
        {
            figures.Profit += profit;
            figures.Fees += fee;
            figures.Closed += ended ? 1 : 0;
            figures.Won += ended && result.Sign > 0 ? 1 : 0;
            figures.Lost += ended && result.Sign < 0 ? 1 : 0;
        }

        exits.Profit += profit;
        exits.Closed += ended ? 1 : 0;
    }

    private void RecordLiquidation(ModelRow row, Big takenProfit, Big charged, Big result, bool ended)
    {
        if (row.Account.Trader is { } trader)
        {
            Record(trader, takenProfit, charged, ended, result, trader.ByLiquidation);
        }
    }

    private void RecordTransfer(ModelRow row, Big profit, bool ended)
    {
        if (row.Account.Trader is { } trader && (ended || !profit.IsZero))
        {
            trader.IsClosedBlurred = true;
            Record(trader, profit, 0, ended, row.LastResult, trader.ByOther);
        }
    }

    /// <summary>Notes where one command makes it unclear which positions closed, and with what result.</summary>
    private static void Blur(ModelRow row, bool isClosed)
    {
        if (row.Account.Trader is { } trader)
        {
            trader.IsResultBlurred = true;
            trader.IsClosedBlurred |= isClosed;
        }
    }

    private void RecordRebate(ModelRow row, Big rebate)
    {
        if (row.Account.Trader is { } trader && !rebate.IsZero)
        {
            Record(trader, 0, -rebate, ended: false, 0, trader.ByOther);
        }
    }

    /// <summary>Whether an order with all others of its side does no more than close the position.</summary>
    private static bool IsClosing(ModelRow row, Side side, Big quantity, ModelOrder? replaced = null)
    {
        Big others = (side == Side.Buy ? row.BuyLots : row.SellLots) - (replaced?.Leaves ?? 0);
        return quantity + others <= row.Against(side);
    }
}
