using LowLatencyMargin.MatchingBenchmark;

namespace LowLatencyMargin.Benchmarks.Matching;

/// <summary>The orders that rest, as a stream of commands knows them: some at hand to be picked from, the younger ones in line behind.</summary>
internal sealed class LiveTargets(int maxOrders, int atHand)
{
    private readonly Entry[] _entries = new Entry[maxOrders];
    private readonly List<int> _window = [];
    private readonly Queue<int> _line = new();

    public int Bids { get; private set; }

    public int Asks { get; private set; }

    public int Count => Bids + Asks;

    public bool Has(int id) => _entries[id].Leaves > 0;

    public (long Price, long Leaves, bool IsBid) Of(int id) => (_entries[id].Price, _entries[id].Leaves, _entries[id].IsBid);

    public int Pick(Random random) => _window[random.Next(_window.Count)];

    public void Add(int id, long price, long leaves, bool isBid)
    {
        bool isAtHand = _window.Count < atHand;
        _entries[id] = new Entry { Price = (int)price, Leaves = (int)leaves, IsBid = isBid, Place = isAtHand ? _window.Count : -1 };
        if (isAtHand)
        {
            _window.Add(id);
        }
        else
        {
            _line.Enqueue(id);
        }

        CountOne(isBid, 1);
    }

    /// <summary>After a move, what the order has left is known from its trades; a reduction takes its quantity off here.</summary>
    public void Change(int id, long price, in Message message)
    {
        _entries[id].Price = (int)price;
        if (message.Type == MessageType.Reduce)
        {
            _entries[id].Leaves -= (int)message.QuantityLots;
        }
    }

    public void Take(int id, long lots)
    {
        ref Entry entry = ref _entries[id];
        if (entry.Leaves == 0)
        {
            return;
        }

        entry.Leaves = (int)Math.Max(0, entry.Leaves - lots);
        if (entry.Leaves == 0)
        {
            CountOne(entry.IsBid, -1);
            if (entry.Place >= 0)
            {
                Replace(entry.Place);
            }
        }
    }

    private void Replace(int place)
    {
        int last = _window[^1];
        _window.RemoveAt(_window.Count - 1);
        if (place < _window.Count)
        {
            _window[place] = last;
            _entries[last].Place = place;
        }

        while (_line.TryDequeue(out int next))
        {
            if (_entries[next].Leaves > 0)
            {
                _entries[next].Place = _window.Count;
                _window.Add(next);
                return;
            }
        }
    }

    private void CountOne(bool isBid, int change)
    {
        Bids += isBid ? change : 0;
        Asks += isBid ? 0 : change;
    }

    private struct Entry
    {
        public int Price;
        public int Leaves;
        public int Place;
        public bool IsBid;
    }
}
