using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Assets, wallets and transfers, after docs/collateral.md. What is refused first is the one answer.</summary>
internal sealed partial class ModelExchange
{
    private const int MostOtherAssets = 32;

    public List<ModelAsset> Assets { get; } = [];

    public ModelAsset Asset(long id) => Assets[(int)id - 1];

    public Outcome AddAsset(in AddAsset command)
    {
        Assets.Add(new ModelAsset { Exchange = this, Id = Assets.Count + 1, Symbol = command.Symbol.ToString(), Decimals = command.Decimals });
        return new Outcome();
    }

    public Outcome SetAssetParameters(in SetAssetParameters command)
    {
        var outcome = new Outcome();
        ModelAsset? asset = KnownAsset(command.AssetId);
        if (outcome.Refuse(ResultCode.UnknownAsset, asset is null)
            || outcome.Refuse(ResultCode.InvalidParameter, !CanWork(asset!, in command.Parameters)))
        {
            return outcome;
        }

        AssetParameters before = asset!.Parameters;
        asset.Parameters = command.Parameters;
        if (outcome.Refuse(ResultCode.Overflow, !IsWithinWorth(asset, asset.External)))
        {
            asset.Parameters = before;
        }

        return outcome;
    }

    public Outcome Deposit(in Deposit command)
    {
        var outcome = new Outcome();
        ModelAccount? account = KnownAccount(command.AccountId);
        ModelAsset? asset = KnownAsset(command.AssetId);
        if (outcome.Refuse(ResultCode.UnknownAccount, account is null)
            || outcome.Refuse(ResultCode.UnknownAsset, asset is null)
            || outcome.Refuse(ResultCode.InvalidAmount, command.AmountUnits <= 0)
            || outcome.Refuse(ResultCode.CapacityExceeded, !HasRoom(account!, asset!))
            || outcome.Refuse(ResultCode.Overflow, !IsWithinWorth(asset!, asset!.External + command.AmountUnits)))
        {
            return outcome;
        }

        account!.Add(asset!.Id, command.AmountUnits);
        asset.External += command.AmountUnits;
        NoteFlow(account, asset, command.AmountUnits);
        return outcome;
    }

    public Outcome Withdraw(in Withdraw command)
    {
        var outcome = new Outcome();
        ModelAccount? account = KnownAccount(command.AccountId);
        ModelAsset? asset = KnownAsset(command.AssetId);
        if (outcome.Refuse(ResultCode.UnknownAccount, account is null)
            || outcome.Refuse(ResultCode.UnknownAsset, asset is null)
            || outcome.Refuse(ResultCode.InvalidAmount, command.AmountUnits <= 0)
            || outcome.Refuse(ResultCode.InsufficientBalance, !CanLeave(account!, asset!, command.AmountUnits)))
        {
            return outcome;
        }

        SettleForLeaving(account!, asset!, outcome);
        account!.Add(asset!.Id, -command.AmountUnits);
        asset.External -= command.AmountUnits;
        NoteFlow(account, asset, -command.AmountUnits);
        return outcome;
    }

    public Outcome TransferToMargin(in TransferToMargin command)
    {
        var outcome = new Outcome();
        ModelRow? row = CheckPair(command.AccountId, command.MarketId, command.AssetId, command.AmountUnits, outcome);
        if (!outcome.IsAccepted)
        {
            return outcome;
        }

        ModelAccount account = Accounts[command.AccountId];
        bool isBusy = row is { IsIsolated: false } && (!row.Size.IsZero || row.Orders.Count > 0 || row.HasLending);
        if (outcome.Refuse(ResultCode.ModeConflict, isBusy)
            || outcome.Refuse(ResultCode.LoanTopUpNotAllowed, row is { Owes: true } && row.Market.Parameters.LoanTopUp == 0)
            || outcome.Refuse(
                ResultCode.InsufficientBalance,
                !CanLeave(account, Asset(command.AssetId), command.AmountUnits, Markets[(int)command.MarketId - 1].IsSpot)))
        {
            return outcome;
        }

        row ??= RowOf(account, Markets[(int)command.MarketId - 1]);
        row.IsIsolated = true;
        if (row.HasOwnPurse)
        {
            account.Add(command.AssetId, -command.AmountUnits);
            row.Purse.Add(command.AssetId, command.AmountUnits);
            row.Refresh();
            return outcome;
        }

        SettleFunding(row, outcome);
        SettleCrossFunding(account, outcome);
        account.Pool -= command.AmountUnits;
        row.Margin += command.AmountUnits;
        row.Refresh();
        return outcome;
    }

    public Outcome TransferFromMargin(in TransferFromMargin command)
    {
        var outcome = new Outcome();
        ModelRow? row = CheckPair(command.AccountId, command.MarketId, command.AssetId, command.AmountUnits, outcome);
        if (outcome.IsAccepted && !outcome.Refuse(ResultCode.ModeConflict, row is not { IsIsolated: true }))
        {
            if (row!.HasOwnPurse)
            {
                TakeFromScope(row, command.AssetId, command.AmountUnits, outcome);
            }
            else
            {
                TakeOut(row, command.AmountUnits, outcome);
            }
        }

        return outcome;
    }

