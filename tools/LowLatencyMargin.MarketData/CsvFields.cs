using System.Globalization;

namespace LowLatencyMargin.MarketData;

/// <summary>Walks over the fields of one line.</summary>
internal ref struct CsvFields(CsvRows rows, ReadOnlySpan<char> line)
{
    private ReadOnlySpan<char> _rest = line;
    private bool _ended;
    private int _column;

    internal ReadOnlySpan<char> Next(string name)
    {
        if (_ended)
        {
            throw rows.Wrong("no column", name, $"a value for '{name}'");
        }

        _column++;
        int comma = _rest.IndexOf(',');
        ReadOnlySpan<char> field = comma < 0 ? _rest : _rest[..comma];
        _ended = comma < 0;
        _rest = _ended ? default : _rest[(comma + 1)..];
        return field;
    }

    internal long NextWhole(string name, string expected)
    {
        ReadOnlySpan<char> field = Next(name);
        return long.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : throw Wrong(name, field, expected);
    }

    internal decimal NextDecimal(string name)
    {
        ReadOnlySpan<char> field = Next(name);
        return decimal.TryParse(field, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
            ? value
            : throw Wrong(name, field, "a number such as 236.47");
    }

    /// <summary>A decimal as a whole number of 10^-<paramref name="places"/>, above 0 and not rounded.</summary>
    internal long NextScaled(string name, int places)
    {
        ReadOnlySpan<char> field = Next(name);
        decimal scale = 1;
        for (int i = 0; i < places; i++)
        {
            scale *= 10;
        }

        bool parsed = decimal.TryParse(field, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value);
        decimal scaled = parsed && value is > 0 and < 1_000_000_000 ? value * scale : 0;
        return scaled > 0 && decimal.IsInteger(scaled) ? (long)scaled : throw Wrong(name, field, $"a number above 0 with at most {places} decimals");
    }

    /// <summary>The field that was read last is not understood.</summary>
    internal readonly MarketDataException Wrong(string name, ReadOnlySpan<char> found, string expected) => rows.Wrong(name, found, expected, _column);
}
