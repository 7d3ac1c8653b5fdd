using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>The registered keepers: who is next, and how active each has been (R-1110).</summary>
[method: ColdPath]
public sealed class Keepers(ExchangeState state)
{
    private const long DayNs = 86_400_000_000_000;

    private const long MostScore = 1_000_000;

    /// <summary>An account joins the queue, or leaves it.</summary>
    public ResultCode Register(ref readonly RegisterKeeper command)
    {
        if (command.AccountId < 1 || command.AccountId > state.Accounts.HighWater || state.Accounts[(int)command.AccountId].IsLiquidationAccount != 0)
        {
            return ResultCode.UnknownAccount;
        }

        if (command.On is not (0 or 1))
        {
            return ResultCode.MalformedCommand;
        }

        int account = (int)command.AccountId;
        int row = Find(account);
        if (command.On != 0 && (state.Accounts[account].Traits & AccountTraits.SpotOnly) != 0)
        {
            return ResultCode.MarginDisabled;
        }

        if ((row != 0) == (command.On != 0))
        {
            return ResultCode.StateUnchanged;
        }

        if (row != 0)
        {
            state.Keepers.Free(row);
        }
        else
        {
            row = state.Keepers.Allocate();
            if (row == 0)
            {
                return ResultCode.CapacityExceeded;
            }

            state.Keepers.Edit(row).Account = account;
        }

        ref KeeperRegistered registered = ref state.Events.Add<KeeperRegistered>(EventType.KeeperRegistered, 0);
        registered.AccountId = account;
        registered.On = command.On;
        return ResultCode.Accepted;
    }

    /// <summary>The row of an account, 0 when it is not registered.</summary>
    public int Find(int account)
    {
        for (int row = 1; row <= state.Keepers.HighWater; row++)
        {
            if (state.Keepers[row].Account == account && account != 0)
            {
                return row;
            }
        }

        return 0;
    }

    /// <summary>A keeper commanded a liquidation.</summary>
    public void NoteActivity(int account)
    {
        int row = Find(account);
        if (row != 0)
        {
            ref Keeper keeper = ref state.Keepers.Edit(row);
            long score = ScoreAt(in keeper, state.TimeNs);
            keeper.ScoredNs = score == 0 ? state.TimeNs : keeper.ScoredNs + ((state.TimeNs - keeper.ScoredNs) / DayNs * DayNs);
            keeper.Score = Math.Min(MostScore, score + 1);
        }
    }

    /// <summary>The score of a keeper, halved with every day since it began.</summary>
    public static long ScoreAt(in Keeper keeper, long timeNs) => keeper.Score >> (int)Math.Min(62, (timeNs - keeper.ScoredNs) / DayNs);

    /// <summary>The keeper whose turn it is among those that did not have one yet: <paramref name="tried"/>, a bit a row; 0: none is left.</summary>
    public int Next(long ownerId, ulong tried)
    {
        int best = 0;
        long most = 0;
        for (int row = 1; row <= state.Keepers.HighWater; row++)
        {
            ref readonly Keeper keeper = ref state.Keepers[row];
            long turn = keeper.Credit + Weight(in keeper);
            bool isFree = IsEligible(in keeper, ownerId) && (tried & (1UL << (row - 1))) == 0;
            if (isFree && (best == 0 || turn > most || (turn == most && keeper.Account < state.Keepers[best].Account)))
            {
                best = row;
                most = turn;
            }
        }

        return best;
    }

    /// <summary>The queue turns: everybody's credit grows by its weight, that of the keeper who had its turn falls by the sum.</summary>
    public void Turn(int chosen, long ownerId)
    {
        long sum = 0;
        for (int row = 1; row <= state.Keepers.HighWater; row++)
        {
            if (IsEligible(in state.Keepers[row], ownerId))
            {
                ref Keeper keeper = ref state.Keepers.Edit(row);
                long weight = Weight(in keeper);
                keeper.Credit += weight;
                sum += weight;
            }
        }

        state.Keepers.Edit(chosen).Credit -= sum;
    }

    private long Weight(in Keeper keeper) => 1 + ScoreAt(in keeper, state.TimeNs);

    private bool IsEligible(in Keeper keeper, long ownerId) =>
        keeper.Account != 0 && state.Accounts[keeper.Account].IsKilled == 0 && state.Accounts[keeper.Account].OwnerId != ownerId;
}
