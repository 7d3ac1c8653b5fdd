using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Random commands that fit what the model knows, so that most of them do something, and some that make no sense.</summary>
internal sealed class CommandSource(Prng random, Profile profile, ModelExchange model, Command command)
{
    private readonly PositionCommands _positions = new(random, profile, model, command);
    private readonly WalletCommands _wallets = new(random, profile, model, command);
    private readonly LendingCommands _lending = new(random, profile, model, command);
    private readonly RuleCommands _rules = new(random, profile, model, command);
    private readonly CrashCommands _crashes = new(random, profile, model, command);
    private readonly LossCommands _losses = new(random, profile, model, command);
    private readonly PriceCommands _prices = new(random, profile, model, command);
    private readonly FundingCommands _funding = new(random, model, command);
    private readonly SettlementCommands _settlements = new(random, profile, model, command);
    private readonly LiquidationCommands _liquidations = new(random, profile, model, command);
    private long _clientIds;
    private long _time = 1;

    /// <summary>Fills the command; the sequence is the caller's.</summary>
    public void Next(long sequence)
    {
        int roll = random.Below(100);
        int marks = profile.MarkShare;
        bool settles = profile.SettleOneIn != 0 && (_settlements.IsRunning || random.Below(profile.SettleOneIn) == 0);
        if (settles)
        {
            _settlements.Next();
        }
        else if (profile.CrashShare != 0 && random.Chance(_crashes.IsRunning ? 90 : profile.CrashShare))
        {
            _crashes.Next();
        }
        else if (profile.LossShare != 0 && random.Chance(profile.LossShare))
        {
            _losses.Next();
        }
        else if (random.Chance(profile.WalletShare))
        {
            _wallets.Next();
        }
        else if (random.Chance(profile.LendingShare))
        {
            _lending.Next();
        }
        else if (profile.FeedShare != 0 && random.Chance(profile.FeedShare))
        {
            _prices.Next();
        }
        else if (profile.FundingShare != 0 && random.Chance(profile.FundingShare))
        {
            _funding.Next();
        }
        else if (profile.LiquidationShare != 0 && random.Chance(profile.LiquidationShare))
        {
            _liquidations.Next();
        }
        else if (roll < marks)
        {
            Mark();
        }
        else if (random.Chance(profile.RuleShare))
        {
            _rules.Next();
        }
        else if (random.Chance(profile.PositionShare))
        {
            _positions.Next();
        }
        else if (roll < marks + 44)
        {
            Place();
            if (command.Type == CommandType.PlaceOrder && profile.PositionShare + profile.RuleShare != 0)
            {
                WithTerms();
            }
        }
        else if (roll < marks + 55)
        {
            Cancel();
        }
        else if (roll < marks + 65)
        {
            Modify();
        }
        else
        {
            Rest(random.Below(33));
        }

        long step = Step();
        if (model.NextMoment is { } moment && moment <= _time + step)
        {
            // what is due comes with a tick of its own, so that its liquidations do not stand before another command's trades
            command.Begin<Tick>(CommandType.Tick);
            Finish(sequence, Math.Max(0, moment - _time));
            return;
        }

        Finish(sequence, step);
        if (settles && command.Type != CommandType.Tick)
        {
            _settlements.Advance();
        }
        else if (random.Chance(2) && (profile.SettleOneIn == 0 || command.Type != CommandType.Tick))
        {
            Spoil();
        }
    }

    public void Finish(long sequence, long step)
    {
        long span = random.Chance(profile.SilenceShare) ? random.Between(1, profile.LongestSilenceNs) : step;
        if (model.NextDeadline <= _time + span)
        {
            command.Begin<Tick>(CommandType.Tick);
        }

        FinishSoon(sequence, span);
    }

    /// <summary>As soon as told: no silence before it.</summary>
    public void FinishSoon(long sequence, long step = 1)
    {
        _time += step;
        command.Header.Sequence = sequence;
        command.Header.TimeNs = _time;
    }

    private long Step()
    {
        if (profile.StepNs == 0)
        {
            return random.Below(1_000);
        }

        return random.Chance(2) ? random.Between(0, profile.StepNs * 40) : random.Between(0, profile.StepNs);
    }

    private ModelMarket AnyMarket()
    {
        ModelMarket market = random.Pick(model.Markets);
        if (market.State != MarketState.Closed || random.Chance(20))
        {
            return market;
        }

        List<ModelMarket> open = model.Markets.FindAll(other => other.State != MarketState.Closed);
        return open.Count == 0 ? market : random.Pick(open);
    }

    private long AnyAccount() => random.Chance(98) ? model.LiquidationAccounts + 1 + random.Below(profile.Accounts) : Garbage();

    private long MarketId() => random.Chance(99) ? AnyMarket().Id : Garbage();

