using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Fees;

/// <summary>What an account traded in the last 30 UTC days (R-1601): a sum a day.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FeeVolume
{
    /// <summary>Days that count, today included.</summary>
    public const int Days = 30;

    /// <summary>Where the sum of a day stands still: 30 of them stay within 63 bits.</summary>
    private const long MostUnits = 1L << 57;

    /// <summary>Account.</summary>
    public int Account;

    /// <summary>The last day that was looked at, since 1970.</summary>
    public int Day;

    /// <summary>Sum of the days.</summary>
    public long Units;

    private DaySums _days;

    /// <summary>The volume as of a day, which is not before the last one.</summary>
    public readonly long UnitsAt(int day)
    {
        FeeVolume rolled = this;
        rolled.Roll(day);
        return rolled.Units;
    }

    /// <summary>Drops the days that have left the window.</summary>
    public void Roll(int day)
    {
        if (day - Day >= Days)
        {
            this = new FeeVolume { Account = Account, Day = day };
            return;
        }

        for (; Day < day; Day++)
        {
            ref long leaving = ref _days[(Day + 1) % Days];
            Units -= leaving;
            leaving = 0;
        }
    }

    /// <summary>Adds to the day that was rolled to last.</summary>
    public void Add(long units)
    {
        ref long today = ref _days[Day % Days];
        long added = System.Math.Min(units, MostUnits - today);
        today += added;
        Units += added;
    }

    [InlineArray(Days)]
    private struct DaySums
    {
        private long _first;
    }
}
