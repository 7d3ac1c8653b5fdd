using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Pricing;
using LowLatencyMargin.Core.Rules;

namespace LowLatencyMargin.Core;

/// <summary>What the command being applied leaves to be looked at, before it ends or with the next ticks.</summary>
public sealed partial class ExchangeState
{
    /// <summary>The account that is looked at next, by the row of its rules; 0: none is due.</summary>
    public int FirstRulesDue
    {
        get => _head.Now.FirstRulesDue;
        private set => _head.Now.FirstRulesDue = value;
    }

    /// <summary>Entries of the aftermath of the trades so far.</summary>
    public int AftermathCount
    {
        get => _head.Now.AftermathCount;
        private set => _head.Now.AftermathCount = value;
    }

    /// <summary>Notes what a trade leads to, for when the incoming order has rested or ended.</summary>
    public void QueueAftermath(AftermathKind kind, long id) => _aftermath.Edit(AftermathCount++) = new Aftermath { Kind = kind, Id = id };

    /// <summary>One entry.</summary>
    public void AftermathAt(int i, out AftermathKind kind, out long id)
    {
        kind = _aftermath[i].Kind;
        id = _aftermath[i].Id;
    }

    /// <summary>Forgets them.</summary>
    public void ClearAftermath() => AftermathCount = 0;

    /// <summary>Markets where prices may have set orders off.</summary>
    public int TriggersDueCount
    {
        get => _head.Now.TriggersDueCount;
        private set => _head.Now.TriggersDueCount = value;
    }

    /// <summary>The market that is looked at next: the one noted first.</summary>
    public int FirstTriggersDue => _triggersDue[0];

    /// <summary>Notes a price that waiting orders may watch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NotePrice(int market, TriggerSource source, long ticks)
    {
        if (Triggers[market].Count != 0)
        {
            NoteWatched(market, source, ticks);
        }
    }

    /// <summary>A market's prices have set off all they could.</summary>
    public void EndTriggersDue()
    {
        Markets.Edit(_triggersDue[0]).HasTriggersDue = 0;
        TriggersDueCount--;
        for (int i = 0; i < TriggersDueCount; i++)
        {
            _triggersDue.Edit(i) = _triggersDue[i + 1];
        }

        _triggersDue.Edit(TriggersDueCount) = 0;
    }

    /// <summary>Markets whose prices are to be looked at before the command ends.</summary>
    public int PricesDueCount
    {
        get => _head.Now.PricesDueCount;
        private set => _head.Now.PricesDueCount = value;
    }

    /// <summary>Notes a market whose sources changed.</summary>
    public void AddPriceDue(int market)
    {
        ref Market row = ref Markets.Edit(market);
        if (row.IsPriceDue == 0)
        {
            row.IsPriceDue = 1;
            _pricesDue.Edit(PricesDueCount++) = market;
        }
    }

    /// <summary>The market noted last, 0: none is.</summary>
    public int TakePriceDue()
    {
        if (PricesDueCount == 0)
        {
            return 0;
        }

        int market = _pricesDue[--PricesDueCount];
        Markets.Edit(market).IsPriceDue = 0;
        return market;
    }

    /// <summary>Takes an own trade into the window of a market that makes its mark of them (R-801 a).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void NoteTrade(int market, long lots, long ticks)
    {
        ref MarketPrice price = ref Prices.Edit(market);
        price.Trades.Advance(TimeNs, price.Rules.VwapWindowMs, TradeParts, market);
        price.Trades.Add(lots, ticks, TradeParts, market);
        AddPriceDue(market);
    }

    /// <summary>Number of <see cref="Touched"/> rows.</summary>
    public int TouchedCount
    {
        get => _head.Now.TouchedCount;
        private set => _head.Now.TouchedCount = value;
    }

    /// <summary>Rows that the command being applied has changed the position, margin or pool of.</summary>
    public ReadOnlySpan<int> Touched => _touched.Slice(0, TouchedCount);

    /// <summary>Notes that a row's position, margin or pool changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Touch(int index)
    {
        ref Position position = ref Positions.Edit(index);
        if (position.IsTouched == 0)
        {
            position.IsTouched = 1;
            _touched.Edit(TouchedCount++) = index;
        }
    }

    /// <summary>Markets where this command made a position due for examination: <see cref="AddDue"/>.</summary>
    public int DueCount
    {
        get => _head.Now.DueCount;
        private set => _head.Now.DueCount = value;
    }

