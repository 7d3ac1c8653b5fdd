using BenchmarkDotNet.Attributes;

namespace LowLatencyMargin.Benchmarks.Core;

/// <summary>A mark move that liquidates nothing costs the same however many positions are open.</summary>
[MemoryDiagnoser]
public class MarkMoveBenchmarks : IDisposable
{
    private ExchangeFixture _fixture = null!;
    private long _step;

    [Params(1_000, 100_000)]
    public int Positions { get; set; }

    [Params(false, true)]
    public bool Isolated { get; set; }

    [GlobalSetup]
    public void SetUp() => _fixture = new ExchangeFixture(Positions, Isolated);

    [GlobalCleanup]
    public void Dispose()
    {
        _fixture.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public void MoveMark() => _fixture.Mark(ExchangeFixture.MarkTicks + (_step++ & 1));
}
