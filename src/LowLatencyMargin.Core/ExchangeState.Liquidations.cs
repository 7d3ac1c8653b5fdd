using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Waterfall;

namespace LowLatencyMargin.Core;

/// <summary>How far the liquidations of a cascade are, between the commands that they are spread over.</summary>
public sealed partial class ExchangeState
{
    /// <summary>Work that liquidations of one command may do: less than the least that a genesis can set. Tests set other amounts.</summary>
    internal int LiquidationWork
    {
        get => _head.Now.LiquidationWork;
        set => _head.Now.LiquidationWork = value;
    }

    /// <summary>
    /// Leaves no more of the command's work than liquidations may do in one go: some five microseconds, so that orders of other markets, which come in
    /// between the ticks of a cascade, wait no longer.
    /// </summary>
    public void BeginLiquidations()
    {
        if (WorkLeft > LiquidationWork)
        {
            WorkLeft = LiquidationWork;
            _head.Now.CappedIn = Events.CommandSequence;
        }

        InCascade = true;
    }

    /// <summary>Whether liquidations have left the command less work than it had: rules of traders that need more wait for the next tick.</summary>
    public bool IsCapped => _head.Now.CappedIn == Events.CommandSequence;

    /// <summary>
    /// Liquidations have begun and are not done with all that follows from them: ticks go on there, and other work that was left over waits for the end.
    /// </summary>
    public bool InCascade
    {
        get => _head.Now.InCascade;
        private set => _head.Now.InCascade = value;
    }

    /// <summary>Where the work ended in the middle of a liquidation.</summary>
    public ref Interruption Interrupted => ref _head.Now.Interrupted;

    /// <summary>The forced sale that is under way: it goes on where it stood, as long as nothing but ticks comes between.</summary>
    public ref ForcedSale Sale => ref _head.Now.Sale;

    /// <summary>Something changed since a liquidation was interrupted: it does not simply go on where it was.</summary>
    public void EndInterruption()
    {
        _head.Now.Interrupted.IsExact = _head.Now.Interrupted.CanGoOn = _head.Now.Interrupted.IsDueAgain = false;
        _head.Now.Sale = default;
    }

    /// <summary>Whether a run was interrupted, has its turn again, and nothing came between: it goes on before anything else.</summary>
    public bool GoesOn => Interrupted.CanGoOn && WorkLeft > 0 && IsDue(Interrupted.Run);

    /// <summary>
    /// Takes up the run of a market, or of an asset (its id negated); false when it has to wait for the next tick, since no run that has not begun takes
    /// the place of one that was interrupted, maybe by this very command.
    /// </summary>
    /// <param name="due">What is to be run.</param>
    /// <param name="last">Where it goes on; nothing when it begins.</param>
    public bool TakesUpRun(int due, out Interruption last)
    {
        last = Interrupted;
        if (WorkLeft == 0 || (last.Run == due && last.IsExact && !last.CanGoOn))
        {
            Interrupted.IsDueAgain |= last.Run == due && last.IsExact;
            SetPending(due, pending: true);
            return false;
        }

        if (last.Run == due)
        {
            Interrupted = default;
        }

        if (last.Run == due && last.CanGoOn)
        {
            BeginLiquidations();
        }
        else
        {
            last = default;
        }

        return true;
    }

    /// <summary>Ends a run, for now or for good.</summary>
    public void EndRun(int due, bool pending, in Interruption last)
    {
        SetPending(due, pending);
        if (!last.IsDueAgain)
        {
            return;
        }

        if (pending && Interrupted.Run == due)
        {
            Interrupted.IsDueAgain = true;
        }
        else
        {
            // it fell due while it was under way: it is run once more, as it would be in one go
            Due(due);
        }
    }

    /// <summary>Notes where the work ended.</summary>
    public void Interrupt(int run, int row = 0, int account = 0, int lossMarket = 0, int keeper = 0)
    {
        int other = Interrupted.Run;
        if (other != 0 && other != run && Interrupted.IsExact && (row | account) == 0)
        {
            // the work was used up elsewhere, in the middle of something: that goes on first, here nothing has begun
            return;
        }

        Interrupted = new Interruption
        {
            Run = run,
            Row = row,
            Account = account,
            Market = lossMarket,
            Keeper = keeper,
            LossOrigin = LossOrigin,
            IsExact = true,
        };
    }

    /// <summary>Ends a cascade unless liquidations are left over: its rankings no longer count.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void EndCascade()
    {
        if (PendingMarkets == 0 && HasRankings)
        {
            _head.Now.Cascade++;
            HasRankings = false;
        }

        InCascade &= (PendingMarkets | ShortCount | TriggersDueCount | FirstRulesDue) != 0;
    }

    /// <summary>Holders that a liquidation has closed in this command.</summary>
    public int DeleveragedBy(long liquidation) =>
        _head.Now.DeleveragedBy == liquidation && _head.Now.DeleveragedIn == Events.CommandSequence ? _head.Now.Deleveraged : 0;

    /// <summary>Counts one.</summary>
    public void NoteDeleveraged(long liquidation)
    {
        _head.Now.Deleveraged = DeleveragedBy(liquidation) + 1;
        _head.Now.DeleveragedBy = liquidation;
        _head.Now.DeleveragedIn = Events.CommandSequence;
    }

    private void AddLiquidations(ref Hash128 hash)
    {
        hash.Add(((ulong)(uint)Interrupted.Run << 32) | (uint)Interrupted.Row);
        hash.Add(((ulong)(uint)Interrupted.Account << 32) | (uint)Interrupted.Market);
        hash.Add(((ulong)(uint)Interrupted.Keeper << 32) | (Interrupted.IsExact ? 1U : 0) | (Interrupted.IsDueAgain ? 2U : 0) | (InCascade ? 4U : 0)
            | ((ulong)Interrupted.LossOrigin << 8));
        Sale.AddTo(ref hash);
        for (int account = FirstShort; account != 0; account = _short[account].Next)
        {
            hash.Add((ulong)account);
        }

        hash.Add((ulong)ShortCount);
    }

    /// <summary>A liquidation that a command's work did not suffice for.</summary>
    public struct Interruption
    {
        /// <summary>What was being run: a market, or an asset negated; 0: nothing was interrupted.</summary>
        public int Run;

        /// <summary>Row of the position.</summary>
        public int Row;

        /// <summary>Account of the cross scope; 0: an isolated position.</summary>
        public int Account;

        /// <summary>Market of a cross position with the last loss.</summary>
        public int Market;

        /// <summary>Who commanded it, 0: the engine.</summary>
        public int Keeper;

        /// <summary>The side of the position that was liquidated last.</summary>
        public LossKind LossOrigin;

        /// <summary>Nothing but ticks came since.</summary>
        public bool IsExact;

        /// <summary>A tick has come: it goes on.</summary>
        public bool CanGoOn;

        /// <summary>It fell due again since.</summary>
        public bool IsDueAgain;
    }
}
