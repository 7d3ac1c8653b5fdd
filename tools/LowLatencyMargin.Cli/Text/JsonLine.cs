using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LowLatencyMargin.Cli.Text;

/// <summary>One JSON object on one line: keys in the order given, counts as numbers, all that has a unit as decimal strings.</summary>
internal sealed class JsonLine : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly MemoryStream _stream = new();
    private readonly Utf8JsonWriter _writer;

    internal JsonLine()
    {
        _writer = new Utf8JsonWriter(_stream, Options);
        _writer.WriteStartObject();
    }

    public void Dispose() => _writer.Dispose();

    internal JsonLine Add(string name, string? value)
    {
        _writer.WriteString(name, value);
        return this;
    }

    internal JsonLine Add(string name, long value)
    {
        _writer.WriteNumber(name, value);
        return this;
    }

    internal JsonLine Add(string name, bool value)
    {
        _writer.WriteBoolean(name, value);
        return this;
    }

    internal JsonLine Add(Fields fields)
    {
        foreach ((string name, Value value) in fields)
        {
            _writer.WriteString(name, value.Text);
        }

        return this;
    }

    internal void WriteTo(TextWriter output)
    {
        _writer.WriteEndObject();
        _writer.Flush();
        output.WriteLine(Encoding.UTF8.GetString(_stream.GetBuffer(), 0, (int)_stream.Length));
    }
}
