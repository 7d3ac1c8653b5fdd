namespace LowLatencyMargin.Core.Numerics;

/// <summary>Days and months of command time: UTC, proleptic Gregorian, from 1970 on.</summary>
public static class UtcCalendar
{
    /// <summary>Nanoseconds of a day.</summary>
    public const long DayNs = 86_400L * 1_000_000_000;

    // an era of 400 years that begins in March, so that the leap day is the last of its year
    private const int DaysPerEra = 146_097;
    private const int DaysBefore1970 = 719_468;

    /// <summary>Days since 1970-01-01.</summary>
    public static int DayOf(long timeNs) => (int)(timeNs / DayNs);

    /// <summary>Months since January 1970.</summary>
    public static int MonthOf(long timeNs)
    {
        int days = DayOf(timeNs) + DaysBefore1970;
        int era = days / DaysPerEra;
        int dayOfEra = days % DaysPerEra;
        int yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        int dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        int monthFromMarch = ((5 * dayOfYear) + 2) / 153;
        return ((((era * 400) + yearOfEra) * 12) + monthFromMarch + 2) - (1970 * 12);
    }

    /// <summary>When a month begins.</summary>
    public static long StartOfMonthNs(int month)
    {
        int fromMarch = month + (1970 * 12) - 2;
        int year = fromMarch / 12;
        int dayOfYear = ((153 * (fromMarch % 12)) + 2) / 5;
        int era = year / 400;
        int yearOfEra = year % 400;
        int days = (era * DaysPerEra) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - DaysBefore1970;
        return days * DayNs;
    }
}
