using System.Collections;

namespace LowLatencyMargin.Cli.Text;

/// <summary>Named values in the order in which they are printed, in text and as JSON.</summary>
internal sealed class Fields : IEnumerable<KeyValuePair<string, Value>>
{
    private readonly List<KeyValuePair<string, Value>> _items = [];

    internal IEnumerable<string> Names => _items.Select(item => item.Key);

    public IEnumerator<KeyValuePair<string, Value>> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(string name, Value value) => _items.Add(new KeyValuePair<string, Value>(name, value));

    internal void Add(string name, string value) => Add(name, Value.Of(value));

    internal void Add(string name, long value) => Add(name, Value.Of(value));

    internal void AddIf(bool condition, string name, Value value)
    {
        if (condition)
        {
            Add(name, value);
        }
    }

    internal Value? Find(string name) => _items.Find(item => string.Equals(item.Key, name, StringComparison.OrdinalIgnoreCase)).Value;
}
