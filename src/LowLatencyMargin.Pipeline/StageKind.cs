namespace LowLatencyMargin.Pipeline;

/// <summary>The steps of the pipeline.</summary>
public enum StageKind
{
    /// <summary>Takes commands in and sequences them.</summary>
    Gateway,

    /// <summary>Margin check, matching, liquidation.</summary>
    Core,

    /// <summary>Encodes and writes the journal.</summary>
    Journal,

    /// <summary>Hands durable events to the consumers.</summary>
    Publish,
}
