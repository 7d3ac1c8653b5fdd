using System.Text;

namespace LowLatencyMargin.Cli.Text;

/// <summary>Names in the two styles that people use: InsufficientMargin and insufficient-margin are one.</summary>
internal static class WordStyle
{
    internal static bool AreSame(string a, string b) => string.Equals(Bare(a), Bare(b), StringComparison.OrdinalIgnoreCase);

    internal static string Kebab(string name)
    {
        var text = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    /// <summary>The name of an enumeration that a word means, in either style; null when none.</summary>
    internal static T? Find<T>(string word)
        where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
        {
            if (AreSame(value.ToString(), word))
            {
                return value;
            }
        }

        return null;
    }

    private static string Bare(string name) => name.Replace("-", string.Empty, StringComparison.Ordinal).Replace("_", string.Empty, StringComparison.Ordinal);
}
