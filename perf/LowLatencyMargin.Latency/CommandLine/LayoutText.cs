using System.Globalization;
using LowLatencyMargin.Pipeline;
using LowLatencyMargin.Pipeline.Threads;

namespace LowLatencyMargin.Latency.CommandLine;

/// <summary>A thread layout as an argument: a number of processors, or thread by thread.</summary>
internal static class LayoutText
{
    /// <summary>Reads <c>core=core@1:spin,io=gateway+journal+publish@0:yield</c>, or <c>2</c>: the default layout of that many processors.</summary>
    /// <exception cref="ArgumentException">It is not a layout, or not one for this machine.</exception>
    internal static ThreadLayout Parse(string text, int processors)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count))
        {
            return count >= 1 && count <= processors
                ? ThreadLayout.For(count)
                : throw new ArgumentException($"{count} processors: expected 1 to {processors}, which this machine has");
        }

        return new ThreadLayout([.. text.Split(',').Select(Thread)], processors);
    }

    private static ThreadPlan Thread(string text)
    {
        string rest = text;
        string idle = Cut(ref rest, ':') ?? "spin";
        string? processor = Cut(ref rest, '@');
        string? stages = Cut(ref rest, '=');
        if (stages is null || rest.Length is 0 or > 15)
        {
            throw new ArgumentException($"'{text}': expected NAME=STAGE+STAGE[@CPU][:spin|yield|backoff], the name up to 15 characters");
        }

        int pinnedTo = -1;
        if (processor is not null && !int.TryParse(processor, NumberStyles.None, CultureInfo.InvariantCulture, out pinnedTo))
        {
            throw new ArgumentException($"'{processor}': expected the number of a processor");
        }

        return new ThreadPlan(rest, [.. stages.Split('+').Select(Word<StageKind>)], pinnedTo, Word<IdlePolicy>(idle));
    }

    private static T Word<T>(string text)
        where T : struct, Enum =>
        Enum.TryParse(text, ignoreCase: true, out T value) && !char.IsAsciiDigit(text[0])
            ? value
            : throw new ArgumentException($"'{text}': expected {string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()))}");

    private static string? Cut(ref string text, char separator)
    {
        int at = text.IndexOf(separator);
        if (at < 0)
        {
            return null;
        }

        string tail = text[(at + 1)..];
        text = text[..at];
        return tail;
    }
}
