using System.Buffers.Binary;
using LowLatencyMargin.Journal.Format;

namespace LowLatencyMargin.Journal.Tests;

/// <summary>
/// What recovery should say about a damaged segment, worked out from the undamaged image by plain arithmetic on the format page, without
/// any of the journal's code.
/// </summary>
internal sealed class ImageOracle
{
    private readonly byte[] _image;
    private readonly List<(int Offset, int Length, int Type, long Sequence, long ClaimBytes)> _records = [];

    internal ImageOracle(byte[] image)
    {
        _image = image;
        int at = JournalFormat.SegmentHeaderBytes;
        while (at + 32 <= image.Length && BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(at)) is var length and > 0)
        {
            int type = BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(at + 12));
            long claim = type == 0xFF01 ? BinaryPrimitives.ReadInt64LittleEndian(image.AsSpan(at + 48)) : 0;
            _records.Add((at, length, type, BinaryPrimitives.ReadInt64LittleEndian(image.AsSpan(at + 16)), claim));
            at += length;
        }

        EndBytes = at;
    }

    /// <summary>Where the records end.</summary>
    internal int EndBytes { get; }

    internal long LastSequence => _records[^1].Sequence;

    /// <summary>The last command that is whole before an offset.</summary>
    internal long LastBefore(int offset)
    {
        long last = 0;
        foreach ((int at, int length, _, long sequence, _) in _records)
        {
            if (at + length <= offset)
                last = sequence;
        }

        return last;
    }

    /// <summary>Whether an undamaged commit vouches for the record in which the damage begins.</summary>
    internal bool IsVouchedFor(byte[] damaged, int offset)
    {
        int bad = offset;
        foreach ((int at, int length, _, _, _) in _records)
        {
            if (at <= offset && offset < at + length)
                bad = at;
        }

        foreach ((int at, int length, _, _, long claim) in _records)
        {
            if (claim > bad && at > bad && damaged.AsSpan(at, length).SequenceEqual(_image.AsSpan(at, length)))
                return true;
        }

        return false;
    }
}
