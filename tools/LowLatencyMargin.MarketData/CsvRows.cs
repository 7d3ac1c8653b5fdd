using System.IO.Compression;

namespace LowLatencyMargin.MarketData;

/// <summary>Lines of a CSV file, plain or gzip, told apart by their first two bytes. Holds one line at a time.</summary>
internal sealed class CsvRows : IDisposable
{
    private readonly StreamReader _reader;

    private CsvRows(string file, StreamReader reader)
    {
        File = file;
        _reader = reader;
    }

    internal string File { get; }

    internal long Line { get; private set; }

    public void Dispose() => _reader.Dispose();

    /// <summary>Opens a file whose first line begins with the columns named, a byte order mark aside.</summary>
    internal static CsvRows Open(string file, string header)
    {
        FileStream stream = System.IO.File.OpenRead(file);
        bool gzip = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
        stream.Position = 0;
        var rows = new CsvRows(file, new StreamReader(gzip ? new GZipStream(stream, CompressionMode.Decompress) : stream));
        string? first = rows.Next();
        if (first is null || !first.StartsWith(header, StringComparison.Ordinal))
        {
            rows.Dispose();
            throw new MarketDataException(file, 1, first is null ? "the file is empty" : $"unknown columns '{Shorten(first)}'", $"the header '{header}'");
        }

        return rows;
    }

    /// <summary>The next line that is not blank; null at the end.</summary>
    internal string? Next()
    {
        string? text;
        do
        {
            Line++;
            try
            {
                text = _reader.ReadLine();
            }
            catch (InvalidDataException damage)
            {
                throw new MarketDataException(File, Line, damage.Message, "intact gzip data");
            }
        }
        while (text is not null && string.IsNullOrWhiteSpace(text));

        return text;
    }

    /// <summary>A row that is not understood; the column counts from 1, 0: the whole row.</summary>
    internal MarketDataException Wrong(string what, ReadOnlySpan<char> found, string expected, int column = 0) =>
        new(File, Line, $"{what} '{Shorten(found)}'{(column == 0 ? string.Empty : $" in column {column}")}", expected);

    private static string Shorten(ReadOnlySpan<char> text) => text.Length <= 60 ? text.ToString() : string.Concat(text[..57], "...");
}
