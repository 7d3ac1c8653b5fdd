using LowLatencyMargin.Cli.CommandLine;
using LowLatencyMargin.Cli.Tests.Support;

namespace LowLatencyMargin.Cli.Tests;

/// <summary>Journals of scenarios: written, looked into, replayed, damaged.</summary>
internal sealed class JournalTests
{
    private const string Scenario = """
        asset USDC decimals=6
        market BTC-PERP kind=perpetual base=BTC quote=USDC tick=0.5 lot=0.001
        account alice
        account bob
        deposit alice USDC 100
        deposit bob USDC 10000
        mark BTC-PERP 100
        order bob BTC-PERP sell 5 @ 100
        order alice BTC-PERP buy 5 @ 100
        time +1h
        mark BTC-PERP 80
        order alice BTC-PERP buy 5000 @ 100

        """;

    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void Begin() => _directory = new TemporaryDirectory();

    [TearDown]
    public void End() => _directory.Dispose();

    [Test]
    [Description("R-104: a journaled run and its replay end in the same hashes")]
    public void ReplayEndsInTheSameHash()
    {
        ToolResult run = Tool.Scenario(Scenario, json: true, journal: _directory.At("j"));
        Assert.That(run.Code, Is.EqualTo(ExitCode.Held), run.Errors);
        ToolResult replay = Tool.Run("journal", "replay", _directory.At("j"), "--json");
        Assert.That(replay.Code, Is.EqualTo(ExitCode.Held), replay.Errors);
        Assert.That(Field(replay, "state-hash"), Is.EqualTo(Field(run, "state")));
        Assert.That(Field(replay, "chain-hash"), Is.EqualTo(Field(run, "chain")));
        Assert.That(Field(replay, "commands"), Is.EqualTo("13"));
        Assert.That(Field(replay, "rejected"), Is.EqualTo("1"));
        Assert.That(Field(replay, "checkpoints-compared"), Is.EqualTo("1"));
        Assert.That(Field(replay, "verdict"), Is.EqualTo("equal"));
    }

    [Test]
    [Description("inspect counts segments, commands by type, sequences and times")]
    public void InspectCounts()
    {
        _ = Tool.Scenario(Scenario, journal: _directory.At("j"));
        ToolResult inspect = Tool.Run("journal", "inspect", _directory.At("j"), "--json");
        Assert.That(inspect.Code, Is.EqualTo(ExitCode.Held), inspect.Errors);
        Assert.That(Field(inspect, "segments"), Is.EqualTo("1"));
        Assert.That(Field(inspect, "commands"), Is.EqualTo("13"));
        Assert.That(Field(inspect, "commands-PlaceOrder"), Is.EqualTo("3"));
        Assert.That(Field(inspect, "commands-SetMarkPrice"), Is.EqualTo("2"));
        Assert.That(Field(inspect, "last-sequence"), Is.EqualTo("13"));
        Assert.That(Field(inspect, "first-time"), Is.EqualTo("2000-01-01T00:00:00Z"));
        Assert.That(Field(inspect, "last-time"), Is.EqualTo("2000-01-01T01:00:00Z"));
        Assert.That(Field(inspect, "end"), Is.EqualTo("clean"));
        Assert.That(Tool.Run("journal", "inspect", _directory.At("j")).Output, Does.Contain("first sequence"));
    }

    [Test]
    [Description("verify ends with 0 for an intact journal, with 1 and the byte offset for a damaged one")]
    public void VerifyFindsDamage()
    {
        _ = Tool.Scenario(Scenario, journal: _directory.At("j"));
        Assert.That(Tool.Run("journal", "verify", _directory.At("j")).Code, Is.EqualTo(ExitCode.Held));
        string segment = Directory.GetFiles(_directory.At("j"), "*.jnl").Single();
        const int Offset = 4096 + 200;
        byte[] bytes = File.ReadAllBytes(segment);
        bytes[Offset] ^= 1;
        File.WriteAllBytes(segment, bytes);
        ToolResult verify = Tool.Run("journal", "verify", _directory.At("j"), "--json");
        Assert.That(verify.Code, Is.EqualTo(ExitCode.Failed), verify.Output);
        Assert.That(Field(verify, "verdict"), Is.EqualTo("corrupt"));
        Assert.That(long.Parse(Field(verify, "byte-offset")), Is.InRange(4096, Offset));
        Assert.That(Tool.Run("journal", "replay", _directory.At("j")).Code, Is.EqualTo(ExitCode.Failed));
    }

    [Test]
    [Description("restore and a journal exclude each other, which is said before anything is written")]
    public void RestoreIsRefused()
    {
        ToolResult run = Tool.Scenario(Scenario + "save s\nrestore s\n", journal: _directory.At("j"));
        Assert.That(run.Code, Is.EqualTo(ExitCode.NotUnderstood));
        Assert.That(run.Errors, Does.StartWith("test.scn:14: 'restore' can't be used together with --journal"));
        Assert.That(Directory.Exists(_directory.At("j")), Is.False);
    }

    [Test]
    [Description("A directory that holds a journal is not written to; a directory without one is no journal")]
    public void OneJournalADirectory()
    {
        _ = Tool.Scenario(Scenario, journal: _directory.At("j"));
        ToolResult again = Tool.Scenario(Scenario, journal: _directory.At("j"));
        Assert.That(again.Code, Is.EqualTo(ExitCode.NotUnderstood));
        Assert.That(again.Errors, Does.Contain("holds a journal already"));
        Directory.CreateDirectory(_directory.At("empty"));
        foreach (string verb in new[] { "inspect", "verify", "replay" })
        {
            ToolResult result = Tool.Run("journal", verb, _directory.At("empty"));
            Assert.That(result.Code, Is.EqualTo(ExitCode.NotUnderstood));
            Assert.That(result.Errors, Does.Contain("expected"));
        }
    }

    private static string Field(ToolResult result, string name)
    {
        using var json = System.Text.Json.JsonDocument.Parse(result.Lines[^1]);
        return json.RootElement.GetProperty(name).ToString();
    }
}
