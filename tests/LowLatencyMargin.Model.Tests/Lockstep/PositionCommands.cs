using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Commands about positions: hedge orders, close, split, merge, transfer, modes and leverage by position (docs/positions.md).</summary>
internal sealed class PositionCommands(Prng random, Profile profile, ModelExchange model, Command command)
{
    private const int MostRows = 40;

    private long _clientIds = 1_000_000_000;

    /// <summary>One that fits the order just made: its position, margin mode and money.</summary>
    public void AddTerms(PlaceOrder order)
    {
        ref PlaceOrderWithTerms place = ref command.Begin<PlaceOrderWithTerms>(CommandType.PlaceOrderWithTerms);

        // not two statements: .NET 10.0.12 optimises the first of two such stores away
        place.Order = order with { Header = place.Order.Header };
        ModelAccount? account = model.Accounts.GetValueOrDefault(order.AccountId);
        List<ModelRow> rows = RowsOf(account, order.MarketId);
        if (rows.Count > 0 && random.Chance(account!.IsHedge ? 70 : 10))
        {
            ModelRow row = random.Pick(rows);
            place.Terms.PositionId = row.PositionId;
            if (!row.Size.IsZero && random.Chance(40))
            {
                place.Order.QuantityLots = random.Chance(40) ? (long)row.Lots : random.Between(1, (long)row.Lots + 3);
            }
        }

        if (random.Chance(2))
        {
            place.Terms.PositionId = random.Between(-2, 3_000);
        }

        if (random.Chance(12))
        {
            place.Terms.Mode = (ModeChoice)random.Below(3);
        }

        if (random.Chance(15))
        {
            place.Terms.MarginUnits = Near((account?.Free ?? 10) / (random.Chance(20) ? 1 : 8));
        }
    }

    public void Next()
    {
        int roll = random.Below(100);
        (ModelAccount account, long market, long position) = AnyPosition();
        switch (roll)
        {
            case < 6:
                ref SetPositionMode mode = ref command.Begin<SetPositionMode>(CommandType.SetPositionMode);
                mode.AccountId = AnyAccount();
                mode.Mode = random.Chance(97) ? (PositionMode)random.Below(2) : (PositionMode)random.Between(-1, 9);
                break;
            case < 34:
                Close(account, market, position);
                break;
            case < 48:
                Split(account, market, position);
                break;
            case < 60:
                Merge(account, market, position);
                break;
            case < 78:
                Transfer(account, market, position);
                break;
            case < 88:
                ref SetMarginMode margin = ref command.Begin<SetMarginMode>(CommandType.SetMarginMode);
                margin.AccountId = account.Id;
                margin.MarketId = market;
                margin.Mode = (MarginMode)random.Below(2);
                margin.PositionId = random.Chance(70) ? position : 0;
                margin.Sides = random.Chance(70) ? 0 : (PositionSides)random.Below(4);
                break;
            default:
                ref SetLeverage leverage = ref command.Begin<SetLeverage>(CommandType.SetLeverage);
                leverage.AccountId = account.Id;
                leverage.MarketId = market;
                leverage.Leverage = random.Between(1, 12);
                leverage.PositionId = random.Chance(70) ? position : 0;
                leverage.Sides = random.Chance(80) ? 0 : (PositionSides)random.Below(4);
                leverage.Release = random.Chance(97) ? random.Below(2) : 2;
                break;
        }
    }

    private void Close(ModelAccount account, long market, long position)
    {
        ref ClosePosition close = ref command.Begin<ClosePosition>(CommandType.ClosePosition);
        close.AccountId = account.Id;
        close.MarketId = market;
        close.PositionId = position;
        close.ClientOrderId = ++_clientIds;
        ModelRow? row = RowsOf(account, market).FirstOrDefault(row => row.PositionId == position);
        close.QuantityLots = random.Below(4) switch { 0 => 0, 1 => random.Between(-1, 90), _ => row is null ? 1 : random.Between(1, (long)row.Lots + 1) };
        if (random.Chance(60) && row is not null)
        {
            long mark = Math.Max(1, row.Market.Mark);
            close.PriceTicks = Math.Max(1, mark + random.Between(-(mark / 40) - 1, (mark / 40) + 1));
            close.TimeInForce = random.Chance(75) ? TimeInForce.GoodTillCancel : TimeInForce.ImmediateOrCancel;
        }
        else
        {
            close.MaxSlippageRate = random.Chance(30) ? random.Below(30_000_000) : 0;
        }
    }

