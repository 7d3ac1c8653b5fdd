namespace LowLatencyMargin.MatchingBenchmark.Workload;

/// <summary>
/// Workloads of the benchmark's shape, of any size. Order ids are the time at which an order was thought of, and the mid price is a function of
/// that time; orders arrive in shuffled order, so that the mid seen by the book jumps over all of its path. An order's changes and cancels
/// follow within a few messages.
/// </summary>
public static class WorkloadGenerator
{
    private const long StartTicks = 33_504;
    private const int MaxQuantityLots = 100;
    private const double ImmediateShare = 0.15;
    private const double ModifiedShare = 0.2;
    private const double MovedShare = 0.8;
    private const double CancelledShare = 0.95;
    private const double RepeatedShare = 0.02;
    private const double LateShare = 0.1;

    // Most orders stand nine ticks or so from the mid, the others at one and, ever fewer, beyond.
    private const double NearShare = 0.1;
    private const double UsualDepthTicks = 9;
    private const double TailExponent = 1.5;
    private const double DeepestTicks = 700;

    /// <summary>Makes a workload.</summary>
    /// <param name="scenario">Which path the mid price takes.</param>
    /// <param name="orders">New orders; messages are about twice as many.</param>
    /// <param name="seed">The same seed makes the same workload.</param>
    public static Message[] Generate(Scenario scenario, int orders, int seed)
    {
        var random = new Random(seed);
        long[] mids = Path(scenario.Reach, orders, random);
        int[] arrivals = [.. Enumerable.Range(0, orders)];
        random.Shuffle(arrivals);
        var messages = new List<Message>((orders * 2) + 16);
        var late = new List<Message>();
        foreach (int id in arrivals)
        {
            Message order = NewOrder(id, mids[id], random);
            messages.Add(order);
            foreach (Message message in late)
            {
                messages.Add(message);
            }

            late.Clear();
            if (order.IsImmediate == 0)
            {
                AddFollowers(order, random.NextDouble() < LateShare ? late : messages, random);
            }
        }

        messages.AddRange(late);
        Message[] workload = [.. messages];
        for (int i = 0; i < workload.Length; i++)
        {
            workload[i].Sequence = (ulong)i;
        }

        return workload;
    }

    /// <summary>A random walk that ends up at most <paramref name="reach"/> away from where it began.</summary>
    private static long[] Path(double reach, int steps, Random random)
    {
        double[] walk = new double[steps];
        double place = 0;
        double farthest = double.Epsilon;
        for (int i = 0; i < steps; i++)
        {
            place += Normal(random);
            walk[i] = place;
            farthest = Math.Max(farthest, Math.Abs(place));
        }

        return [.. walk.Select(at => (long)Math.Round(StartTicks * Math.Exp(at / farthest * reach)))];
    }

    private static Message NewOrder(int id, long midTicks, Random random)
    {
        bool isSell = random.Next(2) == 1;
        long depth = Depth(random);
        return new Message
        {
            Type = MessageType.New,
            OrderId = (ulong)id,
            PriceTicks = Math.Max(1, midTicks + (isSell ? depth : -depth)),
            QuantityLots = (uint)random.Next(1, MaxQuantityLots + 1),
            Side = isSell ? (byte)1 : (byte)0,
            IsImmediate = random.NextDouble() < ImmediateShare ? (byte)1 : (byte)0,
        };
    }

    private static long Depth(Random random)
    {
        double depth = random.NextDouble() < NearShare
            ? Math.Min(DeepestTicks, Math.Pow(1 - random.NextDouble(), -1 / TailExponent))
            : Math.Round(UsualDepthTicks + Normal(random));
        return Math.Max(1, (long)depth);
    }

    private static void AddFollowers(Message order, List<Message> messages, Random random)
    {
        var cancel = new Message { Type = MessageType.Cancel, OrderId = order.OrderId };
        if (random.NextDouble() < ModifiedShare)
        {
            int move = random.NextDouble() < MovedShare ? 1 - (2 * random.Next(2)) : 0;
            messages.Add(order with
            {
                Type = MessageType.Modify, QuantityLots = order.QuantityLots + 1, PriceTicks = Math.Max(1, order.PriceTicks + move),
            });
        }

        if (random.NextDouble() < CancelledShare)
        {
            messages.Add(cancel);
            if (random.NextDouble() < RepeatedShare)
            {
                messages.Add(cancel);
            }
        }
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
