using System.Globalization;

namespace LowLatencyMargin.Cli.Rehearsal;

/// <summary>How many of a population's positions have which leverage: <c>2x:30%,5x:40%,10x:20%,20x:10%</c>.</summary>
internal sealed class LeverageMix
{
    internal const string Usual = "2x:30%,5x:40%,10x:20%,20x:10%";
    internal const string Expected = "LEVERAGEx:SHARE%,... with whole leverages from 1 to 100 and shares that sum to 100%, such as " + Usual;

    private const int MaxLeverage = 100;

    private readonly List<(int Leverage, int Percent)> _parts = [];

    private LeverageMix()
    {
    }

    internal int Highest => _parts.Max(part => part.Leverage);

    internal IEnumerable<int> Leverages => _parts.Select(part => part.Leverage);

    internal static LeverageMix? Parse(string text)
    {
        var mix = new LeverageMix();
        foreach (string part in text.Split(','))
        {
            string[] words = part.Split(':');
            bool understood = words.Length == 2 && words[0].EndsWith('x') && words[1].EndsWith('%');
            if (!understood || !TryWhole(words[0][..^1], MaxLeverage, out int leverage) || !TryWhole(words[1][..^1], 100, out int percent))
            {
                return null;
            }

            mix._parts.Add((leverage, percent));
        }

        bool distinct = mix.Leverages.Distinct().Count() == mix._parts.Count;
        return distinct && mix._parts.Sum(part => part.Percent) == 100 ? mix : null;
    }

    /// <summary>The leverage of the hundredth that a number from 0 to 99 stands for.</summary>
    internal int Of(int hundredth)
    {
        int below = 0;
        foreach ((int leverage, int percent) in _parts)
        {
            below += percent;
            if (hundredth < below)
            {
                return leverage;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(hundredth), hundredth, "expected 0 to 99");
    }

    public override string ToString() => string.Join(',', _parts.Select(part => $"{part.Leverage}x:{part.Percent}%"));

    private static bool TryWhole(string text, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= most;
}
