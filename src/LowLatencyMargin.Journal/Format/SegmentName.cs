using System.Globalization;

namespace LowLatencyMargin.Journal.Format;

/// <summary>A segment's file name: <c>{epoch:x}-{firstSequence:x16}.jnl</c>.</summary>
internal readonly record struct SegmentName(long Epoch, long FirstSequence) : IComparable<SegmentName>
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Epoch:x}-{FirstSequence:x16}{JournalFormat.SegmentExtension}");

    /// <summary>The order in which segments follow each other.</summary>
    public int CompareTo(SegmentName other) =>
        FirstSequence != other.FirstSequence ? FirstSequence.CompareTo(other.FirstSequence) : Epoch.CompareTo(other.Epoch);

    internal static bool TryParse(ReadOnlySpan<char> text, out SegmentName name)
    {
        name = default;
        int dash = text.IndexOf('-');
        if (dash <= 0 || !text.EndsWith(JournalFormat.SegmentExtension, StringComparison.Ordinal))
            return false;
        ReadOnlySpan<char> first = text[(dash + 1)..^JournalFormat.SegmentExtension.Length];
        if (!long.TryParse(text[..dash], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long epoch)
            || !long.TryParse(first, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long firstSequence))
            return false;
        name = new SegmentName(epoch, firstSequence);
        // one spelling only, so that a name and its file are one to one
        return epoch > 0 && firstSequence > 0 && text.SequenceEqual(name.ToString());
    }
}