    private long Garbage() => random.Below(4) switch
    {
        0 => 0,
        1 => -random.Between(1, 1L << 50),
        2 => (long)random.Next(),
        3 when profile.CrashShare != 0 => 0,
        _ => random.Between(50, 1L << 33),
    };

    private long Amount(long around)
    {
        int roll = random.Below(100);
        return roll < 3 ? 0 : roll < 5 ? Garbage() : roll < 7 ? random.Between(1, 3) : random.Between(1, Math.Max(2, around * 2));
    }

    private void Rest(int roll)
    {
        switch (roll)
        {
            case < 7:
                ref Deposit deposit = ref command.Begin<Deposit>(CommandType.Deposit);
                deposit.AccountId = AnyAccount();
                deposit.AssetId = random.Chance(97) ? 1 : Garbage();
                deposit.AmountUnits = Amount(profile.MeanDeposit * (long)AnyMarket().TickValue);
                break;
            case < 11:
                ref Withdraw withdraw = ref command.Begin<Withdraw>(CommandType.Withdraw);
                withdraw.AccountId = AnyAccount();
                withdraw.AssetId = random.Chance(97) ? 1 : Garbage();
                withdraw.AmountUnits = Near(model.Accounts.GetValueOrDefault(withdraw.AccountId)?.Free ?? 10);
                break;
            case < 16:
                ref AllocateMargin allocate = ref command.Begin<AllocateMargin>(CommandType.AllocateMargin);
                (allocate.AccountId, allocate.MarketId, allocate.PositionId) = IsolatedRow();
                allocate.AmountUnits = Near((model.Accounts.GetValueOrDefault(allocate.AccountId)?.Free ?? 10) / (random.Chance(30) ? 1 : 5));
                break;
            case < 20:
                ref RemoveMargin remove = ref command.Begin<RemoveMargin>(CommandType.RemoveMargin);
                (remove.AccountId, remove.MarketId, remove.PositionId) = IsolatedRow();
                remove.AmountUnits = Near(Spare(remove.AccountId, remove.MarketId, remove.PositionId));
                break;
            case < 24:
                ref SetMarginMode mode = ref command.Begin<SetMarginMode>(CommandType.SetMarginMode);
                mode.AccountId = AnyAccount();
                mode.MarketId = MarketId();
                mode.Mode = random.Chance(95) ? (MarginMode)random.Below(2) : (MarginMode)Garbage();
                break;
            case < 27:
                ref SetLeverage leverage = ref command.Begin<SetLeverage>(CommandType.SetLeverage);
                leverage.AccountId = AnyAccount();
                leverage.MarketId = MarketId();
                leverage.Release = random.Below(2);
                leverage.Leverage = random.Chance(90) ? random.Between(1, 12) : random.Chance(50) ? random.Between(0, 60) : Garbage();
                break;
            case < 29:
                ref FundInsurance fund = ref command.Begin<FundInsurance>(CommandType.FundInsurance);
                fund.MarketId = MarketId();
                fund.AmountUnits = Amount(profile.MeanDeposit / 8);
                break;
            case < 30:
                Parameters();
                break;
            case < 31:
                Nonsense();
                break;
            case < 32:
                ref SetAccountMargin margin = ref command.Begin<SetAccountMargin>(CommandType.SetAccountMargin);
                margin.AccountId = AnyAccount();
                margin.PortfolioLeverage = random.Below(6) switch { 0 => 0, 1 => random.Below(3_000) - 100, _ => random.Below(12) };
                margin.Reserved = random.Chance(3) ? 1 : 0;
                break;
            default:
                command.Begin<Tick>(CommandType.Tick);
                break;
        }
    }

    /// <summary>A number at, just around, or below a limit.</summary>
    private long Near(Big limit)
    {
        long at = (long)Big.Clamp(limit, -100, 1L << 59);
        return random.Below(10) switch
        {
            0 => at,
            1 => at + 1,
            2 => at - 1,
            3 => 0,
            4 => at + random.Between(0, 1000),
            5 => Garbage(),
            _ => at <= 1 ? 1 : random.Between(1, at),
        };
    }

    private Big Spare(long accountId, long marketId, long position)
    {
        if (!model.Accounts.TryGetValue(accountId, out ModelAccount? account) || !account.Rows.TryGetValue(account.IsHedge
            ? ModelRow.KeyOf(position, marketId) : marketId, out ModelRow? row))
        {
            return 5;
        }

        return row.Size.IsZero ? row.Margin : row.Margin + Big.Min(0, row.Profit) - row.WithdrawRequirement;
    }

