namespace LowLatencyMargin.KillTarget;

/// <summary>Orders that can be cancelled: told by the publisher, asked by the load.</summary>
internal sealed class RestingOrders
{
    private const int Most = 2048;

    private readonly object _lock = new();
    private readonly Queue<(long Order, long Account)> _orders = new(Most);

    public void Add(long order, long account)
    {
        lock (_lock)
        {
            if (_orders.Count == Most)
            {
                _orders.Dequeue();
            }

            _orders.Enqueue((order, account));
        }
    }

    public bool TryTake(out long order, out long account)
    {
        lock (_lock)
        {
            bool isThere = _orders.TryDequeue(out (long Order, long Account) taken);
            (order, account) = taken;
            return isThere;
        }
    }
}
