using System.Text;

namespace LowLatencyMargin.Book.Tests.Lockstep;

/// <summary>What a run went through: a run that never reaches a rule proves nothing about it.</summary>
internal sealed class Tally
{
    private readonly Dictionary<string, long> _counts = [];

    public long Commands { get; private set; }

    public long this[string what] => _counts.GetValueOrDefault(what);

    public void Count(CommandType type, ResultCode code, List<Told> events)
    {
        Commands++;
        Count("command " + (code == ResultCode.Accepted ? type.ToString() : "refused"));
        Count("code " + code);
        foreach (Told told in events)
        {
            Count("event " + told.Type);
            if (told.Type == EventType.OrderCancelled)
            {
                Count("reason " + (CancelReason)told.Detail);
            }
            else if (told.Type == EventType.Rejected && code == ResultCode.Accepted)
            {
                Count("code " + (ResultCode)(told.F & 0xFFFF));
            }
        }
    }

    public void Add(Tally other)
    {
        lock (_counts)
        {
            Commands += other.Commands;
            foreach ((string what, long count) in other._counts)
            {
                _counts[what] = _counts.GetValueOrDefault(what) + count;
            }
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder().AppendLine($"{Commands} commands");
        foreach ((string what, long count) in _counts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.AppendLine($"{count,12}  {what}");
        }

        return text.ToString();
    }

    private void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;
}