    private (long Account, long Market, long Position) IsolatedRow()
    {
        if (random.Chance(85))
        {
            List<ModelRow> rows = [.. model.Markets.SelectMany(market => market.Rows).Where(row => row.IsIsolated)];
            if (rows.Count > 0)
            {
                ModelRow row = random.Pick(rows);
                return (row.Account.Id, row.Market.Id, row.IsHedge ? row.PositionId : 0);
            }
        }

        return (AnyAccount(), MarketId(), random.Chance(80) ? 0 : random.Between(1, 500));
    }

    private void Mark()
    {
        ref SetMarkPrice mark = ref command.Begin<SetMarkPrice>(CommandType.SetMarkPrice);
        mark.MarketId = MarketId();
        ModelMarket? market = mark.MarketId >= 1 && mark.MarketId <= model.Markets.Count ? model.Markets[(int)mark.MarketId - 1] : null;
        long now = market is null || market.Mark == 0 ? profile.BasePrice : market.Mark;
        int roll = random.Below(100);
        if (roll < 1 && profile.CrashShare == 0)
        {
            mark.PriceTicks = random.Chance(50) ? Garbage() : random.Between(1, ModelExchange.MaxField);
        }
        else if (roll < profile.JumpShare)
        {
            mark.PriceTicks = Around(profile.BasePrice, 40);
        }
        else if (roll < profile.JumpShare + 20)
        {
            mark.PriceTicks = Around(now, 6);
        }
        else
        {
            mark.PriceTicks = Math.Max(1, now + random.Between(-(now / 200) - 1, (now / 200) + 1));
        }

        mark.PriceTicks = mark.PriceTicks > 0 && mark.PriceTicks > profile.BasePrice * 8 && roll >= 1 ? profile.BasePrice : mark.PriceTicks;
    }

    private long Around(long price, long percent)
    {
        long width = Math.Max(2, price * percent / 100);
        return Math.Max(1, price + random.Between(-width, width));
    }

    private void Place()
    {
        ref PlaceOrder place = ref command.Begin<PlaceOrder>(CommandType.PlaceOrder);
        ModelMarket market = AnyMarket();
        place.MarketId = random.Chance(99) ? market.Id : Garbage();
        place.AccountId = random.Chance(96) ? AnyAccount() : market.LiquidationAccount.Id;
        place.ClientOrderId = ++_clientIds;
        place.Side = (Side)random.Below(2);
        long reference = market.Mark == 0 ? profile.BasePrice : market.Mark;
        long lots = random.Between(1, profile.MaxLots);
        if (model.Accounts.TryGetValue(place.AccountId, out ModelAccount? account) && account.Rows.TryGetValue(market.Id, out ModelRow? row)
            && !row.Size.IsZero && random.Chance(45))
        {
            place.Side = row.Size.Sign > 0 ? Side.Sell : Side.Buy;
            lots = random.Below(4) switch { 0 => (long)row.Lots, 1 => (long)row.Lots * 2, _ => random.Between(1, (long)row.Lots) };
        }

        place.QuantityLots = random.Chance(99) ? Math.Max(1, lots) : random.Chance(50) ? Garbage() : random.Between(1, ModelExchange.MaxField);
        place.Flags = random.Chance(8) ? OrderFlags.ReduceOnly : OrderFlags.None;
        place.TimeInForce = random.Chance(85) ? TimeInForce.GoodTillCancel : TimeInForce.ImmediateOrCancel;
        if (random.Chance(20))
        {
            place.Type = OrderType.Market;
            place.MaxSlippageRate = random.Below(4) switch { 0 => random.Below(30_000_000), 1 => random.Chance(10) ? (int)random.Next() : 0, _ => 0 };
            return;
        }

        place.PriceTicks = random.Below(100) switch
        {
            < 1 => Garbage(),
            < 2 => random.Between(1, ModelExchange.MaxField),
            < 10 => Around(reference, 35),
            _ => Around(reference, 3),
        };
    }

    /// <summary>Half of the orders name a position, so that hedge accounts do not fill up with new ones.</summary>
    private void WithTerms()
    {
        PlaceOrder place = command.As<PlaceOrder>();
        bool isFull = model.Accounts.TryGetValue(place.AccountId, out ModelAccount? account) && account.IsHedge && account.Rows.Count > 30;
        if (isFull || random.Chance(55))
        {
            _positions.AddTerms(place);
            if (profile.RuleShare != 0)
            {
                _rules.AddStop();
            }
        }
    }

    private (long Account, long Order) AnyOrder()
    {
        if (model.Orders.Count == 0 || random.Chance(4))
        {
            return (AnyAccount(), random.Chance(50) ? Garbage() : random.Between(1, 1L << 28));
        }

        ModelMarket market = AnyMarket();
        List<ModelOrder> book = market.Book((Side)random.Below(2));
        if (book.Count == 0)
        {
            return (AnyAccount(), (1L << 24) + random.Below(64));
        }

        ModelOrder order = random.Pick(book);
        return (random.Chance(97) ? order.Row.Account.Id : AnyAccount(), order.Id);
    }

