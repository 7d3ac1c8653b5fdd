using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Rehearsal;

/// <summary>
/// Quotes a market on both sides and moves its quotes before every mark, as those do who see the price first: the same money on each side, in equal
/// steps out to a distance from the mark.
/// </summary>
internal sealed class MarketMaker(ExchangeFeed feed, int market, int account, long depthUnits, int rangeBp, long tickValueUnits)
{
    internal const int LevelsPerSide = 20;

    private readonly QuoteLevel[] _levels = new QuoteLevel[2 * LevelsPerSide];

    internal int Account => account;

    internal ResultCode Quote(long markTicks)
    {
        long step = Math.Max(1, markTicks * rangeBp / 10_000 / LevelsPerSide);
        int bids = (int)Math.Min(LevelsPerSide, (markTicks - 1) / step);
        for (int i = 0; i < bids + LevelsPerSide; i++)
        {
            long ticks = i < bids ? markTicks - ((i + 1) * step) : markTicks + ((i - bids + 1) * step);
            _levels[i] = new QuoteLevel { PriceTicks = ticks, QuantityLots = Math.Max(1, depthUnits / LevelsPerSide / ticks / tickValueUnits) };
        }

        int count = depthUnits == 0 ? 0 : bids + LevelsPerSide;
        var quote = new MassQuote
        {
            AccountId = account, MarketId = market, Bids = (ushort)Math.Min(bids, count), Asks = (ushort)(count == 0 ? 0 : LevelsPerSide),
        };
        return feed.Send<MassQuote, QuoteLevel>(CommandType.MassQuote, in quote, _levels.AsSpan(0, count));
    }
}