    public Outcome TransferBetweenAccounts(in TransferBetweenAccounts command)
    {
        var outcome = new Outcome();
        ModelAccount? from = KnownAccount(command.AccountId);
        ModelAccount? to = KnownAccount(command.ToAccountId);
        ModelAsset? asset = KnownAsset(command.AssetId);
        if (outcome.Refuse(ResultCode.UnknownAccount, from is null || to is null)
            || outcome.Refuse(ResultCode.UnknownAsset, asset is null)
            || outcome.Refuse(ResultCode.NotOwnAccount, from == to || from!.Owner != to!.Owner)
            || outcome.Refuse(ResultCode.InvalidAmount, command.AmountUnits <= 0)
            || outcome.Refuse(ResultCode.CapacityExceeded, !HasRoom(to!, asset!))
            || outcome.Refuse(ResultCode.InsufficientBalance, !CanLeave(from!, asset!, command.AmountUnits)))
        {
            return outcome;
        }

        SettleForLeaving(from!, asset!, outcome);
        from!.Add(asset!.Id, -command.AmountUnits);
        to!.Add(asset.Id, command.AmountUnits);
        NoteFlow(from, asset, -command.AmountUnits);
        NoteFlow(to, asset, command.AmountUnits);
        return outcome;
    }

    public Outcome SetMarginEnabled(in SetMarginEnabled command)
    {
        var outcome = new Outcome();
        ModelAccount? account = KnownAccount(command.AccountId);
        if (outcome.Refuse(ResultCode.UnknownAccount, account is null)
            || outcome.Refuse(ResultCode.MalformedCommand, command.Enabled is not (0 or 1))
            || outcome.Refuse(ResultCode.StateUnchanged, account!.HasMargin == (command.Enabled == 1)))
        {
            return outcome;
        }

        // any of these
        outcome.Refuse(
            ResultCode.ActivePosition,
            account!.Rows.Values.Any(row => !row.Size.IsZero) || account.Pool.Sign < 0 || Loans.Exists(loan => loan.Row.Account == account));
        outcome.Refuse(ResultCode.ActiveOrders, account.Rows.Values.Any(row => row.Orders.Count > 0));
        outcome.Refuse(
            ResultCode.LockedFunds,
            account.Rows.Values.Any(row => !row.Margin.IsZero || (row.HasOwnPurse && Assets.Exists(asset => !row.Purse.Units(asset.Id).IsZero))));
        account.HasMargin = outcome.IsAccepted ? command.Enabled == 1 : account.HasMargin;
        return outcome;
    }

    private static void SettleForLeaving(ModelAccount account, ModelAsset asset, Outcome outcome)
    {
        if (asset.IsCollateral)
        {
            SettleCrossFunding(account, outcome);
        }
    }

    /// <summary>Money in and out is no profit or loss of the month (R-1504).</summary>
    private static void NoteFlow(ModelAccount account, ModelAsset asset, Big units)
    {
        if (asset.IsCollateral)
        {
            NoteFlow(account, units);
        }
    }

    /// <summary>R-207, R-206: isolated margin back to the pool.</summary>
    private static void TakeOut(ModelRow row, Big amount, Outcome outcome)
    {
        if (outcome.Refuse(ResultCode.InsufficientBalance, amount > row.Net))
        {
            return;
        }

        Big before = row.Margin;
        Big rest = before - amount;
        Big stays = row.Net - amount + (row.MayTakeProfit ? row.PriceProfit : Big.Min(0, row.PriceProfit));
        bool covers = row.Size.IsZero || (stays >= row.WithdrawRequirement && !row.IsLiquidatable(stays, row.Requirement));
        row.Margin = rest;
        Big holdAfter = row.PoolHoldOf(row.OrderMargin);
        row.Margin = before;
        if (!outcome.Refuse(ResultCode.LockedFunds, !covers || holdAfter - row.PoolHold > amount))
        {
            SettleFunding(row, outcome);
            row.Account.Pool += amount;
            row.Margin -= amount;
            row.Refresh();
        }
    }

    /// <summary>Out of an isolated scope of a spot-margin market, whose loans must keep their room.</summary>
    private void TakeFromScope(ModelRow row, long asset, Big amount, Outcome outcome)
    {
        if (outcome.Refuse(ResultCode.InsufficientBalance, amount > row.Purse.Units(asset))
            || outcome.Refuse(ResultCode.LockedFunds, amount > row.Purse.FreeOf(asset)))
        {
            return;
        }

        Big room = row.LoanRoom;
        if (!outcome.Refuse(ResultCode.LockedFunds, row.HasLending && amount > (asset == row.Market.QuoteAsset ? room : row.UnitsWithin(room)))
            && !outcome.Refuse(ResultCode.CapacityExceeded, !HasRoom(row.Account, Asset(asset))))
        {
            row.Purse.Add(asset, -amount);
            row.Account.Add(asset, amount);
            row.Refresh();
        }
    }

    private static bool CanLeave(ModelAccount account, Big amount) => CanLeave(account, account.Exchange.Assets[0], amount);

