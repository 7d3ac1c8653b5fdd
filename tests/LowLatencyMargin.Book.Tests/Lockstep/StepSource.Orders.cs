using LowLatencyMargin.Book.Tests.Book;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Book.Tests.Lockstep;

/// <summary>Orders, their changes and lists of them.</summary>
internal sealed partial class StepSource
{
    private static readonly int[] Slippages = [0, 0, 0, Rate.Scale / 100, Rate.Scale / 20, Rate.Scale];

    private Step Place()
    {
        Step step = ForAccount(CommandType.PlaceOrder);
        Ask(step);
        return step;
    }

    /// <summary>What every order asks for.</summary>
    private void Ask(Step step)
    {
        step[Field.ClientId] = ClientId(step);
        step[Field.Side] = random.Below(500) == 0 ? 2 : random.Below(2);
        step[Field.Quantity] = Lots();
        step[Field.SelfTrade] = random.Chance(70) ? 0 : random.Below(500) == 0 ? 6 : random.Below(6);
        step[Field.Type] = random.Chance(12) ? 1 : 0;
        step[Field.Price] = step[Field.Type] == 0 || random.Below(100) == 0 ? PriceAround(step) : 0;
        step[Field.Slippage] = step[Field.Type] == 1 ? random.Pick(Slippages) : random.Below(300) == 0 ? 1 : 0;
        int roll = random.Below(100);
        step[Field.TimeInForce] = roll < 70 ? 0 : roll < 82 ? 1 : roll < 94 ? 2 : roll < 96 ? 4 : random.Below(6);
        bool isPlain = step[Field.TimeInForce] is 0 or 3 or 4 && step[Field.Type] == 0;
        roll = random.Below(100);
        OrderFlags flags = roll < 45 ? OrderFlags.None
            : roll < 60 ? OrderFlags.ReduceOnly
            : !isPlain && roll < 95 ? OrderFlags.None
            : roll < 72 ? OrderFlags.PostOnly
            : roll < 79 ? OrderFlags.PostOnly | OrderFlags.Reprice
            : roll < 83 ? OrderFlags.Hidden
            : roll < 96 ? OrderFlags.MakerProtected
            : (OrderFlags)random.Below(random.Below(20) == 0 ? 128 : 64);
        step[Field.Flags] = (long)flags;
    }

    private Step PlaceWithTerms()
    {
        Step step = ForAccount(CommandType.PlaceOrderWithTerms);
        Ask(step);
        int roll = random.Below(100);
        if (roll < 25)
        {
            MakePlain(step);
            step[Field.Quantity] = random.Between(1, 150);
            step[Field.Display] = random.Below(10) == 0 ? random.Between(-1, 160) : random.Between(1, Math.Max(1, step[Field.Quantity] / 2));
        }
        else if (roll < 75)
        {
            Trigger(step);
        }

        if (random.Chance(30))
        {
            step[Field.TimeInForce] = (long)(random.Chance(75) ? TimeInForce.GoodTillTime : TimeInForce.Day);
        }

        bool needsExpiry = step[Field.TimeInForce] == (long)TimeInForce.GoodTillTime;
        step[Field.ExpiresInNs] = needsExpiry != (random.Below(100) == 0) ? random.Between(-2, 200) * random.Pick<long>([1, 10]) * NsPerMs : 0;
        if (random.Chance(20))
        {
            step[Field.Link] = SomeOrder(step[Field.Account])?.Tag ?? (random.Chance(20) ? 1 : 0);
        }

        return step;
    }

    private static void MakePlain(Step step)
    {
        (step[Field.Type], step[Field.TimeInForce], step[Field.Slippage]) = (0, 0, 0);
        step[Field.Flags] &= (long)(OrderFlags.PostOnly | OrderFlags.Reprice | OrderFlags.ReduceOnly);
        step[Field.Price] = Math.Max(1, step[Field.Price]);
    }

