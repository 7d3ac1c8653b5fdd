using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Matching;

/// <summary>A resting order: one cache line, all that matching touches of it. Price and hold share their words with flags and generation.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public struct Order
{
    /// <summary>Bits of an order id that are the row.</summary>
    public const int SlotBits = 24;

    private const int PriceShift = 24;
    private const ulong LowMask = (1UL << PriceShift) - 1;
    private const ulong SellBit = 1;

    private ulong _priceAndFlags;
    private ulong _holdAndGenerationHigh;
    private uint _generationLow;

    /// <summary>Row of account and market.</summary>
    public int Position;

    /// <summary>What is left to trade.</summary>
    public long LeavesLots;

    /// <summary>Total quantity.</summary>
    public long QuantityLots;

    /// <summary>The client's name for it.</summary>
    public long ClientOrderId;

    /// <summary>Next in the queue of its price.</summary>
    public int Next;

    /// <summary>Previous in the queue of its price.</summary>
    public int Previous;

    /// <summary>Next of the same account and market.</summary>
    public int NextOfPosition;

    /// <summary>Previous of the same account and market.</summary>
    public int PreviousOfPosition;

    /// <summary>Limit price.</summary>
    public readonly long PriceTicks => unchecked((long)(_priceAndFlags >> PriceShift));

    /// <summary>Price at which margin is held: the limit, for sells the mark if that was higher .</summary>
    public readonly long HoldTicks => unchecked((long)(_holdAndGenerationHigh >> PriceShift));

    /// <summary>Buy or sell.</summary>
    public readonly Side Side => (Side)unchecked((byte)(_priceAndFlags & SellBit));

    /// <summary>How often this row has been an order: 40 bits.</summary>
    public readonly long Generation => unchecked((long)(((_holdAndGenerationHigh & 0xFF) << 32) | _generationLow));

    /// <summary>Sets price, hold and side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetPrice(long priceTicks, long holdTicks, Side side)
    {
        unchecked
        {
            _priceAndFlags = ((ulong)priceTicks << PriceShift) | (ulong)side;
            _holdAndGenerationHigh = ((ulong)holdTicks << PriceShift) | (_holdAndGenerationHigh & LowMask);
        }
    }

    /// <summary>Sets the generation, which outlives the order.</summary>
    public void SetGeneration(long generation)
    {
        _generationLow = unchecked((uint)generation);
        _holdAndGenerationHigh = (_holdAndGenerationHigh & ~LowMask) | (ulong)(generation >> 32);
    }

    /// <summary>The id of the order in a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long IdOf(int slot, long generation) => unchecked((generation << SlotBits) | (uint)slot);

    /// <summary>The row that an id names, whether or not the order still rests there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SlotOf(long id) => unchecked((int)id & ((1 << SlotBits) - 1));
}
