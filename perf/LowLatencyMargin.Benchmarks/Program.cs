using BenchmarkDotNet.Running;
using LowLatencyMargin.Benchmarks.Rings;

// A verb runs a benchmark of our own, which needs threads on given cores; anything else goes to BenchmarkDotNet.
switch (args)
{
    case ["disruptor", .. var rest]:
        return DisruptorVerb.Run(rest);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(DisruptorVerb).Assembly).Run(args);
        return 0;
}