    private void Split(ModelAccount account, long market, long position)
    {
        ref SplitPosition split = ref command.Begin<SplitPosition>(CommandType.SplitPosition);
        split.AccountId = account.Rows.Count > MostRows ? AnyAccount() : account.Id;
        split.MarketId = market;
        split.PositionId = position;
        ModelRow? row = RowsOf(account, market).FirstOrDefault(row => row.PositionId == position);
        split.QuantityLots = row is null ? 1 : random.Between(random.Chance(10) ? -1 : 1, (long)Big.Max(1, row.Lots - (random.Chance(80) ? 1 : 0)));
    }

    private void Merge(ModelAccount account, long market, long position)
    {
        ref MergePositions merge = ref command.Begin<MergePositions>(CommandType.MergePositions);
        merge.AccountId = account.Id;
        merge.MarketId = market;
        merge.PositionId = position;
        List<ModelRow> rows = RowsOf(account, market);
        ModelRow? first = rows.FirstOrDefault(row => row.PositionId == position);
        List<ModelRow> alike = [.. rows.Where(row => row != first && row.HedgeSide == first?.HedgeSide && row.Orders.Count == 0)];
        merge.OtherPositionId = alike.Count > 0 && random.Chance(80) ? random.Pick(alike).PositionId
            : rows.Count > 0 ? random.Pick(rows).PositionId
            : random.Between(0, 2_000);
    }

    private void Transfer(ModelAccount account, long market, long position)
    {
        ref TransferPosition transfer = ref command.Begin<TransferPosition>(CommandType.TransferPosition);
        transfer.AccountId = account.Id;
        transfer.MarketId = market;
        transfer.PositionId = position;
        List<ModelAccount> own = [.. model.Accounts.Values.Where(other => other.Owner == account.Owner && !other.IsLiquidation && other != account)];
        transfer.ToAccountId = own.Count > 0 && random.Chance(92) ? random.Pick(own).Id : AnyAccount();
        ModelAccount? to = model.Accounts.GetValueOrDefault(transfer.ToAccountId);
        List<ModelRow> rows = RowsOf(to, market);
        bool isFull = to is not null && to.Rows.Count > MostRows;
        transfer.ToPositionId = rows.Count > 0 && (isFull || random.Chance(50)) ? random.Pick(rows).PositionId : random.Chance(3) ? 77 : 0;
        ModelRow? row = RowsOf(account, market).FirstOrDefault(row => row.PositionId == position);
        transfer.QuantityLots = random.Chance(40) || row is null ? 0 : random.Between(random.Chance(5) ? -2 : 1, Math.Max(1, (long)row.Lots
            + (random.Chance(5) ? 2 : 0)));
    }

    private (ModelAccount Account, long Market, long Position) AnyPosition()
    {
        ModelAccount account = model.Accounts[AnyAccount()];
        List<ModelRow> rows = [.. account.Rows.Values.Where(row => row.PositionId != 0)];
        if (rows.Count == 0)
        {
            return (account, random.Pick(model.Markets).Id, random.Chance(50) ? 0 : random.Between(1, 100));
        }

        ModelRow row = random.Pick(rows);
        return (account, row.Market.Id, random.Below(20) switch { 0 => 0, 1 => row.PositionId + 1, _ => row.PositionId });
    }

    private long AnyAccount() => model.LiquidationAccounts + 1 + random.Below(profile.Accounts);

    private long Near(Big limit)
    {
        long at = (long)Big.Clamp(limit, -10, 1L << 58);
        return random.Below(8) switch { 0 => at, 1 => at + 1, 2 => -1, _ => at <= 1 ? 1 : random.Between(1, at) };
    }

    private static List<ModelRow> RowsOf(ModelAccount? account, long market) =>
        account is null ? [] : [.. account.Rows.Values.Where(row => row.Market.Id == market && row.PositionId != 0)];
}
