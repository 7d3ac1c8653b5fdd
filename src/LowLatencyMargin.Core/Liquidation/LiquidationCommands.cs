using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>What operators and keepers command of liquidations (docs/liquidation.md).</summary>
[method: ColdPath]
public sealed class LiquidationCommands(
    ExchangeState state, Transfers transfers, Keepers keepers, LiquidationEngine engine, InventoryDisposal inventories)
{
    /// <summary>Gives a market other rules; liquidations under way go on by them.</summary>
    public ResultCode Set(ref readonly SetLiquidationRules command)
    {
        if (command.MarketId < 1 || command.MarketId > state.Markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        if (!command.Rules.AreValid)
        {
            return ResultCode.InvalidParameter;
        }

        int market = (int)command.MarketId;
        LiquidationRules rules = command.Rules;
        bool wasForKeepers = state.Liquidations[market].Rules.KeeperLoop == KeeperLoop.Keepers;
        if (wasForKeepers && rules.KeeperLoop == KeeperLoop.Engine && !state.Markets[market].IsSpot)
        {
            // what was left to keepers is passed over by its key
            state.Markets.Edit(market).IndexCursor = 1;
        }

        state.Liquidations.Edit(market).Rules = rules;
        ref LiquidationRulesSet set = ref state.Events.Add<LiquidationRulesSet>(EventType.LiquidationRulesSet, market);
        set.Partial = rules.Partial;
        set.Style = rules.Style;
        set.Recourse = rules.Recourse;
        set.KeeperLoop = rules.KeeperLoop;
        set.PartialMinFractionRate = rules.PartialMinFractionRate;
        set.PartialTargetRate = rules.PartialTargetRate;
        set.DisposalFractionRate = rules.DisposalFractionRate;
        set.DisposalShareRate = rules.DisposalShareRate;
        set.DisposalIntervalMs = rules.DisposalIntervalMs;
        set.PartialMinNotionalUnits = rules.PartialMinNotionalUnits;
        set.AccountLimitUnits = rules.AccountLimitUnits;
        set.MarketLimitUnits = rules.MarketLimitUnits;
        ref LiquidationRulesRest rest = ref state.Events.Add<LiquidationRulesRest>(EventType.LiquidationRulesSet, market, EventFlags.None, detail: 1);
        rest.KeeperCostRefundUnits = rules.KeeperCostRefundUnits;
        inventories.Follow(market);
        if (!state.Markets[market].IsSpot)
        {
            state.AddDue(market);
        }

        return ResultCode.Accepted;
    }

    /// <summary>A keeper has a scope liquidated: the exact test is made here and now (R-1103).</summary>
    public ResultCode Liquidate(ref readonly Liquidate command)
    {
        ResultCode code = Find(in command, out int index);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        int keeper = (int)command.KeeperId;
        ref readonly Position position = ref state.Positions[index];
        ref readonly Market market = ref state.Markets[position.Market];
        if (state.Accounts[keeper].OwnerId == state.Accounts[position.Account].OwnerId)
        {
            return ResultCode.SelfLiquidation;
        }

        if (!MarketRules.Liquidates(market.State) || market.MarkTicks == 0)
        {
            return ResultCode.MarketStateForbids;
        }

        if (IsUnderWay(index) || state.Liquidations[position.Market].Commanded.Row != 0)
        {
            return ResultCode.LiquidationActive;
        }

        bool isLiquidatable = position.IsIsolated != 0
            ? IsolatedOrders.IsLiquidatable(in position, in market)
            : AccountFigures.Of(state, position.Account).IsLiquidatable;
        if (!isLiquidatable)
        {
            return ResultCode.PositionHealthy;
        }

        state.Events.Add<Accepted>(EventType.Accepted, 0).Command = CommandType.Liquidate;
        keepers.NoteActivity(keeper);
        engine.Command(index, keeper);
        return ResultCode.Accepted;
    }

    private ResultCode Find(ref readonly Liquidate command, out int index)
    {
        index = 0;
        ResultCode code = !transfers.HasAccount(command.KeeperId) ? ResultCode.UnknownAccount
            : transfers.CheckScope(command.AccountId, command.MarketId);
        if (code == ResultCode.Accepted && state.Markets[(int)command.MarketId].IsSpot)
        {
            code = ResultCode.InvalidPair;
        }

        if (code == ResultCode.Accepted)
        {
            code = state.FindNamed((int)command.AccountId, (int)command.MarketId, command.PositionId, out index);
        }

        return code != ResultCode.Accepted ? code : state.Positions[index].SizeLots == 0 ? ResultCode.NoPosition : ResultCode.Accepted;
    }

    /// <summary>Whether the position, or in cross mode one of its account, is being liquidated.</summary>
    private bool IsUnderWay(int index)
    {
        ref readonly Position position = ref state.Positions[index];
        return position.IsIsolated != 0 ? state.PositionDetails[index].LiquidationId != 0 : UnderWay.HasCross(state, position.Account);
    }
}
