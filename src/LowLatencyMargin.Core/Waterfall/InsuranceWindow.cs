using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Waterfall;

/// <summary>
/// The highest that a fund stood at in the last eight hours, in parts of half an hour. A fund only falls when it pays, so what it had before each
/// payment is all that there is to note.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct InsuranceWindow
{
    private const int Parts = 16;

    private const long PartNs = 1_800_000_000_000;

    private PartRows _parts;

    /// <summary>Notes what the fund has.</summary>
    public void Note(long timeNs, long units)
    {
        long number = timeNs / PartNs;
        ref Part part = ref _parts[(int)(number % Parts)];
        if (part.Number != number)
        {
            part.Number = number;
            part.HighUnits = 0;
        }

        part.HighUnits = Math.Max(part.HighUnits, units);
    }

    /// <summary>The highest, with what it has now.</summary>
    public readonly long High(long timeNs, long units)
    {
        long number = timeNs / PartNs;
        long high = units;
        for (int i = 0; i < Parts; i++)
        {
            high = number - _parts[i].Number < Parts ? Math.Max(high, _parts[i].HighUnits) : high;
        }

        return high;
    }

    [InlineArray(Parts)]
    private struct PartRows
    {
        private Part _first;
    }

    private struct Part
    {
        public long Number;
        public long HighUnits;
    }
}
