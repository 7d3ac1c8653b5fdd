namespace Disruptor.Dsl;

/// <summary>How many threads publish to a ring.</summary>
public enum ProducerType
{
    /// <summary>One at a time.</summary>
    Single = 0,

    /// <summary>Several at once.</summary>
    Multi = 1,
}
