using LowLatencyMargin.Book.Tests.Book;

namespace LowLatencyMargin.Book.Tests.Lockstep;

/// <summary>Random steps that fit what the reference book holds, so that most of them do something, and some that make no sense.</summary>
internal sealed partial class StepSource(Prng random, Profile profile, ReferenceBook book)
{
    private const long NsPerMs = 1_000_000;

    private int _steps;
    private long _clientIds;

    public Step Next()
    {
        int roll = random.Below(1_000);
        Step step = OpenOrders() > profile.Orders && random.Chance(40) ? MassCancel()
            : roll < 270 ? Place()
            : roll < 500 ? PlaceWithTerms()
            : roll < 570 ? Cancel()
            : roll < 690 ? Modify()
            : roll < 705 ? MassCancel()
            : roll < 770 ? Batch()
            : roll < 815 ? Quote()
            : roll < 850 ? Bracket()
            : roll < 915 ? Mark()
            : roll < 935 ? Index()
            : Operate(random.Below(65));
        step[Field.AdvanceNs] = Advance();
        if (random.Chance(1))
        {
            step[Field.Spoil] = random.Below(20) == 0 ? 3 : random.Below(2) + 1;
        }

        return step;
    }

    private Step Begin(CommandType type) => new() { Type = type, Tag = ++_steps * Step.TagsPerStep };

    private Step ForAccount(CommandType type)
    {
        Step step = Begin(type);
        step[Field.Account] = Account();
        step[Field.Market] = Market();
        return step;
    }

    private long Account() => random.Below(300) == 0 ? random.Pick<long>([0, -1, 1, 999]) : profile.Markets + 1 + random.Below(profile.Accounts);

    private long Market() => random.Below(300) == 0 ? random.Pick<long>([0, -1, 99]) : 1 + random.Below(profile.Markets);

    private int OpenOrders() => book.Accounts.Values.Sum(account => account.Rows.Sum(row => row.Orders.Count));

    private BookMarket MarketOf(Step step) => book.Markets[(int)Math.Clamp(step[Field.Market], 1, book.Markets.Count) - 1];

    private long Advance() => random.Below(1_000) switch
    {
        < 500 => 0,
        < 900 => random.Below(5) * NsPerMs,
        < 985 => random.Below(300) * NsPerMs,
        < 998 => random.Below(5_000) * NsPerMs,
        < 999 => 3_600_000 * NsPerMs,
        _ => 43_200_000 * NsPerMs,
    };

    private long Near(long price, int range) => Math.Max(1, price + random.Between(-range, range));

    private long PriceAround(Step step) =>
        random.Below(200) == 0 ? random.Pick<long>([0, -1, 1, BookMarket.MaxTicks + 1]) : Near(profile.BasePrice, profile.Range);

    private long Lots() => random.Below(300) == 0
        ? random.Pick<long>([0, -1, BookMarket.MaxTicks + 1])
        : random.Between(1, random.Chance(20) ? profile.MaxLots * 4 : profile.MaxLots);

    /// <summary>A name that is new, known, or none.</summary>
    private long ClientId(Step step)
    {
        int roll = random.Below(100);
        return roll < 50 ? 0 : roll < 92 ? ++_clientIds : SomeOrder(step[Field.Account], all: true)?.ClientId ?? ++_clientIds;
    }

    private BookOrder? SomeOrder(long account, bool all = false)
    {
        if (!book.Accounts.TryGetValue(account, out BookAccount? owner))
        {
            return null;
        }

        List<BookOrder> orders = all
            ? [.. owner.Named.Values]
            : [.. owner.Rows.SelectMany(row => row.Orders)];
        return orders.Count == 0 ? null : random.Pick(orders);
    }

    /// <summary>Names an open order, sometimes one that has ended, another's, or none.</summary>
    private void Name(Step step, long account, long market = 0)
    {
        int roll = random.Below(100);
        BookOrder? order = roll < 88 ? SomeOrder(account)
            : roll < 92 ? SomeOrder(account, all: true)
            : roll < 98 ? book.OrderOf((_steps - random.Below(100)) * Step.TagsPerStep)
            : null;
        order = market == 0 || order?.Market.Id == market || random.Chance(5) ? order : null;
        step[Field.Order] = order?.Tag ?? (random.Chance(50) ? 1 : 0);
        if (order is { ClientId: not 0 } && random.Chance(40))
        {
            step[Field.Order] = 0;
            step[Field.ClientId] = order.ClientId;
        }
    }
}
