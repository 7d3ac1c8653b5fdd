namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>One line: verb, words, options. Every word and option must be used up, or the line is not understood.</summary>
internal sealed class ScenarioLine(int number, string text, string verb, IReadOnlyList<string> words, IReadOnlyDictionary<string, string> options)
{
    private readonly HashSet<string> _used = [];

    internal int Number { get; } = number;

    internal string Text { get; } = text;

    internal string Verb { get; } = verb;

    internal IReadOnlyList<string> Words { get; } = words;

    internal IReadOnlyDictionary<string, string> Options { get; } = options;

    /// <summary>The lines of a block: what stands between 'batch' and 'end'.</summary>
    internal List<ScenarioLine> Items { get; } = [];

    /// <summary>The line that stands behind the verb of this one.</summary>
    internal ScenarioLine Inner() => new(Number, Text, Words[0], Words.Skip(1).ToList(), Options);

    internal ScenarioError Error(string reason, string expected) => new(Number, reason, expected);

    internal ScenarioError NotYet(string what, string instead) => ScenarioError.NotYet(Number, what, instead);

    /// <summary>The word at a place.</summary>
    internal string Word(int index, string what) =>
        index < Words.Count ? Words[index] : throw Error($"'{Verb}' ends too early", $"{what} here: {Grammar.Of(Verb)}");

    /// <summary>No further words.</summary>
    internal void EndWords(int count)
    {
        if (Words.Count > count)
        {
            throw Error($"unexpected '{Words[count]}'", Grammar.Of(Verb));
        }
    }

    /// <summary>An option's value, null when it is not given.</summary>
    internal string? Option(string key)
    {
        _used.Add(key);
        return Options.GetValueOrDefault(key);
    }

    /// <summary>An option that must be given.</summary>
    internal string Require(string key, string example) =>
        Option(key) ?? throw Error($"'{key}=' is missing", $"{key}={example}: {Grammar.Of(Verb)}");

    /// <summary>An option of a later version whose one value here is what the engine does anyway.</summary>
    internal void OnlyAs(string key, params string[] values)
    {
        if (Option(key) is { } value && !values.Contains(value))
        {
            throw NotYet($"{key}={value}", string.Join(" or ", values.Select(v => $"{key}={v}")));
        }
    }

    /// <summary>An option of a later version.</summary>
    internal void NotYetOption(string key)
    {
        if (Option(key) is not null)
        {
            throw NotYet($"option '{key}' of '{Verb}'", Grammar.Of(Verb));
        }
    }

    /// <summary>No options beyond those asked for.</summary>
    internal void EndOptions(params ReadOnlySpan<string> later)
    {
        foreach (string key in Options.Keys)
        {
            if (!_used.Contains(key))
            {
                throw later.Contains(key) ? NotYet($"option '{key}' of '{Verb}'", Grammar.Of(Verb)) : Error($"unknown option '{key}'", Grammar.Of(Verb));
            }
        }
    }
}
