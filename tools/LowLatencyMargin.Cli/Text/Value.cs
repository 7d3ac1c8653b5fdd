namespace LowLatencyMargin.Cli.Text;

/// <summary>What a field holds: as it is printed, and, for numbers, exactly.</summary>
internal sealed record Value
{
    internal const string NoneText = "none";

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

    public override string ToString() => Text;

    internal static Value Of(string text) => new(text, null);

    internal static Value OfWord<T>(T word)
        where T : struct, Enum => new(WordStyle.Kebab(word.ToString()), null) { IsWord = true };

    internal static Value Of(bool on) => new(on ? "on" : "off", null);

    internal static Value Of(long whole) => Of(new ExactNumber(whole, 1));

    internal static Value Of(ExactNumber number) => new(number.ToString(), number);

    internal static Value Percent(ExactNumber ratio) => new($"{new ExactNumber(ratio.Numerator * 100, ratio.Denominator)}%", ratio);

    /// <summary>Equal as numbers, or in print: an endless fraction is met by the digits that are shown.</summary>
    internal bool Matches(string expected) => string.Equals(Text, expected, StringComparison.OrdinalIgnoreCase)
        || (IsWord && WordStyle.AreSame(Text, expected))
        || (Number is { } number && ExactNumber.TryParseWithUnit(expected, out ExactNumber other) && number == other);

    /// <summary>Whether a text could ever be equal to a value of this kind.</summary>
    internal bool IsComparableTo(string expected) => Number is null || expected == NoneText || ExactNumber.TryParseWithUnit(expected, out _);
}
