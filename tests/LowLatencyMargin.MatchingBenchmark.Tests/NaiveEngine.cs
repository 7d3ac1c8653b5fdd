namespace LowLatencyMargin.MatchingBenchmark.Tests;

/// <summary>The benchmark's rules in the plainest form: two lists sorted by price and arrival, searched from the front.</summary>
internal sealed class NaiveEngine
{
    private readonly List<Resting>[] _sides = [[], []];
    private readonly Dictionary<ulong, Resting> _resting = [];

    public List<Report> Reports { get; } = [];

    public long BestBid => _sides[0].Count == 0 ? long.MinValue : _sides[0][0].Price;

    public long BestAsk => _sides[1].Count == 0 ? long.MaxValue : _sides[1][0].Price;

    public IEnumerable<(byte Side, long Price)> Levels => _resting.Values.Select(order => (order.Side, order.Price)).Distinct();

    public ulong Depth(long price, byte side) =>
        (ulong)_sides[side].Where(order => order.Price == price).Sum(order => order.Quantity);

    public void Apply(in Message message)
    {
        bool rests = _resting.TryGetValue(message.OrderId, out Resting? order);
        switch (message.Type)
        {
            case MessageType.New:
                order = new Resting(message.OrderId, message.Side) { Price = message.PriceTicks, Quantity = message.QuantityLots };
                Report(ReportType.OrderAck, message, order, message.QuantityLots);
                Match(order, message);
                if (order.Quantity > 0 && message.IsImmediate == 0)
                {
                    Rest(order);
                }
                else if (order.Quantity > 0)
                {
                    Report(ReportType.CancelAck, message, order, 0);
                }

                break;
            case MessageType.Cancel when rests:
                Remove(order!);
                Report(ReportType.CancelAck, message, order!, 0);
                break;
            case MessageType.Cancel:
                Reports.Add(new Report { Type = ReportType.CancelReject, Sequence = message.Sequence, OrderId = message.OrderId });
                break;
            case MessageType.Modify when rests:
                Remove(order!);
                order!.Price = message.PriceTicks;
                order.Quantity = message.QuantityLots;
                Match(order, message);
                if (order.Quantity > 0)
                {
                    Rest(order);
                }

                Report(ReportType.ModifyAck, message, order, message.QuantityLots);
                break;
            default:
                Reports.Add(new Report { Type = ReportType.ModifyReject, Sequence = message.Sequence, OrderId = message.OrderId });
                break;
        }
    }

    private static bool IsBetter(Resting order, Resting other) => order.Side == 0 ? order.Price > other.Price : order.Price < other.Price;

    private void Match(Resting taker, in Message message)
    {
        List<Resting> makers = _sides[1 - taker.Side];
        while (taker.Quantity > 0 && makers.Count > 0)
        {
            Resting maker = makers[0];
            if (taker.Side == 0 ? maker.Price > taker.Price : maker.Price < taker.Price)
            {
                return;
            }

            long lots = Math.Min(taker.Quantity, maker.Quantity);
            taker.Quantity -= lots;
            maker.Quantity -= lots;
            Reports.Add(new Report
            {
                Type = ReportType.Trade,
                Sequence = message.Sequence,
                PriceTicks = maker.Price,
                QuantityLots = (uint)lots,
                MakerId = maker.Id,
                TakerId = taker.Id,
            });
            if (maker.Quantity == 0)
            {
                Remove(maker);
            }
        }
    }

    private void Rest(Resting order)
    {
        List<Resting> side = _sides[order.Side];
        int place = side.FindIndex(other => IsBetter(order, other));
        side.Insert(place < 0 ? side.Count : place, order);
        _resting.Add(order.Id, order);
    }

    private void Remove(Resting order)
    {
        _sides[order.Side].Remove(order);
        _resting.Remove(order.Id);
    }

    private void Report(ReportType type, in Message message, Resting order, uint quantity) => Reports.Add(new Report
    {
        Type = type,
        Side = order.Side,
        Sequence = message.Sequence,
        OrderId = order.Id,
        PriceTicks = order.Price,
        QuantityLots = quantity,
    });

    private sealed class Resting(ulong id, byte side)
    {
        public ulong Id => id;

        public byte Side => side;

        public long Price { get; set; }

        public long Quantity { get; set; }
    }
}
