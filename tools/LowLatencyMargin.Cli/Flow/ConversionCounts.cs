using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Flow;

/// <summary>What became of the rows of a file.</summary>
internal sealed class ConversionCounts
{
    internal long Rows { get; set; }

    internal long Placed { get; set; }

    internal long Cancelled { get; set; }

    /// <summary>Rows that tell of a partial fill: the engine trades by itself.</summary>
    internal long SkippedChanged { get; set; }

    /// <summary>Rows that tell of a complete fill.</summary>
    internal long SkippedFilled { get; set; }

    /// <summary>Cancels of orders placed before the file begins.</summary>
    internal long SkippedUnknown { get; set; }

    /// <summary>Cancels of orders that have filled, or were rejected, here.</summary>
    internal long SkippedGone { get; set; }

    /// <summary>New orders without a size.</summary>
    internal long SkippedEmpty { get; set; }

    internal long Trades { get; set; }

    internal long Liquidations { get; set; }

    internal long Commands { get; set; }

    internal SortedDictionary<ResultCode, long> Rejected { get; } = [];

    internal void Reject(ResultCode code) => Rejected[code] = Rejected.GetValueOrDefault(code) + 1;
}
