using System.Diagnostics.CodeAnalysis;

namespace LowLatencyMargin.MatchingBenchmark;

/// <summary>Where reports go. Implemented by structs, so that writing one calls nothing virtual.</summary>
public interface IReportSink
{
    /// <summary>Where the next report is to be written, all of its 64 bytes.</summary>
    [UnscopedRef]
    ref Report Next();

    /// <summary>The report last asked for is written.</summary>
    void Written();
}
