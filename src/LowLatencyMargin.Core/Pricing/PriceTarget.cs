using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Pricing;

/// <summary>What a market's sources say its mark should be: docs/prices.md.</summary>
public ref struct PriceTarget
{
    // fresh prices of the rule's sources, 0: not fresh
    private long _first;
    private long _second;
    private long _third;

    /// <summary>The target in ticks, 0: there is none.</summary>
    public long Ticks { get; private set; }

    /// <summary>Looks at the sources of a market's rule.</summary>
    public static PriceTarget Of(in MarketPrice price, in Market market, OrderBook book, long timeNs)
    {
        PriceTarget target = default;
        long index = price.IndexAt(timeNs);
        switch (price.Rules.Rule)
        {
            case MarkRule.Median:
                target._first = price.Trades.AverageTicks;
                target._second = price.FeedAt(1, timeNs);
                target._third = price.FeedAt(2, timeNs);
                target.Ticks = target.Middle(in price, in market);
                break;
            case MarkRule.External:
                target._first = price.FeedAt(1, timeNs);
                target._second = price.FeedAt(2, timeNs);
                target.Ticks = target.Middle(in price, in market);
                break;
            case MarkRule.Mid:
                target._first = MarkPrices.BookMid(book, in market);
                target.Ticks = target.Middle(in price, in market);
                break;
            case MarkRule.MidAndExternal:
                target._first = MarkPrices.BookMid(book, in market);
                target._second = index;
                target.Ticks = target.Middle(in price, in market);
                break;
            case MarkRule.Touch:
                target._first = index;
                target._second = index == 0 ? 0 : book.Bids.BestTicks;
                target._third = index == 0 ? 0 : book.Asks.BestTicks;
                target.Ticks = index == 0 ? 0 : target.OfTouch(index, price.Rules.ClampRate);
                break;
            case MarkRule.Hybrid:
                target._first = price.Trades.AverageTicks;
                target._second = index;
                target.Ticks = target._first == 0 || index == 0
                    ? target.Middle(in price, in market)
                    : Weighted(target._first, index, price.Trades.Trades);
                break;
            default:
                break;
        }

        return target;
    }

    /// <summary>Whether two sources are at a price that the target would be cut to, or beyond it.</summary>
    public readonly bool IsConfirmed(long cutTicks) => Count(_first, cutTicks) + Count(_second, cutTicks) + Count(_third, cutTicks) >= 2;

    private readonly int Count(long source, long cutTicks) => source != 0 && (Ticks > cutTicks ? source >= cutTicks : source <= cutTicks) ? 1 : 0;

    private static long Weighted(long vwap, long index, long trades)
    {
        int percent = trades < 10 ? 20 : trades < 50 ? 30 : trades < 200 ? 40 : 50;
        return ((vwap * percent) + (index * (100 - percent)) + 50) / 100;
    }

    private static long MedianOf(long one, long two, long three) => Math.Max(Math.Min(one, two), Math.Min(Math.Max(one, two), three));

    /// <summary>The median of three, the mean of two, one alone if it is in band.</summary>
    private readonly long Middle(in MarketPrice price, in Market market)
    {
        int fresh = (_first != 0 ? 1 : 0) + (_second != 0 ? 1 : 0) + (_third != 0 ? 1 : 0);
        long sum = _first + _second + _third;
        return fresh switch
        {
            3 => MedianOf(_first, _second, _third),
            2 => (sum + 1) / 2,
            1 => market.HasMark == 0 || Math.Abs(sum - market.MarkTicks) <= Rate.OfRoundedDown(market.MarkTicks, price.Rules.BandRate) ? sum : 0,
            _ => 0,
        };
    }

    private readonly long OfTouch(long index, int clampRate)
    {
        long reach = Rate.OfRoundedDown(index, clampRate);
        long median = MedianOf(index, _second == 0 ? index : _second, _third == 0 ? index : _third);
        return Math.Clamp(median, index - reach, index + reach);
    }
}