    /// <summary>Notes that a market's liquidation index is to be looked at before the command ends.</summary>
    public void AddDue(int market)
    {
        ref Market row = ref Markets.Edit(market);
        if (row.IsDue == 0)
        {
            row.IsDue = 1;
            _due.Edit(DueCount++) = market;
        }
    }

    /// <summary>Notes that the holders of an asset are to be looked at before the command ends.</summary>
    public void AddDueAsset(int asset)
    {
        ref Asset row = ref Assets.Edit(asset);
        if (row.IsDue == 0)
        {
            row.IsDue = 1;
            _due.Edit(DueCount++) = -asset;
        }
    }

    /// <summary>Takes the market that was noted last, or the asset: its id negated.</summary>
    public int TakeDue()
    {
        int due = _due[--DueCount];
        EndDue(due);
        return due;
    }

    /// <summary>Takes a market, or asset, if it is due.</summary>
    public void TakeDue(int due)
    {
        if (!IsDue(due))
        {
            return;
        }

        int place = DueCount - 1;
        int after = due;
        for (; _due[place] != due; place--)
        {
            (after, _due.Edit(place)) = (_due[place], after);
        }

        _due.Edit(place) = after;
        DueCount--;
        EndDue(due);
    }

    private bool IsDue(int due) => (due > 0 ? Markets[due].IsDue : Assets[-due].IsDue) != 0;

    private void EndDue(int due)
    {
        if (due > 0)
        {
            Markets.Edit(due).IsDue = 0;
        }
        else
        {
            Assets.Edit(-due).IsDue = 0;
        }
    }

    private void Due(int due)
    {
        if (due > 0)
        {
            AddDue(due);
        }
        else
        {
            AddDueAsset(-due);
        }
    }

    /// <summary>Markets and assets with liquidations left over for the next ticks.</summary>
    public int PendingMarkets
    {
        get => _head.Now.PendingMarkets;
        private set => _head.Now.PendingMarkets = value;
    }

    /// <summary>Notes whether liquidations of a market, or of an asset (its id negated), are left over.</summary>
    public void SetPending(int due, bool pending)
    {
        ref byte flag = ref due > 0 ? ref Markets.Edit(due).LiquidationsPending : ref Assets.Edit(-due).LiquidationsPending;
        if (pending && flag == 0)
        {
            flag = 1;
            _left.Edit(PendingMarkets++) = due;
        }
        else if (!pending && flag != 0)
        {
            flag = 0;
            int kept = 0;
            for (int i = 0; i < PendingMarkets; i++)
            {
                int other = _left[i];
                _left.Edit(i) = 0;
                if (other != due)
                {
                    _left.Edit(kept++) = other;
                }
            }

            PendingMarkets = kept;
        }
    }

    /// <summary>What was left over is due again, in the order in which it was left.</summary>
    public void TakeUpPending()
    {
        for (int i = PendingMarkets - 1; i >= 0; i--)
        {
            int due = _left[i];
            _left.Edit(i) = 0;
            if (due > 0)
            {
                Markets.Edit(due).LiquidationsPending = 0;
            }
            else
            {
                Assets.Edit(-due).LiquidationsPending = 0;
            }

            Due(due);
        }

        PendingMarkets = 0;
    }

    /// <summary>Takes a healthy candidate out of its index until the run that found it ends.</summary>
    public void Defer(int index)
    {
        ref LiquidationProgress progress = ref LiquidationProgress.Edit(index);
        if (progress.IsDeferred == 0)
        {
            progress.IsDeferred = 1;
            _deferred.Edit(_head.Now.DeferredCount++) = index;
        }
    }

    /// <summary>A row of this market that was taken out, 0: none is left.</summary>
    public int TakeDeferred(int market)
    {
        int kept = _head.Now.DeferredCount;
        int found = 0;
        for (int i = kept - 1; i >= 0 && found == 0; i--)
        {
            if (Positions[_deferred[i]].Market == market)
            {
                found = _deferred[i];
                _deferred.Edit(i) = _deferred[kept - 1];
                _deferred.Edit(kept - 1) = 0;
                _head.Now.DeferredCount--;
                LiquidationProgress.Edit(found).IsDeferred = 0;
            }
        }

        return found;
    }

