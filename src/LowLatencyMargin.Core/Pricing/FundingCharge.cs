using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Pricing;

/// <summary>What a position owes since it was settled last, rounded against it, and what the rounding took.</summary>
public readonly struct FundingCharge
{
    /// <summary>Beyond what intervals let a position owe: only orders that are counted as filled come near.</summary>
    private const ulong MostUnits = 1UL << 58;

    private FundingCharge(long amountUnits, long restE8)
    {
        AmountUnits = amountUnits;
        RestE8 = restE8;
    }

    /// <summary>To be paid; below 0: to be got.</summary>
    public long AmountUnits { get; }

    /// <summary>How much more that is than the exact amount, in 10^-8 units: 0 to 10^8 - 1.</summary>
    public long RestE8 { get; }

    /// <summary>The charge of a position; none in a market whose index stands where it was settled.</summary>
    public static FundingCharge Of(in Position position, in Market market)
    {
        if (position.SizeLots == 0 || market.HasFunded == 0)
        {
            return default;
        }

        long index = market.FundingIndexE8 - position.FundingIndexE8;
        long value = position.SizeLots * market.TickValueUnits;
        bool owes = index < 0 == value < 0;
        ulong high = Wide.Multiply((ulong)Math.Abs(index), (ulong)Math.Abs(value), out ulong low);
        ulong down = high == 0 ? low / Rate.Scale : (ulong)UInt128.Min(new UInt128(high, low) / Rate.Scale, MostUnits);
        ulong part = unchecked(low - (down * Rate.Scale));
        return !owes ? new FundingCharge(-(long)down, (long)part)
            : part == 0 ? new FundingCharge((long)down, 0)
            : new FundingCharge((long)down + 1, Rate.Scale - (long)part);
    }

    /// <summary>What a position owes; 0 for most.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Owed(in Position position, in Market market) =>
        position.FundingIndexE8 == market.FundingIndexE8 ? 0 : Of(in position, in market).AmountUnits;

    /// <summary>A copy of a row as settling would leave it; what a cross row owes its account's pool would pay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Settle(ref Position copy, in Market market)
    {
        if (copy.FundingIndexE8 != market.FundingIndexE8 && market.HasFunded != 0)
        {
            copy.MarginUnits -= Of(in copy, in market).AmountUnits;
            copy.FundingIndexE8 = market.FundingIndexE8;
        }
    }

    /// <summary>What the open cross positions of an account owe together.</summary>
    public static long OfPool(ExchangeState state, int account)
    {
        long owed = 0;
        for (int row = state.Accounts[account].CrossOpen == 0 ? 0 : state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            ref readonly Position position = ref state.Positions[row];
            owed += position.IsIsolated != 0 ? 0 : Owed(in position, in state.Markets[position.Market]);
        }

        return owed;
    }
}
