using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Policy;

/// <summary>The lowest and highest marks of the last while, in ten parts of it (R-1401, R-506).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct BreakerWindow
{
    private const int Parts = 10;

    private PartRows _parts;

    /// <summary>Takes in a mark, and finds the mark within the window from which it has moved by the rate or more; 0: it has not.</summary>
    public long Add(long timeNs, long markTicks, int rate, int windowMs)
    {
        Add(timeNs, markTicks, windowMs, out long low, out long high);
        return Rate.OfRoundedUp(low, rate) <= markTicks - low ? low
            : Rate.OfRoundedUp(high, rate) <= high - markTicks ? high
            : 0;
    }

    /// <summary>Takes in a mark, and finds the lowest and highest within the window.</summary>
    public void Add(long timeNs, long markTicks, int windowMs, out long low, out long high)
    {
        long number = timeNs / Math.Max(1, windowMs * (1_000_000L / Parts));
        low = markTicks;
        high = markTicks;
        for (int i = 0; i < Parts; i++)
        {
            ref readonly Part part = ref _parts[i];
            if (part.HighTicks == 0 || number - part.Number >= Parts)
            {
                continue;
            }

            low = Math.Min(low, part.LowTicks);
            high = Math.Max(high, part.HighTicks);
        }

        ref Part own = ref _parts[(int)(number % Parts)];
        if (own.Number != number || own.HighTicks == 0)
        {
            own = new Part { Number = number, LowTicks = markTicks, HighTicks = markTicks };
        }

        own.LowTicks = Math.Min(own.LowTicks, markTicks);
        own.HighTicks = Math.Max(own.HighTicks, markTicks);
    }

    [InlineArray(Parts)]
    private struct PartRows
    {
        private Part _first;
    }

    private struct Part
    {
        public long Number;
        public long LowTicks;
        public long HighTicks;
    }
}
