using System.Globalization;

namespace LowLatencyMargin.Kill.Tests;

/// <summary>What was done and compared, over all journals of a test.</summary>
internal sealed class Tally
{
    private int _kills;
    private long _commands;
    private long _acknowledged;
    private long _checkpoints;

    public int UnderLoad { get; private set; }

    public int Recoveries { get; private set; }

    public long Trades { get; private set; }

    public long Liquidations { get; private set; }

    public void Add(int kills, int underLoad, Ledger ledger, Audit audit)
    {
        _kills += kills;
        UnderLoad += underLoad;
        Recoveries += ledger.Recoveries;
        Trades += audit.Trades;
        Liquidations += audit.Liquidations;
        _commands += audit.Commands;
        _acknowledged += ledger.Commands.Count;
        _checkpoints += audit.Checkpoints;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_kills} kills, {UnderLoad} of them under load; {_commands:N0} commands in the journals, {_acknowledged:N0} acknowledged, "
        + $"0 lost, 0 doubled; {Trades:N0} trades, {Liquidations:N0} liquidations; "
        + $"hashes equal after {Recoveries} recoveries and at {_checkpoints} checkpoints");
}
