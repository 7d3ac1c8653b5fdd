using System.Globalization;

namespace LowLatencyMargin.Latency.CommandLine;

/// <summary>
/// Says on the error stream what is being done: on a terminal in one line that is written over, else a line each. Nothing moves by itself:
/// a spinner would take processor time from what is measured.
/// </summary>
internal sealed class Progress(TextWriter errors, bool isTerminal)
{
    private int _written;
    private int _percent;

    public void Say(string what)
    {
        if (isTerminal)
        {
            errors.Write($"\r{what.PadRight(_written)}");
            _written = what.Length;
        }
        else
        {
            errors.WriteLine(what);
        }
    }

    /// <summary>How far a long step is; on a terminal only.</summary>
    public void Share(string what, long done, long all)
    {
        int percent = (int)(done * 100 / Math.Max(1, all));
        if (isTerminal && percent != _percent)
        {
            _percent = percent;
            Say(string.Create(CultureInfo.InvariantCulture, $"{what} {percent} %"));
        }
    }

    /// <summary>Clears the line, before results are printed.</summary>
    public void Clear()
    {
        if (isTerminal && _written > 0)
        {
            errors.Write($"\r{new string(' ', _written)}\r");
            _written = 0;
        }
    }
}
