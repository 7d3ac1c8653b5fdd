namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>Text to lines. Knows the shape of the language, not its names.</summary>
internal static class ScenarioParser
{
    internal const string NameRule = "letters, digits, '-', '_' and '.'";

    /// <summary>All lines of a file; a verb that does not exist is found before anything runs.</summary>
    internal static List<ScenarioLine> Parse(TextReader reader)
    {
        var lines = new List<ScenarioLine>();
        ScenarioLine? block = null;
        int number = 0;
        while (reader.ReadLine() is { } raw)
        {
            number++;
            if (ParseLine(number, raw, block is not null) is not { } line)
            {
                continue;
            }

            if (block is null)
            {
                lines.Add(line);
                block = line.Verb == Grammar.Block ? line : null;
            }
            else if (line.Verb == Grammar.EndOfBlock)
            {
                line.EndWords(0);
                line.EndOptions();
                block = null;
            }
            else
            {
                block.Items.Add(line);
            }
        }

        return block is null ? lines : throw block.Error($"'{Grammar.Block}' without its '{Grammar.EndOfBlock}'", Grammar.Of(Grammar.Block));
    }

    internal static bool IsName(string text) =>
        text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static ScenarioLine? ParseLine(int number, string raw, bool inBlock)
    {
        int comment = raw.IndexOf('#', StringComparison.Ordinal);
        string text = (comment < 0 ? raw : raw[..comment]).Trim().TrimStart('\uFEFF');
        if (text.Length == 0)
        {
            return null;
        }

        string[] tokens = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string verb = tokens[0];
        if (!IsName(verb))
        {
            throw new ScenarioError(number, "the line does not begin with a verb", $"one of {string.Join(", ", Grammar.Verbs.Keys)}");
        }

        verb = inBlock ? Grammar.CheckItem(number, verb) : Grammar.Check(number, verb);
        var words = new List<string>();
        var options = new Dictionary<string, string>();
        foreach (string token in tokens.AsSpan(1))
        {
            int equals = token.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                AddWord(words, token);
                continue;
            }

            string key = token[..equals];
            string value = token[(equals + 1)..];
            if (!IsName(key) || value.Length == 0)
            {
                throw new ScenarioError(number, $"'{token}' is not understood", $"KEY=VALUE without blanks, KEY of {NameRule}");
            }

            if (!options.TryAdd(key, value))
            {
                throw new ScenarioError(number, $"'{key}' is given twice", $"one '{key}='");
            }
        }

        return new ScenarioLine(number, text, verb, words, options);
    }

    /// <summary>'@50000' is '@ 50000'.</summary>
    private static void AddWord(List<string> words, string token)
    {
        if (token.Length > 1 && token[0] == '@')
        {
            words.Add("@");
            token = token[1..];
        }

        words.Add(token);
    }
}
