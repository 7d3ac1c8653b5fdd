namespace LowLatencyMargin.Book.Tests.Lockstep;

/// <summary>The exchanges that lockstep runs on.</summary>
internal static class Profiles
{
    /// <summary>Small ones, where everything collides.</summary>
    public static IReadOnlyList<Profile> Small { get; } =
    [
        new("few"),
        new("two accounts") { Accounts = 2, Range = 4, Orders = 24, Markets = 1 },
        new("crowd") { Accounts = 32, Markets = 3, Range = 10, RecentOrders = 16 },
        new("one price") { Accounts = 5, Range = 1, Orders = 40, RecentOrders = 0 },
        new("no marks") { WithoutMarks = true, Accounts = 4 },
        new("cheap") { BasePrice = 7, Range = 6, Accounts = 5, RecentOrders = 1_024 },
        new("dear") { BasePrice = 1L << 20, Range = 6, MaxLots = 3, Orders = 32 },
        new("thick") { Accounts = 12, Range = 3, Orders = 400, MaxLots = 4, Length = 4_000 },
    ];

    /// <summary>A book of ten thousand live orders.</summary>
    public static Profile Large { get; } = new("large")
    {
        Accounts = 400, Markets = 2, BasePrice = 100_000, Range = 3_000, Orders = 10_000, RecentOrders = 8_192, Length = 30_000,
    };
}
