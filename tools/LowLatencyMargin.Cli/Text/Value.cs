namespace LowLatencyMargin.Cli.Text;

/// <summary>What a field holds: as it is printed, and, for numbers, exactly.</summary>
internal sealed record Value
{
    internal const string NoneText = "none";

    private const string On = "on";
    private const string Off = "off";

    private static readonly char[] Separators = [',', ':', '/'];

    private Value(string text, ExactNumber? number)
    {
        Text = text;
        Number = number;
    }

    internal static Value None { get; } = new(NoneText, null);

    internal string Text { get; }

    internal ExactNumber? Number { get; }

    /// <summary>Whether it is one of a few words, which may be written in either style: stopped-out or STOPPED_OUT.</summary>
    internal bool IsWord { get; private init; }

    /// <summary>Whether it is on or off, which can be written as true and false too.</summary>
    private bool IsSwitch { get; init; }

    /// <summary>Whether it is a length of time.</summary>
    private bool IsLength { get; init; }

    public override string ToString() => Text;

    internal static Value Of(string text) => new(text, null);

    internal static Value OfWord<T>(T word)
        where T : struct, Enum => new(WordStyle.Kebab(word.ToString()), null) { IsWord = true };

    internal static Value OfLength(long ms) => new(TimeLength.Format(ms), null) { IsLength = true };

    internal static Value Of(bool on) => new(on ? On : Off, null) { IsSwitch = true };

    internal static Value Of(long whole) => Of(new ExactNumber(whole, 1));

    internal static Value Of(ExactNumber number) => new(number.ToString(), number);

    internal static Value Percent(ExactNumber ratio) => new($"{new ExactNumber(ratio.Numerator * 100, ratio.Denominator)}%", ratio);

    /// <summary>Equal as numbers, or in print: an endless fraction is met by the digits that are shown.</summary>
    internal bool Matches(string expected) => string.Equals(Text, expected, StringComparison.OrdinalIgnoreCase)
        || (IsWord && WordStyle.AreSame(Text, expected))
        || (IsSwitch && expected == (Text == On ? "true" : "false"))
        || (IsLength && TimeLength.TryParseMs(expected, out long ms) && Text == TimeLength.Format(ms))
        || (Number is null && AreSameLists(Text, expected))
        || (Number is { } number && ExactNumber.TryParseWithUnit(expected, out ExactNumber other) && number == other);

    /// <summary>Whether a text could ever be equal to a value of this kind.</summary>
    internal bool IsComparableTo(string expected) => Number is null || expected == NoneText || ExactNumber.TryParseWithUnit(expected, out _);

    /// <summary>Lists such as 100000:20x:2%,500000:10x:5% or 60/40/0/0, item by item: numbers as numbers.</summary>
    private static bool AreSameLists(string actual, string expected)
    {
        string[] items = actual.Split(Separators);
        string[] others = expected.Split(Separators);
        return items.Length > 1 && actual.Where(Separators.Contains).SequenceEqual(expected.Where(Separators.Contains))
            && items.Zip(others).All(pair => AreSameItems(pair.First, pair.Second));
    }

    private static bool AreSameItems(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase)
        || (ExactNumber.TryParseWithUnit(a, out ExactNumber x) && ExactNumber.TryParseWithUnit(b, out ExactNumber y) && x == y);
}
