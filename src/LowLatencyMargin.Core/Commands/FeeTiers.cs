using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Commands;

/// <summary>Steps above a market's own fee rates, by volume of 30 days (R-1601); unused ones are zero and last.</summary>
[InlineArray(Count)]
public struct FeeTiers
{
    /// <summary>Most steps.</summary>
    public const int Count = 5;

    private FeeTier _first;
}

/// <summary>Fee rates from a volume on.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FeeTier
{
    /// <summary>Volume of 30 days in units of the collateral asset, above 0; 0: no step.</summary>
    public long VolumeUnits;

    /// <summary>Fee of the resting side; negative: a rebate.</summary>
    public int MakerFeeRate;

    /// <summary>Fee of the incoming side.</summary>
    public int TakerFeeRate;
}
