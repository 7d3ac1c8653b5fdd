using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Lending;

/// <summary>
/// Isolated scopes of spot-margin markets: their money is in a wallet of their own, so that nothing else of the account can be lost with it (R-205, R-206,
///
/// </summary>
public sealed class IsolatedScopes(ExchangeState state, Transfers transfers, Settlement settlement, LoanCheck check)
{
    /// <summary>Whether a market id names a spot-margin market: its scopes are this class's.</summary>
    public bool Has(long marketId) =>
        marketId >= 1 && marketId <= state.Markets.HighWater && state.Markets[(int)marketId].Kind == MarketKind.SpotMargin;

    /// <summary>Spot wallet to isolated scope, in the quote asset. Zero changes nothing.</summary>
    public ResultCode Allocate(ref readonly AllocateMargin command) => Move(
        command.AccountId, command.MarketId, command.PositionId, command.AmountUnits, EventType.MarginAllocated, CommandType.AllocateMargin);

    /// <summary>Isolated scope to spot wallet, in the quote asset. Zero changes nothing.</summary>
    public ResultCode Remove(ref readonly RemoveMargin command) => Move(
        command.AccountId, command.MarketId, command.PositionId, command.AmountUnits, EventType.MarginRemoved, CommandType.RemoveMargin);

    private ResultCode Move(long accountId, long marketId, long positionId, long amountUnits, EventType told, CommandType type)
    {
        ResultCode code = CheckScope(accountId, marketId, positionId, PositionSides.Both);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        int row = state.FindPosition((int)accountId, (int)marketId);
        if (amountUnits < 0)
        {
            return ResultCode.InvalidAmount;
        }

        if (row == 0 || state.Positions[row].IsIsolated == 0)
        {
            return ResultCode.ModeConflict;
        }

        if (amountUnits == 0)
        {
            state.Events.Add<Accepted>(EventType.Accepted, 0).Command = type;
            return ResultCode.Accepted;
        }

        long asset = state.Markets[(int)marketId].QuoteAsset;
        return told == EventType.MarginAllocated
            ? To(accountId, marketId, asset, amountUnits, told)
            : From(accountId, marketId, asset, amountUnits, told);
    }

    /// <summary>R-205.</summary>
    public ResultCode To(ref readonly TransferToMargin command) =>
        To(command.AccountId, command.MarketId, command.AssetId, command.AmountUnits, EventType.TransferSpotToIsolated);

    /// <summary>R-206.</summary>
    public ResultCode From(ref readonly TransferFromMargin command) =>
        From(command.AccountId, command.MarketId, command.AssetId, command.AmountUnits, EventType.TransferIsolatedToSpot);

    /// <summary>Spot wallet to isolated scope; one that is cross and empty becomes isolated.</summary>
    public ResultCode To(long accountId, long marketId, long assetId, long amountUnits, EventType told)
    {
        ResultCode code = CheckPair(accountId, marketId, assetId, amountUnits);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        int account = (int)accountId;
        int market = (int)marketId;
        int asset = (int)assetId;
        int row = state.FindPosition(account, market);
        bool isIsolated = row != 0 && state.Positions[row].IsIsolated != 0;
        if (!isIsolated && row != 0 && (state.Positions[row].OpenOrders != 0 || state.ScopeOf[row] != 0))
        {
            return ResultCode.ModeConflict;
        }

        ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[row]];
        if (state.Markets[market].Parameters.LoanTopUp == 0 && (scope.QuoteLoan | scope.BaseLoan) != 0)
        {
            return ResultCode.LoanTopUpNotAllowed;
        }

        if (!isIsolated && !HasRoom(account, market, row))
        {
            return ResultCode.CapacityExceeded;
        }

        if (!transfers.CanLeaveUnsettled(account, asset, amountUnits))
        {
            return ResultCode.InsufficientBalance;
        }

        row = row != 0 ? row : state.AddPosition(account, market);
        if (!isIsolated)
        {
            Isolate(row);
        }

