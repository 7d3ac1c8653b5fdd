using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Matching;

/// <summary>
/// An open order: one cache line, all that matching touches of it. Price, hold and generation are 40 bits each and share their words with side,
/// marks and the row of terms that few orders have.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public struct Order
{
    /// <summary>Bits of an order id that are the row.</summary>
    public const int SlotBits = 24;

    /// <summary>The most rows of terms.</summary>
    public const int MaxTerms = 1 << 23;

    // price 40 | terms 23 | side 1
    private ulong _priceTermsSide;

    // hold 40 | marks 16 | high bits of the generation 8
    private ulong _holdMarksGeneration;
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

    private const int PriceShift = 24;
    private const int MarksShift = 8;
    private const ulong PriceMask = ~0UL << PriceShift;
    private const ulong TermsMask = (MaxTerms - 1UL) << 1;
    private const ulong MarksMask = 0xFFFFUL << MarksShift;

    /// <summary>Limit price; of a waiting market order 0.</summary>
    public readonly long PriceTicks => unchecked((long)(_priceTermsSide >> PriceShift));

    /// <summary>Price at which margin is held: the limit, for sells the mark if that was higher .</summary>
    public readonly long HoldTicks => unchecked((long)(_holdMarksGeneration >> PriceShift));

    /// <summary>Buy or sell.</summary>
    public readonly Side Side => (Side)unchecked((byte)(_priceTermsSide & 1));

    /// <summary>What kind of order it is.</summary>
    public readonly OrderMarks Marks => (OrderMarks)unchecked((ushort)(_holdMarksGeneration >> MarksShift));

    /// <summary>Row of its terms, 0 when it has none.</summary>
    public readonly int Terms => unchecked((int)((_priceTermsSide & TermsMask) >> 1));

    /// <summary>Whether matching has to look closer before it trades.</summary>
    public readonly bool IsSpecial => (_holdMarksGeneration & ((ulong)OrderMarks.Special << MarksShift)) != 0;

    /// <summary>Whether it is an order like most: without flags or terms.</summary>
    public readonly bool IsPlain => (_holdMarksGeneration & ((ulong)(ushort)~OrderMarks.SelfTrade << MarksShift)) == 0;

    /// <summary>How often this row has been an order: 40 bits.</summary>
    public readonly long Generation => unchecked((long)(((_holdMarksGeneration & 0xFF) << 32) | _generationLow));

    /// <summary>Whether a mark is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Has(OrderMarks mark) => (_holdMarksGeneration & ((ulong)mark << MarksShift)) != 0;

    /// <summary>Sets price, hold and side; the rest of their words stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetPrice(long priceTicks, long holdTicks, Side side)
    {
        unchecked
        {
            _priceTermsSide = ((ulong)priceTicks << PriceShift) | (_priceTermsSide & TermsMask) | (ulong)side;
            _holdMarksGeneration = ((ulong)holdTicks << PriceShift) | (_holdMarksGeneration & ~PriceMask);
        }
    }

    /// <summary>Sets all marks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetMarks(OrderMarks marks) =>
        _holdMarksGeneration = unchecked((_holdMarksGeneration & ~MarksMask) | ((ulong)marks << MarksShift));

    /// <summary>Sets the row of its terms.</summary>
    public void SetTerms(int terms) => _priceTermsSide = unchecked((_priceTermsSide & ~TermsMask) | ((ulong)(uint)terms << 1));

    /// <summary>Sets the generation, which outlives the order.</summary>
    public void SetGeneration(long generation)
    {
        _generationLow = unchecked((uint)generation);
        _holdMarksGeneration = (_holdMarksGeneration & ~0xFFUL) | (ulong)(generation >> 32);
    }

    /// <summary>The id of the order in a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long IdOf(int slot, long generation) => unchecked((generation << SlotBits) | (uint)slot);

    /// <summary>The row that an id names, whether or not the order is still open there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SlotOf(long id) => unchecked((int)id & ((1 << SlotBits) - 1));
}

/// <summary>What kind of order it is: the six flags of the command, and what became of it.</summary>
[System.Flags]
public enum OrderMarks : ushort
{
    /// <summary>A plain order.</summary>
    None = 0,

    /// <summary><see cref="OrderFlags.PostOnly"/>.</summary>
    PostOnly = OrderFlags.PostOnly,

    /// <summary><see cref="OrderFlags.Reprice"/>.</summary>
    Reprice = OrderFlags.Reprice,

    /// <summary><see cref="OrderFlags.ReduceOnly"/>.</summary>
    ReduceOnly = OrderFlags.ReduceOnly,

    /// <summary><see cref="OrderFlags.Hidden"/>.</summary>
    Hidden = OrderFlags.Hidden,

    /// <summary><see cref="OrderFlags.MakerProtected"/>.</summary>
    MakerProtected = OrderFlags.MakerProtected,

    /// <summary><see cref="OrderFlags.WholePosition"/>.</summary>
    WholePosition = OrderFlags.WholePosition,

    /// <summary>The six flags of the command.</summary>
    Requested = 63,

    /// <summary>It waits for its trigger and is in no book.</summary>
    Waiting = 64,

    /// <summary>It was triggered.</summary>
    Triggered = 128,

    /// <summary>A level of a mass quote.</summary>
    Quote = 256,

    /// <summary>It has an expiry.</summary>
    Expires = 512,

    /// <summary>Another order is to be cancelled when it trades, or it is to be cancelled because that one has.</summary>
    Linked = 1024,

    /// <summary>It shows a part of itself.</summary>
    Iceberg = 2048,

    /// <summary>Its fills borrow or repay (R-1007): <see cref="OrderTermsRow.Effect"/>.</summary>
    Loans = 4096,

    /// <summary>What matching looks closer at.</summary>
    Special = ReduceOnly | MakerProtected | Expires | Linked | Iceberg,

    /// <summary>Three bits: its own <see cref="SelfTradePrevention"/>.</summary>
    SelfTrade = 7 << 13,
}
