using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>
/// R-1208: recomputes what events say that others' losses took, from the events alone. It knows nothing of accounts and balances, only what events
/// told before of the
/// market: its tick value and its rules.
/// </summary>
internal sealed class EventAudit
{
    private readonly Dictionary<uint, Big> _tickValues = [];
    private readonly Dictionary<uint, LossRules> _rules = [];
    private readonly Dictionary<uint, FundingRules> _fundingRules = [];
    private readonly Dictionary<uint, Big> _fundingIndexes = [];
    private readonly List<LossSocialised> _shares = [];
    private LossSharingStarted _sharing;

    /// <summary>Figures that were recomputed.</summary>
    public long Deleveragings { get; private set; }

    public long Haircuts { get; private set; }

    public long Shortfalls { get; private set; }

    public long FundingIntervals { get; private set; }

    public long FundingPayments { get; private set; }

    /// <summary>Looks at all events of a command.</summary>
    public void Check(ReadOnlySpan<EventSlot> slots)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            ref readonly EventSlot slot = ref slots[i];
            uint market = slot.Header.MarketId;
            switch (slot.Header.Type)
            {
                case EventType.MarketListed:
                    _tickValues[market] = EventSlot.As<MarketListed>(in slot).TickValueUnits;
                    _rules.TryAdd(market, LossRules.Default);
                    _fundingRules.TryAdd(market, FundingRules.Default);
                    break;
                case EventType.FundingParamsUpdated:
                    _fundingRules[market] = EventSlot.As<FundingParamsUpdated>(in slot).Rules;
                    break;
                case EventType.FundingUpdated:
                    Check(EventSlot.As<FundingUpdated>(in slot));
                    break;
                case EventType.FundingPaid:
                    FundingPaid paid = EventSlot.As<FundingPaid>(in slot);
                    Big exact = paid.SizeLots * ((Big)paid.IndexE8 - paid.EntryE8) * _tickValues[market];
                    Same(paid.AmountUnits, -Rounding.Floor(-exact, Rounding.Scale), "funding paid");
                    Same(paid.IndexE8, _fundingIndexes.GetValueOrDefault(market), "index of funding");
                    FundingPayments++;
                    break;
                case EventType.LossRulesSet:
                    _rules[market] = EventSlot.As<LossRulesSet>(in slot).Rules;
                    break;
                case EventType.AutoDeleveraged:
                    Require(i + 2 < slots.Length && slots[i + 1].Header.Type == EventType.AutoDeleverageInputs
                        && slots[i + 2].Header.Type == EventType.AutoDeleveragePrice, "the inputs of a deleveraging stand behind it");
                    Check(EventSlot.As<AutoDeleveraged>(in slot), EventSlot.As<AutoDeleverageInputs>(in slots[i + 1]),
                        EventSlot.As<AutoDeleveragePrice>(in slots[i + 2]));
                    break;
                case EventType.LossSharingStarted:
                    _sharing = EventSlot.As<LossSharingStarted>(in slot);
                    _shares.Clear();
                    break;
                case EventType.LossSocialised:
                    Check(EventSlot.As<LossSocialised>(in slot));
                    break;
                case EventType.LossSharingEnded:
                    Check(EventSlot.As<LossSharingEnded>(in slot));
                    break;
                case EventType.ShortfallCovered:
                    GlobalInsuranceUsed next = i + 1 < slots.Length && slots[i + 1].Header.Type == EventType.GlobalInsuranceUsed
                        ? EventSlot.As<GlobalInsuranceUsed>(in slots[i + 1]) : default;
                    Check(EventSlot.As<ShortfallCovered>(in slot), next);
                    break;
                default:
                    break;
            }
        }
    }

    private void Check(FundingUpdated updated)
    {
        uint market = updated.Header.MarketId;
        FundingRules rules = _fundingRules[market];
        Big premium = (updated.MarkTicks - (Big)updated.IndexTicks) * Rounding.Scale / updated.IndexTicks;
        Same(updated.PremiumE8, premium, "premium");
        Big part = premium * rules.DampeningRate / Rounding.Scale;
        Big rate = part + Big.Min(Big.Max(rules.InterestRate - part, -rules.ClampRate), rules.ClampRate);
        Big cap = rules.CapRate == 0 ? Rounding.Scale : rules.CapRate;
        Same(updated.RateE8, Big.Min(Big.Max(rate, -cap), cap), "rate of funding");
        Big after = _fundingIndexes.GetValueOrDefault(market) + ((Big)updated.MarkTicks * updated.RateE8);
        Same(updated.CumulativeE8, after, "index of funding");
        _fundingIndexes[market] = after;
        FundingIntervals++;
    }

    /// <summary>Holders closed for a liquidation so far.</summary>
    private readonly Dictionary<long, int> _holdersOf = [];

    private void Check(AutoDeleveraged closed, AutoDeleverageInputs inputs, AutoDeleveragePrice price)
    {
        uint market = closed.Header.MarketId;
        LossRules rules = _rules[market];
        Require(inputs.AccountId == closed.AccountId && price.AccountId == closed.AccountId && price.LiquidationId == closed.LiquidationId
            && inputs.Header.MarketId == market && price.Header.MarketId == market, "events of one deleveraging");
        bool isShort = closed.SizeLots < 0;
        Big lots = Big.Abs(closed.SizeLots);
        Big quantity = closed.ClosedLots;
        Same(quantity, Big.Min(price.LeftLots - price.CarriedLots, lots), "lots closed");
        Require(quantity > 0 && price.CarriedLots >= 0, "lots closed are above 0");
        Big atMark = inputs.MarkTicks * _tickValues[market];
        Big value = rules.Price == AdlPrice.Mark ? quantity * atMark
            : isShort ? Rounding.Up((Big)price.BankruptcyUnits * quantity, price.LeftLots)
            : Rounding.Down((Big)price.BankruptcyUnits * quantity, price.LeftLots);
        Same(closed.ValueUnits, value, "value of a deleveraging");
        Big part = inputs.EntryCostUnits * quantity;
        Big released = isShort ? Rounding.Down(part, lots) : Rounding.Up(part, lots);
        Big pnl = isShort ? released - value : value - released;
        Same(closed.RealizedPnlUnits, pnl, "profit of a deleveraging");
        Big notional = lots * atMark;
        Big profit = isShort ? inputs.EntryCostUnits - notional : notional - inputs.EntryCostUnits;
        Same(inputs.Score, ModelScores.Of((ModelScore)rules.Score, inputs.EntryCostUnits, profit, notional, inputs.EquityUnits), "score");
        Require(inputs.Place >= 1, "a place counts from 1");
        bool takesLosers = rules.Score == AdlScoring.Bitmex;
        // an inventory is closed whole: what roundings took from earlier holders, a unit each, the last ones get
        int earlier = _holdersOf.GetValueOrDefault(price.LiquidationId);
        _holdersOf[price.LiquidationId] = earlier + 1;
        Require(takesLosers || (profit > 0 && pnl >= 0 && pnl <= profit + earlier), "nobody pays more than his profit");
        Deleveragings++;
    }

    private void Check(LossSocialised share)
    {
        Same(share.LossUnits, _sharing.LossUnits, "the loss");
        Same(share.TotalProfitUnits, _sharing.TotalProfitUnits, "profits of all");
        Big fair = share.LossUnits * (Big)share.ProfitUnits;
        Big charge = Rounding.Up(fair, Big.Max(share.ProfitUnits, share.TotalProfitUnits));
        Same(share.ChargedUnits, Big.Min(charge, Big.Min(share.ProfitUnits, share.SlackUnits)), "charge");
        Require(share.ChargedUnits >= 0 && share.SlackUnits >= 0 && share.ProfitUnits > 0, "nobody pays more than his profit");
        _shares.Add(share);
        Haircuts++;
    }

    private void Check(LossSharingEnded ended)
    {
        Big collected = _shares.Aggregate(Big.Zero, (sum, share) => sum + share.ChargedUnits);
        Big profits = _shares.Aggregate(Big.Zero, (sum, share) => sum + share.ProfitUnits);
        Same(ended.LossUnits, _sharing.LossUnits, "the loss");
        Same(_sharing.TotalProfitUnits, profits, "profits of all");
        Same(_sharing.Holders, _shares.Count, "holders with profit");
        Same(ended.CollectedUnits, collected, "what came together");
        Same(ended.BadDebtUnits, Big.Max(0, ended.LossUnits - collected), "bad debt");
        Same(ended.InsuranceUnits, Big.Max(0, collected - ended.LossUnits), "rest to insurance");
        Same(ended.Holders, _shares.Count(share => share.ChargedUnits > 0), "holders charged");
        Require(ended.InsuranceUnits < Math.Max(1, ended.Holders), "roundings are less than a unit each");
    }

    private void Check(ShortfallCovered covered, GlobalInsuranceUsed next)
    {
        LossRules rules = _rules[covered.Header.MarketId];
        Big before = (Big)covered.InsuranceUnits + covered.InsuranceBalanceUnits;
        bool isWhole = covered.InsuranceUnits == Big.Min(before, covered.ShortfallUnits);
        Require(isWhole || (covered.InsuranceUnits == 0 && covered.GlobalUnits == 0), "the fund pays what it can, or insurance is off");
        Big rest = covered.ShortfallUnits - covered.InsuranceUnits;
        Require(covered.GlobalUnits == 0 || (rules.GlobalLayer == 1 && next.AmountUnits == covered.GlobalUnits && next.AccountId == covered.AccountId
            && covered.GlobalUnits == Big.Min(rest, (Big)next.AmountUnits + next.BalanceUnits)), "the global layer pays what it can");
        Big open = rest - covered.GlobalUnits - covered.BadDebtUnits;
        Require(open >= 0 && (open.IsZero || (rules.Mode == LossMode.Socialise && covered.BadDebtUnits == 0)), "what nobody paid is bad debt or shared");
        Shortfalls++;
    }

    private static void Same(Big told, Big recomputed, string what) => Require(told == recomputed, $"{what}: told {told}, recomputed {recomputed}");

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new DivergenceException("from events alone: " + what);
        }
    }
}
