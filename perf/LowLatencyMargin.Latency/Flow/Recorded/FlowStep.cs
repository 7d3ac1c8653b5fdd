using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Latency.Flow.Recorded;

/// <summary>What a step of a recorded flow does.</summary>
internal enum StepKind : byte
{
    /// <summary>A new order, known from here on by its key.</summary>
    Place,

    /// <summary>Cancels the order of that key.</summary>
    Cancel,

    /// <summary>Changes price or quantity of the order of that key.</summary>
    Modify,

    /// <summary>A mark of the record's own.</summary>
    Mark,

    /// <summary>Any other command, byte for byte; only the first time through.</summary>
    Other,
}

/// <summary>One step, free of the ids that an exchange gives: orders go by keys, accounts by their place in the list.</summary>
internal readonly record struct FlowStep
{
    public StepKind Kind { get; init; }

    /// <summary>Which order of the record, from 0; for other commands which of those.</summary>
    public int Key { get; init; }

    public int Account { get; init; }

    public int Market { get; init; }

    public long PriceTicks { get; init; }

    public long QuantityLots { get; init; }

    public int MaxSlippageRate { get; init; }

    public Side Side { get; init; }

    public OrderType Type { get; init; }

    public TimeInForce TimeInForce { get; init; }

    /// <summary>The last trade when the record was run through once by itself: what generated marks follow.</summary>
    public long LastTicks { get; init; }
}
