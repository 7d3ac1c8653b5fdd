using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Waterfall;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Events of insurance, deleveraging and shared losses, in the model's words (docs/waterfall.md).</summary>
internal sealed class LossRecording
{
    private readonly List<ModelGlobalPayment> _globals = [];
    private readonly List<ModelSurplus> _surpluses = [];
    private readonly List<ModelDeleveraging> _deleveragings = [];
    private readonly List<ModelSharing> _sharings = [];
    private readonly List<ModelHaircut> _haircuts = [];
    private readonly List<ModelSharingEnd> _ends = [];
    private AutoDeleveraged _closed;
    private AutoDeleverageInputs _inputs;

    /// <summary>Accounts that others' losses reached.</summary>
    public IEnumerable<long> Holders => _deleveragings.Select(closed => closed.Account).Concat(_haircuts.Select(cut => cut.Account));

    public void Clear()
    {
        _globals.Clear();
        _surpluses.Clear();
        _deleveragings.Clear();
        _sharings.Clear();
        _haircuts.Clear();
        _ends.Clear();
        _closed = default;
    }

    /// <summary>Whether the event moves what a cross price depends on.</summary>
    public bool Read(ref readonly EventSlot slot)
    {
        long market = slot.Header.MarketId;
        switch (slot.Header.Type)
        {
            case EventType.GlobalInsuranceUsed:
                GlobalInsuranceUsed used = EventSlot.As<GlobalInsuranceUsed>(in slot);
                _globals.Add(new ModelGlobalPayment(used.AccountId, market, used.AmountUnits, used.BalanceUnits));
                return false;
            case EventType.InsuranceSurplus:
                InsuranceSurplus surplus = EventSlot.As<InsuranceSurplus>(in slot);
                _surpluses.Add(new ModelSurplus(surplus.AccountId, market, surplus.AmountUnits, surplus.BalanceUnits));
                return false;
            case EventType.AutoDeleveraged:
                _closed = EventSlot.As<AutoDeleveraged>(in slot);
                return true;
            case EventType.AutoDeleverageInputs:
                _inputs = EventSlot.As<AutoDeleverageInputs>(in slot);
                return false;
            case EventType.AutoDeleveragePrice:
                AutoDeleveragePrice price = EventSlot.As<AutoDeleveragePrice>(in slot);
                _deleveragings.Add(new ModelDeleveraging(
                    _closed.AccountId, market, _closed.SizeLots, _closed.ClosedLots, _closed.ValueUnits, _closed.RealizedPnlUnits, _inputs.MarkTicks,
                    _inputs.EntryCostUnits, _inputs.EquityUnits, _inputs.Score, _inputs.Place, price.PositionId, price.BankruptcyUnits, price.LeftLots,
                    price.CarriedLots));
                return false;
            case EventType.LossSharingStarted:
                LossSharingStarted started = EventSlot.As<LossSharingStarted>(in slot);
                _sharings.Add(new ModelSharing(
                    market, (Model.LossKind)slot.Header.Detail, started.MarkTicks, started.LossUnits, started.TotalProfitUnits, started.Holders));
                return false;
            case EventType.LossSocialised:
                LossSocialised cut = EventSlot.As<LossSocialised>(in slot);
                _haircuts.Add(new ModelHaircut(
                    cut.AccountId, market, cut.LossUnits, cut.TotalProfitUnits, cut.ProfitUnits, cut.SlackUnits, cut.ChargedUnits,
                    slot.Header.Flags.HasFlag(EventFlags.Isolated)));
                return true;
            case EventType.LossSharingEnded:
                LossSharingEnded ended = EventSlot.As<LossSharingEnded>(in slot);
                _ends.Add(new ModelSharingEnd(
                    market, (Model.LossKind)slot.Header.Detail, ended.MarkTicks, ended.LossUnits, ended.CollectedUnits, ended.BadDebtUnits,
                    ended.InsuranceUnits, ended.Holders));
                return false;
            default:
                return false;
        }
    }

    public void Compare(Outcome expected)
    {
        EventComparison.Same(_globals, expected.GlobalPayments, "paid by the global layer");
        EventComparison.Same(_deleveragings, expected.Deleveragings, "deleveraged");
        EventComparison.Same(_surpluses, expected.Surpluses, "surpluses");
        EventComparison.Same(_sharings, expected.Sharings, "losses shared");
        EventComparison.Same(Ordered(_haircuts), Ordered(expected.Haircuts), "haircuts");
        EventComparison.Same(_ends, expected.SharingEnds, "ends of sharing");
    }

    /// <summary>The order of holders changes nothing.</summary>
    private static List<ModelHaircut> Ordered(List<ModelHaircut> haircuts) =>
        [.. haircuts.OrderBy(cut => cut.Market).ThenBy(cut => cut.Loss).ThenBy(cut => cut.Account).ThenBy(cut => cut.IsIsolated).ThenBy(cut => cut.Profit)
            .ThenBy(cut => cut.Charged)];

    public static void CompareMarket(in MarketLoss row, ModelMarket market)
    {
        Same(row.Shortfalls, market.ShortfallCount, "shortfalls counted", market);
        Same(row.InsurancePaidUnits, market.InsurancePaid, "paid by the fund", market);
        Same(row.GlobalPaidUnits, market.GlobalPaid, "paid by the global layer", market);
        Same(row.SocialisedUnits, market.Socialised, "socialised", market);
        Same(row.Deleveraged, market.Deleveraged, "deleveraged", market);
        Same(row.DeleveragedLots, market.DeleveragedLots, "lots deleveraged", market);
        Same(row.DeleveragedUnits, market.DeleveragedUnits, "value deleveraged", market);
        Same(row.OpenUnits, market.PendingLoss, "pending losses", market);
    }

    private static void Same(long actual, Big expected, string what, ModelMarket market)
    {
        if (actual != expected)
        {
            throw new DivergenceException($"{what}, market {market.Id}: exchange {actual}, model {expected}");
        }
    }
}