    private void Trigger(Step step)
    {
        bool reduces = random.Chance(40);
        bool isMarket = random.Chance(50);
        BookMarket market = MarketOf(step);
        step[Field.Type] = isMarket ? 1 : 0;
        step[Field.Price] = isMarket ? 0 : Near(profile.BasePrice, profile.Range);
        step[Field.Slippage] = isMarket ? random.Pick(Slippages) : 0;
        step[Field.Flags] = (long)(reduces ? OrderFlags.ReduceOnly : OrderFlags.None);
        if (reduces && book.Accounts.TryGetValue(step[Field.Account], out BookAccount? owner) && owner.All.TryGetValue(market.Id, out BookRow? row))
        {
            step[Field.Side] = row.Size > 0 ? 1 : 0;
            if (isMarket && random.Chance(30))
            {
                step[Field.Flags] |= (long)OrderFlags.WholePosition;
                step[Field.Quantity] = random.Below(50) == 0 ? 1 : 0;
            }
        }

        step[Field.Kind] = random.Below(300) == 0 ? 5 : random.Below(4) + 1;
        step[Field.Source] = random.Below(300) == 0 ? 3 : random.Below(3);
        long price = market.Prices[(int)step[Field.Source] % 3];
        price = price == 0 ? profile.BasePrice : price;
        bool isBuy = step[Field.Side] == 0;
        if (step[Field.Kind] <= (long)TriggerKind.TakeProfit)
        {
            bool isAbove = step[Field.Kind] == (long)TriggerKind.Stop == isBuy;
            step[Field.Trigger] = Math.Max(0, price + (random.Between(random.Below(10) == 0 ? -2 : 1, 5) * (isAbove ? 1 : -1)));
        }
        else
        {
            Trail(step, isBuy, price);
        }

        if (random.Below(60) == 0)
        {
            step[random.Pick<Field>([Field.Trigger, Field.TrailTicks, Field.TrailRate, Field.Activation, Field.StepTicks])] =
                random.Pick<long>([-1, 0, 1, 1_000_000, BookMarket.MaxTicks + 1]);
        }
    }

    private void Trail(Step step, bool isBuy, long price)
    {
        if (random.Chance(60))
        {
            step[Field.TrailTicks] = random.Between(1, 5);
        }
        else
        {
            step[Field.TrailRate] = random.Between(1, 6) * (Rate.Scale / 100);
        }

        bool activates = step[Field.Kind] == (long)TriggerKind.TrailingTakeProfit || random.Chance(30);
        step[Field.Activation] = activates ? Math.Max(1, price + (random.Between(-1, 4) * (isBuy ? -1 : 1))) : 0;
        step[Field.StepTicks] = random.Chance(50) ? 0 : random.Below(4);
    }

    private Step Cancel()
    {
        Step step = Begin(CommandType.CancelOrder);
        step[Field.Account] = Account();
        Name(step, step[Field.Account]);
        return step;
    }

    private Step Modify()
    {
        Step step = Begin(CommandType.ModifyOrder);
        step[Field.Account] = Account();
        Name(step, step[Field.Account]);
        Change(step);
        return step;
    }

    private void Change(Step step)
    {
        BookOrder? order = book.OrderOf((int)step[Field.Order]);
        if (random.Chance(55))
        {
            step[Field.Quantity] = order is null || random.Chance(20) ? Lots() : Math.Max(0, order.Quantity + random.Between(-4, 3));
        }

        if (random.Chance(order is { IsMarket: true } ? 5 : 45))
        {
            step[Field.Price] = PriceAround(step);
        }

        if (order is { IsWaiting: true } ? random.Chance(40) : random.Below(100) == 0)
        {
            step[Field.Trigger] = Near(order is null || order.Trigger == 0 ? profile.BasePrice : order.Trigger, 2);
        }
    }