    /// <summary>R-204: what the guard frees, and never what would make the account liquidatable at once.</summary>
    private static bool CanLeave(ModelAccount account, ModelAsset asset, Big amount, bool asItStands = false)
    {
        // what goes without the cross rows being settled cannot be more than the balance that is there
        Big owed = asItStands ? 0 : account.CrossOwed;
        if (amount > account.FreeOf(asset.Id) - (asset.IsCollateral ? owed : 0))
        {
            return false;
        }

        if (!account.HasMargin)
        {
            return true;
        }

        Big counted = account.CountedUnits(asset.Id);
        Big value = asset.Counted(counted, Purpose.Opening) - asset.Counted(counted - amount, Purpose.Opening);
        if (value > account.Free || account.LoanRows.Any(row => row.Market.BaseAsset == asset.Id && amount > row.SpareBase))
        {
            return false;
        }

        account.Add(asset.Id, -amount);
        bool isLiquidatable = account.IsCrossLiquidatable(strictly: false);
        account.Add(asset.Id, amount);
        return !isLiquidatable;
    }

    /// <summary>R-204: the most of the collateral that may leave.</summary>
    private static Big Withdrawable(ModelAccount account)
    {
        Big most = account.FreeOf(ModelAsset.Collateral) - Positive(account.CrossOwed);
        if (account.HasMargin)
        {
            bool reaches = account.CrossPositions.Any(row => row.ReachesIsEnough);
            Big slack = account.CrossEquity - account.SpotHolds - account.CrossRequirement - (reaches ? 1 : 0);
            most = Big.Min(most, Big.Min(account.Free, slack));
        }

        return Positive(most);
    }

    /// <summary>Sums of money that stay exact: deposits together, and their worth.</summary>
    private static bool IsWithinWorth(ModelAsset asset, Big external) =>
        external <= MaxMoney && (asset.IsCollateral || asset.Value(external) <= MaxNotional);

    private static bool HasRoom(ModelAccount account, ModelAsset asset) =>
        asset.IsCollateral || account.Wallet.ContainsKey(asset.Id) || account.Wallet.Count < MostOtherAssets;

    private static bool CanWork(ModelAsset asset, in AssetParameters p)
    {
        bool weights = p.OpeningWeight >= 0 && p.OpeningWeight <= p.FillingWeight && p.FillingWeight <= p.MaintenanceWeight
            && p.MaintenanceWeight <= Rounding.Scale && p.LiabilityWeight >= Rounding.Scale && p.LiabilityWeight <= 2 * Rounding.Scale;
        (long From, int Rate)[] steps =
        [
            (p.Discount1Units, p.Discount1Rate),
                (p.Discount2Units, p.Discount2Rate), (p.Discount3Units, p.Discount3Rate), (p.Discount4Units, p.Discount4Rate),
        ];
        bool inOrder = true;
        (long From, Big Rate, bool Ended) last = (0, Rounding.Scale, false);
        foreach ((long from, int rate) in steps)
        {
            if (from == 0)
            {
                inOrder &= rate == 0;
                last.Ended = true;
                continue;
            }

            inOrder &= !last.Ended && from > last.From && rate >= 0 && rate <= last.Rate;
            last = (from, rate, last.Ended);
        }

        bool isPlain = p.OpeningWeight == Rounding.Scale && p.CapUnits == 0 && p.Discount1Units == 0 && p.PriceE9 is 0 or 1_000_000_000;
        return weights && inOrder && p.PriceE9 >= 0 && p.CapUnits >= 0 && (!asset.IsCollateral || isPlain);
    }

    private ModelAccount? KnownAccount(long id) => Accounts.GetValueOrDefault(id) is { IsLiquidation: false } account ? account : null;

    private ModelAsset? KnownAsset(long id) => id >= 1 && id <= Assets.Count ? Asset(id) : null;

    private ModelMarket? KnownMarket(long id) => id >= 1 && id <= Markets.Count ? Markets[(int)id - 1] : null;

    /// <summary>What both transfers check before they differ. The row may be missing.</summary>
    private ModelRow? CheckPair(long accountId, long marketId, long assetId, long amount, Outcome outcome)
    {
        ModelAccount? account = KnownAccount(accountId);
        ModelMarket? market = KnownMarket(marketId);
        if (outcome.Refuse(ResultCode.UnknownAccount, account is null)
            || outcome.Refuse(ResultCode.UnknownMarket, market is null)
            || outcome.Refuse(ResultCode.MarginDisabled, !account!.HasMargin)
            || outcome.Refuse(ResultCode.InvalidPair, market!.Kind == MarketKind.Spot)
            || outcome.Refuse(ResultCode.UnknownAsset, KnownAsset(assetId) is null)
            || outcome.Refuse(ResultCode.InvalidPair, assetId != ModelAsset.Collateral && (assetId != market.BaseAsset || !market.IsSpot))
            || outcome.Refuse(ResultCode.MarketStateForbids, market!.State is MarketState.Settling or MarketState.Closed)
            || outcome.Refuse(ResultCode.InvalidAmount, amount <= 0))
        {
            return null;
        }

        return FindRow(account, market);
    }
}
