using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Latency.Flow;

/// <summary>The resting orders as the flow knows them: the oldest ones at hand, the younger ones in line behind them.</summary>
internal sealed class LiveOrders(int atHand)
{
    private readonly Dictionary<long, Entry> _entries = [];
    private readonly List<long> _window = [];
    private readonly Queue<long> _line = new();

    public int Bids { get; private set; }

    public int Asks { get; private set; }

    public int Count => _entries.Count;

    public void Add(long id, long account, Side side)
    {
        bool near = _window.Count < atHand;
        _entries.Add(id, new Entry(account, side, near ? _window.Count : -1));
        if (near)
        {
            _window.Add(id);
        }
        else
        {
            _line.Enqueue(id);
        }

        Count_(side, 1);
    }

    public void Remove(long id)
    {
        if (!_entries.Remove(id, out Entry entry))
        {
            return;
        }

        Count_(entry.Side, -1);
        if (entry.Place < 0)
        {
            return;
        }

        long last = _window[^1];
        _window.RemoveAt(_window.Count - 1);
        if (last != id)
        {
            _window[entry.Place] = last;
            _entries[last] = _entries[last] with { Place = entry.Place };
        }

        while (_line.TryDequeue(out long next))
        {
            if (_entries.TryGetValue(next, out Entry waiting))
            {
                _entries[next] = waiting with { Place = _window.Count };
                _window.Add(next);
                break;
            }
        }
    }

    public long Pick(Prng prng, out long account)
    {
        long id = _window[prng.Below(_window.Count)];
        account = _entries[id].Account;
        return id;
    }

    private void Count_(Side side, int change)
    {
        if (side == Side.Buy)
        {
            Bids += change;
        }
        else
        {
            Asks += change;
        }
    }

    private readonly record struct Entry(long Account, Side Side, int Place);
}
