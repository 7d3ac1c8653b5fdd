using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core.Accounts;

/// <summary>
/// Money between the places of one owner: spot wallet and isolated account of a market, one account and another; and whether
/// an account has margin at all.
/// </summary>
public sealed class OwnTransfers(ExchangeState state, Settlement settlement, Transfers transfers)
{
    /// <summary>Spot wallet to the isolated account of a market; one that is cross and empty becomes isolated.</summary>
    public ResultCode ToMargin(ref readonly TransferToMargin command)
    {
        ResultCode code = CheckPair(command.AccountId, command.MarketId, command.AssetId, command.AmountUnits);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        int account = (int)command.AccountId;
        int market = (int)command.MarketId;
        code = state.FindNamed(account, market, 0, out int index);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        ref readonly Position found = ref state.Positions[index];
        bool isTaken = found.SizeLots != 0 || found.OpenOrders != 0 || state.IsHedge(account);
        if (found.IsIsolated == 0 && isTaken)
        {
            return ResultCode.ModeConflict;
        }

        if (index == 0 && !state.HasRoomForPosition(account, market))
        {
            return ResultCode.CapacityExceeded;
        }

        if (!transfers.CanLeave(account, Asset.CollateralId, command.AmountUnits))
        {
            return ResultCode.InsufficientBalance;
        }

        index = index != 0 ? index : state.AddPosition(account, market);
        if (state.Positions[index].IsIsolated == 0)
        {
            Isolate(index);
        }

        transfers.Move(index, command.AmountUnits, EventType.TransferSpotToIsolated);
        return ResultCode.Accepted;
    }

    /// <summary>Isolated account of a market to the spot wallet, as far as its position and orders can do without.</summary>
    public ResultCode FromMargin(ref readonly TransferFromMargin command)
    {
        ResultCode code = CheckPair(command.AccountId, command.MarketId, command.AssetId, command.AmountUnits);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        code = state.FindNamed((int)command.AccountId, (int)command.MarketId, 0, out int index);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (index == 0 || state.Positions[index].IsIsolated == 0)
        {
            return ResultCode.ModeConflict;
        }

        code = transfers.CheckRemoval(index, command.AmountUnits);
        if (code == ResultCode.Accepted)
        {
            transfers.Move(index, -command.AmountUnits, EventType.TransferIsolatedToSpot);
        }

        return code;
    }

    /// <summary>From one account to another of the same owner, as far as what stays covers what the giving one has open.</summary>
    public ResultCode Between(ref readonly TransferBetweenAccounts command)
    {
        if (!transfers.HasAccount(command.AccountId) || !transfers.HasAccount(command.ToAccountId))
        {
            return ResultCode.UnknownAccount;
        }

        if (command.AssetId < 1 || command.AssetId > state.Assets.HighWater)
        {
            return ResultCode.UnknownAsset;
        }

        int from = (int)command.AccountId;
        int to = (int)command.ToAccountId;
        int asset = (int)command.AssetId;
        if (from == to || state.Accounts[from].OwnerId != state.Accounts[to].OwnerId)
        {
            return ResultCode.NotOwnAccount;
        }

        if (command.AmountUnits <= 0)
        {
            return ResultCode.InvalidAmount;
        }

        if (!Wallets.HasRoom(state, to, asset))
        {
            return ResultCode.CapacityExceeded;
        }

        if (!transfers.CanLeave(from, asset, command.AmountUnits))
        {
            return ResultCode.InsufficientBalance;
        }

        if (asset == Asset.CollateralId)
        {
            settlement.SettlePool(from);
        }

        Wallets.Credit(state, to, asset, command.AmountUnits);
        Wallets.Debit(state, from, asset, command.AmountUnits);
        settlement.NoteFlow(to, asset, command.AmountUnits);
        settlement.NoteFlow(from, asset, -command.AmountUnits);
        ref AccountTransfer moved = ref state.Events.Add<AccountTransfer>(EventType.AccountTransfer, 0);
        moved.AccountId = from;
        moved.ToAccountId = to;
        moved.AssetId = asset;
        moved.AmountUnits = command.AmountUnits;
        moved.BalanceUnits = Wallets.Units(state, from, asset);
        moved.ToBalanceUnits = Wallets.Units(state, to, asset);
        settlement.TouchWallet(from, asset);
        settlement.TouchWallet(to, asset);
        return ResultCode.Accepted;
    }