    /// <summary>Something that a watched account has or owes changed, or its price was set: it is looked at.</summary>
    public void NoteWatched(int account)
    {
        ref readonly Account owner = ref Accounts[account];
        if ((owner.Traits & AccountTraits.IsWatched) != 0)
        {
            QueueRules(owner.Rules);
        }
    }

    /// <summary>Every watched account: the operator changed what an asset is worth. Walks all rules.</summary>
    public void NoteAllWatched()
    {
        for (int row = 1; row <= AccountRules.HighWater; row++)
        {
            NoteWatched(AccountRules[row].Account);
        }
    }

    /// <summary>Has the account of a row of rules looked at before the command ends, or with the next ticks.</summary>
    public void QueueRules(int row)
    {
        ref AccountRules rules = ref AccountRules.Edit(row);
        if (rules.IsDue != 0)
        {
            return;
        }

        rules.IsDue = 1;
        rules.PreviousDue = LastRulesDue;
        if (LastRulesDue != 0)
        {
            AccountRules.Edit(LastRulesDue).NextDue = row;
        }
        else
        {
            FirstRulesDue = row;
        }

        LastRulesDue = row;
    }

    /// <summary>Takes the account that was noted first.</summary>
    public int TakeRules()
    {
        int row = FirstRulesDue;
        DropRules(row);
        return row;
    }

    /// <summary>Takes an account out of those that are to be looked at.</summary>
    public void DropRules(int row)
    {
        ref AccountRules rules = ref AccountRules.Edit(row);
        if (rules.IsDue == 0)
        {
            return;
        }

        if (rules.PreviousDue != 0)
        {
            AccountRules.Edit(rules.PreviousDue).NextDue = rules.NextDue;
        }
        else
        {
            FirstRulesDue = rules.NextDue;
        }

        if (rules.NextDue != 0)
        {
            AccountRules.Edit(rules.NextDue).PreviousDue = rules.PreviousDue;
        }
        else
        {
            LastRulesDue = rules.PreviousDue;
        }

        rules.IsDue = 0;
        rules.NextDue = rules.PreviousDue = 0;
    }

    /// <summary>Accounts whose pool has less than their isolated orders hold.</summary>
    public int ShortCount
    {
        get => _head.Now.ShortCount;
        private set => _head.Now.ShortCount = value;
    }

    /// <summary>Notes such an account, as the one to be looked at first.</summary>
    public void NoteShort(int account)
    {
        if (account == FirstShort)
        {
            return;
        }

        if ((Accounts[account].Traits & AccountTraits.IsShort) != 0)
        {
            DropShort(account);
        }

        Accounts.Edit(account).Traits |= AccountTraits.IsShort;
        _short.Edit(account).Next = FirstShort;
        if (FirstShort != 0)
        {
            _short.Edit(FirstShort).Previous = account;
        }

        FirstShort = account;
        ShortCount++;
    }

    /// <summary>The account that was noted last, 0: none is.</summary>
    public int FirstShort
    {
        get => _head.Now.FirstShort;
        private set => _head.Now.FirstShort = value;
    }

    /// <summary>Takes it: its pool covers the orders that are left.</summary>
    public void TakeShort() => DropShort(FirstShort);

    /// <summary>Forgets the touched rows.</summary>
    public void ClearTouched() => TouchedCount = 0;

    private void DropShort(int account)
    {
        (int previous, int next) = (_short[account].Previous, _short[account].Next);
        if (previous != 0)
        {
            _short.Edit(previous).Next = next;
        }
        else
        {
            FirstShort = next;
        }

        if (next != 0)
        {
            _short.Edit(next).Previous = previous;
        }

        _short.Edit(account) = default;
        Accounts.Edit(account).Traits &= ~AccountTraits.IsShort;
        ShortCount--;
    }

    private void NoteWatched(int market, TriggerSource source, long ticks)
    {
        ref Market row = ref Markets.Edit(market);
        if (MarketRules.SetsOff(row.State, source) && Triggers[market].Note(source, ticks) && row.HasTriggersDue == 0)
        {
            row.HasTriggersDue = 1;
            _triggersDue.Edit(TriggersDueCount++) = market;
        }
    }

    private int LastRulesDue
    {
        get => _head.Now.LastRulesDue;
        set => _head.Now.LastRulesDue = value;
    }

    /// <summary>Places of an account among those that are short.</summary>
    private struct ShortPlace
    {
        public int Next;
        public int Previous;
    }

    private struct Aftermath
    {
        public long Id;
        public AftermathKind Kind;
    }
}
