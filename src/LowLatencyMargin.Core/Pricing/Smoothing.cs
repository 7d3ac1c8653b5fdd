using System;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Pricing;

/// <summary>An exponential average over time in integers: the same on every machine, and near enough to the real one for any half-life.</summary>
public static class Smoothing
{
    private const int MostHalfLives = 40;

    /// <summary>2^32 x 2^(-k/64).</summary>
    private static ReadOnlySpan<ulong> Table =>
    [
        0x10000_0000, 0xFD3E_0C0D, 0xFA83_B2DB, 0xF7D0_DF73, 0xF525_7D15, 0xF281_773C,
        0xEFE4_B99C, 0xED4F_301F, 0xEAC0_C6E8, 0xE839_6A50, 0xE5B9_06E7, 0xE33F_8973,
        0xE0CC_DEEC, 0xDE60_F482, 0xDBFB_B798, 0xD99D_15C2, 0xD744_FCCB, 0xD4F3_5AAC,
        0xD2A8_1D92, 0xD063_33DB, 0xCE24_8C15, 0xCBEC_14FF, 0xC9B9_BD86, 0xC78D_74C9,
        0xC567_2A11, 0xC346_CCDA, 0xC12C_4CCA, 0xBF17_99B6, 0xBD08_A39F, 0xBAFF_5AB2,
        0xB8FB_AF47, 0xB6FD_91E3, 0xB504_F334, 0xB311_C413, 0xB123_F582, 0xAF3B_78AD,
        0xAD58_3EEA, 0xAB7A_39B6, 0xA9A1_5AB5, 0xA7CD_93B5, 0xA5FE_D6AA, 0xA435_15AE,
        0xA270_4303, 0xA0B0_5110, 0x9EF5_3261, 0x9D3E_D9A7, 0x9B8D_39BA, 0x99E0_4593,
        0x9837_F052, 0x9694_2D37, 0x94F4_EFA9, 0x935A_2B2F, 0x91C3_D374, 0x9031_DC43,
        0x8EA4_398B, 0x8D1A_DF5B, 0x8B95_C1E4, 0x8A14_D575, 0x8898_0E81, 0x871F_6197,
        0x85AA_C368, 0x843A_28C4, 0x82CD_8699, 0x8164_D1F4, 0x8000_0000,
    ];

    /// <summary>What is left of a distance after a time: distance x 2^(-elapsed / half-life), rounded toward zero.</summary>
    /// <param name="distance">Any, to 2^62.</param>
    /// <param name="elapsedNs">0 or more.</param>
    /// <param name="halfLifeNs">Above 0.</param>
    public static long Left(long distance, long elapsedNs, long halfLifeNs)
    {
        ulong high = Wide.Multiply((ulong)Math.Abs(distance), Fraction(elapsedNs, halfLifeNs), out ulong low);
        long left = unchecked((long)((high << 32) | (low >> 32)));
        return distance < 0 ? -left : left;
    }

    /// <summary>2^(-elapsed / half-life) in 2^-32.</summary>
    private static ulong Fraction(long elapsedNs, long halfLifeNs)
    {
        long whole = elapsedNs / halfLifeNs;
        if (whole >= MostHalfLives)
        {
            return 0;
        }

        // an hour in nanoseconds is less than 2^42: 20 bits more fit
        ulong rest = ((ulong)(elapsedNs - (whole * halfLifeNs)) << 20) / (ulong)halfLifeNs;
        int row = unchecked((int)(rest >> 14));
        ulong part = rest & 16_383;
        return (((Table[row] * (16_384 - part)) + (Table[row + 1] * part)) >> 14) >> unchecked((int)whole);
    }
}
