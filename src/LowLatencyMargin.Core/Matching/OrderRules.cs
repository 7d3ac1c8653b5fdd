using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Matching;

/// <summary>The rules that new and changed orders share, one by one (docs/matching.md, "One new order").</summary>
public sealed class OrderRules(ExchangeState state)
{
    /// <summary>Options that contradict each other.</summary>
    public static bool Contradict(OrderType type, TimeInForce timeInForce, OrderFlags flags, bool waits, bool displays, bool links)
    {
        bool market = type == OrderType.Market;
        bool atOnce = timeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill;
        bool post = (flags & OrderFlags.PostOnly) != 0;
        bool guarded = displays || (flags & (OrderFlags.Hidden | OrderFlags.MakerProtected)) != 0;
        bool reduces = (flags & OrderFlags.ReduceOnly) != 0;
        return (market && (post || guarded))
            || (market && !waits && timeInForce >= TimeInForce.GoodTillTime)
            || (post && (atOnce || waits))
            || (!post && (flags & OrderFlags.Reprice) != 0)
            || (displays && (flags & OrderFlags.Hidden) != 0)
            || (guarded && (atOnce || waits))
            || ((flags & OrderFlags.WholePosition) != 0 && !(reduces && waits && market))
            || (links && !waits && (market || atOnce))
            || (reduces && (flags & OrderFlags.MakerProtected) != 0);
    }

    /// <summary>Trigger, trail, activation and step: those of this kind within their ranges, all others 0.</summary>
    public static bool AreTermsOfKind(in OrderTerms terms)
    {
        bool noTrail = (terms.TrailTicks | terms.ActivationTicks | terms.StepTicks | (long)terms.TrailRate) == 0;
        switch (terms.Trigger)
        {
            case TriggerKind.None:
                return noTrail && terms.TriggerTicks == 0 && terms.Source == TriggerSource.Mark;
            case TriggerKind.Stop:
            case TriggerKind.TakeProfit:
                return noTrail && terms.TriggerTicks is >= 1 and <= Exact.MaxPriceTicks;
            default:
                bool distance = terms.TrailRate == 0 ? terms.TrailTicks is >= 1 and <= Exact.MaxPriceTicks
                    : terms.TrailTicks == 0 && terms.TrailRate is > 0 and <= Rate.Scale / 2;
                long least = terms.Trigger == TriggerKind.TrailingTakeProfit ? 1 : 0;
                return distance && terms.TriggerTicks == 0 && terms.StepTicks is >= 0 and <= Exact.MaxPriceTicks
                    && terms.ActivationTicks >= least && terms.ActivationTicks <= Exact.MaxPriceTicks;
        }
    }

    /// <summary>Whether a plain order of an account can skip the rules that its market and it do not have.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasNone(int account, int row, int market) =>
        (state.Markets[market].HasRules | state.Accounts[account].IsKilled
            | (int)(state.Accounts[account].Traits & (AccountTraits.HasRules | AccountTraits.SpotOnly | AccountTraits.Liquidating))
            | (int)(state.Positions[row].Guards & Guards.Killed)) == 0;

    /// <summary>Whether an account that trades spot only would trade on margin here .</summary>
    public bool NeedsMargin(int account, int market) =>
        !state.Markets[market].IsSpot && (state.Accounts[account].Traits & AccountTraits.SpotOnly) != 0;

    /// <summary>Where a price that triggers watch is, 0 when there is none.</summary>
    public long PriceOf(int market, TriggerSource source)
    {
        ref readonly Market row = ref state.Markets[market];
        return source == TriggerSource.Mark ? row.MarkTicks : source == TriggerSource.Last ? row.LastTicks : row.IndexTicks;
    }

    /// <summary>Whether an account is stopped in a market (R-1315); <paramref name="row"/> 0: it has no row there.</summary>
    public bool IsKilled(int account, int row, int market) =>
        (state.Accounts[account].IsKilled | state.Markets[market].IsKilled) != 0 || (state.Positions[row].Guards & Guards.Killed) != 0;

    /// <summary>Whether maker protection refuses protected orders of a row.</summary>
    public bool IsFrozen(int row) =>
        (state.Positions[row].Guards & Guards.MakerProtection) != 0 && state.TradingGuards[row].FrozenUntilNs > state.TimeNs;

    /// <summary>Whether a limit price is near enough to the mark (R-1401).</summary>
    public bool IsInBand(int market, long ticks)
    {
        ref readonly Market row = ref state.Markets[market];
        int rate = row.Parameters.PriceBandRate;
        return rate == 0 || row.MarkTicks == 0 || Math.Abs(ticks - row.MarkTicks) <= Rate.OfRoundedDown(row.MarkTicks, rate);
    }

    /// <summary>Whether quantity x price is worth an order (R-1311).</summary>
    public bool IsWorth(int market, long lots, long ticks)
    {
        ref readonly Market row = ref state.Markets[market];
        long least = row.Parameters.MinNotionalUnits;
        return least == 0 || !Exact.TryNotional(lots, ticks, row.TickValueUnits, out long units) || units >= least;
    }

    /// <summary>A display quantity that is neither dust nor more than the order (R-1308).</summary>
    public static bool IsDisplay(long display, long lots) => display <= lots && display >= ((lots - 1) / 100) + 1;

    /// <summary>
    /// A post-only order that would trade is refused, or put one tick behind the best opposite price; 0: refused.
    /// </summary>
    public long PostOnlyPrice(int market, Side side, long ticks, bool reprice)
    {
        OrderBook book = state.Books[market];
        if (!book.Crosses(side, ticks))
        {
            return ticks;
        }

        long behind = side == Side.Buy ? book.Asks.BestTicks - 1 : book.Bids.BestTicks + 1;
        return reprice && behind is >= 1 and <= Exact.MaxPriceTicks ? behind : 0;
    }

    /// <summary>
    /// A market order is a limit order at the worst price its slippage allows, counted from the mark (R-1302); without a mark, from the opposite
    /// side. 0: neither is there.
    /// </summary>
    public long MarketLimit(int market, Side side, int slippageRate)
    {
        ref readonly Market row = ref state.Markets[market];
        OrderBook book = state.Books[market];
        long reference = row.MarkTicks != 0 ? row.MarkTicks : side == Side.Buy ? book.Asks.BestTicks : book.Bids.BestTicks;
        if (reference == 0)
        {
            return 0;
        }

        long slippage = Rate.OfRoundedDown(reference, slippageRate != 0 ? slippageRate : row.Parameters.MaxSlippageRate);
        return side == Side.Buy ? Math.Min(reference + slippage, Exact.MaxPriceTicks) : Math.Max(1, reference - slippage);
    }

    /// <summary>The next midnight, UTC.</summary>
    public static long EndOfDay(long timeNs)
    {
        const long DayNs = 86_400L * 1_000_000_000;
        return timeNs > long.MaxValue - DayNs ? long.MaxValue : ((timeNs / DayNs) + 1) * DayNs;
    }
}
