using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using LowLatencyMargin.MatchingBenchmark;

namespace LowLatencyMargin.Benchmarks.Matching;

/// <summary>What one order costs to add, cancel and match, by the size of the book and by how many prices its orders stand at.</summary>
[Config(typeof(Short))]
[MinColumn]
[HideColumns("Error", "StdDev", "Job", "Toolchain", "InvocationCount", "IterationCount", "LaunchCount", "UnrollFactor", "WarmupCount")]
public class BookBenchmarks : IDisposable
{
    private const int Operations = 8192;

    // A small book would be used up by so many operations: they go to so many books in turn.
    private const int SmallBooks = 16;
    private const int Step = 7_919;
    private const long MidTicks = 1L << 39;

    private readonly Message[] _messages = new Message[Operations];
    private readonly List<Message> _toRestore = new(Operations);
    private readonly Random _random = new(1);
    private Message[] _resting = null!;
    private MatchingSession[] _sessions = null!;
    private MakerSink[] _sinks = null!;
    private int _each;

    /// <summary>Sizes over the range of a usual market, then ranges at a usual size.</summary>
    public static IEnumerable<Shape> Shapes =>
    [
        new("1k/10k", 1_000, 10_000), new("100k/10k", 100_000, 10_000), new("1M/10k", 1_000_000, 10_000), new("10M/10k", 10_000_000, 10_000),
        new("100k/100", 100_000, 100), new("100k/1M", 100_000, 1_000_000, 1 << 20), new("100k/1M far", 100_000, 1_000_000),
        new("100k/2^40", 100_000, 1L << 40), new("1M/2^40", 1_000_000, 1L << 40),
    ];

    [ParamsSource(nameof(Shapes))]
    public Shape Book { get; set; } = null!;

    [Params(false, true)]
    public bool Hints { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _resting = new Message[Book.Resting];
        for (int id = 0; id < _resting.Length; id++)
        {
            _resting[id] = NewOrder(id, isSell: id % 2 == 1);
        }

        int books = Book.Resting < 2 * Operations ? SmallBooks : 1;
        _each = Operations / books;
        _sessions = [.. Enumerable.Range(0, books).Select(_ => new MatchingSession(Book.Resting + _each, Book.WindowTicks))];
        _sinks = [.. _sessions.Select(_ => new MakerSink(new ulong[_each]))];
        for (int book = 0; book < books; book++)
        {
            _sessions[book].ApplyAll(_resting, ref _sinks[book]);
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        Array.ForEach(_sessions, session => session.Dispose());
        GC.SuppressFinalize(this);
    }

    [IterationSetup(Target = nameof(Add))]
    public void PrepareAdd()
    {
        for (int i = 0; i < Operations; i++)
        {
            _messages[i] = NewOrder(Book.Resting + (i % _each), _random.Next(2) == 1);
            _toRestore.Add(_messages[i] with { Type = MessageType.Cancel });
        }
    }

    [IterationSetup(Target = nameof(Cancel))]
    public void PrepareCancel()
    {
        // different ones: a step that has no common factor with the number of orders meets each once
        int at = _random.Next(_resting.Length);
        for (int i = 0; i < Operations; i++)
        {
            at = (at + Step) % _resting.Length;
            _messages[i] = _resting[at] with { Type = MessageType.Cancel };
            _toRestore.Add(_resting[at]);
        }
    }

    [IterationSetup(Target = nameof(Match))]
    public void PrepareMatch()
    {
        for (int i = 0; i < Operations; i++)
        {
            // alternately: both sides are worn off evenly
            bool isSell = i % 2 == 1;
            long ticks = isSell ? 1 : (1L << 40) - 1;
            _messages[i] = NewOrder(Book.Resting + (i % _each), isSell) with { PriceTicks = ticks, IsImmediate = 1 };
        }
    }

    /// <summary>Puts the book back as it was: the setup of the next iteration begins with the same orders.</summary>
    [IterationCleanup]
    public void Restore()
    {
        for (int book = 0; book < _sessions.Length; book++)
        {
            ref MakerSink sink = ref _sinks[book];
            int makers = sink.Makers;
            for (int i = 0; i < makers; i++)
            {
                _sessions[book].Apply(in _resting[(int)sink.MakerIds[i]], ref sink);
            }

            for (int i = book * _each; i < Math.Min(_toRestore.Count, (book + 1) * _each); i++)
            {
                Message message = _toRestore[i];
                _sessions[book].Apply(in message, ref sink);
            }

            sink.Makers = 0;
        }

        _toRestore.Clear();
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void Add() => Run();

    [Benchmark(OperationsPerInvoke = Operations)]
    public void Cancel() => Run();

    [Benchmark(OperationsPerInvoke = Operations)]
    public void Match() => Run();

    private void Run()
    {
        for (int book = 0; book < _sessions.Length; book++)
        {
            ReadOnlySpan<Message> messages = _messages.AsSpan(book * _each, _each);
            if (Hints)
            {
                _sessions[book].ApplyAhead(messages, ref _sinks[book]);
            }
            else
            {
                _sessions[book].ApplyAll(messages, ref _sinks[book]);
            }
        }
    }

    private Message NewOrder(int id, bool isSell)
    {
        long half = Book.RangeTicks / 2;
        long ticks = isSell ? MidTicks + _random.NextInt64(half) : MidTicks - 1 - _random.NextInt64(half);
        return new Message
        {
            Type = MessageType.New,
            OrderId = (ulong)id,
            PriceTicks = Math.Clamp(ticks, 1, (1L << 40) - 1),
            QuantityLots = 1,
            Side = isSell ? (byte)1 : (byte)0,
        };
    }

    /// <summary>A book to measure.</summary>
    /// <param name="Name">What the table calls it.</param>
    /// <param name="Resting">Resting orders.</param>
    /// <param name="RangeTicks">Prices that they spread over, uniformly.</param>
    /// <param name="WindowTicks">Ticks that the ladder finds by address.</param>
    public sealed record Shape(string Name, int Resting, long RangeTicks, int WindowTicks = 1 << 16)
    {
        public override string ToString() => Name;
    }

    /// <summary>Keeps the makers, so that they can be put back.</summary>
    private struct MakerSink(ulong[] makerIds) : IReportSink
    {
        private Report _report;

        public int Makers { get; set; }

        public readonly ulong[] MakerIds => makerIds;

        [System.Diagnostics.CodeAnalysis.UnscopedRef]
        public ref Report Next() => ref _report;

        public void Written()
        {
            if (_report.Type == ReportType.Trade)
            {
                makerIds[Makers++] = _report.MakerId;
            }
        }
    }

    private sealed class Short : ManualConfig
    {
        public Short() => AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
            .WithInvocationCount(1).WithUnrollFactor(1).WithWarmupCount(10).WithIterationCount(40).WithGcForce(false));
    }
}