    private Step MassCancel()
    {
        Step step = ForAccount(CommandType.CancelOrders);
        step[Field.Market] = random.Chance(50) ? 0 : step[Field.Market];
        step[Field.Sides] = random.Below(300) == 0 ? 3 : random.Chance(60) ? 0 : random.Below(3);
        step[Field.SpareStops] = random.Below(300) == 0 ? 2 : random.Below(2);
        return step;
    }

    private Step Batch()
    {
        Step head = ForAccount(CommandType.OrderBatch);
        List<Step> items = [];
        int count = random.Below(200) == 0 ? random.Pick<int>([0, 101]) : random.Between(1, 5) is var few ? (int)few : 0;
        for (int i = 0; i < count; i++)
        {
            var item = new Step { Type = CommandType.None, Tag = head.Tag + i };
            item[Field.Account] = head[Field.Account];
            item[Field.Market] = head[Field.Market];
            int roll = random.Below(100);
            item[Field.Action] = roll < 60 ? 0 : roll < 75 ? 1 : roll < 99 ? 2 : random.Below(4);
            if (item[Field.Action] == 0)
            {
                Ask(item);
                if (i > 0 && random.Chance(15))
                {
                    Oppose(items[^1], item);
                }
            }
            else
            {
                Name(item, head[Field.Account], head[Field.Market]);
                Change(item);
                item[Field.Trigger] = 0;
            }

            items.Add(item);
        }

        Step step = head.Copy(items);
        step[Field.Mode] = random.Below(200) == 0 ? 2 : random.Below(2);
        step[Field.SelfTrade] = random.Chance(60) ? 0 : random.Below(6);
        return step;
    }

    /// <summary>Makes an item of a batch a post-only order that the item before it may leave nothing to rest against.</summary>
    private static void Oppose(Step before, Step item)
    {
        MakePlain(item);
        item[Field.Side] = 1 - (before[Field.Side] & 1);
        item[Field.Price] = Math.Max(1, before[Field.Price]);
        item[Field.Flags] = (long)OrderFlags.PostOnly;
    }

    private Step Quote()
    {
        Step head = ForAccount(CommandType.MassQuote);
        int bids = random.Below(4);
        int asks = random.Below(4);
        long middle = Near(profile.BasePrice, profile.Range / 2);
        List<Step> levels = [];
        for (int i = 0; i < bids + asks; i++)
        {
            var level = new Step { Type = CommandType.None, Tag = head.Tag + i };
            long depth = i < bids ? i : i - bids;
            long away = (depth * random.Between(1, 2)) + 1;
            level[Field.Price] = random.Below(200) == 0 ? PriceAround(head) : Math.Max(1, i < bids ? middle - away : middle + away);
            level[Field.Quantity] = Lots();
            levels.Add(level);
        }

        Step step = head.Copy(levels);
        step[Field.Bids] = bids;
        step[Field.QuoteId] = random.Below(100);
        step[Field.Flags] = random.Below(200) == 0 ? 2 : random.Below(2);
        step[Field.SelfTrade] = random.Chance(60) ? 0 : random.Below(6);
        return step;
    }

    private Step Bracket()
    {
        Step step = ForAccount(CommandType.SetBracket);
        step[Field.Source] = random.Below(300) == 0 ? 3 : random.Below(3);
        step[Field.Slippage] = random.Below(300) == 0 ? -1 : random.Pick(Slippages);
        if (random.Below(12) == 0)
        {
            return step;
        }

        BookMarket market = MarketOf(step);
        BookRow? row = book.Accounts.GetValueOrDefault(step[Field.Account])?.All.GetValueOrDefault(market.Id);
        long price = market.Prices[(int)step[Field.Source] % 3];
        price = price == 0 ? profile.BasePrice : price;
        int sign = row is { Size: < 0 } ? -1 : 1;
        step[Field.StopLoss] = random.Chance(85) ? Math.Max(0, price - (sign * random.Between(0, 5))) : 0;
        step[Field.TakeProfit] = random.Chance(85) ? Math.Max(0, price + (sign * random.Between(0, 5))) : 0;
        return step;
    }
}
