using System.IO.Compression;
using System.Text;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Journal;
using LowLatencyMargin.Latency.CommandLine;
using LowLatencyMargin.Latency.Flow;
using LowLatencyMargin.Latency.Flow.Recorded;
using LowLatencyMargin.Latency.Runs;
using LowLatencyMargin.MarketData;

namespace LowLatencyMargin.Latency.Tests;

internal sealed class RecordedFlowTests
{
    private const string Orders = """
        id,timestamp,exchange.timestamp,price,volume,action,direction
        1,1000,1000,236.00,200000000,created,bid
        2,1001,1000,237.00,200000000,created,ask
        3,1002,1000,237.00,50000000,created,bid
        2,1003,1000,237.00,150000000,changed,ask
        3,1003,1000,237.00,0,deleted,bid
        4,1004,1000,235.50,300000000,created,bid
        5,1005,1000,235.00,99,created,bid
        6,1006,1000,238.00,400000000,created,ask
        4,1007,1000,235.50,300000000,deleted,bid
        77,1008,1000,230.00,100000000,deleted,bid
        7,1009,1000,236.00,100000000,created,ask
        8,1010,1000,236.50,100000000,created,bid

        """;

    private const string Candles = """
        open_time_ms,open,high,low,close,volume_base
        0,100,100,100,100,1
        60000,100,100,80,80,1
        120000,80,80,50,50,1

        """;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    [Description("A short file repeats until the flow is long enough, with fresh ids: every cancel finds its order, every repetition trades")]
    public void AShortFileRepeats()
    {
        string file = _folder.Write("orders.csv", Orders);
        using Workload workload = RecordedFlows.Build(file, null, accounts: 4, commands: 2_000);

        Assert.That(workload.Flow.Count, Is.EqualTo(2_000).Within(20));
        Assert.That(workload.Counts.RejectedBy.Keys, Is.SubsetOf([ResultCode.InsufficientMargin]));
        Assert.That(workload.Counts.Trades, Is.GreaterThan(100));
        Assert.That(workload.Counts.Cancels, Is.GreaterThan(100));
        Assert.That(workload.Notes, Has.Some.Contains("times with fresh ids"));
        Assert.That(workload.Notes, Has.Some.Contains("12 rows, 7 orders, 1 cancels"));
        Assert.That(workload.Notes, Has.Some.Contains("1 cancels of orders from before the file, 1 orders below one lot"));
        IEnumerable<long> ids = workload.Flow.All<PlaceOrder>(CommandType.PlaceOrder).Select(order => order.ClientOrderId);
        Assert.That(ids, Is.Unique);
    }

    [Test]
    [Description("Volume is taken in lots of 0.000001 BTC, prices in cents, accounts in turn; a gzip file gives the same flow")]
    public void RowsBecomeCommands()
    {
        string file = _folder.Write("orders.csv", Orders);
        using (var gzip = new GZipStream(File.Create(_folder.PathOf("orders.csv.gz")), CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Orders));
        }

        using Workload workload = RecordedFlows.Build(file, null, accounts: 4, commands: 500);
        using Workload zipped = RecordedFlows.Build(file + ".gz", null, accounts: 4, commands: 500);
        List<PlaceOrder> orders = workload.Flow.All<PlaceOrder>(CommandType.PlaceOrder);

        Assert.That(orders[0].PriceTicks, Is.EqualTo(23_600));
        Assert.That(orders[0].QuantityLots, Is.EqualTo(2_000_000));
        Assert.That(orders.Take(4).Select(order => order.AccountId), Is.Unique);
        Assert.That(orders[0].AccountId, Is.EqualTo(orders[4].AccountId));
        Assert.That(zipped.Flow.Bytes(), Is.EqualTo(workload.Flow.Bytes()));
    }

    [Test]
    [Description("Marks move along the ratio of each close to the first one, and the flow's prices with them")]
    public void PricesFollowTheMarks()
    {
        string file = _folder.Write("orders.csv", Orders);
        string marks = _folder.Write("candles.csv", Candles);
        using Workload workload = RecordedFlows.Build(file, marks, accounts: 4, commands: 3_000);
        List<SetMarkPrice> set = workload.Flow.All<SetMarkPrice>(CommandType.SetMarkPrice);
        List<PlaceOrder> orders = workload.Flow.All<PlaceOrder>(CommandType.PlaceOrder);

        var path = MarkPath.Read(marks);
        Assert.That(new[] { path.At(0), path.At(0.5), path.At(0.99), path.At(1) }, Is.EqualTo(new[] { 1, 0.8, 0.5, 0.5 }));
        Assert.That((double)set[^1].PriceTicks / set[1].PriceTicks, Is.EqualTo(0.5).Within(0.02));
        Assert.That(orders.Max(order => order.PriceTicks), Is.EqualTo(23_800));
        Assert.That(orders.Min(order => order.PriceTicks), Is.EqualTo(11_775));
        Assert.That(workload.Notes, Has.Some.Contains("3 candles"));
    }

    [Test]
    [Description("A journal is a flow: what stands before its first order is set-up, the rest trades as it did when it was written")]
    public void AJournalIsAFlow()
    {
        string journal = _folder.PathOf("journal");
        using Workload mix = Workloads.Mix(5, 5_000, restingOrders: 200);
        PipelineResult live = new PipelineRun(mix, DurabilityMode.Buffered, LayoutText.Parse(Outcome.Layout, 1), journal).Exchange(0, long.MaxValue);
        using Workload once = RecordedFlows.Build(journal, null, accounts: 16, commands: 5_200);
        using Workload often = RecordedFlows.Build(journal, null, accounts: 16, commands: 20_000);

        Assert.That(once.Counts.Trades, Is.EqualTo(live.Trades));
        Assert.That(once.Counts.Rejected, Is.GreaterThanOrEqualTo(live.Rejected), "the orders that filled the book are in it too");
        Assert.That(once.Counts.Moves, Is.EqualTo(mix.Counts.Moves));
        Assert.That(often.Counts.RejectedBy.Keys, Has.None.EqualTo(ResultCode.UnknownOrder));
        Assert.That(often.Counts.Trades, Is.GreaterThan(2 * live.Trades));
    }

    [Test]
    [Description("A bad row is named by file and line, with what was expected")]
    public void ABadRowIsNamed()
    {
        string file = _folder.Write("orders.csv", Orders + "9,1011,1000,236.505,100000000,created,bid\n");
        MarketDataException error = Assert.Throws<MarketDataException>(() => RecordedFlows.Build(file, null, 4, 100_000).Dispose())!;

        Assert.That(error.Line, Is.EqualTo(14));
        Assert.That(error.Message, Does.StartWith($"{file}:14: ").And.Contain("expected"));
    }
}
