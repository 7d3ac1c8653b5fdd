using LowLatencyMargin.Cli.Scenarios.Views;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>Assertions: about the last command, about what <c>show</c> would print, about the books of the exchange.</summary>
internal sealed class ExpectVerbs(ScenarioSession session, ShowVerbs show, RuleVerbs rules)
{
    private const string AnyCode = "any";

    private readonly ValuePaths _paths = new(session, show);

    internal void Expect(ScenarioLine line)
    {
        if (line.Words.Count == 0)
        {
            Paths(line);
            return;
        }

        switch (line.Words[0])
        {
            case "reject":
                Reject(line);
                break;
            case "trade":
                Trade(line);
                break;
            case "event":
                Event(line);
                break;
            case "conserved":
                Conserved(line);
                break;
            case "book":
                Book(line);
                break;
            case "preview":
                Preview(line);
                break;
            case RuleVerbs.Size:
                line.EndWords(1);
                FieldsOf(line, rules.Expected(line));
                break;
            default:
                Fields(line);
                break;
        }
    }

    private void Reject(ScenarioLine line)
    {
        string word = line.Words.Count > 1 ? line.Words[1] : AnyCode;
        line.EndWords(2);
        line.EndOptions();
        string expected = word is Value.NoneText or AnyCode ? word : WordStyle.Find<ResultCode>(word)?.ToString()
            ?? throw line.Error($"unknown code '{word}'", $"any, none or one of {string.Join(", ", Enum.GetNames<ResultCode>()[1..])}");
        Value? code = session.Last.Where(e => e.Name == nameof(Rejected)).Select(e => e.Fields.Find("code")).FirstOrDefault();
        string actual = code?.Text ?? (session.Last.Count == 0 ? "no command before" : Value.NoneText);
        bool held = expected == AnyCode ? code is not null : actual == expected;
        session.Expect(line, held, "reject", expected, actual == Value.NoneText ? "accepted" : actual);
    }

    private void Trade(ScenarioLine line)
    {
        line.EndOptions();
        string[] expected = line.Words.Skip(1).ToArray();
        if (expected.Length == 0)
        {
            throw line.Error("'expect trade' without a trade", "QTY@PRICE..., or none");
        }

        List<string> actual = session.Last.Where(e => e.Name == nameof(EventType.Trade))
            .Select(e => $"{e.Fields.Find("qty")}@{e.Fields.Find("price")}").ToList();
        bool held = expected is [Value.NoneText] ? actual.Count == 0 : AtPrice.AreSameLists(line, actual, expected);
        session.Expect(line, held, "trade", string.Join(' ', expected), actual.Count == 0 ? Value.NoneText : string.Join(' ', actual));
    }

    private void Event(ScenarioLine line)
    {
        string word = line.Word(1, "the name of an event");
        line.EndWords(2);
        if (word == Value.NoneText)
        {
            line.EndOptions();
            List<string> told = session.Last.Select(e => e.Name).Where(each => each != nameof(EventType.Accepted)).ToList();
            session.Expect(line, told.Count == 0, "event", word, Join(told));
            return;
        }

        string name = WordStyle.Find<EventType>(word)?.ToString()
            ?? throw line.Error($"unknown event '{word}'", $"one of {string.Join(", ", Enum.GetNames<EventType>()[1..])}");
        List<EventRecord> candidates = session.Last.Where(e => e.Name == name).ToList();
        if (candidates.Count > 0)
        {
            // some fields are only there when they mean something: one such event with the field will do
            string fields = string.Join(", ", candidates.SelectMany(candidate => candidate.Fields.Names).Distinct());
            foreach ((string key, string expected) in line.Options)
            {
                Value? value = candidates.Select(candidate => candidate.Fields.Find(key)).FirstOrDefault(found => found is not null);
                RequireComparable(line, key, value, expected, $"a field of {name}: {fields}");
            }
        }

        bool held = candidates.Any(e => line.Options.All(option => e.Fields.Find(option.Key)?.Matches(option.Value) == true));
        string wanted = string.Join(' ', line.Options.Select(option => $"{option.Key}={option.Value}"));
        string actual = candidates.Count == 0
            ? $"no such event (there were: {Join(session.Last.Select(e => e.Name))})"
            : Join(candidates.Select(e => string.Join(' ', line.Options.Keys.Select(key => $"{key}={e.Fields.Find(key)}"))), "; ");
        session.Expect(line, held, $"event {name}", wanted.Length == 0 ? "one" : wanted, actual.Length == 0 ? "one" : actual);
    }