        Move(account, state.WalletOf(in state.Positions[row]), asset, amountUnits);
        settlement.TouchWallet(account, asset);
        End(row, asset, amountUnits, told);
        return ResultCode.Accepted;
    }

    /// <summary>Isolated scope to spot wallet, as far as loans and orders can do without (R-1003: what stays covers them at the initial level).</summary>
    public ResultCode From(long accountId, long marketId, long assetId, long amountUnits, EventType told)
    {
        ResultCode code = CheckPair(accountId, marketId, assetId, amountUnits);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        int account = (int)accountId;
        int asset = (int)assetId;
        int row = state.FindPosition(account, (int)marketId);
        if (row == 0 || state.Positions[row].IsIsolated == 0)
        {
            return ResultCode.ModeConflict;
        }

        int wallet = state.WalletOf(in state.Positions[row]);
        if (amountUnits > Wallets.Units(state, wallet, asset))
        {
            return ResultCode.InsufficientBalance;
        }

        if (amountUnits > Free(row, asset))
        {
            return ResultCode.LockedFunds;
        }

        if (!Wallets.HasRoom(state, account, asset))
        {
            return ResultCode.CapacityExceeded;
        }

        Move(wallet, account, asset, amountUnits);
        settlement.TouchWallet(account, asset);
        End(row, asset, amountUnits, told);
        return ResultCode.Accepted;
    }

    /// <summary>What could leave an isolated scope of an asset now .</summary>
    public long Free(int row, int asset)
    {
        ref readonly Position position = ref state.Positions[row];
        ref readonly Market market = ref state.Markets[position.Market];
        long free = Math.Max(0, Wallets.Free(state, state.WalletOf(in position), asset));
        ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[row]];
        if (scope.IsEmpty)
        {
            return free;
        }

        long room = Math.Max(0, check.Room(position.Account, row, position.Market));
        return Math.Min(free, asset == market.QuoteAsset ? room : LoanFigures.UnitsWithin(room, in market));
    }

    /// <summary>Cross or isolated: only without orders and loans; what the isolated scope has goes back to the spot wallet.</summary>
    public ResultCode SetMode(ref readonly SetMarginMode command)
    {
        if (command.Mode is not (MarginMode.Cross or MarginMode.Isolated))
        {
            return ResultCode.MalformedCommand;
        }

        ResultCode code = CheckScope(command.AccountId, command.MarketId, command.PositionId, command.Sides);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        int account = (int)command.AccountId;
        int market = (int)command.MarketId;
        int row = state.FindPosition(account, market);
        code = CheckIdle(row);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        bool isolate = command.Mode == MarginMode.Isolated;
        bool isIsolated = row != 0 && state.Positions[row].IsIsolated != 0;
        if (isolate && !isIsolated && !HasRoom(account, market, row))
        {
            return ResultCode.CapacityExceeded;
        }

        if (isolate && !isIsolated)
        {
            row = row != 0 ? row : state.AddPosition(account, market);
            Isolate(row);
            state.Touch(row);
            return ResultCode.Accepted;
        }

        if (!isolate && isIsolated)
        {
            return Join(row);
        }

        AddMode(account, market, (long)command.Mode, (long)command.Mode);
        return ResultCode.Accepted;
    }

    /// <summary>Leverage: only without orders and loans; it sets the level that borrowing asks for.</summary>
    public ResultCode SetLeverage(ref readonly SetLeverage command)
    {
        ResultCode code = command.Release is 0 or 1
            ? CheckScope(command.AccountId, command.MarketId, command.PositionId, command.Sides)
            : ResultCode.MalformedCommand;
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        ref readonly MarketParameters parameters = ref state.Markets[(int)command.MarketId].Parameters;
        bool works = command.Leverage >= 1 && command.Leverage <= parameters.MaxLeverage
            && (command.Leverage == 1 || (Int128)Rate.Scale * command.Leverage > (Int128)parameters.LiquidationLevelRate * (command.Leverage - 1));
        int row = state.FindPosition((int)command.AccountId, (int)command.MarketId);
        code = works ? CheckIdle(row) : ResultCode.InvalidLeverage;
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (row == 0 && !state.HasRoomForPosition((int)command.AccountId, (int)command.MarketId))
        {
            return ResultCode.CapacityExceeded;
        }

        row = row != 0 ? row : state.AddPosition((int)command.AccountId, (int)command.MarketId);
        ref Position position = ref state.Positions.Edit(row);
        ref SettingChanged changed = ref state.Events.Add<SettingChanged>(EventType.LeverageChanged, position.Market);
        changed.AccountId = position.Account;
        changed.OldValue = position.Leverage;
        changed.NewValue = command.Leverage;
        position.Leverage = (ushort)command.Leverage;
        position.LeverageRate = (int)((Rate.Scale + command.Leverage - 1) / command.Leverage);
        state.Touch(row);
        return ResultCode.Accepted;
    }

    /// <summary>A spot row has neither a position to name nor sides, also that of a hedge account.</summary>
    private ResultCode CheckScope(long accountId, long marketId, long positionId, PositionSides sides)
    {
        if (sides is < PositionSides.Both or > PositionSides.Short)
        {
            return ResultCode.MalformedCommand;
        }

        ResultCode code = transfers.CheckScope(accountId, marketId);
        return code != ResultCode.Accepted ? code
            : sides != PositionSides.Both ? ResultCode.HedgeModeRequired
            : positionId != 0 ? ResultCode.UnknownPosition
            : ResultCode.Accepted;
    }

    private ResultCode CheckIdle(int row)
    {
        ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[row]];
        return row != 0 && state.Positions[row].OpenOrders != 0 ? ResultCode.ActiveOrders
            : !scope.IsEmpty ? ResultCode.ActiveLoan
            : ResultCode.Accepted;
    }

    private ResultCode CheckPair(long accountId, long marketId, long assetId, long amountUnits)
    {
        ResultCode code = transfers.CheckScope(accountId, marketId);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (assetId < 1 || assetId > state.Assets.HighWater)
        {
            return ResultCode.UnknownAsset;
        }

        ref readonly Market market = ref state.Markets[(int)marketId];
        return assetId != market.BaseAsset && assetId != market.QuoteAsset ? ResultCode.InvalidPair
            : market.State is MarketState.Settling or MarketState.Closed ? ResultCode.MarketStateForbids
            : amountUnits <= 0 ? ResultCode.InvalidAmount
            : ResultCode.Accepted;
    }

    /// <summary>Room for a row, a wallet and its balances.</summary>
    private bool HasRoom(int account, int market, int row)
    {
        bool wallet = state.HasIsolatedWallet(account, market) || state.Accounts.HasRoom;
        return wallet && (row != 0 || state.HasRoomForPosition(account, market)) && state.Balances.Capacity - state.Balances.Count >= 4;
    }

    private void Isolate(int row)
    {
        ref Position position = ref state.Positions.Edit(row);
        int wallet = state.NeedIsolatedWallet(position.Account, position.Market);
        Invariant.Assert(wallet != 0, "room for a wallet was checked before");
        position.IsIsolated = 1;
        state.KeepBalance(wallet, state.Markets[position.Market].BaseAsset);
        state.KeepBalance(wallet, state.Markets[position.Market].QuoteAsset);
        AddMode(position.Account, position.Market, (long)MarginMode.Cross, (long)MarginMode.Isolated);
    }

    private ResultCode Join(int row)
    {
        ref Position position = ref state.Positions.Edit(row);
        int account = position.Account;
        int wallet = state.WalletOf(in position);
        int baseAsset = state.Markets[position.Market].BaseAsset;
        int quoteAsset = state.Markets[position.Market].QuoteAsset;
        Move(wallet, account, baseAsset, Wallets.Units(state, wallet, baseAsset));
        Move(wallet, account, quoteAsset, Wallets.Units(state, wallet, quoteAsset));
        state.LeaveBalance(wallet, baseAsset);
        state.LeaveBalance(wallet, quoteAsset);
        position.IsIsolated = 0;
        AddMode(account, position.Market, (long)MarginMode.Isolated, (long)MarginMode.Cross);
        settlement.TouchWallet(account, baseAsset);
        settlement.TouchWallet(account, quoteAsset);
        state.Touch(row);
        return ResultCode.Accepted;
    }

    private void AddMode(int account, int market, long old, long now)
    {
        ref SettingChanged changed = ref state.Events.Add<SettingChanged>(EventType.MarginModeChanged, market);
        changed.AccountId = account;
        changed.OldValue = old;
        changed.NewValue = now;
    }

    private void Move(int from, int to, int asset, long units)
    {
        if (units > 0)
        {
            Wallets.Credit(state, to, asset, units);
            Wallets.Debit(state, from, asset, units);
        }
    }

    private void End(int row, int asset, long amountUnits, EventType told)
    {
        ref readonly Position position = ref state.Positions[row];
        state.Touch(row);
        ref BalanceChanged changed = ref state.Events.Add<BalanceChanged>(told, position.Market);
        changed.AccountId = position.Account;
        changed.AssetId = asset;
        changed.AmountUnits = amountUnits;
        changed.BalanceUnits = Wallets.Units(state, position.Account, asset);
        changed.MarginUnits = Wallets.Units(state, state.WalletOf(in position), asset);
    }
}
