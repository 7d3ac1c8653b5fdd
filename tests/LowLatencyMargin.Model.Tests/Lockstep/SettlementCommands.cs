using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Markets that close for good, at once or with a deadline, and others that are listed in their place (docs/matching.md).</summary>
internal sealed class SettlementCommands(Prng random, Profile profile, ModelExchange model, Command command)
{
    private readonly Queue<Action> _next = new();
    private int _relisted;

    /// <summary>A market is being listed: it has no mark and no rules of its own yet.</summary>
    public bool IsRunning => _next.Count > 0;

    /// <summary>The command was applied, no tick in its place.</summary>
    public void Advance() => _ = _next.TryDequeue(out _);

    public void Next()
    {
        if (_next.Count > 0)
        {
            _next.Peek()();
            return;
        }

        List<ModelMarket> perpetuals = model.Markets.FindAll(market => !market.IsSpot);
        List<ModelMarket> open = perpetuals.FindAll(market => market.State != MarketState.Closed);
        if (perpetuals.Count - open.Count > _relisted && _relisted < profile.Relistings)
        {
            List(random.Pick(perpetuals.FindAll(market => market.State == MarketState.Closed)));
            _next.Peek()();
        }
        else if (open.Find(market => market.SettlesNs is not null) is { } due && random.Chance(40))
        {
            ref SetMarketState set = ref command.Begin<SetMarketState>(CommandType.SetMarketState);
            set.MarketId = due.Id;
            set.State = MarketState.Open;
        }
        else if (open.Count == 0)
        {
            command.Begin<Tick>(CommandType.Tick);
        }
        else
        {
            Settle(random.Chance(94) ? random.Pick(open).Id : random.Chance(70) ? random.Pick(model.Markets).Id : random.Between(-1, 99),
                canEnd: open.Count(market => market.SettlesNs is null) > 1 || _relisted < profile.Relistings);
        }
    }

    private void Settle(long marketId, bool canEnd)
    {
        ModelMarket? market = marketId >= 1 && marketId <= model.Markets.Count ? model.Markets[(int)marketId - 1] : null;
        long mark = Math.Max(1, market?.Mark ?? 0);
        ref SettleMarket settle = ref command.Begin<SettleMarket>(CommandType.SettleMarket);
        settle.MarketId = marketId;
        int roll = random.Below(100);
        if (roll < 12 || !canEnd)
        {
            // mostly what is refused
            settle.PriceTicks = random.Chance(50) ? random.Between(-3, -1) : mark;
            settle.DueNs = random.Between(-1, 1L << 40);
            settle.DueNs += settle.DueNs == 0 ? 1 : 0;
        }
        else if (roll < 45)
        {
            settle.DueNs = model.Now + random.Between(1, profile.StepNs == 0 ? 100_000 : profile.StepNs * 60);
        }
        else if (roll < 75)
        {
            long width = Math.Max(2, mark * random.Between(1, 40) / 100);
            settle.PriceTicks = Math.Max(1, mark + random.Between(-width, width));
        }
    }

    private void List(ModelMarket gone)
    {
        _relisted++;
        MarketParameters parameters = random.Pick(profile.Markets);
        _next.Enqueue(() =>
        {
            ref ListMarket list = ref command.Begin<ListMarket>(CommandType.ListMarket);
            _ = Symbol.TryParse("AGAIN" + _relisted, out list.Symbol);
            _ = Symbol.TryParse(gone.BaseSymbol, out list.BaseSymbol);
            list.QuoteAssetId = 1;
            list.TickSizeE9 = gone.TickSizeE9;
            list.LotSizeE9 = 1_000_000;
            list.LadderTicks = 4096;
            list.Parameters = parameters;
        });
        if (!profile.Losses.Equals(LossRules.Default))
        {
            _next.Enqueue(() =>
            {
                ref SetLossRules set = ref command.Begin<SetLossRules>(CommandType.SetLossRules);
                set.MarketId = Newest();
                set.Rules = profile.Losses;
            });
        }

        _next.Enqueue(() =>
        {
            ref SetMarkPrice mark = ref command.Begin<SetMarkPrice>(CommandType.SetMarkPrice);
            mark.MarketId = Newest();
            mark.PriceTicks = profile.BasePrice;
        });
    }

    private long Newest() => model.Markets.Count;
}
