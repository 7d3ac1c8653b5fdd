using FsCheck;
using FsCheck.Fluent;

namespace LowLatencyMargin.Book.Tests.Lockstep;

/// <summary>Lists of small commands as FsCheck makes them up: three accounts, one market, five prices, without a look at any book.</summary>
internal static class StepGen
{
    private static readonly CommandType[] Types =
    [
        CommandType.PlaceOrder, CommandType.PlaceOrder, CommandType.PlaceOrder, CommandType.PlaceOrder, CommandType.PlaceOrderWithTerms,
        CommandType.PlaceOrderWithTerms, CommandType.PlaceOrderWithTerms, CommandType.ModifyOrder, CommandType.ModifyOrder, CommandType.CancelOrder,
        CommandType.CancelOrders, CommandType.SetMarkPrice, CommandType.SetBracket, CommandType.SetMarketState, CommandType.MassQuote,
    ];

    /// <summary>The exchange that these lists are for.</summary>
    public static Profile Profile { get; } = new("made up") { Accounts = 3, Markets = 1, RecentOrders = 4 };

    /// <summary>Lists that grow with FsCheck's size.</summary>
    public static Gen<IReadOnlyList<Step>> Lists =>
        OneStep.ListOf().Select(steps => (IReadOnlyList<Step>)[.. steps.Select((step, i) => step.Copy(step.Items, (i + 1) * Step.TagsPerStep))]);

    private static Gen<Step> OneStep =>
        from type in Gen.Elements(Types)
        from account in Gen.Choose(Profile.Markets + 1, Profile.Markets + Profile.Accounts)
        from side in Gen.Choose(0, 1)
        from price in Gen.Choose(98, 102)
        from lots in Gen.Choose(1, 6)
        from choice in Gen.Choose(0, 19)
        from other in Gen.Choose(1, 12)
        select Make(type, account, side, price, lots, choice, other);

    private static Step Make(CommandType type, int account, int side, int price, int lots, int choice, int other)
    {
        IReadOnlyList<Step> levels = type == CommandType.MassQuote ? [Level(price, lots)] : [];
        var step = new Step { Type = type, Items = levels };
        (step[Field.Account], step[Field.Market]) = (account, 1);
        switch (type)
        {
            case CommandType.PlaceOrder:
            case CommandType.PlaceOrderWithTerms:
                (step[Field.Side], step[Field.Price], step[Field.Quantity]) = (side, price, lots);
                step[Field.TimeInForce] = choice switch { 0 => 1, 1 => 2, _ => 0 };
                step[Field.Flags] = choice switch { 2 => 1, 3 => 3, 4 => 4, 5 => 8, 6 => 16, _ => 0 };
                step[Field.SelfTrade] = choice > 13 ? choice - 13 : 0;
                if (type == CommandType.PlaceOrderWithTerms)
                {
                    Terms(step, choice, other);
                }

                break;
            case CommandType.ModifyOrder:
            case CommandType.CancelOrder:
                step[Field.Order] = other * Step.TagsPerStep;
                (step[Field.Quantity], step[Field.Price]) = (choice % 3 == 0 ? 0 : lots, choice % 3 == 1 ? 0 : price);
                break;
            case CommandType.SetMarkPrice:
                step[Field.Price] = price;
                break;
            case CommandType.SetBracket:
                (step[Field.StopLoss], step[Field.TakeProfit]) = (price, 200 - price);
                break;
            case CommandType.SetMarketState:
                step[Field.State] = choice < 15 ? 0 : choice - 13;
                break;
            case CommandType.MassQuote:
                step[Field.Bids] = side;
                break;
            default:
                break;
        }

        return step;
    }

    private static Step Level(int price, int lots)
    {
        var level = new Step();
        (level[Field.Price], level[Field.Quantity]) = (price, lots);
        return level;
    }

    /// <summary>An iceberg, a stop, a trailing stop, or a link.</summary>
    private static void Terms(Step step, int choice, int other)
    {
        switch (choice % 4)
        {
            case 0:
                step[Field.Display] = 1;
                break;
            case 1:
                (step[Field.Kind], step[Field.Trigger]) = (1, step[Field.Side] == 0 ? 101 : 99);
                break;
            case 2:
                (step[Field.Kind], step[Field.TrailTicks]) = (3, 1);
                break;
            default:
                step[Field.Link] = other * Step.TagsPerStep;
                break;
        }
    }
}