    private void Cancel()
    {
        ref CancelOrder cancel = ref command.Begin<CancelOrder>(CommandType.CancelOrder);
        (cancel.AccountId, cancel.OrderId) = AnyOrder();
    }

    private void Modify()
    {
        ref ModifyOrder modify = ref command.Begin<ModifyOrder>(CommandType.ModifyOrder);
        (modify.AccountId, modify.OrderId) = AnyOrder();
        ModelOrder? order = model.Orders.GetValueOrDefault(modify.OrderId);
        long price = order?.Price ?? profile.BasePrice;
        long quantity = order?.Quantity ?? 10;
        modify.PriceTicks = random.Below(10) switch { 0 => price, 1 => random.Chance(20) ? Garbage() : 0,
            < 5 => 0, < 9 => Around(price, 2), _ => Around(price, 30) };
        modify.QuantityLots = random.Below(10) switch
        {
            0 => quantity,
            1 => random.Chance(20) ? Garbage() : 1,
            < 4 => 0,
            < 8 => random.Between(1, quantity),
            _ => random.Between(quantity, quantity * 2),
        };
    }

    private void Parameters()
    {
        ref SetMarketParameters set = ref command.Begin<SetMarketParameters>(CommandType.SetMarketParameters);
        set.MarketId = MarketId();
        int index = set.MarketId >= 1 && set.MarketId <= profile.Markets.Count ? (int)set.MarketId - 1 : 0;
        MarketParameters p = profile.Markets[index];
        p.InitialMarginLongRate += random.Below(5_000_000);
        p.InitialMarginShortRate += random.Below(5_000_000);
        p.MakerFeeRate = random.Below(60_000);
        p.TakerFeeRate = random.Below(90_000);
        p.MinPenaltyUnits = random.Chance(50) ? 0 : random.Below(500);
        p.WithdrawRequirement = (WithdrawRequirement)random.Below(2);
        p.MaxOpenOrders = 3 + random.Below(18);
        p.MaintenanceMarginRate = Math.Max(1, p.MaintenanceMarginRate + random.Below(2_000_000) - 1_000_000);
        p.TriggerIncludesFee = (byte)random.Below(2);
        p.Trigger = (LiquidationTrigger)random.Below(2);
        p.IsolatedOrderMargin = (OrderMarginRule)random.Below(2);
        p.OffsetPosition = (byte)(random.Chance(80) ? p.OffsetPosition : 1 - p.OffsetPosition);
        p.InsuranceEnabled = (byte)random.Below(2);
        p.ModeSwitch = (ModeSwitchPolicy)random.Below(2);
        switch (random.Below(12))
        {
            case 0:
                p.PenaltyKeeperRate++;
                break;
            case 1:
                p.MaintenanceMarginBase = (MarginBase)(1 - (byte)p.MaintenanceMarginBase);
                break;
            case 2:
                p.MaintenanceMarginRate = -1;
                break;
            case 3:
                p.OffsetPosition = 2;
                break;
            case 4:
                p.SelfTrade = SelfTradePrevention.MarketRule;
                break;
            default:
                break;
        }

        ParameterMix.Vary(ref p, random, profile.Notional(model.Markets[index]));
        set.Parameters = p;
    }

    private void Nonsense()
    {
        command.Begin<PlaceOrder>(CommandType.PlaceOrder);
        Span<byte> bytes = MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref command.As<PlaceOrder>(), 1));
        for (int i = CommandHeader.SizeBytes; i < bytes.Length; i++)
        {
            bytes[i] = (byte)random.Next();
        }

        if (random.Chance(50))
        {
            command.Header.Type = random.Chance(30) ? CommandType.Genesis : (CommandType)random.Between(1_000, 0xFFFF);
        }
    }

    /// <summary>Too short, of another version, or with a byte that means nothing.</summary>
    private void Spoil()
    {
        switch (random.Below(3))
        {
            case 0:
                command.CutTo(CommandHeader.SizeBytes + random.Below(24));
                break;
            case 1:
                command.Header.Version = (ushort)random.Between(Core.Exchange.CommandVersion + 1, 9);
                break;
            default:
                if (command.Type == CommandType.PlaceOrder)
                {
                    ref PlaceOrder place = ref command.As<PlaceOrder>();
                    place.Side = (Side)random.Below(5);
                    place.Type = (OrderType)random.Below(3);
                    place.TimeInForce = random.Chance(50) ? TimeInForce.GoodTillCancel : (TimeInForce)(5 + random.Below(3));
                    place.Reserved = (byte)random.Below(2);
                }

                break;
        }
    }
}