    private void Conserved(ScenarioLine line)
    {
        line.EndWords(1);
        line.EndOptions();
        (bool held, string actual) = Balance(session.State(line), session.Names);
        session.Expect(line, held, "conserved", "money and lots to the unit", held ? "to the unit" : actual);
    }

    /// <summary>R-103, for the assertion and after each command.</summary>
    internal static (bool Held, string Actual) Balance(ExchangeState state, Names names)
    {
        string actual = string.Empty;
        foreach (AssetName asset in names.Assets)
        {
            Int128 imbalance = Conservation.Imbalance(state, asset.Id);
            actual += imbalance == 0 ? string.Empty : $" {imbalance} units of {asset.Name} too many";
        }

        foreach (MarketName market in names.Markets)
        {
            long lots = Conservation.OpenInterestImbalance(state, market.Id);
            actual += lots == 0 ? string.Empty : $" {lots} lots of {market.Name} too many";
        }

        return (actual.Length == 0, actual.Trim());
    }

    private void Book(ScenarioLine line)
    {
        View view = show.Find(line, "book", out int used);
        line.EndWords(used);
        RequireOptions(line);
        foreach ((string key, string expected) in line.Options)
        {
            Value actual = view.Fields.Find(key) ?? throw line.Error($"a book has no '{key}'", "bids= or asks=");
            bool held = expected == Value.NoneText
                ? actual.Text == expected
                : AtPrice.AreSameLists(line, Levels(actual.Text), Levels(expected));
            session.Expect(line, held, $"book {view.Subject} {key}", expected, actual.Text);
        }
    }

    private static string[] Levels(string text) => text == Value.NoneText ? [] : text.Split(',');

    private void Fields(ScenarioLine line)
    {
        View view = show.Find(line, line.Words[0], out int used);
        line.EndWords(used);
        FieldsOf(line, view);
    }

    private void FieldsOf(ScenarioLine line, View view)
    {
        RequireOptions(line);
        foreach ((string key, string expected) in line.Options.Where(option => view.Kind != "position" || option.Key != "position"))
        {
            string what = $"{view.Kind} {view.Subject} {key}".Replace("  ", " ", StringComparison.Ordinal);
            Compare(line, what, key, _paths.FieldOf(line, view, key), expected, view);
        }
    }

    /// <summary>Figures of the preview before; or anything else that can be expected, as it would be.</summary>
    private void Preview(ScenarioLine line)
    {
        if (session.Preview is not { } preview)
        {
            throw line.Error("there is no preview before this line", "a line 'preview VERB ...' before");
        }

        if (line.Words.Count > 1)
        {
            ScenarioLine inner = line.Inner();
            preview.Look(_ => Expect(inner));
            return;
        }

        RequireOptions(line);
        foreach ((string key, string expected) in line.Options)
        {
            Value? actual = _paths.FieldOf(line, preview.View, key) ?? _paths.FieldOf(line, preview.View, "after." + key);
            IEnumerable<string> names = preview.View.Fields.Names.Concat(preview.View.Rows.SelectMany(row => row.Fields.Names).Distinct());
            RequireComparable(line, key, actual, expected, $"one of {string.Join(", ", names)}, before.FIELD or after.FIELD");
            session.Expect(line, actual!.Matches(expected), $"preview {preview.View.Subject} {key}", expected, actual.Text);
        }
    }

    private void Paths(ScenarioLine line)
    {
        RequireOptions(line);
        foreach ((string path, string expected) in line.Options)
        {
            Value actual = _paths.Find(line, path);
            RequireComparable(line, path, actual, expected, string.Empty);
            session.Expect(line, actual.Matches(expected), path, expected, actual.Text);
        }
    }

    private void Compare(ScenarioLine line, string what, string key, Value? actual, string expected, View view)
    {
        RequireComparable(line, key, actual, expected, $"one of {string.Join(", ", view.Fields.Names)}");
        session.Expect(line, actual!.Matches(expected), what, expected, actual.Text);
    }

    private static void RequireComparable(ScenarioLine line, string key, Value? actual, string expected, string fields)
    {
        if (actual is null)
        {
            throw line.Error($"there is no field '{key}'", fields);
        }

        if (!actual.IsComparableTo(expected))
        {
            throw line.Error($"'{expected}' is not a number", $"{key}= with a plain decimal such as 0.001 or 95000.5, or none");
        }
    }

    private static void RequireOptions(ScenarioLine line)
    {
        if (line.Options.Count == 0)
        {
            throw line.Error("nothing is expected", Grammar.Of("expect"));
        }
    }

    private static string Join(IEnumerable<string> texts, string separator = ", ")
    {
        string joined = string.Join(separator, texts);
        return joined.Length == 0 ? Value.NoneText : joined;
    }
}
