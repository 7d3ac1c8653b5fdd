namespace Disruptor;

/// <summary>The consumers that a sequencer must not overtake. Read by producers at any time, changed rarely.</summary>
internal sealed class GatingSequences
{
    private readonly Lock _changes = new();
    private Sequence[] _sequences = [];

    /// <summary>The lowest gating sequence.</summary>
    /// <param name="whenNone">What to return if there is none.</param>
    /// <remarks>
    /// Acquire reads: a consumer releases its sequence after it has read the slot, so a producer that sees the new value here
    /// may write the slot.
    /// </remarks>
    public long Minimum(long whenNone)
    {
        var sequences = Volatile.Read(ref _sequences);
        if (sequences.Length == 0)
            return whenNone;

        var minimum = sequences[0].Value;
        for (var i = 1; i < sequences.Length; i++)
            minimum = Math.Min(minimum, sequences[i].Value);
        return minimum;
    }

    /// <summary>Adds sequences, each set to the cursor.</summary>
    public void Add(Sequence cursor, Sequence[] added)
    {
        lock (_changes)
        {
            // Before they are visible, so that a low value does not stop the producers ...
            SetAll(added, cursor.Value);
            Volatile.Write(ref _sequences, [.. _sequences, .. added]);

            // ... and again, since the cursor may have moved on before producers saw them. A producer that did not see them has
            // cached at most the cursor of that time as its limit, which is not above this one.
            SetAll(added, cursor.Value);
        }
    }

    /// <summary>Removes a sequence.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(Sequence sequence)
    {
        lock (_changes)
        {
            var remaining = Array.FindAll(_sequences, other => !ReferenceEquals(other, sequence));
            var found = remaining.Length != _sequences.Length;
            Volatile.Write(ref _sequences, remaining);
            return found;
        }
    }

    private static void SetAll(Sequence[] sequences, long value)
    {
        foreach (var sequence in sequences)
            sequence.SetValue(value);
    }
}