    /// <summary>Margin, or spot trading only.</summary>
    public ResultCode Enable(ref readonly SetMarginEnabled command)
    {
        if (!transfers.HasAccount(command.AccountId))
        {
            return ResultCode.UnknownAccount;
        }

        if (command.Enabled is not (0 or 1))
        {
            return ResultCode.MalformedCommand;
        }

        int id = (int)command.AccountId;
        ref Account account = ref state.Accounts.Edit(id);
        bool spotOnly = command.Enabled == 0;
        if (spotOnly == ((account.Traits & AccountTraits.SpotOnly) != 0))
        {
            return ResultCode.StateUnchanged;
        }

        ResultCode code = CheckIdle(in account);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        account.Traits = spotOnly ? (account.Traits | AccountTraits.SpotOnly) & ~AccountTraits.HasAssets
            : (account.Traits & ~AccountTraits.SpotOnly) | (account.FirstBalance != 0 ? AccountTraits.HasAssets : AccountTraits.None);
        ref SettingChanged changed = ref state.Events.Add<SettingChanged>(EventType.MarginEnabledChanged, 0);
        changed.AccountId = id;
        changed.OldValue = 1 - command.Enabled;
        changed.NewValue = command.Enabled;
        return ResultCode.Accepted;
    }

    /// <summary>Whether nothing on margin is open.</summary>
    private ResultCode CheckIdle(in Account account)
    {
        if (account.BalanceUnits < 0)
        {
            return ResultCode.ActivePosition;
        }

        for (int row = account.FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            ref readonly Position position = ref state.Positions[row];
            ref readonly Lending.MarginScope scope = ref state.MarginScopes[state.ScopeOf[row]];
            ResultCode code = position.SizeLots != 0 || (scope.QuoteLoan | scope.BaseLoan) != 0 ? ResultCode.ActivePosition
                : position.OpenOrders != 0 ? ResultCode.ActiveOrders
                : position.MarginUnits != 0 || HasOwnMoney(in position) ? ResultCode.LockedFunds
                : ResultCode.Accepted;
            if (code != ResultCode.Accepted)
            {
                return code;
            }
        }

        return ResultCode.Accepted;
    }

    /// <summary>Whether it is an isolated scope of a spot-margin market with money in its wallet.</summary>
    private bool HasOwnMoney(in Position position)
    {
        ref readonly Market market = ref state.Markets[position.Market];
        if (position.IsIsolated == 0 || market.Kind != MarketKind.SpotMargin)
        {
            return false;
        }

        int wallet = state.WalletOf(in position);
        return Wallets.Units(state, wallet, market.QuoteAsset) != 0 || Wallets.Units(state, wallet, market.BaseAsset) != 0;
    }

    private ResultCode CheckPair(long accountId, long marketId, long assetId, long amountUnits)
    {
        ResultCode code = transfers.CheckScope(accountId, marketId);
        if (code == ResultCode.Accepted && (assetId < 1 || assetId > state.Assets.HighWater))
        {
            code = ResultCode.UnknownAsset;
        }

        if (code != ResultCode.Accepted)
        {
            return code;
        }

        ref readonly Market market = ref state.Markets[(int)marketId];
        return market.IsSpot || assetId != market.QuoteAsset ? ResultCode.InvalidPair
            : market.State is MarketState.Settling or MarketState.Closed ? ResultCode.MarketStateForbids
            : amountUnits <= 0 ? ResultCode.InvalidAmount
            : ResultCode.Accepted;
    }

    private void Isolate(int index)
    {
        ref Position position = ref state.Positions.Edit(index);
        position.IsIsolated = 1;
        ref SettingChanged changed = ref state.Events.Add<SettingChanged>(EventType.MarginModeChanged, position.Market);
        changed.AccountId = position.Account;
        changed.OldValue = (long)MarginMode.Cross;
        changed.NewValue = (long)MarginMode.Isolated;
    }
}
