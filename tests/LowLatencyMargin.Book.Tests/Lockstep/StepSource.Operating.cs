using LowLatencyMargin.Book.Tests.Book;

namespace LowLatencyMargin.Book.Tests.Lockstep;

/// <summary>Prices, states, switches, limits.</summary>
internal sealed partial class StepSource
{
    private Step Mark()
    {
        Step step = Begin(CommandType.SetMarkPrice);
        step[Field.Market] = Market();
        step[Field.Price] = random.Below(300) == 0 ? random.Pick<long>([0, -1, BookMarket.MaxTicks + 1]) : Wander(step, TriggerSource.Mark);
        return step;
    }

    private Step Index()
    {
        Step step = Begin(CommandType.SetIndexPrice);
        step[Field.Market] = Market();
        step[Field.Price] = random.Below(300) == 0 ? random.Pick<long>([0, -1, BookMarket.MaxTicks + 1]) : Wander(step, TriggerSource.Index);
        return step;
    }

    /// <summary>A step from where the price is, drawn to the base.</summary>
    private long Wander(Step step, TriggerSource source)
    {
        long price = MarketOf(step).Prices[(int)source];
        price = price == 0 || random.Chance(10) ? profile.BasePrice : price;
        long low = profile.BasePrice - profile.Range;
        return Math.Clamp(Near(price, random.Chance(10) ? profile.Range : 2), Math.Max(1, low), profile.BasePrice + profile.Range);
    }

    private Step Operate(int roll)
    {
        if (Undo() is { } undo)
        {
            return undo;
        }

        return roll switch
        {
            < 10 => Protect(),
            < 16 => DeadMan(),
            < 20 => Kill(),
            < 29 => State(),
            < 32 => Limit(),
            < 36 => Group(),
            < 44 => Parameters(),
            < 45 => Begin((CommandType)random.Pick<int>([999, 3, 46])),
            _ => Begin(CommandType.Tick),
        };
    }

    /// <summary>What stops everything does not last.</summary>
    private Step? Undo()
    {
        BookMarket market = random.Pick(book.Markets);
        if (market.State != MarketState.Open && random.Chance(60))
        {
            Step open = Begin(CommandType.SetMarketState);
            open[Field.Market] = market.Id;
            return open;
        }

        BookAccount account = book.Accounts[profile.Markets + 1 + random.Below(profile.Accounts)];
        BookRow? killed = account.All.Values.FirstOrDefault(row => row.IsKilled);
        if ((account.IsKilled || killed is not null || market.IsKilled) && random.Chance(60))
        {
            Step resume = Begin(CommandType.KillSwitch);
            resume[Field.Account] = account.IsKilled || killed is not null ? account.Id : 0;
            resume[Field.Market] = account.IsKilled ? 0 : killed?.Market.Id ?? market.Id;
            return resume;
        }

        if (account.OwnLimit is { PerSecond: > 0 } && random.Chance(10))
        {
            Step free = Begin(CommandType.SetRateLimit);
            free[Field.Account] = account.Id;
            return free;
        }

        return null;
    }

    private Step Protect()
    {
        Step step = ForAccount(CommandType.SetMakerProtection);
        if (random.Chance(85))
        {
            step[Field.Quantity] = random.Chance(50) ? random.Between(1, 40) : 0;
            step[Field.DeltaLots] = random.Chance(50) ? random.Between(1, 30) : 0;
            step[Field.Fills] = random.Chance(50) ? random.Between(random.Below(50) == 0 ? -1 : 1, 5) : 0;
        }

        step[Field.WindowMs] = random.Below(60) == 0 ? random.Pick<long>([0, -1, 86_400_001]) : random.Pick<long>([1, 10, 1_000, 60_000]);
        step[Field.FrozenMs] = random.Below(60) == 0 ? -1 : random.Pick<long>([0, 1, 20, 500]);
        return step;
    }

    private Step DeadMan()
    {
        Step step = Begin(CommandType.CancelAllAfter);
        step[Field.Account] = Account();
        step[Field.TimeoutMs] = random.Below(40) == 0 ? random.Pick<long>([-1, 86_400_001]) : random.Pick<long>([0, 1, 5, 50, 500]);
        step[Field.SpareStops] = random.Below(300) == 0 ? 2 : random.Below(2);
        return step;
    }

    private Step Kill()
    {
        Step step = ForAccount(CommandType.KillSwitch);
        int scope = random.Below(20);
        if (scope < 12)
        {
            step[Field.Market] = 0;
        }
        else if (scope < 14)
        {
            step[Field.Account] = 0;
        }

        step[Field.On] = random.Below(200) == 0 ? 2 : random.Chance(80) ? 1 : 0;
        step[Field.SpareStops] = random.Below(2);
        return step;
    }

    private Step State()
    {
        Step step = Begin(CommandType.SetMarketState);
        step[Field.Market] = Market();
        int roll = random.Below(100);
        step[Field.State] = roll < 2 ? 7 : roll < 5 ? 6 : random.Below(6);
        return step;
    }

    private Step Limit()
    {
        Step step = Begin(CommandType.SetRateLimit);
        step[Field.Account] = random.Chance(20) ? 0 : Account();
        step[Field.PerSecond] = random.Below(40) == 0 ? -1 : random.Chance(step[Field.Account] == 0 ? 80 : 30) ? 0 : random.Between(1, 2_000);
        step[Field.Burst] = random.Below(40) == 0 ? 1_000_001 : random.Between(0, 20);
        step[Field.Reserve] = random.Below(40) == 0 ? -1 : random.Between(0, 10);
        return step;
    }

    private Step Group()
    {
        Step step = Begin(CommandType.SetTradeGroup);
        step[Field.Account] = Account();
        step[Field.Group] = random.Below(60) == 0 ? -1 : random.Below(3);
        return step;
    }

    private Step Parameters()
    {
        Step step = Begin(CommandType.SetMarketParameters);
        step[Field.Market] = Market();
        step[Field.Parameters] = random.Chance(30) ? 0 : random.Between(1, 1_000_000);
        return step;
    }
}
