using System.Numerics;
using System.Runtime.CompilerServices;

namespace HdrHistogram;

/// <summary>
/// Where a value is counted. Bucket 0 holds <see cref="SubBucketCount"/> linear sub-buckets of one unit; every further bucket covers the next
/// power of two with half as many sub-buckets, each twice as wide as in the bucket before, so the relative error stays constant.
/// </summary>
internal readonly struct BucketLayout
{
    private readonly int _leadingZeroCountBase;
    private readonly int _subBucketHalfCountMagnitude;
    private readonly int _unitMagnitude;
    private readonly long _subBucketMask;

    public BucketLayout(long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
    {
        ThrowUnlessValid(lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits);

        // Single units must be told apart up to 2 * 10^digits: the upper half of a bucket then has 10^digits distinct values.
        ulong largestSingleUnitValue = 2;
        for (int digit = 0; digit < numberOfSignificantValueDigits; digit++)
        {
            largestSingleUnitValue *= 10;
        }

        int subBucketCountMagnitude = BitOperations.Log2(BitOperations.RoundUpToPowerOf2(largestSingleUnitValue));
        _subBucketHalfCountMagnitude = subBucketCountMagnitude - 1;
        _unitMagnitude = BitOperations.Log2((ulong)lowestTrackableValue);
        if (_unitMagnitude + _subBucketHalfCountMagnitude > 61)
        {
            throw new ArgumentOutOfRangeException(
                nameof(numberOfSignificantValueDigits),
                numberOfSignificantValueDigits,
                "Not representable: that many significant digits above this lowest trackable value.");
        }

        SubBucketCount = 1 << subBucketCountMagnitude;
        _subBucketMask = (SubBucketCount - 1L) << _unitMagnitude;
        _leadingZeroCountBase = 64 - _unitMagnitude - subBucketCountMagnitude;
        BucketCount = BucketsFor(highestTrackableValue, (long)SubBucketCount << _unitMagnitude);
        CountsLength = (BucketCount + 1) << _subBucketHalfCountMagnitude;
    }

    public int BucketCount { get; }

    public int SubBucketCount { get; }

    public int CountsLength { get; }

    /// <summary>Index of the counter of a value; at or above <see cref="CountsLength"/> for values that are negative or too large.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexOf(long value)
    {
        int bucketIndex = BucketIndexOf(value);
        int subBucketIndex = (int)((ulong)value >> (bucketIndex + _unitMagnitude));
        return (bucketIndex << _subBucketHalfCountMagnitude) + subBucketIndex;
    }

    /// <summary>Smallest value counted at an index.</summary>
    public long ValueAt(int index)
    {
        int halfCount = 1 << _subBucketHalfCountMagnitude;
        int bucketIndex = (index >> _subBucketHalfCountMagnitude) - 1;
        if (bucketIndex < 0)
        {
            return (long)index << _unitMagnitude;
        }

        long subBucketIndex = (index & (halfCount - 1)) + halfCount;
        return subBucketIndex << (bucketIndex + _unitMagnitude);
    }

    public long SizeOfEquivalentValueRange(long value) => 1L << (BucketIndexOf(value) + _unitMagnitude);

    public long LowestEquivalentValue(long value) => value & -SizeOfEquivalentValueRange(value);

    public long MedianEquivalentValue(long value) => LowestEquivalentValue(value) + (SizeOfEquivalentValueRange(value) >> 1);

    public long NextNonEquivalentValue(long value) => LowestEquivalentValue(value) + SizeOfEquivalentValueRange(value);

    public long HighestEquivalentValue(long value) => NextNonEquivalentValue(value) - 1;

    /// <summary>Whether the indexes of both layouts mean the same values, whatever the number of buckets.</summary>
    public bool SharesIndexesWith(in BucketLayout other) =>
        _unitMagnitude == other._unitMagnitude && SubBucketCount == other.SubBucketCount;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int BucketIndexOf(long value) =>
        _leadingZeroCountBase - BitOperations.LeadingZeroCount((ulong)(value | _subBucketMask));

    private static int BucketsFor(long highestTrackableValue, long smallestUntrackableValue)
    {
        int buckets = 1;
        while (smallestUntrackableValue > 0 && smallestUntrackableValue <= highestTrackableValue)
        {
            smallestUntrackableValue <<= 1;
            buckets++;
        }

        return buckets;
    }

    private static void ThrowUnlessValid(long lowest, long highest, int digits)
    {
        if (lowest < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(lowest), lowest, "The lowest trackable value must be >= 1.");
        }

        if (highest / 2 < lowest)
        {
            throw new ArgumentOutOfRangeException(nameof(highest), highest, "The highest trackable value must be >= 2 * the lowest.");
        }

        if (digits is < 0 or > 5)
        {
            throw new ArgumentOutOfRangeException(nameof(digits), digits, "The number of significant value digits must be 0 to 5.");
        }
    }
}
