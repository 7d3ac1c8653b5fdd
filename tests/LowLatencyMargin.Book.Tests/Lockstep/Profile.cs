using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Book.Tests.Lockstep;

/// <summary>What kind of exchange a run is.</summary>
internal sealed record Profile(string Name)
{
    private const int Percent = Rate.Scale / 100;

    public int Accounts { get; init; } = 6;

    public int Markets { get; init; } = 2;

    public long BasePrice { get; init; } = 100;

    /// <summary>How far from the base prices go.</summary>
    public int Range { get; init; } = 6;

    public int MaxLots { get; init; } = 12;

    /// <summary>Live orders of the whole exchange that the run stays near.</summary>
    public int Orders { get; init; } = 64;

    public int RecentOrders { get; init; } = 64;

    public int Work { get; init; } = 65_536;

    public bool WithoutMarks { get; init; }

    /// <summary>Commands of one exchange.</summary>
    public int Length { get; init; } = 2_000;

    /// <summary>The plain parameters: margin so low and prices so near that money never decides.</summary>
    public static MarketParameters Plain => MarketParameters.Default with
    {
        InitialMarginLongRate = Percent / 100,
        InitialMarginShortRate = Percent / 100,
        MaintenanceMarginRate = Percent / 200,
        MaxSlippageRate = 4 * Percent,
        MaxLeverage = 1,
        MaxOpenOrders = 1_000,
        PenaltyRate = 0,
        TriggerIncludesFee = 0,
    };

    /// <summary>Parameters by a number: each of its bits and digits bends one rule.</summary>
    public static MarketParameters ParametersOf(long seed)
    {
        if (seed == 0)
        {
            return Plain;
        }

        var random = new Prng((ulong)seed);
        MarketParameters plain = Plain;
        bool IsSet(int percent) => random.Chance(percent);
        return plain with
        {
            MaxSlippageRate = random.Pick<int>([0, 1, 2, 4, 10]) * Percent,
            MaxOpenOrders = IsSet(25) ? random.Below(8) + 1 : 1_000,
            SelfTrade = (SelfTradePrevention)(random.Below(5) + 1),
            PriceBandRate = IsSet(30) ? random.Pick<int>([2, 4, 6]) * Percent : 0,
            BreakerRate = IsSet(30) ? random.Pick<int>([3, 5, 8]) * Percent : 0,
            BreakerWindowMs = random.Pick<int>([1_000, 10_000, 300_000]),
            BreakerHaltMs = random.Pick<int>([0, 50, 2_000]),
            StopBufferRate = IsSet(40) ? random.Below(Percent) : 0,
            MinQuantityLots = IsSet(30) ? random.Below(4) : 0,
            MinNotionalUnits = IsSet(30) ? random.Below(600) * 1_000_000L : 0,
            MaxPositionLots = IsSet(30) ? random.Below(60) + 1 : 0,
            MaxPositionUnits = IsSet(20) ? (random.Below(6_000) + 1) * 1_000_000L : 0,
            LimitOfDepthRate = IsSet(15) ? random.Below(Rate.Scale) + 1 : 0,
            LimitOfOpenInterestRate = IsSet(15) ? random.Below(Rate.Scale) + 1 : 0,
            MaxOpenPositions = IsSet(20) ? 1 : 50,
        };
    }
}
