using System.IO.Compression;
using System.Text;
using LowLatencyMargin.Cli.CommandLine;
using LowLatencyMargin.Cli.Tests.Support;
using LowLatencyMargin.MarketData;

namespace LowLatencyMargin.Cli.Tests;

/// <summary>Recorded market data: read, refused, converted.</summary>
internal sealed class BitstampTests
{
    private const string Header = "id,timestamp,exchange.timestamp,price,volume,action,direction\n";

    /// <summary>Two asks, a bid that takes one and a half of them, a cancel, and rows that tell what the engine does by itself.</summary>
    private const string Sample = Header + """
        11,1430438404000,1430438404000,236.50,100000000,created,ask
        12,1430438405000,1430438405000,236.51,100000000,created,ask
        13,1430438406000,1430438406000,236.60,150000000,created,bid
        11,1430438406001,1430438406000,236.50,0,deleted,ask
        12,1430438406001,1430438406000,236.51,50000000,changed,ask
        13,1430438406001,1430438406000,236.60,0,deleted,bid
        14,1430438407000,1430438407000,230,12345678,created,bid
        14,1430438408000,1430438408000,230,12345678,deleted,bid
        99,1430438409000,1430438409000,240,1,deleted,ask
        11,1430438410000,1430438410000,236.50,100,deleted,ask
        12,1430438411000,1430438411000,236.51,50000000,deleted,ask

        """;

    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void Begin() => _directory = new TemporaryDirectory();

    [TearDown]
    public void End() => _directory.Dispose();

    [TestCase(false)]
    [TestCase(true)]
    [Description("Rows become orders and cancels, the engine trades, the journal replays to the same hash; plain and gzip alike")]
    public void Converts(bool gzip)
    {
        ToolResult result = Tool.Run("convert", "bitstamp", File(Sample, gzip), "--out", _directory.At("j"), "--accounts", "3", "--json");
        Assert.That(result.Code, Is.EqualTo(ExitCode.Held), result.Errors);
        using var json = System.Text.Json.JsonDocument.Parse(result.Lines[^1]);
        string Of(string name) => json.RootElement.GetProperty(name).GetString()!;
        Assert.That(Of("rows"), Is.EqualTo("11"));
        Assert.That(Of("placed"), Is.EqualTo("4"));
        Assert.That(Of("cancelled"), Is.EqualTo("2"));
        Assert.That(Of("skipped-partial-fill"), Is.EqualTo("1"));
        Assert.That(Of("skipped-filled"), Is.EqualTo("2"));
        Assert.That(Of("skipped-placed-before-the-file"), Is.EqualTo("2"), "99, and 11 which was told to be filled");
        Assert.That(Of("rejected"), Is.EqualTo("0"));
        Assert.That(Of("trades"), Is.EqualTo("2"));
        // genesis, asset, market, 3 x (account, deposit), mark, 4 orders, 2 cancels
        Assert.That(Of("commands"), Is.EqualTo("16"));

        ToolResult replay = Tool.Run("journal", "replay", _directory.At("j"), "--json");
        Assert.That(replay.Code, Is.EqualTo(ExitCode.Held), replay.Errors);
        Assert.That(replay.Output, Does.Contain($"\"state-hash\":\"{Of("state-hash")}\""));
    }

    [Test]
    [Description("R-1307: what traded in the recording trades here, even if one account gets all orders")]
    public void OneAccountTradesWithItself()
    {
        ToolResult result = Tool.Run("convert", "bitstamp", File(Sample, gzip: false), "--out", _directory.At("j"), "--accounts", "1", "--json");
        Assert.That(result.Code, Is.EqualTo(ExitCode.Held), result.Errors);
        Assert.That(result.Lines[^1], Does.Contain("\"trades\":\"2\""));
    }

    [TestCase("11,1430438404000,1430438404000,236.505,1,created,ask", 2, "price '236.505'", "2 decimals")]
    [TestCase("11,1430438404000,1430438404000,-1,1,created,ask", 2, "price '-1'", "above 0")]
    [TestCase("x,1430438404000,1430438404000,236.50,1,created,ask", 2, "id 'x'", "whole number")]
    [TestCase("11,noon,1430438404000,236.50,1,created,ask", 2, "timestamp 'noon'", "milliseconds")]
    [TestCase("11,1430438404000,1430438404000,236.50,1.5,created,ask", 2, "volume '1.5'", "1e-8 BTC")]
    [TestCase("11,1430438404000,1430438404000,236.50,1,made,ask", 2, "action 'made'", "created, changed or deleted")]
    [TestCase("11,1430438404000,1430438404000,236.50,1,created,up", 2, "direction 'up'", "bid or ask")]
    [TestCase("11,1430438404000,1430438404000,236.50,1,created", 2, "no column 'direction'", "a value")]
    public void BadRowIsReported(string row, int line, string reason, string expected)
    {
        string file = File(Header + row + "\n", gzip: false);
        ToolResult result = Tool.Run("convert", "bitstamp", file, "--out", _directory.At("j"));
        Assert.That(result.Code, Is.EqualTo(ExitCode.NotUnderstood));
        Assert.That(result.Errors, Does.StartWith($"{file}:{line}: {reason}").And.Contain("expected").And.Contain(expected));
    }

    [TestCase("", "the file is empty")]
    [TestCase("a,b,c\n", "unknown columns 'a,b,c'")]
    [TestCase(Header, "no rows")]
    public void FileWithoutRowsIsReported(string text, string reason)
    {
        ToolResult result = Tool.Run("convert", "bitstamp", File(text, gzip: false), "--out", _directory.At("j"));
        Assert.That(result.Code, Is.EqualTo(ExitCode.NotUnderstood));
        Assert.That(result.Errors, Does.Contain(reason));
    }

    [TestCase("--accounts", "0")]
    [TestCase("--deposit", "0")]
    [TestCase("--deposit", "999999999999")]
    [TestCase("--mark-every", "-1")]
    public void BadOptionIsReported(string option, string value)
    {
        ToolResult result = Tool.Run("convert", "bitstamp", File(Sample, gzip: false), "--out", _directory.At("j"), option, value);
        Assert.That(result.Code, Is.EqualTo(ExitCode.NotUnderstood));
        Assert.That(result.Errors, Does.Contain(option).And.Contain("expected"));
    }

    [Test]
    [Description("Candles are read with their prices, further columns ignored; a candle that contradicts itself is refused")]
    public void ReadsCandles()
    {
        string file = _directory.Write("c.csv", "open_time_ms,open,high,low,close,volume_base\n1738454400000,0.3475,0.3478,0.3469,0.3474,557564.0\n");
        Assert.That(Candles.Read(file), Is.EqualTo(new[] { new Candle(1_738_454_400_000, 0.3475m, 0.3478m, 0.3469m, 0.3474m) }));
        string bad = _directory.Write("d.csv", "open_time_ms,open,high,low,close\n1,2,1,3,2\n");
        Assert.That(() => Candles.Read(bad).ToList(), Throws.TypeOf<MarketDataException>().With.Message.Contain(":2: candle"));
    }

    private string File(string text, bool gzip)
    {
        string path = _directory.Write("orders.csv", text);
        if (gzip)
        {
            path += ".gz";
            using FileStream file = System.IO.File.Create(path);
            using var stream = new GZipStream(file, CompressionMode.Compress);
            stream.Write(Encoding.ASCII.GetBytes(text));
        }

        return path;
    }
}
